//! One request: who sends it, what it is, and who answers.

use std::net::SocketAddr;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;

use bytes::Bytes;
use futures::FutureExt as _;
use http::header::{AUTHORIZATION, CONTENT_LENGTH, HeaderName};
use http::request::Parts;
use http::{Method, Request, Response, StatusCode};
use http_body_util::Full;
use rmcp::ServerHandler;
use rmcp::model::ProtocolVersion;
use rmcp::transport::streamable_http_server::StreamableHttpService;
use rmcp::transport::streamable_http_server::session::local::LocalSessionManager;
use serde_json::Value;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

use super::authenticator::{Authenticator, Principal, Unauthenticated};
use super::message::{self, Held, Kind};
use super::serve::{HttpLimits, PATH};
use super::sessions::Sessions;
use super::{answer, batch, reply};
use crate::emulator::body::{self, Body, TooLong};
use crate::emulator::endpoint::{Guard, HEALTH_PATH, Pass, preflight, share};

const REVISION: HeaderName = HeaderName::from_static("mcp-protocol-version");

/// What answers the requests of a listener.
pub(super) struct Door<S> {
    pub(super) service: StreamableHttpService<S, LocalSessionManager>,
    pub(super) sessions: Arc<Sessions>,
    pub(super) authenticator: Arc<dyn Authenticator>,
    pub(super) guard: Guard,
    pub(super) limits: HttpLimits,
    pub(super) stop: CancellationToken,
}

