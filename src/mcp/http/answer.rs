//! The answers that are made here: JSON, each with what a client reads of an error.

use bytes::Bytes;
use http::header::{ALLOW, CONTENT_LENGTH, CONTENT_TYPE, HeaderName, WWW_AUTHENTICATE};
use http::{HeaderValue, Method, Response, StatusCode};
use serde_json::{Value, json};

use super::authenticator::Unauthenticated;
use crate::emulator::body::{self, Body};

/// JSON with this status.
pub(super) fn json(status: StatusCode, value: &Value) -> Response<Body> {
    whole(status, value.to_string())
}

/// An answer of these bytes of JSON.
pub(super) fn whole(status: StatusCode, text: impl Into<Bytes>) -> Response<Body> {
    let text = text.into();
    let length = HeaderValue::from(text.len());
    let mut response = Response::new(body::full(text));
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response.headers_mut().insert(CONTENT_LENGTH, length);
    response
}

/// That it answers, and no more: who asks need not have a token.
pub(super) fn healthy(method: &Method) -> Response<Body> {
    let response = json(StatusCode::OK, &json!({ "status": "ok", "name": "footbridge" }));
    if method == Method::HEAD { response.map(|_| body::empty()) } else { response }
}

/// A refusal that is no message of the protocol's, since nothing of one was read.
pub(super) fn refused(status: StatusCode, error: &str, message: &str) -> Response<Body> {
    json(status, &json!({ "error": error, "message": message }))
}

/// The refusal of a sender whom nobody knows.
pub(super) fn unauthenticated(why: &Unauthenticated) -> Response<Body> {
    let mut response = refused(StatusCode::UNAUTHORIZED, "unauthorized", &why.message);
    let challenge = HeaderValue::from_str(&why.challenge).unwrap_or(HeaderValue::from_static("Bearer"));
    response.headers_mut().insert(WWW_AUTHENTICATE, challenge);
    response
}

/// The refusal of a method that the path does not have.
pub(super) fn no_method() -> Response<Body> {
    let mut response = refused(StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed", "use POST, GET or DELETE");
    response.headers_mut().insert(ALLOW, HeaderValue::from_static("POST, GET, DELETE"));
    response
}

/// An error of the protocol: the one that answers the request `id`, or none that is known.
pub(super) fn error(status: StatusCode, id: &Value, code: i32, message: &str) -> Response<Body> {
    json(status, &json!({ "jsonrpc": "2.0", "id": id, "error": { "code": code, "message": message } }))
}

/// That nothing more comes of what was sent.
pub(super) fn accepted() -> Response<Body> {
    let mut response = Response::new(body::empty());
    *response.status_mut() = StatusCode::ACCEPTED;
    response
}

/// The session's id, in both directions.
pub(in crate::mcp) const SESSION: HeaderName = HeaderName::from_static("mcp-session-id");
