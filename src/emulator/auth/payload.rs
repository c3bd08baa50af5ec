//! What a request says of its body before the body comes: its hash, its framing, its length.

use http::HeaderMap;
use http::header::{CONTENT_LENGTH, HeaderName};

use super::service::text;
use crate::emulator::error::AwsError;

/// The header that declares the payload of an S3 request.
pub(super) const CONTENT_SHA256: &str = "x-amz-content-sha256";

/// What stands for the hash of a payload that nobody hashed.
pub(super) const UNSIGNED: &str = "UNSIGNED-PAYLOAD";

/// The longest list of trailers that is read, in bytes.
const MAX_TRAILER_NAMES: usize = 16;

/// How the body comes, and what must hold of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Payload {
    /// As it is, with no hash.
    Unsigned,
    /// As it is, with this SHA-256 in lower-case hexadecimal.
    Sha256(String),
    /// In aws-chunked framing.
    Chunked(Framing),
}

/// The form of aws-chunked framing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Framing {
    /// Each chunk carries a signature.
    pub(super) signed: bool,
    /// Trailers may follow the last chunk.
    pub(super) trailers: bool,
}

impl Payload {
    /// Reads the value of `x-amz-content-sha256`.
    pub(super) fn parse(value: &str) -> Result<Self, AwsError> {
        let chunked = |signed, trailers| Ok(Self::Chunked(Framing { signed, trailers }));
        match value {
            UNSIGNED => Ok(Self::Unsigned),
            "STREAMING-AWS4-HMAC-SHA256-PAYLOAD" => chunked(true, false),
            "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER" => chunked(true, true),
            "STREAMING-UNSIGNED-PAYLOAD-TRAILER" => chunked(false, true),
            ecdsa if ecdsa.starts_with("STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD") => {
                Err(AwsError::not_implemented("signature version 4A (AWS4-ECDSA-P256-SHA256)"))
            }
            hash if hash.len() == 64 && hash.bytes().all(|byte| byte.is_ascii_hexdigit()) => {
                Ok(Self::Sha256(hash.to_ascii_lowercase()))
            }
            other => Err(AwsError::new(
                400,
                "InvalidArgument",
                "x-amz-content-sha256 must be UNSIGNED-PAYLOAD, STREAMING-UNSIGNED-PAYLOAD-TRAILER, \
                 STREAMING-AWS4-HMAC-SHA256-PAYLOAD, STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER, \
                 STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD, STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD-TRAILER or a \
                 valid sha256 value.",
            )
            .with("ArgumentName", CONTENT_SHA256)
            .with("ArgumentValue", other)),
        }
    }
}

/// The declared length of the body as it comes over the wire, where there is one.
pub(super) fn content_length(headers: &HeaderMap) -> Option<u64> {
    text(headers, CONTENT_LENGTH.as_str())?.trim().parse().ok()
}

/// The declared length of an aws-chunked body without its framing.
pub(super) fn decoded_length(headers: &HeaderMap) -> Result<u64, AwsError> {
    text(headers, "x-amz-decoded-content-length")
        .and_then(|length| length.trim().parse().ok())
        .ok_or_else(|| AwsError::new(411, "MissingContentLength", "You must provide the Content-Length HTTP header."))
}

/// The trailers that the request announces in `x-amz-trailer`.
pub(super) fn announced_trailers(headers: &HeaderMap) -> Result<Vec<HeaderName>, AwsError> {
    let unsupported = || {
        let message = "The value specified in the x-amz-trailer header is not supported";
        AwsError::new(400, "InvalidRequest", message)
    };
    let mut names = Vec::new();
    for value in headers.get_all("x-amz-trailer") {
        for name in value.to_str().map_err(|_| unsupported())?.split(',').map(str::trim).filter(|n| !n.is_empty()) {
            let name: HeaderName = name.parse().map_err(|_| unsupported())?;
            if !name.as_str().starts_with("x-amz-checksum-") || names.len() == MAX_TRAILER_NAMES {
                return Err(unsupported());
            }
            if !names.contains(&name) {
                names.push(name);
            }
        }
    }
    Ok(names)
}

/// `Content-Encoding` without `aws-chunked`, which is a matter of transport and not of the object.
pub(super) fn strip_aws_chunked(headers: &mut HeaderMap) {
    use http::header::{CONTENT_ENCODING, HeaderValue};
    let is_chunked = |coding: &[u8]| coding.trim_ascii().eq_ignore_ascii_case(b"aws-chunked");
    let given: Vec<&[u8]> = headers.get_all(CONTENT_ENCODING).iter().map(HeaderValue::as_bytes).collect();
    if !given.iter().any(|value| value.split(|byte| *byte == b',').any(is_chunked)) {
        return;
    }
    let kept: Vec<&[u8]> = given
        .iter()
        .flat_map(|value| value.split(|byte| *byte == b','))
        .filter(|coding| !is_chunked(coding) && !coding.trim_ascii().is_empty())
        .map(<[u8]>::trim_ascii)
        .collect();
    let kept = HeaderValue::from_bytes(&kept.join(&b","[..])).ok().filter(|value| !value.is_empty());
    headers.remove(CONTENT_ENCODING);
    if let Some(kept) = kept {
        headers.insert(CONTENT_ENCODING, kept);
    }
}
