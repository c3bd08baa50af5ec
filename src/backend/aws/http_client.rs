//! The one HTTPS client that the AWS backend adds.

use aws_smithy_async::rt::sleep::SharedAsyncSleep;
use aws_smithy_http_client::proxy::ProxyConfig;
use aws_smithy_http_client::tls::rustls_provider::CryptoMode;
use aws_smithy_http_client::tls::{Provider, TlsContext, TrustStore};
use aws_smithy_http_client::{Builder, Connector, ConnectorBuilder};
use aws_smithy_runtime_api::client::http::{HttpConnectorSettings, SharedHttpClient};
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;

use super::located::Locating;
use crate::backend::{BridgeError, BridgeErrorKind};
use crate::config::Settings;

/// How connections are made: with the platform's certificates and those of `AWS_CA_BUNDLE`, which the SDK for Rust
/// does not read itself, and through the proxy that the process environment names.
#[derive(Debug, Clone)]
pub(super) struct Connections {
    tls: TlsContext,
}

impl Connections {
    pub(super) fn new(settings: &Settings) -> Result<Self, BridgeError> {
        let mut trusted = TrustStore::default();
        if let Some(path) = settings.aws.get("AWS_CA_BUNDLE") {
            let bundle = std::fs::read(path).map_err(|error| {
                BridgeError::new(BridgeErrorKind::Network, format!("AWS_CA_BUNDLE: cannot read {path}: {error}"))
            })?;
            trusted.add_pem_certificate(bundle);
        }
        let tls = TlsContext::builder()
            .with_trust_store(trusted)
            .build()
            .map_err(|error| BridgeError::new(BridgeErrorKind::Network, format!("TLS cannot be set up: {error}")))?;
        Ok(Self { tls })
    }

    /// The client for SDK clients and credential providers alike.
    pub(super) fn client(&self) -> SharedHttpClient {
        let connections = self.clone();
        let client = Builder::new().build_with_connector_fn(move |settings, components| {
            connections.connect(settings.cloned(), components.and_then(RuntimeComponents::sleep_impl))
        });
        SharedHttpClient::new(Locating(client))
    }

    /// A single connector without time limits, for requests that are not an SDK's.
    pub(super) fn connector(&self) -> Connector {
        self.connect(None, None)
    }

    fn connect(&self, settings: Option<HttpConnectorSettings>, sleep: Option<SharedAsyncSleep>) -> Connector {
        let mut connector = ConnectorBuilder::default()
            .tls_provider(Provider::Rustls(CryptoMode::AwsLc))
            .tls_context(self.tls.clone())
            .proxy_config(ProxyConfig::from_env());
        connector.set_connector_settings(settings);
        connector.set_sleep_impl(sleep);
        connector.build()
    }
}
