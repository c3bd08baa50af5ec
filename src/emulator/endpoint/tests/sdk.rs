//! The AWS SDK for Rust as a client of the endpoint and the door behind it.

use std::sync::Mutex;

use aws_sdk_s3::config::{BehaviorVersion, Credentials, Region};
use aws_sdk_s3::presigning::PresigningConfig;
use aws_sdk_s3::primitives::ByteStream;
use aws_sdk_s3::types::ChecksumAlgorithm;
use http::HeaderMap;

use super::*;
use crate::clock::SystemClock;
use crate::emulator::auth::{AuthContext, Identities, Kind, Seal, Service, Signed, Trailers, admit};

/// What came through the door.
#[derive(Debug)]
struct Seen {
    kind: Kind,
    signed: Signed,
    path: String,
    headers: HeaderMap,
    body: Vec<u8>,
    trailers: HeaderMap,
}

/// An endpoint that admits configured keys only and notes what comes.
async fn door() -> (Served, Arc<Mutex<Vec<Seen>>>) {
    let seen = Arc::new(Mutex::new(Vec::new()));
    let notes = Arc::clone(&seen);
    let context = AuthContext {
        clock: Arc::new(SystemClock),
        identities: Identities::default(),
        strict: true,
        sessions: Seal::in_memory(),
    };
    let served = Served::start(settings(), move |request: Request<Body>| {
        let (context, notes) = (context.clone(), Arc::clone(&notes));
        async move {
            let (parts, body) = request.into_parts();
            let service = Service::of(&parts);
            let (caller, request) = match admit(Request::from_parts(parts, body), service, &context).await {
                Ok(admitted) => admitted,
                Err(error) => return Response::builder().status(403).body(body::full(error.to_string())).unwrap(),
            };
            let (parts, body) = request.into_parts();
            let body = body::read(body, 1 << 20).await.unwrap().to_vec();
            let trailers = parts.extensions.get::<Trailers>().and_then(|trailers| trailers.get().cloned());
            notes.lock().unwrap().push(Seen {
                kind: caller.kind,
                signed: caller.signed,
                path: parts.uri.path().to_owned(),
                headers: parts.headers,
                body,
                trailers: trailers.unwrap_or_default(),
            });
            Response::builder().header("etag", "\"0\"").body(body::empty()).unwrap()
        }
    })
    .await;
    (served, seen)
}

fn client(served: &Served) -> aws_sdk_s3::Client {
    let config = aws_sdk_s3::Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .credentials_provider(Credentials::new("test", "test", None, None, "test"))
        .region(Region::new("us-east-1"))
        .endpoint_url(format!("http://{}", served.addresses[0]))
        .http_client(aws_smithy_http_client::Builder::new().build_http())
        .force_path_style(true)
        .build();
    aws_sdk_s3::Client::from_conf(config)
}

#[tokio::test]
async fn a_streamed_upload_arrives_without_its_framing_and_with_its_trailer() {
    let (served, seen) = door().await;
    let file = tempfile::NamedTempFile::new().unwrap();
    let payload: Vec<u8> = (0..200_000_u32).flat_map(u32::to_le_bytes).collect();
    std::fs::write(file.path(), &payload).unwrap();
    let body = ByteStream::from_path(file.path()).await.unwrap();
    let put = client(&served).put_object().bucket("bucket").key("a b/+ü").content_encoding("gzip").body(body);
    put.checksum_algorithm(ChecksumAlgorithm::Crc32).send().await.unwrap();
    let one = seen.lock().unwrap().pop().unwrap();
    assert_eq!((one.kind, one.signed), (Kind::Identity, Signed::Header));
    assert_eq!(one.path, "/bucket/a%20b/%2B%C3%BC");
    // Over plain HTTP the SDK signs each chunk and the trailer, so that their signatures were verified too.
    assert_eq!(one.headers["x-amz-content-sha256"], "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER");
    assert_eq!(one.headers["content-encoding"], "gzip");
    assert_eq!(one.headers["content-length"], "800000");
    assert_eq!(one.body, payload);
    assert!(one.trailers.contains_key("x-amz-checksum-crc32"));
    served.end().await;
}

#[tokio::test]
async fn awkward_keys_and_presigned_urls_of_the_sdk_verify() {
    let (served, seen) = door().await;
    let client = client(&served);
    for key in ["a b", "a+b", "100%", "ü/✓😀", "a//b", "../x", "./y/", "it's (x)!*", "a?b=c&d#e", "\u{1}"] {
        client.put_object().bucket("bucket").key(key).body(ByteStream::from_static(b"x")).send().await.unwrap();
        client.get_object().bucket("bucket").key(key).response_content_type("a/b; c=d+e").send().await.unwrap();
        let life = PresigningConfig::expires_in(Duration::from_mins(1)).unwrap();
        let url = client.get_object().bucket("bucket").key(key).presigned(life).await.unwrap().uri().to_owned();
        let path = url.strip_prefix(&format!("http://{}", served.addresses[0])).unwrap();
        let host = format!("Host: {}\r\n", served.addresses[0]);
        let answer = served.send(&format!("GET {path} HTTP/1.1\r\n{host}Connection: close\r\n\r\n")).await;
        assert!(answer.starts_with("HTTP/1.1 200 "), "{key}: {answer}");
        let taken: Vec<(Kind, Signed)> = seen.lock().unwrap().drain(..).map(|one| (one.kind, one.signed)).collect();
        let expected = [Signed::Header, Signed::Header, Signed::Query].map(|signed| (Kind::Identity, signed));
        assert_eq!(taken, expected, "{key}");
    }
    served.end().await;
}
