//! A listener for MCP clients.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use rmcp::ServerHandler;
use rmcp::transport::streamable_http_server::session::local::LocalSessionManager;
use rmcp::transport::streamable_http_server::{StreamableHttpServerConfig, StreamableHttpService};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use super::authenticator::Authenticator;
use super::door::Door;
use super::sessions::Sessions;
use crate::clock::{Clock, SystemClock};
use crate::emulator::endpoint::{Guard, Limits, Listeners, connections};
use crate::mcp::host::Host;
use crate::mcp::server::{Hours, Server};

/// The path that MCP is at.
pub const PATH: &str = "/mcp";

/// What requests, and all of them, may take.
#[derive(Debug, Clone)]
pub struct HttpLimits {
    /// The most bytes of a message.
    pub max_body: usize,
    /// How long a request's body may take to come.
    pub body_timeout: Duration,
    /// How long a request's headers may take to come, and how long a connection may stay idle.
    pub header_timeout: Duration,
    /// The most connections at a time; more wait to be accepted.
    pub max_connections: usize,
    /// The most sessions at a time; for one more, the one that was used longest ago ends.
    pub max_sessions: usize,
    /// How long a session may stay idle.
    pub session_idle: Duration,
    /// How long calls under way may go on after the stop.
    pub drain: Duration,
}

impl Default for HttpLimits {
    fn default() -> Self {
        Self {
            max_body: 16 << 20,
            body_timeout: Duration::from_secs(30),
            header_timeout: Duration::from_mins(1),
            max_connections: 1024,
            max_sessions: 256,
            session_idle: Duration::from_hours(24),
            drain: Duration::from_secs(5),
        }
    }
}

/// How MCP is served over HTTP.
#[derive(Clone)]
pub struct HttpOptions {
    /// Who may send requests.
    pub authenticator: Arc<dyn Authenticator>,
    /// The hosts that the listener answers to beside loopback and its own address, and the origins of the web pages that
    /// may call it: without any, none may.
    pub guard: Guard,
    /// What requests may take.
    pub limits: HttpLimits,
    /// Tells when the hour of a caller without sessions is over.
    pub clock: Arc<dyn Clock>,
}

impl HttpOptions {
    /// For those whom `authenticator` lets in, and no web pages.
    pub fn new(authenticator: impl Authenticator) -> Self {
        Self {
            authenticator: Arc::new(authenticator),
            guard: Guard::default(),
            limits: HttpLimits::default(),
            clock: Arc::new(SystemClock),
        }
    }
}

/// Answers MCP clients over streamable HTTP, at [`PATH`], until `stop` is cancelled: with sessions in the revisions
/// 2025-03-26 to 2025-11-25, without in 2026-07-28. Calls under way then get some seconds to end. A call whose request is
/// dropped by its client is cancelled.
///
/// Who may send requests is what `options` say. Everyone who can reach the address of `listener` can ask: with
/// [`NoToken`](super::NoToken) it should be a loopback address. The connections are plain HTTP.
///
/// `host` is a [`Bridge`](crate::mcp::Bridge), or something that opens one. What calls may do is for the bridge's
/// [`Authorizer`](crate::mcp::Authorizer) to say, which sees the [`Principal`](super::Principal) in the caller.
///
/// # Errors
/// Where the address of `listener` cannot be told.
pub async fn serve_http<H: Host>(
    host: H,
    listener: TcpListener,
    options: HttpOptions,
    stop: CancellationToken,
) -> io::Result<()> {
    serve_http_with(host, listener, options, stop, |server| server).await
}

/// [`serve_http`] with the server in something that answers more than it does: for tests of the protocol.
#[doc(hidden)]
pub async fn serve_http_with<H: Host, S: ServerHandler + Send + 'static>(
    host: H,
    listener: TcpListener,
    options: HttpOptions,
    stop: CancellationToken,
    wrap: impl Fn(Server<Arc<H>>) -> S + Send + Sync + 'static,
) -> io::Result<()> {
    let HttpOptions { authenticator, guard, limits, clock } = options;
    let (host, hours) = (Arc::new(host), Arc::new(Hours::new(clock)));
    let mut manager = LocalSessionManager::default();
    manager.session_config.keep_alive = Some(limits.session_idle);
    // A stream that breaks off is a call given up: there is nothing to come back to.
    manager.session_config.sse_retry = None;
    let manager = Arc::new(manager);
    let over = CancellationToken::new();
    let config = StreamableHttpServerConfig::default()
        .with_sse_retry(None)
        .with_json_response(true)
        .with_max_request_body_bytes(limits.max_body)
        // The guard has looked at both.
        .disable_allowed_hosts()
        .disable_allowed_origins()
        .with_cancellation_token(over.clone());
    let make = move || Ok(wrap(Server::over_http(Arc::clone(&host), Arc::clone(&hours))));
    let door = Arc::new(Door {
        service: StreamableHttpService::new(make, Arc::clone(&manager), config),
        sessions: Arc::new(Sessions::new(manager, limits.max_sessions)),
        authenticator,
        guard,
        limits: limits.clone(),
        stop: stop.clone(),
    });
    let connection = Limits {
        header_timeout: limits.header_timeout,
        max_connections: limits.max_connections,
        shutdown_deadline: limits.drain,
        ..Limits::default()
    };
    let answer = move |parts, body, local| Arc::clone(&door).answer(parts, body, local);
    connections(Listeners::of(listener)?, connection, answer, stop.cancelled_owned()).await;
    over.cancel();
    Ok(())
}
