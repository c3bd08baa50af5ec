//! Calls through the process that owns the data directory, over its attach listener.

use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderName, HeaderValue, Request, Response, StatusCode, Uri};
use http_body::{Body as HttpBody, Frame, SizeHint};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector as TcpConnector;
use hyper_util::rt::TokioExecutor;

use super::owner::OwnerRecord;
use crate::emulator::auth::MustVerify;
use crate::emulator::body::{self, Body, Broken};
use crate::emulator::endpoint::HEALTH_PATH;
use crate::emulator::observer::OwnCall;

/// Proves that a call comes from a process that may read the data directory.
pub const TOKEN: HeaderName = HeaderName::from_static("x-footbridge-token");
/// Names the data directory that a call is meant for.
pub const DIRECTORY: HeaderName = HeaderName::from_static("x-footbridge-directory");
/// Marks a call that the attached process records itself.
pub const OWN_CALL: HeaderName = HeaderName::from_static("x-footbridge-own-call");
/// Marks a call that only a known key may make: the owner does not see which page's it is.
pub const MUST_VERIFY: HeaderName = HeaderName::from_static("x-footbridge-must-verify");

/// An owner that says nothing for this long is asked for its health.
const SILENCE: Duration = Duration::from_secs(5);
/// The longest health answer that is read, in bytes.
const MAX_HEALTH: usize = 64 * 1024;

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
    client: Client<TcpConnector, Lent>,
    /// The owner that took over from this one, once a call has met it.
    next: RwLock<Option<Arc<Self>>>,
    /// Set when the address turned out to belong to another directory by now.
    gone: AtomicBool,
}

impl Attached {
    /// A way to the owner that `record` describes. Uses no proxy.
    #[must_use]
    pub fn new(record: OwnerRecord) -> Self {
        let mut connector = TcpConnector::new();
        connector.set_nodelay(true);
        connector.set_connect_timeout(Some(SILENCE));
        Self {
            record,
            client: Client::builder(TokioExecutor::new()).build(connector),
            next: RwLock::new(None),
            gone: AtomicBool::new(false),
        }
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
        if self.gone.load(Ordering::Relaxed) {
            return Err(SendError::NotConnected(Box::new(request)));
        }
        let (parts, body) = request.into_parts();
        let untouched = Arc::new(Mutex::new(Some(body)));
        let again = |body: Body| Box::new(Request::from_parts(parts.clone(), body));
        let take = || untouched.lock().unwrap_or_else(PoisonError::into_inner).take();

        let mut outgoing = Request::new(Lent::of(&untouched));
        *outgoing.method_mut() = parts.method.clone();
        *outgoing.uri_mut() = self.uri(parts.uri.path_and_query().map_or("/", |path| path.as_str()))?;
        *outgoing.headers_mut() = parts.headers.clone();
        self.identify(outgoing.headers_mut(), &parts.extensions)?;

        let answer = self.client.request(outgoing);
        tokio::pin!(answer);
        loop {
            tokio::select! {
                answer = &mut answer => return match answer {
                    Ok(response) if response.status() == StatusCode::MISDIRECTED_REQUEST => {
                        self.gone.store(true, Ordering::Relaxed);
                        Err(SendError::Broken("the address of the owner belongs to another directory now".into()))
                    }
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
        let Ok(uri) = self.uri(HEALTH_PATH) else { return false };
        let mut request = Request::new(Lent::of(&Arc::default()));
        *request.uri_mut() = uri;
        let exchange = async {
            let answer = self.client.request(request).await.ok()?;
            body::read(body::from(answer.into_body()), MAX_HEALTH).await.ok()
        };
        let Ok(Some(answer)) = tokio::time::timeout(SILENCE, exchange).await else { return false };
        // A port is given out again: the directory tells whether this is still the same owner's.
        let answer: serde_json::Value = serde_json::from_slice(&answer).unwrap_or_default();
        answer["directory"] == self.record.directory.as_str()
    }

    fn uri(&self, path: &str) -> Result<Uri, SendError> {
        Uri::builder()
            .scheme("http")
            .authority(self.record.address.to_string())
            .path_and_query(path)
            .build()
            .map_err(|error| SendError::Broken(error.to_string()))
    }

    /// Says who calls, and what this process knows of the call: what a client said of that itself does not count.
    fn identify(&self, headers: &mut http::HeaderMap, known: &http::Extensions) -> Result<(), SendError> {
        let value = |text: &str| HeaderValue::from_str(text).map_err(|error| SendError::Broken(error.to_string()));
        headers.insert(TOKEN, value(&self.record.token)?);
        headers.insert(DIRECTORY, value(&self.record.directory)?);
        for (mark, set) in
            [(OWN_CALL, known.get::<OwnCall>().is_some()), (MUST_VERIFY, known.get::<MustVerify>().is_some())]
        {
            headers.remove(&mark);
            if set {
                headers.insert(mark, HeaderValue::from_static("1"));
            }
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
    type Error = Broken;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Broken>>> {
        if self.taken.is_none() {
            let body = self.lender.lock().unwrap_or_else(PoisonError::into_inner).take();
            self.taken = body;
        }
        match &mut self.taken {
            Some(body) => Pin::new(body).poll_frame(cx).map_err(Broken),
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
