//! Calls through the process that owns the data directory, over its attach listener.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use futures::FutureExt as _;
use http::{HeaderName, HeaderValue, Request, Response, StatusCode, Uri};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector as TcpConnector;
use hyper_util::rt::TokioExecutor;

use super::bodies::{Lent, Watch, Watched};
use super::owner::OwnerRecord;
use crate::causes;
use crate::emulator::ToolCall;
use crate::emulator::auth::MustVerify;
use crate::emulator::body::{self, Body};
use crate::emulator::endpoint::HEALTH_PATH;
use crate::emulator::observer::OwnCall;
use crate::emulator::pages::Who;

/// Proves that a call comes from a process that may read the data directory.
pub const TOKEN: HeaderName = HeaderName::from_static("x-footbridge-token");
/// Names the data directory that a call is meant for.
pub const DIRECTORY: HeaderName = HeaderName::from_static("x-footbridge-directory");
/// Marks a call that the attached process records itself.
pub const OWN_CALL: HeaderName = HeaderName::from_static("x-footbridge-own-call");
/// Marks a call that only a known key may make.
pub const MUST_VERIFY: HeaderName = HeaderName::from_static("x-footbridge-must-verify");
/// Says what kind of page sent the call: the owner does not know the endpoint that it came to.
pub const PAGE: HeaderName = HeaderName::from_static("x-footbridge-page");

/// Asks the owner how much there is.
pub const INVENTORY: HeaderName = HeaderName::from_static("x-footbridge-inventory");

/// Asks the owner for something that AWS does not have; its body says what.
pub const CONTROL: HeaderName = HeaderName::from_static("x-footbridge-control");

/// Put into a request's extensions: its body asks the owner for something that AWS does not have.
#[derive(Debug, Clone, Copy)]
pub struct AsksControl;

/// Put into a request's extensions: it asks the owner how much there is.
#[derive(Debug, Clone, Copy)]
pub struct AsksInventory;

/// An owner that says nothing for this long is asked for its health, and again after as long.
const QUIET: Duration = Duration::from_secs(1);
/// How long it may take to answer that.
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
    /// Set when the address turned out to belong to another program by now.
    gone: AtomicBool,
}

/// What the owner's health path says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pulse {
    /// It is there.
    Alive,
    /// Somebody is connected and says nothing.
    Silent,
    /// Nobody listens, or somebody else.
    Gone,
}

impl Attached {
    /// A way to the owner that `record` describes. Uses no proxy.
    #[must_use]
    pub fn new(record: OwnerRecord) -> Self {
        let mut connector = TcpConnector::new();
        connector.set_nodelay(true);
        connector.set_connect_timeout(Some(SILENCE));
        Self { record, client: Client::builder(TokioExecutor::new()).build(connector), gone: AtomicBool::new(false) }
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

    /// Sends one call and waits for the head of its answer.
    pub async fn send(self: &Arc<Self>, request: Request<Body>) -> Result<Response<Body>, SendError> {
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

        let answer = tokio::select! {
            answer = self.client.request(outgoing) => answer,
            () = self.until_silent() => return Err(SendError::Silent),
        };
        match answer {
            Ok(mut response) => {
                let signed = response.headers_mut().remove(DIRECTORY);
                let ours = signed.is_some_and(|id| id.as_bytes() == self.record.directory.as_bytes());
                // The same directory refuses where the port came to its next owner, which has another token.
                if !ours || response.status() == StatusCode::MISDIRECTED_REQUEST {
                    self.gone.store(true, Ordering::Relaxed);
                    return Err(match take() {
                        Some(body) => SendError::NotConnected(again(body)),
                        None => SendError::Broken("the address of the owner belongs to another program now".into()),
                    });
                }
                let owner = Arc::clone(self);
                Ok(response.map(|body| Watched::over(body::from(body), owner.watch())))
            }
            Err(error) => Err(match take() {
                Some(body) if error.is_connect() => SendError::NotConnected(again(body)),
                _ => SendError::Broken(causes::told(&error)),
            }),
        }
    }

    fn watch(self: Arc<Self>) -> Watch {
        Box::new(move || {
            let owner = Arc::clone(&self);
            async move {
                owner.until_silent().await;
                format!("process {} owns the data directory and stopped answering", owner.pid())
            }
            .boxed()
        })
    }

    /// Returns once the owner is connected and does not answer its health path in time.
    async fn until_silent(&self) {
        loop {
            tokio::time::sleep(QUIET).await;
            if self.pulse().await == Pulse::Silent {
                return;
            }
        }
    }

    /// What the owner's health path says, in five seconds at most.
    pub async fn pulse(&self) -> Pulse {
        let Ok(uri) = self.uri(HEALTH_PATH) else { return Pulse::Gone };
        let mut request = Request::new(Lent::of(&Arc::default()));
        *request.uri_mut() = uri;
        let exchange = async {
            let answer = self.client.request(request).await.ok()?;
            body::read(body::from(answer.into_body()), MAX_HEALTH).await.ok()
        };
        let answer = match tokio::time::timeout(SILENCE, exchange).await {
            Ok(Some(answer)) => answer,
            Ok(None) => return Pulse::Gone,
            Err(_) => return Pulse::Silent,
        };
        // A port is given out again: the directory tells whether this is still the same owner's.
        let answer: serde_json::Value = serde_json::from_slice(&answer).unwrap_or_default();
        if answer["directory"] == self.record.directory.as_str() { Pulse::Alive } else { Pulse::Gone }
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
        headers.remove(ToolCall::HEADER);
        if let Some(call) = known.get::<ToolCall>() {
            headers.insert(ToolCall::HEADER, value(&call.to_header())?);
        }
        for (mark, word) in [
            (OWN_CALL, known.get::<OwnCall>().map(|_| "1")),
            (CONTROL, known.get::<AsksControl>().map(|_| "1")),
            (INVENTORY, known.get::<AsksInventory>().map(|_| "1")),
            (MUST_VERIFY, known.get::<MustVerify>().map(|_| "1")),
            (PAGE, Who::marked(known).word()),
        ] {
            headers.remove(&mark);
            if let Some(word) = word {
                headers.insert(mark, HeaderValue::from_static(word));
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::backend::server::Server;
    use crate::emulator::endpoint::{Guard, Health, Limits, Listen, Settings};

    #[tokio::test]
    async fn what_listens_where_the_owner_was_and_does_not_say_whose_it_is_gets_one_call_at_most() {
        let health = || Health { version: String::new(), pid: 1, directory: None, services: Vec::new() };
        let settings =
            Settings { guard: Guard::none(), limits: Limits::default(), health: Arc::new(health), internal: None };
        let listeners = Listen::loopback(0).bind().await.unwrap();
        let address = listeners.addresses()[0];
        let stranger = Server::start(listeners, settings, async |_| Response::new(body::full("hello")));
        let record = OwnerRecord { pid: 1, address, token: "secret".into(), directory: "ours".into() };
        let attached = Arc::new(Attached::new(record));
        assert_eq!(attached.pulse().await, Pulse::Gone);
        let call = || Request::put("/bucket/key").body(body::full("body")).unwrap();
        assert!(matches!(attached.send(call()).await, Err(SendError::Broken(_))));
        let Err(SendError::NotConnected(whole)) = attached.send(call()).await else { panic!("it was sent") };
        assert_eq!(body::read(whole.into_body(), 10).await.unwrap(), "body");
        stranger.stop().await;
    }
}
