//! The accept loop: limits, the guard, panics caught, an orderly end.

use std::convert::Infallible;
use std::net::{Ipv4Addr, SocketAddr};
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use futures::FutureExt as _;
use futures::future::{BoxFuture, select_all};
use http::header::{CONNECTION, EXPECT, HOST};
use http::request::Parts;
use http::{HeaderValue, Request, Response, StatusCode};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use serde_json::json;
use tokio::net::TcpStream;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

use super::answer::{self, Form};
use super::guard::{self, Guard, Pass};
use super::health::Health;
use super::listen::Listeners;
use super::watched::Watched;
use crate::emulator::body::{self, Body};
use crate::emulator::error::AwsError;
use crate::emulator::pages;
use crate::emulator::reset::is_reset;

/// How long the loop rests after an accept that failed, as when no file descriptor is left.
const REST: Duration = Duration::from_millis(50);

/// What one connection, and all of them, may take.
#[derive(Debug, Clone)]
pub struct Limits {
    /// How long a request's headers may take to come, and how long a connection may stay idle.
    pub header_timeout: Duration,
    /// The most bytes of request line and headers.
    pub max_header_bytes: usize,
    /// The most headers.
    pub max_headers: usize,
    /// The most connections at a time; more wait to be accepted.
    pub max_connections: usize,
    /// How long open requests may go on after the shutdown.
    pub shutdown_deadline: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            header_timeout: Duration::from_mins(1),
            max_header_bytes: 64 * 1024,
            max_headers: 200,
            max_connections: 1024,
            shutdown_deadline: Duration::from_secs(10),
        }
    }
}

/// Answers what is under `/_footbridge/` and is not health; nothing for a path that it does not know.
pub type Internal = Arc<dyn Fn(Request<Body>) -> BoxFuture<'static, Option<Response<Body>>> + Send + Sync>;

/// What an endpoint is besides its handler.
#[derive(Clone)]
pub struct Settings {
    /// The hosts and origins that it answers to.
    pub guard: Guard,
    /// What connections may take.
    pub limits: Limits,
    /// What it says of itself, asked at each health request.
    pub health: Arc<dyn Fn() -> Health + Send + Sync>,
    /// The handler of `/_footbridge/…`, where there is one.
    pub internal: Option<Internal>,
}

/// Serves until `shutdown` resolves; then accepts nothing more, lets open requests finish within the deadline, and
/// returns. A handler that panics is a 500 to its client and harms nobody else.
///
/// The handler gets requests as received: paths raw, bodies with their framing. Those that the guard refuses, health
/// and `/_footbridge/…` do not reach it.
pub async fn serve<H, F>(listeners: Listeners, settings: Settings, handler: H, shutdown: impl Future<Output = ()>)
where
    H: Fn(Request<Body>) -> F + Clone + Send + Sync + 'static,
    F: Future<Output = Response<Body>> + Send + 'static,
{
    let limits = settings.limits.clone();
    let answer = move |parts, body, local| judged(parts, body, local, settings.clone(), handler.clone());
    connections(listeners, limits, answer, shutdown).await;
}

/// As [`serve`], with nothing between the connections and what answers: no guard, and a panic ends its connection.
/// `answer` is told which address a request came to. Whatever it gives is made inert.
pub async fn connections<A, F>(listeners: Listeners, limits: Limits, answer: A, shutdown: impl Future<Output = ()>)
where
    A: Fn(Parts, Body, SocketAddr) -> F + Clone + Send + Sync + 'static,
    F: Future<Output = Response<Body>> + Send + 'static,
{
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new())
        .header_read_timeout(limits.header_timeout)
        .max_header_size(limits.max_header_bytes)
        .max_headers(limits.max_headers);
    let graceful = GracefulShutdown::new();
    let slots = Arc::new(Semaphore::new(limits.max_connections));
    let mut connections = JoinSet::new();
    tokio::pin!(shutdown);
    loop {
        let next = async {
            let slot = Arc::clone(&slots).acquire_owned().await.ok();
            (accept(&listeners).await, slot)
        };
        let (stream, slot) = tokio::select! {
            () = &mut shutdown => break,
            Some(ended) = connections.join_next() => {
                report(ended);
                continue;
            }
            accepted = next => accepted,
        };
        let local = stream.local_addr().unwrap_or(SocketAddr::from((Ipv4Addr::LOCALHOST, 0)));
        let answer = answer.clone();
        let service = service_fn(move |request| watched(request, local, answer.clone()));
        let connection = graceful.watch(http.serve_connection(TokioIo::new(stream), service));
        connections.spawn(async move {
            if let Err(error) = connection.await {
                tracing::debug!(%error, "connection ended");
            }
            drop(slot);
        });
    }
    drop(listeners);
    if tokio::time::timeout(limits.shutdown_deadline, graceful.shutdown()).await.is_err() {
        tracing::warn!("requests still open at the shutdown deadline are cut off");
    }
    connections.shutdown().await;
}

