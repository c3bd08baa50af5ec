//! The library's answers on their way out.

use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use http::header::{ALLOW, CONTENT_TYPE};
use http::{HeaderMap, Response, StatusCode};
use http_body::{Frame, SizeHint};
use http_body_util::BodyExt as _;
use http_body_util::combinators::BoxBody;
use serde_json::Value;
use tokio_util::sync::{CancellationToken, WaitForCancellationFutureOwned};

use super::answer;
use super::sessions::OpenRequest;
use crate::emulator::body::{Body, BoxError};

/// What the library answers.
pub(super) type Given = Response<BoxBody<Bytes, Infallible>>;

/// JSON-RPC's codes, and those that the SDKs have for these two.
const INVALID: i32 = -32600;
const INTERNAL: i32 = -32603;
const NO_SESSION: i32 = -32001;

/// An answer whose errors are JSON: the library has some in plain text, which clients show as such or not at all.
pub(super) async fn of(given: Given, id: &Value, open: Option<OpenRequest>) -> Response<Body> {
    let (parts, body) = given.into_parts();
    let failed = parts.status.is_client_error() || parts.status.is_server_error();
    if !failed || is(&parts.headers, "application/json") {
        if failed && let Some(open) = open {
            open.settle();
            return Response::from_parts(parts, sent(body, None, None));
        }
        return Response::from_parts(parts, sent(body, open, None));
    }
    let text = body.collect().await.map(http_body_util::Collected::to_bytes).unwrap_or_default();
    let text = String::from_utf8_lossy(&text);
    let mut response = if parts.status.is_server_error() {
        tracing::error!(status = parts.status.as_u16(), %text, "an MCP request failed");
        answer::error(parts.status, id, INTERNAL, "footbridge failed at this request; its log has more")
    } else if parts.status == StatusCode::NOT_FOUND {
        answer::error(parts.status, id, NO_SESSION, &text)
    } else {
        answer::error(parts.status, id, INVALID, &text)
    };
    if let Some(allow) = parts.headers.get(ALLOW) {
        response.headers_mut().insert(ALLOW, allow.clone());
    }
    // A session may have taken it in before it failed.
    drop(open);
    response
}

/// A stream of what the server says by itself, which ends with `stop`.
pub(super) fn standing(given: Given, stop: &CancellationToken) -> Response<Body> {
    given.map(|body| sent(body, None, Some(stop.clone())))
}

/// No session of this id is this sender's.
pub(super) fn no_session(id: &Value) -> Response<Body> {
    let words = "there is no such session, or it has ended: send `initialize` to begin one";
    answer::error(StatusCode::NOT_FOUND, id, NO_SESSION, words)
}

/// A message that cannot be taken.
pub(super) fn invalid(id: &Value, words: &str) -> Response<Body> {
    answer::error(StatusCode::BAD_REQUEST, id, INVALID, words)
}

pub(super) fn is(headers: &HeaderMap, kind: &str) -> bool {
    let essence = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()?.split(';').next());
    essence.is_some_and(|essence| essence.trim() == kind)
}

fn sent(body: BoxBody<Bytes, Infallible>, open: Option<OpenRequest>, stop: Option<CancellationToken>) -> Body {
    BoxBody::new(Reply { body, open, stop: stop.map(|stop| Box::pin(stop.cancelled_owned())) })
}

/// A body that knows whether its client had all of it.
struct Reply {
    body: BoxBody<Bytes, Infallible>,
    open: Option<OpenRequest>,
    stop: Option<Pin<Box<WaitForCancellationFutureOwned>>>,
}

impl http_body::Body for Reply {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        if self.stop.as_mut().is_some_and(|stop| stop.as_mut().poll(context).is_ready()) {
            return Poll::Ready(None);
        }
        let polled = Pin::new(&mut self.body).poll_frame(context);
        if (matches!(polled, Poll::Ready(None)) || self.body.is_end_stream())
            && let Some(open) = self.open.take()
        {
            open.settle();
        }
        polled.map(|frame| frame.map(|frame| frame.map_err(|never| match never {})))
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
