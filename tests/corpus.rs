//! One corpus of requests gives the same bytes in process and over HTTP.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::net::SocketAddr;
use std::sync::Arc;

use bytes::Bytes;
use footbridge::clock::{CountingIds, ManualClock};
use footbridge::emulator::body::{self, Body};
use footbridge::emulator::endpoint::{Guard, Health, Limits, Listen, Settings, serve};
use footbridge::emulator::pages::make_inert;
use footbridge::emulator::{Emulator, Location, Options};
use http::{HeaderMap, Method, Request, StatusCode};
use hyper_util::client::legacy::Client;
use hyper_util::rt::TokioExecutor;

/// 2026-01-02T03:04:05Z.
const NOW: u64 = 1_767_323_045_000;

/// Method, path, headers and body.
type Asked = (Method, &'static str, Vec<(&'static str, String)>, Bytes);

fn signed(service: &str) -> (&'static str, String) {
    // A key that nobody configured is its account's root; its signature is not looked at.
    let scope = format!("AKIAFOOTBRIDGE/20260102/us-east-1/{service}/aws4_request");
    ("authorization", format!("AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host, Signature=00"))
}

fn s3(method: Method, path: &'static str, headers: &[(&'static str, &str)], body: &'static str) -> Asked {
    let mut all = vec![
        signed("s3"),
        ("x-amz-date", "20260102T030405Z".into()),
        ("x-amz-content-sha256", "UNSIGNED-PAYLOAD".into()),
    ];
    all.extend(headers.iter().map(|(name, value)| (*name, (*value).to_owned())));
    (method, path, all, Bytes::from_static(body.as_bytes()))
}

fn dynamodb(operation: &str, body: &'static str) -> Asked {
    let headers = vec![
        signed("dynamodb"),
        ("x-amz-date", "20260102T030405Z".into()),
        ("x-amz-target", format!("DynamoDB_20120810.{operation}")),
        ("content-type", "application/x-amz-json-1.0".into()),
    ];
    (Method::POST, "/", headers, Bytes::from_static(body.as_bytes()))
}

