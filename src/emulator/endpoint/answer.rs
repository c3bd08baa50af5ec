//! The endpoint's own refusals, in the form that the client reads.

use http::header::{CONTENT_LENGTH, CONTENT_TYPE, HeaderValue};
use http::{HeaderMap, Response, StatusCode};

use crate::emulator::body::{self, Body};
use crate::emulator::error::AwsError;
use crate::emulator::xml::escape;

/// The form of errors that a client understands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// S3's and STS's.
    Xml,
    /// DynamoDB's.
    Json,
}

impl Form {
    /// JSON for a request with an `X-Amz-Target`, else XML.
    pub(super) fn of(headers: &HeaderMap) -> Self {
        if headers.contains_key("x-amz-target") { Self::Json } else { Self::Xml }
    }

    /// An answer that carries this error.
    pub(super) fn refuse(self, error: &AwsError) -> Response<Body> {
        let status = StatusCode::from_u16(error.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        match self {
            Self::Xml => {
                let (code, message) = (escape(&error.code), escape(&error.message));
                let xml = format!(
                    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>{code}</Code>\
                     <Message>{message}</Message></Error>"
                );
                whole(status, "application/xml", xml)
            }
            Self::Json => {
                let json = serde_json::json!({ "__type": error.code, "message": error.message });
                whole(status, "application/x-amz-json-1.0", json.to_string())
            }
        }
    }
}

/// An answer of JSON.
pub(super) fn json(status: StatusCode, value: &serde_json::Value) -> Response<Body> {
    whole(status, "application/json", value.to_string())
}

fn whole(status: StatusCode, kind: &'static str, text: String) -> Response<Body> {
    let length = HeaderValue::from(text.len());
    let mut response = Response::new(body::full(text));
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    response.headers_mut().insert(CONTENT_LENGTH, length);
    response
}
