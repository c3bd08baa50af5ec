//! What IAM asks of a request, for those who watch calls.

use http::Request;

use super::address::Target;
use super::query::Query;
use super::routes::{self, XML_LIMIT};
use super::xml;
use crate::emulator::access::{Access, S3Call, of_s3};
use crate::emulator::body::{self, Body};

/// The request again, and what IAM asks of it. A body is read only where it names what the request is about.
pub async fn peek(request: Request<Body>) -> (Request<Body>, Access) {
    let (parts, body) = request.into_parts();
    let (Ok(target), Ok(query)) = (Target::of(&parts), Query::parse(parts.uri.query())) else {
        return (Request::from_parts(parts, body), Access::new());
    };
    let operation = routes::name(&parts.method, target.level(), &query, &parts.headers);
    let (body, document) = match operation {
        "CreateBucket" | "DeleteObjects" => match body::read_with_trailers(body, XML_LIMIT).await {
            Ok((bytes, trailers)) => (body::with_trailers(bytes.clone(), trailers), bytes),
            Err(error) => (body::failed(error), bytes::Bytes::new()),
        },
        _ => (body, bytes::Bytes::new()),
    };
    let text = String::from_utf8_lossy(&document);
    let document = xml::plain(&text);
    let header = |name: &str| match parts.headers.get(name) {
        Some(value) => Some(String::from_utf8_lossy(value.as_bytes()).into_owned()),
        // Presigned requests may carry headers as parameters.
        None => query.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value.to_owned()),
    };
    let access = of_s3(&S3Call {
        operation,
        bucket: target.bucket.as_deref(),
        key: target.key.as_deref(),
        versioned: query.get("versionId").is_some_and(|version| !version.is_empty()),
        header: &header,
        document: document.as_bytes(),
    });
    (Request::from_parts(parts, body), access)
}
