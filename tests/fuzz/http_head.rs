//! Bytes on a connection to the endpoint.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use footbridge::clock::ManualClock;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::change::{Change, changed, changes};
use crate::target::{Target, Verdict, ensure};

/// 2026-11-29T00:00:00Z, as headers below say.
const NOW: u64 = 1_795_910_400_000;

const METHODS: &[&str] = &[
    "GET", "GET", "GET", "PUT", "PUT", "POST", "HEAD", "DELETE", "OPTIONS", "PATCH", "TRACE", "CONNECT", "get", "PRI",
    "X",
];

/// What a request says of its sender: a key that nobody knows is its account's root.
const SENDERS: &[&str] = &[
    "",
    "X-Amz-Date: 20261129T000000Z\r\nX-Amz-Content-Sha256: UNSIGNED-PAYLOAD\r\nAuthorization: AWS4-HMAC-SHA256 \
     Credential=a/20261129/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=00\r\n",
    "X-Amz-Date: 20261129T000000Z\r\nContent-Type: application/x-amz-json-1.0\r\nAuthorization: AWS4-HMAC-SHA256 \
     Credential=a/20261129/us-east-1/dynamodb/aws4_request, SignedHeaders=host, Signature=00\r\n",
];

const TARGETS: &[&str] = &[
    "/",
    "/bkt",
    "/bkt/k",
    "/bkt/",
    "//",
    "*",
    "/bkt/a%20b",
    "/bkt/%zz",
    "/bkt/%00",
    "/bkt/%ff%fe",
    "/bkt/../k",
    "/bkt?list-type=2",
    "/bkt?uploads",
    "/bkt?delete",
    "/bkt?acl",
    "/bkt/k?uploadId=u&partNumber=99999999999",
    "/bkt?list-type=2&max-keys=-1",
    "/bkt?versions&key-marker=%e2%28",
    "/?Action=GetCallerIdentity&Version=2011-06-15",
    "http://localhost/bkt/k",
    "https://evil.test/b",
    "b.localhost:1/k",
    "/_footbridge/health",
    "/_localstack/health",
    "/_footbridge/",
    "/bkt?&&==&=",
    "/bkt?%",
    "/bkt/k?X-Amz-Signature=x",
    "/bkt/k?AWSAccessKeyId=test&Signature=a&Expires=99999999999999999999",
];

const HEADERS: &[&str] = &[
    "Host: localhost",
    "Host: bkt.localhost",
    "Host: [::1]:4566",
    "Host: ",
    "Content-Length: 4",
    "Content-Length: 0",
    "Content-Length: -1",
    "Content-Length: 18446744073709551616",
    "Content-Length: 5, 5",
    "Transfer-Encoding: chunked",
    "Transfer-Encoding: gzip, chunked",
    "Expect: 100-continue",
    "Connection: close",
    "Connection: upgrade",
    "Upgrade: h2c",
    "Range: bytes=0-",
    "Range: bytes=9-1",
    "Range: bytes=-99999999999999999999",
    "Content-Type: application/x-amz-json-1.0",
    "Content-Type: multipart/form-data; boundary=x",
    "Content-Type: application/x-www-form-urlencoded",
    "X-Amz-Target: DynamoDB_20120810.ListTables",
    "X-Amz-Target: DynamoDB_20120810.PutItem",
    "X-Amz-Target: ",
    "X-Amz-Date: 20261129T000000Z",
    "X-Amz-Content-Sha256: UNSIGNED-PAYLOAD",
    "X-Amz-Content-Sha256: STREAMING-UNSIGNED-PAYLOAD-TRAILER",
    "X-Amz-Decoded-Content-Length: 4",
    "X-Amz-Copy-Source: /bkt/k",
    "X-Amz-Copy-Source: %",
    "X-Amz-Meta-A: \u{e9}",
    "Content-MD5: AAAA",
    "If-Match: *",
    "If-Modified-Since: yesterday",
    "Origin: https://evil.test",
    "Origin: null",
    "Access-Control-Request-Method: PUT",
    "Authorization: AWS4-HMAC-SHA256 Credential=a/20261129/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=00",
    "Authorization: AWS4-HMAC-SHA256 Credential=a/20261129/us-east-1/dynamodb/aws4_request, SignedHeaders=host, Signature=00",
    "Authorization: AWS test:AAAA",
    "Authorization: Bearer x",
    "Authorization: ",
    "Cookie: a=b",
    "Folded: a\r\n b",
    "NoColon",
    ": none",
];

