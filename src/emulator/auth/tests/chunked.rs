//! aws-chunked bodies: split anywhere, broken anywhere.

use std::convert::Infallible;

use bytes::Bytes;
use futures::stream;
use http::Request;
use http_body::Frame;
use http_body_util::{BodyExt, StreamBody};

use super::*;
use crate::emulator::auth::Trailers;

const STREAMING: &str = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD";
const UNSIGNED_TRAILER: &str = "STREAMING-UNSIGNED-PAYLOAD-TRAILER";
const CRC32: &str = "x-amz-checksum-crc32";

/// A body that comes in these frames.
fn frames(parts: impl IntoIterator<Item = Vec<u8>>) -> Body {
    let frames: Vec<Result<Frame<Bytes>, Infallible>> =
        parts.into_iter().map(|part| Ok(Frame::data(Bytes::from(part)))).collect();
    body::from(StreamBody::new(stream::iter(frames)).map_err(|never| match never {}))
}

/// A PUT signed by the SDK's signer, with aws-chunked framing still to be filled in.
fn upload(framing: &str, length: usize, extra: &[(&str, &str)], wire: Body) -> Request<Body> {
    let length = length.to_string();
    let mut headers = vec![
        ("x-amz-content-sha256", framing),
        ("x-amz-decoded-content-length", length.as_str()),
        ("content-encoding", "gzip, aws-chunked"),
    ];
    headers.extend_from_slice(extra);
    let (parts, _) = signed("s3", (KEY, SECRET), Form::Header, "PUT", "/b/k", &headers, "").into_parts();
    Request::from_parts(parts, wire)
}

fn unsigned(length: usize, trailer: Option<&str>, wire: Body) -> Request<Body> {
    let extra: Vec<(&str, &str)> = trailer.map(|name| ("x-amz-trailer", name)).into_iter().collect();
    upload(UNSIGNED_TRAILER, length, &extra, wire)
}

const WIRE: &[u8] = b"b\r\nhello\r\nworl\r\n0\r\nx-amz-checksum-crc32:AAAAAA==\r\n\r\n";
const PAYLOAD: &[u8] = b"hello\r\nworl";

#[tokio::test]
async fn framing_decodes_however_it_is_split() {
    let (_, context) = context();
    for first in 0..=WIRE.len() {
        for second in first..=WIRE.len() {
            let wire = frames([WIRE[..first].to_vec(), WIRE[first..second].to_vec(), WIRE[second..].to_vec()]);
            let (_, request) = enter(unsigned(PAYLOAD.len(), Some(CRC32), wire), &context).await.unwrap();
            let whole = request.into_body().collect().await.unwrap();
            assert_eq!(whole.trailers().unwrap()[CRC32], "AAAAAA==");
            assert_eq!(whole.to_bytes(), PAYLOAD);
        }
    }
    let single = WIRE.iter().map(|byte| vec![*byte]);
    let (_, bytes) = enter_whole(unsigned(PAYLOAD.len(), Some(CRC32), frames(single)), &context).await.unwrap();
    assert_eq!(bytes, PAYLOAD);
}

#[tokio::test]
async fn an_unsigned_trailer_ends_in_each_of_the_ways_that_clients_write() {
    let (_, context) = context();
    let length = PAYLOAD.len();
    for (end, good) in [
        ("\r\n\r\n", true),
        ("\n\r\n", true),
        // minio-go.
        ("\n\r\n\r\n", true),
        ("\n\r\n\r\n\r\n", false),
        ("\n\r\n\r", false),
        ("\n\r\n\n", false),
        ("\n\r\nx\r\n", false),
        ("\r\n\r\n\r\n", false),
    ] {
        let wire = format!("b\r\nhello\r\nworl\r\n0\r\nx-amz-checksum-crc32:AAAAAA=={end}");
        for split in [wire.len() - 1, wire.len()] {
            let parts = [wire.as_bytes()[..split].to_vec(), wire.as_bytes()[split..].to_vec()];
            let found = enter_whole(unsigned(length, Some(CRC32), frames(parts)), &context).await;
            assert_eq!(found.map(|_| ()).map_err(|error| error.code.into_owned()).is_ok(), good, "{end:?}");
        }
    }
}

#[tokio::test]
async fn the_request_says_what_the_payload_is_without_its_framing() {
    let (_, context) = context();
    let request = unsigned(PAYLOAD.len(), Some(CRC32), frames([WIRE.to_vec()]));
    let (_, request) = enter(request, &context).await.unwrap();
    assert_eq!(request.headers()["content-length"], "11");
    assert_eq!(request.headers()["content-encoding"], "gzip");
    let trailers = request.extensions().get::<Trailers>().unwrap().clone();
    assert_eq!(trailers.announced(), [CRC32]);
    assert!(trailers.get().is_none());
    request.into_body().collect().await.unwrap();
    assert_eq!(trailers.get().unwrap()[CRC32], "AAAAAA==");
}

#[tokio::test]
async fn aws_chunked_leaves_content_encoding_in_any_position() {
    let (_, context) = context();
    let cases = [
        ("aws-chunked", None),
        ("AWS-Chunked,gzip", Some("gzip")),
        ("gzip,aws-chunked", Some("gzip")),
        ("gzip, aws-chunked ,br", Some("gzip,br")),
        ("gzip, br", Some("gzip, br")),
    ];
    for (given, kept) in cases {
        let request = signed("s3", (KEY, SECRET), Form::Header, "PUT", "/b/k", &[("content-encoding", given)], "");
        let (_, request) = enter(request, &context).await.unwrap();
        assert_eq!(request.headers().get("content-encoding").map(|value| value.to_str().unwrap()), kept);
    }
}

