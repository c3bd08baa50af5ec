//! The document in the body of a request: read within its limit, and held against its digests.

use bytes::Bytes;
use http::HeaderMap;

use crate::emulator::body::{self, Body};
use crate::emulator::error::AwsError;
use crate::emulator::s3::error;
use crate::emulator::s3::ingest::{Claims, broken_body};
use crate::emulator::s3::operation::Digest;

/// Reads a document.
pub(super) async fn read(headers: &HeaderMap, body: Body, limit: usize, digest: Digest) -> Result<Bytes, AwsError> {
    let (bytes, trailers) = body::read_with_trailers(body, limit).await.map_err(|error| {
        if error.is::<body::TooLong>() {
            AwsError::new(400, "MaxMessageLengthExceeded", "Your request was too big.")
                .with("MaxMessageLengthBytes", limit)
        } else {
            broken_body(&error)
        }
    })?;
    let digested = digest != Digest::Other && Claims::verify(headers, &bytes, trailers.as_ref())?;
    if digest == Digest::Required {
        if !digested {
            return Err(error::invalid_request(
                "Missing required header for this request: Content-MD5 OR x-amz-checksum-*",
            ));
        }
        if bytes.is_empty() {
            return Err(AwsError::new(400, "MissingRequestBodyError", "Request Body is empty"));
        }
    }
    Ok(bytes)
}
