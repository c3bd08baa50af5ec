//! AWS's own published examples of signed uploads in chunks, byte for byte.
//!
//! Source: "Signature calculations for the Authorization header: Transferring a payload in multiple chunks", without
//! and with trailers, in the Amazon S3 API reference.

use http::Request;

use super::*;

const EXAMPLE_KEY: &str = "AKIAIOSFODNN7EXAMPLE";
const EXAMPLE_SECRET: &str = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
const FINAL: &str = "b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9";

fn example_context() -> AuthContext {
    // Fri, 24 May 2013 00:00:00 GMT.
    let clock = Arc::new(ManualClock::at_millis(1_369_353_600_000));
    let identities = Identities::new([Identity::new(EXAMPLE_KEY, EXAMPLE_SECRET).unwrap()]).unwrap();
    AuthContext { clock, identities, strict: true, sessions: Seal::in_memory() }
}

fn wire(signatures: [&str; 3], end: &str) -> String {
    let (first, second) = ("a".repeat(65536), "a".repeat(1024));
    let [one, two, last] = signatures;
    format!(
        "10000;chunk-signature={one}\r\n{first}\r\n400;chunk-signature={two}\r\n{second}\r\n\
         0;chunk-signature={last}\r\n{end}\r\n"
    )
}

fn upload(framing: &str, trailer: Option<&str>, signed_headers: &str, signature: &str, wire: String) -> Request<Body> {
    let mut request = Request::put("/examplebucket/chunkObject.txt")
        .header("host", "s3.amazonaws.com")
        .header("x-amz-date", "20130524T000000Z")
        .header("x-amz-storage-class", "REDUCED_REDUNDANCY")
        .header("content-encoding", "aws-chunked")
        .header("x-amz-decoded-content-length", "66560")
        .header("x-amz-content-sha256", framing);
    request = match trailer {
        Some(name) => request.header("x-amz-trailer", name),
        None => request.header("content-length", "66824"),
    };
    let authorization = format!(
        "AWS4-HMAC-SHA256 Credential={EXAMPLE_KEY}/20130524/us-east-1/s3/aws4_request,SignedHeaders={signed_headers},\
         Signature={signature}"
    );
    request.header("authorization", authorization).body(body::full(wire)).unwrap()
}

fn plain(signatures: [&str; 3]) -> Request<Body> {
    upload(
        "STREAMING-AWS4-HMAC-SHA256-PAYLOAD",
        None,
        "content-encoding;content-length;host;x-amz-content-sha256;x-amz-date;x-amz-decoded-content-length;\
         x-amz-storage-class",
        "4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9",
        wire(signatures, ""),
    )
}

const PLAIN: [&str; 3] = [
    "ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648",
    "0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497",
    FINAL,
];

fn trailing(signatures: [&str; 3], end: &str) -> Request<Body> {
    upload(
        "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER",
        Some("x-amz-checksum-crc32c"),
        "content-encoding;host;x-amz-content-sha256;x-amz-date;x-amz-decoded-content-length;x-amz-storage-class;\
         x-amz-trailer",
        "106e2a8a18243abcf37539882f36619c00e2dfc72633413f02d3b74544bfeb8e",
        wire(signatures, end),
    )
}

const TRAILING: [&str; 3] = [
    "b474d8862b1487a5145d686f57f013e54db672cee1c953b3010fb58501ef5aa2",
    "1c1344b170168f8e65b41376b44b20fe354e373826ccbbe2c1d40a8cae51e5c7",
    "2ca2aba2005185cf7159c6277faf83795951dd77a3a99e6e65d5c9f85863f992",
];

const TRAILER_SIGNATURE: &str = "d81f82fc3505edab99d459891051a732e8730629a2e4a59689829ca17fe2e435";

#[tokio::test]
async fn aws_example_of_signed_chunks_verifies() {
    let (caller, bytes) = enter_whole(plain(PLAIN), &example_context()).await.unwrap();
    assert_eq!(caller.access_key.as_deref(), Some(EXAMPLE_KEY));
    assert_eq!(bytes, vec![b'a'; 66560]);
}

#[tokio::test]
async fn a_wrong_chunk_signature_is_refused_wherever_it_stands() {
    for broken in 0..3 {
        let mut signatures = PLAIN;
        signatures[broken] = TRAILER_SIGNATURE;
        let error = enter_whole(plain(signatures), &example_context()).await.unwrap_err();
        assert_eq!((error.status, error.code.as_ref()), (403, "SignatureDoesNotMatch"));
        assert_eq!(member(&error, "SignatureProvided"), Some(TRAILER_SIGNATURE));
    }
}

#[tokio::test]
async fn aws_example_of_signed_trailers_verifies_in_both_forms_of_its_description() {
    for joint in ["\r\n", "\n\r\n"] {
        let end = format!("x-amz-checksum-crc32c:sOO8/Q=={joint}x-amz-trailer-signature:{TRAILER_SIGNATURE}\r\n");
        let (_, bytes) = enter_whole(trailing(TRAILING, &end), &example_context()).await.unwrap();
        assert_eq!(bytes.len(), 66560);
    }
}

#[tokio::test]
async fn signed_trailers_that_are_changed_or_not_signed_are_refused() {
    let cases = [
        (
            format!("x-amz-checksum-crc32c:AAAAAA==\r\nx-amz-trailer-signature:{TRAILER_SIGNATURE}\r\n"),
            "SignatureDoesNotMatch",
        ),
        (format!("x-amz-checksum-crc32c:sOO8/Q==\r\nx-amz-trailer-signature:{FINAL}\r\n"), "SignatureDoesNotMatch"),
        ("x-amz-checksum-crc32c:sOO8/Q==\r\n".to_owned(), "MalformedTrailerError"),
        (String::new(), "MalformedTrailerError"),
    ];
    for (end, code) in cases {
        let error = enter_whole(trailing(TRAILING, &end), &example_context()).await.unwrap_err();
        assert_eq!(error.code, code, "{end}");
    }
}