#[tokio::test]
async fn every_truncation_is_an_incomplete_body() {
    let (_, context) = context();
    for length in 0..WIRE.len() {
        let request = unsigned(PAYLOAD.len(), Some(CRC32), frames([WIRE[..length].to_vec()]));
        let error = enter_whole(request, &context).await.unwrap_err();
        assert_eq!(error.code, "IncompleteBody", "after {length} bytes");
    }
}

#[tokio::test]
async fn broken_framing_is_refused_as_s3_does() {
    let (_, context) = context();
    let long_line = format!("{}\r\n", "0".repeat(2000));
    let big = format!("3e8\r\n{}\r\n3e8\r\n{}\r\n0\r\n\r\n", "a".repeat(1000), "a".repeat(1000));
    let cases: [(usize, &str, &str); 13] = [
        (5, "5\r\nhello\r\n0\r\n\r\nmore", "IncompleteBody"),
        (5, "5\r\nhello0\r\n\r\n", "IncompleteBody"),
        (5, "5\nhello\r\n0\r\n\r\n", "IncompleteBody"),
        (5, "-5\r\nhello\r\n0\r\n\r\n", "IncompleteBody"),
        (5, "+5\r\nhello\r\n0\r\n\r\n", "IncompleteBody"),
        (5, "5;a=b\r\nhello\r\n0\r\n\r\n", "IncompleteBody"),
        (5, "fffffffffffffffff\r\nhello", "IncompleteBody"),
        (5, "ffffffffffffffff\r\nhello", "IncompleteBody"),
        (5, "3\r\nhello\r\n0\r\n\r\n", "IncompleteBody"),
        (5, &long_line, "IncompleteBody"),
        (5, "5\r\nhello\r\n0\r\nx-amz-checksum-crc32:AAAAAA==\r\n\r\n", "MalformedTrailerError"),
        (5, "5\r\nhello\r\n0\r\nno colon\r\n\r\n", "MalformedTrailerError"),
        (2000, &big, "InvalidChunkSizeError"),
    ];
    for (length, wire, code) in cases {
        let error = enter_whole(unsigned(length, None, frames([wire.into()])), &context).await.unwrap_err();
        assert_eq!(error.code, code, "{wire:.60}");
    }
    let error = enter_whole(unsigned(2000, None, frames([big.into_bytes()])), &context).await.unwrap_err();
    assert_eq!((member(&error, "Chunk"), member(&error, "BadChunkSize")), (Some("2"), Some("1000")));
    assert_eq!(error.status, 403);
}

#[tokio::test]
async fn the_decoded_length_is_held_to() {
    let (_, context) = context();
    for (declared, expected) in [(3, "3"), (9, "9")] {
        let wire = frames([b"5\r\nhello\r\n0\r\n\r\n".to_vec()]);
        let error = enter_whole(unsigned(declared, None, wire), &context).await.unwrap_err();
        assert_eq!(error.code, "IncompleteBody");
        assert_eq!(member(&error, "NumberBytesExpected"), Some(expected));
        assert_eq!(member(&error, "NumberBytesProvided"), Some("5"));
    }
    let mut request = signed("s3", ("AKIAOTHER", "x"), Form::Header, "PUT", "/b/k", &[], "");
    request.headers_mut().insert("x-amz-content-sha256", UNSIGNED_TRAILER.parse().unwrap());
    let error = enter(request, &context).await.unwrap_err();
    assert_eq!((error.status, error.code.as_ref()), (411, "MissingContentLength"));
}

#[tokio::test]
async fn trailers_must_be_those_announced() {
    let (_, context) = context();
    let wire = || frames([WIRE.to_vec()]);
    let length = PAYLOAD.len();
    let error = enter_whole(unsigned(length, Some("x-amz-checksum-sha256"), wire()), &context).await.unwrap_err();
    assert_eq!(error.code, "MalformedTrailerError");
    let error = enter(unsigned(length, Some("x-other"), wire()), &context).await.unwrap_err();
    assert_eq!(error.message, "The value specified in the x-amz-trailer header is not supported");
    let plain = signed("s3", (KEY, SECRET), Form::Header, "PUT", "/b/k", &[("x-amz-trailer", CRC32)], "");
    assert_eq!(enter(plain, &context).await.unwrap_err().code, "MalformedTrailerError");
}

#[tokio::test]
async fn an_unknown_keys_chunk_signatures_are_read_and_not_verified() {
    let (_, context) = context();
    let signature = "0".repeat(64);
    let wire = format!("5;chunk-signature={signature}\r\nhello\r\n0;chunk-signature={signature}\r\n\r\n");
    let headers = [("x-amz-content-sha256", STREAMING), ("x-amz-decoded-content-length", "5")];
    for (key, outcome) in [("AKIAOTHER", None), (KEY, Some("SignatureDoesNotMatch"))] {
        let (parts, _) = signed("s3", (key, SECRET), Form::Header, "PUT", "/b/k", &headers, "").into_parts();
        let result = enter_whole(Request::from_parts(parts, frames([wire.clone().into_bytes()])), &context).await;
        assert_eq!(result.err().map(|error| error.code.into_owned()), outcome.map(str::to_owned));
    }
}

#[tokio::test]
async fn a_payload_hash_that_is_none_is_refused() {
    let (_, context) = context();
    for value in ["STREAMING", "", "abc"] {
        let mut request = signed("s3", ("AKIAOTHER", "x"), Form::Header, "PUT", "/b/k", &[], "");
        request.headers_mut().insert("x-amz-content-sha256", value.parse().unwrap());
        let error = enter(request, &context).await.unwrap_err();
        assert_eq!((error.status, error.code.as_ref()), (400, "InvalidArgument"));
        assert_eq!(member(&error, "ArgumentValue"), Some(value));
    }
}