fn report(ended: Result<(), tokio::task::JoinError>) {
    if let Err(error) = ended
        && error.is_panic()
    {
        tracing::error!(%error, "a connection panicked while its answer was sent");
    }
}

/// The next connection of any listener; an accept that fails is tried again.
async fn accept(listeners: &Listeners) -> TcpStream {
    loop {
        let (accepted, _, _) = select_all(listeners.sockets.iter().map(|listener| listener.accept().boxed())).await;
        match accepted.and_then(|(stream, _)| stream.set_nodelay(true).map(|()| stream)) {
            Ok(stream) => return stream,
            Err(error) => {
                tracing::debug!(%error, "accept failed");
                tokio::time::sleep(REST).await;
            }
        }
    }
}

async fn watched<A, F>(request: Request<Incoming>, local: SocketAddr, answer: A) -> Result<Response<Body>, Infallible>
where
    A: Fn(Parts, Body, SocketAddr) -> F,
    F: Future<Output = Response<Body>>,
{
    let (parts, incoming) = request.into_parts();
    let (incoming, ended) = Watched::new(incoming);
    // hyper says no `100 Continue` to an empty body, and botocore goes wrong on a connection where it got none.
    let unanswered = parts.headers.contains_key(EXPECT) && ended.load(Ordering::Relaxed);
    let mut response = answer(parts, body::from(incoming), local).await;
    pages::make_inert(response.headers_mut());
    // What of the body was not read would be taken for the next request, so there is none on this connection.
    if unanswered || !ended.load(Ordering::Relaxed) {
        response.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
    }
    Ok(response)
}

async fn judged<H, F>(mut parts: Parts, body: Body, local: SocketAddr, settings: Settings, handler: H) -> Response<Body>
where
    H: Fn(Request<Body>) -> F,
    F: Future<Output = Response<Body>>,
{
    let form = Form::of(&parts.headers);
    let pass = match settings.guard.check(&mut parts, local) {
        Ok(pass) => pass,
        Err(error) => return form.refuse(&error),
    };
    let origin = match pass {
        Pass::Plain => None,
        Pass::Shared(origin) => Some(origin),
        Pass::Preflight(origin) => return guard::preflight(&parts, origin),
    };
    let request = Request::from_parts(parts, body);
    // What a panic leaves broken is dropped with the request: state is shared only behind the store's transactions.
    let outcome = AssertUnwindSafe(route(request, &settings, handler)).catch_unwind().await;
    let mut response = outcome.unwrap_or_else(|_| {
        tracing::error!("a request handler panicked");
        let message = "We encountered an internal error. Please try again.";
        form.refuse(&AwsError::new(
            500,
            if form == Form::Json { "InternalServerError" } else { "InternalError" },
            message,
        ))
    });
    if let Some(origin) = origin {
        guard::share(response.headers_mut(), origin);
    }
    response
}

async fn route<H, F>(request: Request<Body>, settings: &Settings, handler: H) -> Response<Body>
where
    H: Fn(Request<Body>) -> F,
    F: Future<Output = Response<Body>>,
{
    let path = request.uri().path();
    let host = request.headers().get(HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    if !guard::is_internal(host, path) || is_reset(&request) {
        return handler(request).await;
    }
    if let Some(health) = (settings.health)().answer(&request) {
        return health;
    }
    let unknown = json!({ "message": format!("footbridge has nothing at {path}") });
    let answered = match &settings.internal {
        Some(internal) => internal(request).await,
        None => None,
    };
    answered.unwrap_or_else(|| answer::json(StatusCode::NOT_FOUND, &unknown))
}
