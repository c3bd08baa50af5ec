//! Says where it was that nobody answered: an error of a connection names no host by itself.

use aws_smithy_runtime_api::client::connector_metadata::ConnectorMetadata;
use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpClient, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;

/// A request that got no answer, with where it went.
#[derive(Debug, thiserror::Error)]
#[error("{place}: {source}")]
pub(super) struct Located {
    /// The scheme and the host, such as `https://s3.us-east-1.amazonaws.com`.
    pub(super) place: String,
    source: ConnectorError,
}

/// An HTTP client whose errors say where a request went.
#[derive(Debug, Clone)]
pub(super) struct Locating(pub(super) SharedHttpClient);

#[derive(Debug, Clone)]
struct Connector(SharedHttpConnector);

impl HttpClient for Locating {
    fn http_connector(&self, settings: &HttpConnectorSettings, components: &RuntimeComponents) -> SharedHttpConnector {
        SharedHttpConnector::new(Connector(self.0.http_connector(settings, components)))
    }

    fn connector_metadata(&self) -> Option<ConnectorMetadata> {
        self.0.connector_metadata()
    }
}

impl HttpConnector for Connector {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let place = place(request.uri());
        let answer = self.0.call(request);
        HttpConnectorFuture::new(async move { answer.await.map_err(|error| located(place, error)) })
    }
}

fn place(uri: &str) -> String {
    let uri: http::Uri = uri.parse().unwrap_or_default();
    format!("{}://{}", uri.scheme_str().unwrap_or("http"), uri.authority().map_or("", http::uri::Authority::as_str))
}

/// The same kind of error, so that the SDK tries again as it would.
fn located(place: String, source: ConnectorError) -> ConnectorError {
    let make = match &source {
        source if source.is_timeout() => ConnectorError::timeout,
        source if source.is_io() => ConnectorError::io,
        _ => return source,
    };
    make(Located { place, source }.into())
}