impl<S: ServerHandler + Send + 'static> Door<S> {
    /// Answers a request that came to the address `local`.
    pub(super) async fn answer(self: Arc<Self>, parts: Parts, body: Body, local: SocketAddr) -> Response<Body> {
        let origin = match self.guard.check_without_pages(&parts, local) {
            Ok(Pass::Plain) => None,
            Ok(Pass::Shared(origin)) => Some(origin),
            Ok(Pass::Preflight(origin)) => return preflight(&parts, origin),
            Err(error) => {
                let status = StatusCode::from_u16(error.status).unwrap_or(StatusCode::FORBIDDEN);
                return answer::refused(status, &error.code, &error.message);
            }
        };
        let outcome = AssertUnwindSafe(Box::pin(self.pass(parts, body))).catch_unwind().await;
        let mut response = outcome.unwrap_or_else(|_| {
            tracing::error!("an MCP request's handler panicked");
            answer::refused(StatusCode::INTERNAL_SERVER_ERROR, "internal", "footbridge failed at this request")
        });
        if let Some(origin) = origin {
            share(response.headers_mut(), origin);
        }
        response
    }

    async fn pass(&self, mut parts: Parts, body: Body) -> Response<Body> {
        if parts.uri.path() == HEALTH_PATH && matches!(parts.method, Method::GET | Method::HEAD) {
            return answer::healthy(&parts.method);
        }
        if parts.uri.path().trim_end_matches('/') != PATH {
            // Clients look below /.well-known/ for an authorization server, of which there is none, and read JSON.
            let message = format!("footbridge has nothing here: MCP is at {PATH}");
            return answer::refused(StatusCode::NOT_FOUND, "not_found", &message);
        }
        let principal = match self.principal(&parts).await {
            Ok(principal) => principal,
            Err(why) => return answer::unauthenticated(&why),
        };
        // Nothing behind this needs it.
        parts.headers.remove(AUTHORIZATION);
        parts.extensions.insert(principal.clone());
        // From this revision on there are no sessions of a transport.
        let newest = ProtocolVersion::V_2026_07_28;
        let modern = parts.headers.get(REVISION).is_some_and(|value| value.as_bytes() >= newest.as_str().as_bytes());
        if modern {
            parts.headers.remove(answer::SESSION);
        }
        match parts.method {
            Method::POST => self.post(parts, body, modern, &principal).await,
            Method::GET => self.listen(parts, &principal).await,
            Method::DELETE => self.end(parts, &principal).await,
            _ => answer::no_method(),
        }
    }

    async fn principal(&self, parts: &Parts) -> Result<Principal, Unauthenticated> {
        let asked = AssertUnwindSafe(self.authenticator.authenticate(&parts.headers)).catch_unwind().await;
        asked.unwrap_or_else(|_| {
            tracing::error!("the authenticator panicked");
            Err(Unauthenticated { message: "the authenticator failed".to_owned(), challenge: "Bearer".to_owned() })
        })
    }

    async fn post(&self, parts: Parts, body: Body, modern: bool, principal: &Principal) -> Response<Body> {
        let most = self.limits.max_body;
        let declared = parts.headers.get(CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse::<u64>().ok());
        let too_long = || {
            let words = format!(
                "a message is at most {} MiB, and this one is longer: send large content as a `file`",
                most >> 20
            );
            answer::error(StatusCode::PAYLOAD_TOO_LARGE, &Value::Null, -32600, &words)
        };
        if declared.is_some_and(|length| usize::try_from(length).unwrap_or(usize::MAX) > most) {
            return too_long();
        }
        let body = match timeout(self.limits.body_timeout, body::whole(body, most)).await {
            Ok(Ok(body)) => body,
            Ok(Err(error)) if error.is::<TooLong>() => return too_long(),
            Ok(Err(_)) => return reply::invalid(&Value::Null, "the body broke off"),
            Err(_) => {
                let words = format!("the body was not here within {} s", self.limits.body_timeout.as_secs());
                return answer::error(StatusCode::REQUEST_TIMEOUT, &Value::Null, -32600, &words);
            }
        };
        let body = if body.starts_with(b"\xEF\xBB\xBF") { body.slice(3..) } else { body };
        match message::look(&body, modern) {
            Err(refusal) => answer::json(refusal.status, &refusal.message),
            Ok(Held::One(kind)) => self.hand_over(parts, body, kind, principal).await,
            Ok(Held::Several(messages)) => batch::answer(self, parts, messages, principal).await,
        }
    }

    /// Gives a message to the library.
    pub(super) async fn hand_over(
        &self,
        parts: Parts,
        body: Bytes,
        kind: Kind,
        principal: &Principal,
    ) -> Response<Body> {
        let id = kind.id();
        let open = match parts.headers.get(answer::SESSION) {
            None => None,
            Some(session) => {
                let session = session.to_str().unwrap_or_default();
                let Some((session, _)) = self.sessions.enter(session, principal).await else {
                    return reply::no_session(&id);
                };
                match &kind {
                    Kind::Other => None,
                    Kind::Initialize { id: request, .. } | Kind::Request(request) => {
                        let Some(open) = self.sessions.open(&session, request).await else {
                            let words = "a request with this id has no answer yet: give each request an id of its own";
                            return reply::invalid(&id, words);
                        };
                        Some(open)
                    }
                }
            }
        };
        let given = self.service.handle(Request::from_parts(parts, Full::new(body))).await;
        if let Kind::Initialize { batches, .. } = kind
            && let Some(session) = given.headers().get(answer::SESSION).and_then(|session| session.to_str().ok())
        {
            self.sessions.begin(session, principal, batches).await;
        }
        reply::of(given, &id, open).await
    }

    /// What the server says by itself, while its client listens.
    async fn listen(&self, parts: Parts, principal: &Principal) -> Response<Body> {
        if let Some(session) = parts.headers.get(answer::SESSION) {
            let session = session.to_str().unwrap_or_default();
            if self.sessions.enter(session, principal).await.is_none() {
                return reply::no_session(&Value::Null);
            }
        }
        let given = self.service.handle(Request::from_parts(parts, Full::new(Bytes::new()))).await;
        if given.status().is_success() {
            reply::standing(given, &self.stop)
        } else {
            reply::of(given, &Value::Null, None).await
        }
    }

    /// Ends a session.
    async fn end(&self, parts: Parts, principal: &Principal) -> Response<Body> {
        if let Some(session) = parts.headers.get(answer::SESSION) {
            let Some((session, _)) = self.sessions.enter(session.to_str().unwrap_or_default(), principal).await else {
                return reply::no_session(&Value::Null);
            };
            self.sessions.cancel(&session).await;
            self.sessions.end(&session);
        }
        let given = self.service.handle(Request::from_parts(parts, Full::new(Bytes::new()))).await;
        reply::of(given, &Value::Null, None).await
    }
}
