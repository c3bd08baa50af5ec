//! The one place that renders errors and completes answers.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::header::{CONTENT_LENGTH, CONTENT_TYPE, SERVER};
use http::{HeaderValue, Response, StatusCode};
use http_body::Body as _;
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::emulator::body::{self, Body};
use crate::emulator::error::AwsError;
use crate::emulator::observer::Failure;
use crate::emulator::s3::service::Core;
use crate::emulator::s3::xml::{DECLARATION, Quotes, element};

/// What AWS sends with every answer: request ids, `Server` and the length; no body for HEAD.
pub(super) fn finish(core: &Core, head: bool, outcome: Result<Response<Body>, AwsError>) -> Response<Body> {
    // AWS's request ids are 16 characters. The low half of a UUIDv7 is its random half.
    let (_, low) = core.ids().next().as_u64_pair();
    let request_id = format!("{low:016X}");
    let host_id = STANDARD.encode(Sha256::digest(&request_id));
    let mut response = match outcome {
        Ok(response) => response,
        Err(error) => {
            let mut response = render(&error, &request_id, &host_id);
            response.extensions_mut().insert(Failure(error));
            response
        }
    };
    let status = response.status();
    let bodiless = status == StatusCode::NO_CONTENT || status == StatusCode::NOT_MODIFIED;
    if !bodiless
        && !response.headers().contains_key(CONTENT_LENGTH)
        && let Some(length) = response.body().size_hint().exact()
        && !(head && length > 0 && status.is_success())
    {
        response.headers_mut().insert(CONTENT_LENGTH, length.into());
    }
    let failed = status.is_client_error() || status.is_server_error();
    if head && failed {
        // As on AWS, the length of the body that GET would have had is not told.
        response.headers_mut().remove(CONTENT_LENGTH);
    }
    if head || bodiless {
        *response.body_mut() = body::empty();
    }
    let headers = response.headers_mut();
    for (name, value) in [("x-amz-request-id", request_id), ("x-amz-id-2", host_id)] {
        if let Ok(value) = HeaderValue::from_str(&value) {
            headers.insert(name, value);
        }
    }
    headers.insert(SERVER, HeaderValue::from_static("AmazonS3"));
    response
}

/// An error document.
fn render(error: &AwsError, request_id: &str, host_id: &str) -> Response<Body> {
    let mut xml = format!("{DECLARATION}<Error>");
    element(&mut xml, "Code", &error.code, Quotes::Plain);
    if !error.message.is_empty() {
        element(&mut xml, "Message", &error.message, Quotes::Plain);
    }
    for (name, value) in &error.members {
        match value {
            Value::String(text) => element(&mut xml, name, text, Quotes::Plain),
            Value::Null => element(&mut xml, name, "", Quotes::Plain),
            other => element(&mut xml, name, &other.to_string(), Quotes::Plain),
        }
    }
    element(&mut xml, "RequestId", request_id, Quotes::Plain);
    element(&mut xml, "HostId", host_id, Quotes::Plain);
    xml.push_str("</Error>");
    let mut response = Response::new(if error.bare { body::empty() } else { body::full(xml) });
    *response.status_mut() = StatusCode::from_u16(error.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    if !error.bare {
        response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/xml"));
    }
    for (name, value) in &error.headers {
        if let Ok(value) = HeaderValue::from_str(value) {
            response.headers_mut().insert(*name, value);
        }
    }
    response
}
