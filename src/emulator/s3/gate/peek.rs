//! What IAM asks of a request, for those who watch calls.

use http::Request;

use crate::emulator::access::Access;
use crate::emulator::body::{self, Body};
use crate::emulator::s3::access::{S3Call, of_s3};
use crate::emulator::s3::call::Call;
use crate::emulator::s3::operation;

/// The request again, and what IAM asks of it. A body is read only where it names what the request is about.
pub async fn peek(call: &Call, request: Request<Body>) -> (Request<Body>, Access) {
    let Some(row) = call.found.as_ref().ok().and_then(|found| found.built()) else { return (request, Access::new()) };
    let (parts, body) = request.into_parts();
    let (body, document) = match row.body {
        operation::Body::Document { limit, .. } if row.asks.looks_into_document() => {
            match body::read_with_trailers(body, limit).await {
                Ok((bytes, trailers)) => (body::with_trailers(bytes.clone(), trailers), bytes),
                Err(error) => (body::failed(error), bytes::Bytes::new()),
            }
        }
        _ => (body, bytes::Bytes::new()),
    };
    let header = |name: &str| match parts.headers.get(name) {
        Some(value) => Some(String::from_utf8_lossy(value.as_bytes()).into_owned()),
        // Presigned requests may carry headers as parameters.
        None => {
            call.query.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value.to_owned())
        }
    };
    let access = of_s3(&S3Call {
        operation: row.shape.name,
        bucket: call.target.bucket.as_deref(),
        key: call.target.key.as_deref(),
        versioned: call.query.get("versionId").is_some_and(|version| !version.is_empty()),
        header: &header,
        document: &document,
    });
    (Request::from_parts(parts, body), access)
}
