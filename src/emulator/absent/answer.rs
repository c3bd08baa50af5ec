//! The answer of a service that is not here.

use http::header::{CONTENT_LENGTH, CONTENT_TYPE, HeaderName};
use http::{HeaderValue, Response, StatusCode};
use serde_json::json;
use uuid::Uuid;

use super::protocol::{Protocol, Spoken};
use crate::emulator::body::{self, Body};
use crate::emulator::error::AwsError;
use crate::emulator::observer::Failure;
use crate::emulator::xml::escape;

/// 501: this service exists on AWS and not here. `name` is what clients sign for.
#[must_use]
pub fn not_here(name: &str) -> AwsError {
    AwsError::not_implemented(&format!("the service '{name}': it has s3, dynamodb and sts"))
        .with_header("x-footbridge-refused", name)
}

/// The answer that carries this error, so that whoever asked can read it.
#[must_use]
pub fn refuse(spoken: &Spoken, error: &AwsError, request_id: Uuid) -> Response<Body> {
    let (code, message) = (&*error.code, &*error.message);
    let fault = if error.status < 500 { "Sender" } else { "Receiver" };
    let (kind, bytes): (String, Vec<u8>) = match spoken.protocol {
        Protocol::Xml => {
            let (code, message) = (escape(code), escape(message));
            let xml = format!(
                "<ErrorResponse><Error><Type>{fault}</Type><Code>{code}</Code><Message>{message}</Message></Error>\
                 <RequestId>{request_id}</RequestId></ErrorResponse>"
            );
            ("text/xml".to_owned(), xml.into())
        }
        Protocol::Ec2 => {
            let (code, message) = (escape(code), escape(message));
            let xml = format!(
                "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Response><Errors><Error><Code>{code}</Code>\
                 <Message>{message}</Message></Error></Errors><RequestID>{request_id}</RequestID></Response>"
            );
            ("text/xml;charset=UTF-8".to_owned(), xml.into())
        }
        Protocol::Json(version) => (format!("application/x-amz-json-{version}"), json(code, message)),
        Protocol::RestJson => ("application/json".to_owned(), json(code, message)),
        Protocol::Cbor => ("application/cbor".to_owned(), cbor(code, message)),
        Protocol::JsonCbor => ("application/x-amz-cbor-1.1".to_owned(), cbor(code, message)),
    };
    let length = bytes.len();
    let mut response = Response::new(body::full(bytes));
    *response.status_mut() = StatusCode::from_u16(error.status).unwrap_or(StatusCode::NOT_IMPLEMENTED);
    let headers = response.headers_mut();
    let request_id = request_id.to_string();
    let mut put = |name: &'static str, value: &str| {
        if let Ok(value) = HeaderValue::from_str(value) {
            headers.insert(HeaderName::from_static(name), value);
        }
    };
    put("x-amzn-requestid", &request_id);
    put(CONTENT_TYPE.as_str(), &kind);
    match spoken.protocol {
        Protocol::RestJson => put("x-amzn-errortype", code),
        Protocol::Cbor => put("smithy-protocol", "rpc-v2-cbor"),
        _ => {}
    }
    for (name, value) in &error.headers {
        put(name, value);
    }
    headers.insert(CONTENT_LENGTH, length.into());
    response.extensions_mut().insert(Failure(error.clone()));
    response
}

fn json(code: &str, message: &str) -> Vec<u8> {
    json!({ "__type": code, "message": message }).to_string().into_bytes()
}

/// A map of two texts (RFC 8949).
fn cbor(code: &str, message: &str) -> Vec<u8> {
    let mut bytes = vec![0xa2];
    for text in ["__type", code, "message", message] {
        let length = text.len();
        match (u8::try_from(length), u16::try_from(length)) {
            (Ok(short @ 0..24), _) => bytes.push(0x60 | short),
            (Ok(short), _) => bytes.extend([0x78, short]),
            (_, Ok(long)) => bytes.extend([[0x79].as_slice(), &long.to_be_bytes()].concat()),
            _ => bytes.extend([[0x7b].as_slice(), &(length as u64).to_be_bytes()].concat()),
        }
        bytes.extend_from_slice(text.as_bytes());
    }
    bytes
}
