//! Several messages in one body, as revision 2025-03-26 has them: their answers are one stream of events.

use bytes::Bytes;
use futures::stream::SelectAll;
use http::header::{CACHE_CONTROL, CONTENT_TYPE};
use http::request::Parts;
use http::{HeaderValue, Response, StatusCode};
use http_body_util::{BodyExt as _, BodyStream, StreamBody};
use rmcp::ServerHandler;
use serde_json::Value;

use super::authenticator::Principal;
use super::door::Door;
use super::message::{self, Held, Kind};
use super::{answer, reply};
use crate::emulator::body::{self, Body};

/// Answers each of the messages.
pub(super) async fn answer<S: ServerHandler + Send + 'static>(
    door: &Door<S>,
    parts: Parts,
    messages: Vec<Value>,
    principal: &Principal,
) -> Response<Body> {
    let session = parts.headers.get(answer::SESSION).and_then(|session| session.to_str().ok()).unwrap_or_default();
    if !door.sessions.enter(session, principal).await.is_some_and(|(_, batches)| batches) {
        let words = "several messages in one body are for sessions of revision 2025-03-26 alone: send each in a request of its own";
        return reply::invalid(&Value::Null, words);
    }
    let mut events = SelectAll::new();
    for value in messages {
        let body = Bytes::from(value.to_string());
        let answered = match message::look(&body, false) {
            Err(refusal) => answer::json(refusal.status, &refusal.message),
            Ok(Held::One(kind @ (Kind::Request(_) | Kind::Other))) => {
                door.hand_over(parts.clone(), body, kind, principal).await
            }
            Ok(Held::One(kind)) => reply::invalid(&kind.id(), "`initialize` stands alone"),
            Ok(Held::Several(_)) => reply::invalid(&Value::Null, "a message is a JSON object"),
        };
        let (head, body) = answered.into_parts();
        if reply::is(&head.headers, "text/event-stream") {
            events.push(BodyStream::new(body));
        } else if reply::is(&head.headers, "application/json") {
            let message = body.collect().await.map(http_body_util::Collected::to_bytes).unwrap_or_default();
            let event = [b"data: ", message.as_ref(), b"\n\n"].concat();
            events.push(BodyStream::new(body::full(event)));
        }
    }
    if events.is_empty() {
        return answer::accepted();
    }
    let mut response = Response::new(Body::new(StreamBody::new(events)));
    *response.status_mut() = StatusCode::OK;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("text/event-stream"));
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    response
}
