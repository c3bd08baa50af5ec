//! Calls through the process that owns the data directory, over its attach listener.

use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderName, HeaderValue, Request, Response, Uri};
use http_body::{Body as HttpBody, Frame, SizeHint};
use http_body_util::BodyExt;
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector as TcpConnector;
use hyper_util::rt::TokioExecutor;

use super::owner::OwnerRecord;
use crate::emulator::body::{self, Body, BoxError};
use crate::emulator::observer::OwnCall;

/// Proves that a call comes from a process that may read the data directory.
pub const TOKEN: HeaderName = HeaderName::from_static("x-footbridge-token");
/// Names the data directory that a call is meant for.
pub const DIRECTORY: HeaderName = HeaderName::from_static("x-footbridge-directory");
/// Marks a call that the attached process records itself.
pub const OWN_CALL: HeaderName = HeaderName::from_static("x-footbridge-own-call");

/// An owner that says nothing for this long is asked for its health.
const SILENCE: Duration = Duration::from_secs(5);

/// Why an attached call gave no answer.
#[derive(Debug)]
pub enum SendError {
    /// Nothing was sent: the request is whole and can go elsewhere.
    NotConnected(Box<Request<Body>>),
    /// The owner is connected and does not answer even its health path.
    Silent,
    /// The connection broke after something was sent.
    Broken(String),
}

/// The owner, as another process reaches it.
#[derive(Debug)]
pub struct Attached {
    record: OwnerRecord,
    client: Client<TcpConnector, Body>,
    /// The owner that took over from this one, once a call has met it.
    next: RwLock<Option<Arc<Self>>>,
}

impl Attached {
    /// A way to the owner that `record` describes. Uses no proxy.
    #[must_use]
    pub fn new(record: OwnerRecord) -> Self {
        let mut connector = TcpConnector::new();
        connector.set_nodelay(true);
        connector.set_connect_timeout(Some(SILENCE));
        Self { record, client: Client::builder(TokioExecutor::new()).build(connector), next: RwLock::new(None) }
    }

    /// Who the owner is.
    #[must_use]
    pub fn record(&self) -> &OwnerRecord {
        &self.record
    }

    /// The owner's process id.
    #[must_use]
    pub fn pid(&self) -> u32 {
        self.record.pid
    }

    /// The way to the owner that replaced this one, kept for later calls.
    pub(super) fn follow(&self, record: OwnerRecord) -> Arc<Self> {
        let mut next = self.next.write().unwrap_or_else(PoisonError::into_inner);
        match &*next {
            Some(known) if known.record == record => Arc::clone(known),
            _ => Arc::clone(next.insert(Arc::new(Self::new(record)))),
        }
    }

    /// Sends one call and waits for the head of its answer.
    pub async fn send(&self, request: Request<Body>) -> Result<Response<Body>, SendError> {
        let (parts, body) = request.into_parts();
        let untouched = Arc::new(Mutex::new(Some(body)));
        let again = |body: Body| Box::new(Request::from_parts(parts.clone(), body));
        let take = || untouched.lock().unwrap_or_else(PoisonError::into_inner).take();

        let mut outgoing = Request::new(Lent::of(&untouched).boxed());
        *outgoing.method_mut() = parts.method.clone();
        *outgoing.uri_mut() = self.uri(parts.uri.path_and_query().map_or("/", |path| path.as_str()))?;
        *outgoing.headers_mut() = parts.headers.clone();
        self.identify(outgoing.headers_mut(), parts.extensions.get::<OwnCall>().is_some())?;

        let answer = self.client.request(outgoing);
        tokio::pin!(answer);
        loop {
            tokio::select! {
                answer = &mut answer => return match answer {
                    Ok(response) => Ok(response.map(body::from)),
                    Err(error) => Err(match take() {
                        Some(body) if error.is_connect() => SendError::NotConnected(again(body)),
                        _ => SendError::Broken(chain(&error)),
                    }),
                },
                () = tokio::time::sleep(SILENCE) => {
                    if !self.is_alive().await {
                        return Err(SendError::Silent);
                    }
                }
            }
        }
    }

    /// Whether the owner answers its health path in time.
    pub async fn is_alive(&self) -> bool {
        let Ok(uri) = self.uri("/_footbridge/health") else { return false };
        let mut request = Request::new(body::empty());
        *request.uri_mut() = uri;
        if self.identify(request.headers_mut(), false).is_err() {
            return false;
        }
        matches!(tokio::time::timeout(SILENCE, self.client.request(request)).await, Ok(Ok(answer)) if answer.status().is_success())
    }

    fn uri(&self, path: &str) -> Result<Uri, SendError> {
        Uri::builder()
            .scheme("http")
            .authority(self.record.address.to_string())
            .path_and_query(path)
            .build()
            .map_err(|error| SendError::Broken(error.to_string()))
    }

    fn identify(&self, headers: &mut http::HeaderMap, own: bool) -> Result<(), SendError> {
        let value = |text: &str| HeaderValue::from_str(text).map_err(|error| SendError::Broken(error.to_string()));
        headers.insert(TOKEN, value(&self.record.token)?);
        headers.insert(DIRECTORY, value(&self.record.directory)?);
        if own {
            headers.insert(OWN_CALL, HeaderValue::from_static("1"));
        }
        Ok(())
    }
}

/// An error with its causes: hyper says only `client error` by itself.
fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text = format!("{text}: {error}");
        cause = error.source();
    }
    text
}

/// A body that stays with its lender until its first byte is asked for.
struct Lent {
    lender: Arc<Mutex<Option<Body>>>,
    taken: Option<Body>,
    size: SizeHint,
    ended: bool,
}

impl Lent {
    fn of(lender: &Arc<Mutex<Option<Body>>>) -> Self {
        let (size, ended) = match &*lender.lock().unwrap_or_else(PoisonError::into_inner) {
            Some(body) => (body.size_hint(), body.is_end_stream()),
            None => (SizeHint::with_exact(0), true),
        };
        Self { lender: Arc::clone(lender), taken: None, size, ended }
    }
}

impl HttpBody for Lent {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        if self.taken.is_none() {
            let body = self.lender.lock().unwrap_or_else(PoisonError::into_inner).take();
            self.taken = body;
        }
        match &mut self.taken {
            Some(body) => Pin::new(body).poll_frame(cx),
            None => Poll::Ready(None),
        }
    }

    fn is_end_stream(&self) -> bool {
        self.taken.as_ref().map_or(self.ended, HttpBody::is_end_stream)
    }

    fn size_hint(&self) -> SizeHint {
        self.taken.as_ref().map_or(self.size, HttpBody::size_hint)
    }
}
