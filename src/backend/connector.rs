//! The HTTP connector that SDK clients get on the local backend: in process, or through the owner of the data.

use aws_smithy_runtime_api::client::connector_metadata::ConnectorMetadata;
use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::body::SdkBody;
use http::HeaderValue;
use http::header::HOST;

use super::link::{Gateway, LinkError};
use crate::emulator::{ToolCall, body};

/// Hands each request of an SDK client to whoever has the data.
#[derive(Debug, Clone)]
pub struct Connector {
    gateway: Gateway,
}

impl Connector {
    /// A connector to `gateway`.
    #[must_use]
    pub fn new(gateway: Gateway) -> Self {
        Self { gateway }
    }

    async fn send(self, request: HttpRequest) -> Result<HttpResponse, ConnectorError> {
        let mut request = request.try_into_http1x().map_err(|error| ConnectorError::user(error.into()))?;
        // What a client puts on the wire beside the SDK's own headers; the signature covers it.
        if let Some(authority) = request.uri().authority() {
            let host = HeaderValue::from_str(authority.as_str()).map_err(|error| ConnectorError::user(error.into()))?;
            request.headers_mut().insert(HOST, host);
        }
        let call = request.headers_mut().remove(ToolCall::HEADER);
        if let Some(call) = call.and_then(|call| ToolCall::of_header(call.to_str().ok()?)) {
            request.extensions_mut().insert(call);
        }
        let response = self.gateway.send_own(request.map(body::from)).await.map_err(connector_error)?;
        HttpResponse::try_from(response.map(SdkBody::from_body_1_x))
            .map_err(|error| ConnectorError::other(error.into(), None))
    }
}

fn connector_error(error: LinkError) -> ConnectorError {
    match error {
        // Waited for already: another try by the SDK would only wait again.
        LinkError::Silent { .. } | LinkError::NoOwner { .. } | LinkError::Ended { .. } | LinkError::Local(_) => {
            ConnectorError::user(error.into())
        }
        LinkError::Broken(_) => ConnectorError::io(error.into()),
    }
}

impl HttpConnector for Connector {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        HttpConnectorFuture::new(self.clone().send(request))
    }
}

impl HttpClient for Connector {
    fn http_connector(&self, _: &HttpConnectorSettings, _: &RuntimeComponents) -> SharedHttpConnector {
        SharedHttpConnector::new(self.clone())
    }

    fn connector_metadata(&self) -> Option<ConnectorMetadata> {
        Some(ConnectorMetadata::new("footbridge", None))
    }
}