const BODIES: &[&str] =
    &["", "body", "4\r\nbody\r\n0\r\n\r\n", "{}", "<Delete/>", "--x\r\n\r\n--x--\r\n", "Action=GetCallerIdentity"];

#[derive(Debug, Clone)]
struct Sent {
    bytes: Bytes,
}

fn sent() -> impl Strategy<Value = Sent> {
    let lines = vec(select(HEADERS), 0..3);
    let version = select(vec!["HTTP/1.1", "HTTP/1.1", "HTTP/1.1", "HTTP/1.1", "HTTP/1.0", "HTTP/2.0", ""]);
    let sender = prop_oneof![1 => Just(SENDERS[0]), 3 => Just(SENDERS[1]), 1 => Just(SENDERS[2])];
    let head = (select(METHODS), select(TARGETS), version, sender, lines, select(BODIES));
    let changes = prop_oneof![Just(Vec::new()), changes()];
    (head, changes).prop_map(|((method, target, version, sender, lines, body), changes): (_, Vec<Change>)| {
        let lines = lines.into_iter().flat_map(|line| [line, "\r\n"]).collect::<String>();
        let whole = format!("{method} {target} {version}\r\nHost: localhost\r\n{sender}{lines}\r\n{body}");
        Sent { bytes: changed(whole.as_bytes(), &changes).into() }
    })
}

/// How long what may be a whole request has for an answer, before our side of the connection is closed.
const A_WHILE: Duration = Duration::from_millis(100);

/// All that comes back until the endpoint closes the connection.
async fn exchange(address: &str, sent: &Sent) -> Vec<u8> {
    let mut stream = TcpStream::connect(address).await.unwrap();
    let mut answer = Vec::new();
    // The endpoint may close before it has read all: what it said until then counts.
    let _ = stream.write_all(&sent.bytes).await;
    if tokio::time::timeout(A_WHILE, read(&mut stream, &mut answer)).await.is_err() {
        let _ = stream.shutdown().await;
        read(&mut stream, &mut answer).await;
    }
    answer
}

/// What comes, to its end. What came before this is given up stays read.
async fn read(stream: &mut TcpStream, answer: &mut Vec<u8>) {
    while stream.read_buf(answer).await.is_ok_and(|count| count > 0) {}
}

fn check(answer: &[u8]) -> Verdict {
    if answer.is_empty() {
        return Ok(());
    }
    let mut headers = [httparse::EMPTY_HEADER; 64];
    let mut head = httparse::Response::new(&mut headers);
    let whole = head.parse(answer).is_ok_and(|status| status.is_complete());
    ensure(whole, || "no HTTP answer".to_owned())?;
    let text = String::from_utf8_lossy(answer);
    let failed = ["500", "502", "504", "505"].iter().find(|status| text.contains(&format!("HTTP/1.1 {status} ")));
    ensure(failed.is_none(), || format!("answered {text}"))
}

#[test]
fn whatever_comes_on_a_connection_is_answered_in_http_or_closed() {
    let target = Target::new("http_head", 300).in_batches_of(10);
    let clock = Arc::new(ManualClock::at_millis(NOW));
    let served = target.set_up(async {
        let served = footbridge::testing::start_at(clock).await.unwrap();
        served.s3.create_bucket().bucket("bkt").send().await.unwrap();
        served
    });
    let address = served.url().strip_prefix("http://").unwrap().to_owned();
    // Several at once, since what is not whole is waited for.
    let inputs = vec(sent(), 10);
    target.holds(&inputs, async |all| {
        let exchanges = futures::future::join_all(all.iter().map(|sent| exchange(&address, sent)));
        let answers = tokio::time::timeout(Duration::from_secs(10), exchanges).await;
        let answers = answers.map_err(|_| "a connection stays open".to_owned())?;
        for answer in answers {
            check(&answer)?;
            // What the door let in, whatever the service said of it.
            if answer.starts_with(b"HTTP/1.1 ") && ![&b"400"[..], b"403"].contains(&&answer[9..12]) {
                target.accepted();
            }
        }
        let health = "GET /_footbridge/health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
        let after = exchange(&address, &Sent { bytes: health.into() }).await;
        ensure(after.starts_with(b"HTTP/1.1 200 "), || "the endpoint is gone".to_owned())
    });
    target.accepts_one_in(2);
    target.set_up(async {
        served.s3.create_bucket().bucket("after").send().await.unwrap();
        assert!(
            served
                .s3
                .list_buckets()
                .send()
                .await
                .unwrap()
                .buckets()
                .iter()
                .any(|bucket| bucket.name() == Some("after"))
        );
    });
}
