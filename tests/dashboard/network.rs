//! Networks that the SDK clients of a test are put behind.

use std::sync::{Arc, Mutex};

use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpClient, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::body::SdkBody;

/// One that takes requests and never answers.
#[derive(Debug, Clone)]
pub struct Silent;

impl HttpConnector for Silent {
    fn call(&self, _: HttpRequest) -> HttpConnectorFuture {
        HttpConnectorFuture::new(std::future::pending())
    }
}

impl HttpClient for Silent {
    fn http_connector(&self, _: &HttpConnectorSettings, _: &RuntimeComponents) -> SharedHttpConnector {
        SharedHttpConnector::new(self.clone())
    }
}

/// One in which the bucket `far-away` is in eu-central-1, and is told of to whoever asks elsewhere, as S3 does.
#[derive(Debug, Clone)]
pub struct Regions {
    inner: SharedHttpClient,
    connector: Option<SharedHttpConnector>,
    /// The region and path of each request.
    pub asked: Arc<Mutex<Vec<(String, String)>>>,
    /// Whether S3 names the region in the refusal itself.
    named: bool,
}

impl Regions {
    pub fn new(inner: SharedHttpClient, named: bool) -> Self {
        Self { inner, connector: None, asked: Arc::default(), named }
    }
}

impl HttpConnector for Regions {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let signed = request.headers().get("authorization").unwrap_or_default();
        let region = signed.split('/').nth(2).unwrap_or_default().to_owned();
        let path = request.uri().to_owned();
        self.asked.lock().unwrap().push((region.clone(), path.clone()));
        if path.contains("/far-away") && region != "eu-central-1" {
            let head = request.method() == "HEAD";
            let body = "<Error><Code>PermanentRedirect</Code><Message>It is elsewhere</Message></Error>";
            let body = if head { SdkBody::empty() } else { SdkBody::from(body) };
            let mut response = HttpResponse::new(301.try_into().unwrap(), body);
            if self.named || head {
                response.headers_mut().insert("x-amz-bucket-region", "eu-central-1");
            }
            return HttpConnectorFuture::ready(Ok(response));
        }
        self.connector.as_ref().unwrap().call(request)
    }
}

impl HttpClient for Regions {
    fn http_connector(&self, settings: &HttpConnectorSettings, parts: &RuntimeComponents) -> SharedHttpConnector {
        let connector = Some(self.inner.http_connector(settings, parts));
        SharedHttpConnector::new(Self { connector, ..self.clone() })
    }
}
