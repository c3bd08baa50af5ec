//! An S3 service of its own for each test, reached through the real SDK or by bare requests, without a socket.

use std::sync::Arc;

use aws_sdk_s3::Client;
use aws_sdk_s3::config::{BehaviorVersion, Credentials, Region, SharedCredentialsProvider};
use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::body::SdkBody;
use bytes::Bytes;
use footbridge::clock::{Clock, ManualClock, RandomIds, SystemClock};
use footbridge::emulator::auth::{AuthContext, Caller, Identities, Seal, Service as AwsService, Signed, admit};
use footbridge::emulator::body::{self, Body};
use footbridge::emulator::s3::{Blobs, Call, Service, handle, refuse};
use footbridge::emulator::store::{Medium, Store};
use http::{Request, Response};
use http_body_util::BodyExt;

/// A service, and what it stands on.
#[derive(Debug, Clone)]
pub struct World {
    pub service: Service,
    pub store: Store,
    pub clock: ManualClock,
    auth: AuthContext,
}

/// An answer with its body read.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: http::HeaderMap,
    pub body: Bytes,
}

impl Answer {
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    /// The text of the first element of this name.
    pub fn element(&self, name: &str) -> Option<String> {
        let text = self.text();
        let (_, rest) = text.split_once(&format!("<{name}>"))?;
        Some(rest.split_once(&format!("</{name}>"))?.0.to_owned())
    }

    /// Status and error code.
    pub fn failure(&self) -> (u16, String) {
        (self.status, self.element("Code").unwrap_or_default())
    }
}

impl World {
    pub fn memory() -> Self {
        Self::over(Store::open(Medium::Memory).unwrap(), Blobs::in_memory())
    }

    pub fn at(directory: &std::path::Path) -> Self {
        let store = Store::open(Medium::File(directory.join("footbridge.redb"))).unwrap();
        Self::over(store, Blobs::in_directory(&directory.join("blobs")).unwrap())
    }

    fn over(store: Store, blobs: Blobs) -> Self {
        // It starts now, because the SDK signs with the time of day, and then stands.
        let clock = ManualClock::at_millis(SystemClock.millis());
        let service = Service::new(store.clone(), blobs, Arc::new(clock.clone()), Arc::new(RandomIds));
        let auth = AuthContext {
            clock: Arc::new(clock.clone()),
            identities: Identities::default(),
            strict: false,
            sessions: Seal::in_memory(),
        };
        Self { service, store, clock, auth }
    }

    /// Milliseconds since the Unix epoch, on the service's clock.
    pub fn now(&self) -> u64 {
        self.clock.millis()
    }

    pub async fn close(self) {
        self.service.close().await;
        let store = self.store.clone();
        tokio::task::spawn_blocking(move || store.close()).await.unwrap();
    }

    /// The SDK's client, in us-east-1, path style.
    pub fn client(&self) -> Client {
        self.client_as("test", "us-east-1")
    }

    pub fn client_as(&self, key: &str, region: &str) -> Client {
        let credentials = Credentials::new(key, "test", None, None, "test");
        let config = aws_sdk_s3::Config::builder()
            .behavior_version(BehaviorVersion::latest())
            .credentials_provider(SharedCredentialsProvider::new(credentials))
            .region(Region::new(region.to_owned()))
            .endpoint_url("http://localhost:4566")
            .force_path_style(true)
            .http_client(Connector(self.clone()))
            .build();
        Client::from_conf(config)
    }

    /// Answers a request as it comes over the wire, signature and all.
    pub async fn serve(&self, request: Request<Body>) -> Response<Body> {
        let (parts, body) = request.into_parts();
        let call = Call::recognise(&parts);
        match admit(Request::from_parts(parts, body), AwsService::S3, &self.auth).await {
            Ok((caller, request)) => handle(&self.service, &caller, call, request).await,
            Err(error) => refuse(&self.service, &call, error),
        }
    }

    /// Answers a request as it comes over the wire, and reads the answer.
    pub async fn receive(&self, method: &str, path: &str, headers: &[(&str, &str)], body: impl Into<Bytes>) -> Answer {
        let body = body.into();
        let mut request = Request::builder().method(method).uri(path).header("content-length", body.len());
        if !headers.iter().any(|(name, _)| *name == "host") {
            request = request.header("host", "localhost:4566");
        }
        for (name, value) in headers {
            request = request.header(*name, value.as_bytes());
        }
        let (parts, body) = self.serve(request.body(body::full(body)).unwrap()).await.into_parts();
        let body = body.collect().await.unwrap().to_bytes();
        Answer { status: parts.status.as_u16(), headers: parts.headers, body }
    }

    /// Answers a bare request of account 000000000000.
    pub async fn send(&self, method: &str, path: &str, headers: &[(&str, &str)], body: impl Into<Bytes>) -> Answer {
        self.send_as(&Caller::root("test", AwsService::S3, "us-east-1", Signed::Header), method, path, headers, body)
            .await
    }

    pub async fn send_as(
        &self,
        caller: &Caller,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: impl Into<Bytes>,
    ) -> Answer {
        let body = body.into();
        let mut request = Request::builder().method(method).uri(path);
        if !headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("host")) {
            request = request.header("host", "localhost:4566");
        }
        let told =
            |name: &str| ["content-length", "transfer-encoding"].iter().any(|one| name.eq_ignore_ascii_case(one));
        if !headers.iter().any(|(name, _)| told(name)) {
            request = request.header("content-length", body.len());
        }
        for (name, value) in headers {
            request = request.header(*name, value.as_bytes());
        }
        let request = request.body(body::full(body)).unwrap();
        let (parts, body) = answer(&self.service, caller, request).await.into_parts();
        let body = body.collect().await.unwrap().to_bytes();
        Answer { status: parts.status.as_u16(), headers: parts.headers, body }
    }

    pub async fn bucket(&self, name: &str) {
        assert_eq!(self.send("PUT", &format!("/{name}"), &[], "").await.status, 200, "making {name}");
    }
}

/// What the SDK's clients reach a service by.
#[derive(Debug, Clone)]
pub struct Connector(pub World);

impl HttpConnector for Connector {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let world = self.0.clone();
        let request = plain(request);
        HttpConnectorFuture::new(async move {
            let response = world.serve(request?).await.map(SdkBody::from_body_1_x);
            response.try_into().map_err(|error| ConnectorError::other(Box::new(error), None))
        })
    }
}

/// The SDK's request as the wire has it.
fn plain(request: HttpRequest) -> Result<Request<Body>, ConnectorError> {
    let mut request = request.try_into_http1x().map_err(|error| ConnectorError::user(error.into()))?;
    let host = request.uri().authority().map(ToString::to_string).unwrap_or_default();
    request.headers_mut().insert("host", host.parse().map_err(|_| ConnectorError::user("a host".into()))?);
    Ok(request.map(body::from))
}

impl HttpClient for Connector {
    fn http_connector(&self, _: &HttpConnectorSettings, _: &RuntimeComponents) -> SharedHttpConnector {
        SharedHttpConnector::new(self.clone())
    }
}

/// Answers a request of a caller who is known.
pub async fn answer(service: &Service, caller: &Caller, request: Request<Body>) -> Response<Body> {
    let (parts, body) = request.into_parts();
    let call = Call::recognise(&parts);
    handle(service, caller, call, Request::from_parts(parts, body)).await
}