fn corpus() -> Vec<Asked> {
    let (get, put, head, post, delete) = (Method::GET, Method::PUT, Method::HEAD, Method::POST, Method::DELETE);
    vec![
        s3(put.clone(), "/photos", &[], ""),
        s3(
            put.clone(),
            "/photos/a//b%20c",
            &[("x-amz-meta-note", "é"), ("content-type", "text/plain")],
            "hello, world",
        ),
        s3(get.clone(), "/photos/a//b%20c", &[], ""),
        s3(get.clone(), "/photos/a//b%20c", &[("range", "bytes=7-")], ""),
        s3(get.clone(), "/photos/a//b%20c", &[("range", "bytes=99-")], ""),
        s3(get.clone(), "/photos/a//b%20c", &[("if-none-match", "*")], ""),
        s3(head.clone(), "/photos/a//b%20c", &[], ""),
        s3(head.clone(), "/photos/nothing", &[], ""),
        s3(head, "/photos", &[], ""),
        s3(get.clone(), "/photos/nothing", &[], ""),
        s3(get.clone(), "/nobucket/key", &[], ""),
        s3(get.clone(), "/photos?list-type=2", &[], ""),
        s3(get.clone(), "/photos?uploads", &[], ""),
        s3(get.clone(), "/photos?renameObject", &[], ""),
        s3(get.clone(), "/photos?policy", &[], ""),
        s3(get.clone(), "/", &[], ""),
        s3(post.clone(), "/photos/big?uploads", &[], ""),
        s3(post, "/photos?delete", &[], "<Delete><Object><Key>x</Key></Object>"),
        s3(delete.clone(), "/photos", &[], ""),
        s3(delete.clone(), "/photos/a//b%20c", &[], ""),
        s3(delete, "/photos/never", &[], ""),
        (get, "/photos", Vec::new(), Bytes::new()),
        dynamodb(
            "CreateTable",
            r#"{"TableName":"users","BillingMode":"PAY_PER_REQUEST","KeySchema":[{"AttributeName":"pk","KeyType":"HASH"}],
            "AttributeDefinitions":[{"AttributeName":"pk","AttributeType":"S"}]}"#,
        ),
        dynamodb("PutItem", r#"{"TableName":"users","Item":{"pk":{"S":"a"},"n":{"N":"1.50"}}}"#),
        dynamodb("GetItem", r#"{"TableName":"users","Key":{"pk":{"S":"a"}}}"#),
        dynamodb("GetItem", r#"{"TableName":"users","Key":{"pk":{"N":"1"}}}"#),
        dynamodb(
            "Query",
            r#"{"TableName":"users","KeyConditionExpression":"pk = :p","ExpressionAttributeValues":{":p":{"S":"a"}}}"#,
        ),
        dynamodb("DescribeTable", r#"{"TableName":"users"}"#),
        dynamodb("DescribeTable", r#"{"TableName":"strangers"}"#),
        dynamodb("TransactGetItems", r#"{"TransactItems":[]}"#),
        dynamodb("NoSuchOperation", "{}"),
        dynamodb("PutItem", "{"),
        (
            Method::POST,
            "/",
            vec![
                signed("sts"),
                ("x-amz-date", "20260102T030405Z".into()),
                ("content-type", "application/x-www-form-urlencoded".into()),
            ],
            Bytes::from_static(b"Action=GetCallerIdentity&Version=2011-06-15"),
        ),
    ]
}

async fn emulator() -> Emulator {
    let mut options = Options::at(Location::Memory);
    options.clock = Arc::new(ManualClock::at_millis(NOW));
    options.ids = Arc::new(CountingIds::default());
    Emulator::open(options).await.unwrap()
}

fn request(asked: &Asked, base: &str) -> Request<Body> {
    let (method, path, headers, bytes) = asked.clone();
    let mut request = Request::builder().method(method).uri(format!("{base}{path}")).header("host", "localhost:4566");
    for (name, value) in headers {
        request = request.header(name, value);
    }
    request.header("content-length", bytes.len()).body(body::full(bytes)).unwrap()
}

type Answered = (StatusCode, HeaderMap, Bytes);

async fn answer<B>(response: http::Response<B>) -> Answered
where
    B: http_body::Body<Data = Bytes> + Send + Sync + 'static,
    B::Error: Into<body::BoxError>,
{
    let (parts, body) = response.into_parts();
    (parts.status, parts.headers, body::read(body::from(body), 1 << 20).await.unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_bytes_in_process_and_over_http() {
    let in_process = emulator().await;
    let served = emulator().await;
    let listeners = Listen::loopback(0).bind().await.unwrap();
    let address: SocketAddr = listeners.addresses()[0];
    let settings = Settings {
        guard: Guard::new(&[], None, &[]).unwrap(),
        limits: Limits::default(),
        health: Arc::new(|| Health { version: String::new(), pid: 0, directory: None, services: Vec::new() }),
        internal: None,
    };
    let handler = {
        let served = served.clone();
        move |request| served.handle(request)
    };
    let listening = tokio::spawn(serve(listeners, settings, handler, std::future::pending()));
    let client = Client::builder(TokioExecutor::new()).build_http::<http_body_util::Full<Bytes>>();

    for asked in corpus() {
        let mut here = answer(in_process.handle(request(&asked, "")).await).await;
        let (parts, _) = request(&asked, &format!("http://{address}")).into_parts();
        let sent = Request::from_parts(parts, http_body_util::Full::new(asked.3.clone()));
        let there = answer(client.request(sent).await.unwrap()).await;
        let what = format!("{} {} {:?}", asked.0, asked.1, asked.3);
        assert_eq!(here.0, there.0, "{what}");
        // A browser runs nothing of what comes over HTTP; our own clients are none.
        make_inert(&mut here.1);
        assert_eq!(here.1, there.1, "{what}");
        assert_eq!(here.2, there.2, "{what}");
        assert!(here.0 != StatusCode::INTERNAL_SERVER_ERROR, "{what}: {here:?}");
    }
    listening.abort();
    in_process.close().await;
    served.close().await;
}
