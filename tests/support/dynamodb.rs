//! A DynamoDB service in memory, spoken to at the wire.
#![allow(dead_code, reason = "each test binary uses a part")]

use std::sync::Arc;
use std::time::Duration;

use footbridge::clock::{CountingIds, ManualClock};
use footbridge::emulator::auth::{Caller, Service as AwsService, Signed};
use footbridge::emulator::body;
use footbridge::emulator::dynamodb::operation::STREAMS;
use footbridge::emulator::dynamodb::{Service, handle};
use footbridge::emulator::store::{Medium, Store};
use futures::FutureExt as _;
use serde_json::{Value as Json, json};

/// When everything in these tests happens, in milliseconds since the Unix epoch.
pub const NOW: u64 = 1_700_000_000_123;

/// A service on a store in memory.
pub struct Dynamo {
    /// The service.
    pub service: Service,
    /// Its store.
    pub store: Store,
    /// Its clock.
    pub clock: ManualClock,
}

/// An answer: the HTTP status and the body.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// The body.
    pub body: Json,
}

impl Answer {
    /// The error's name, without its namespace; empty for a success.
    pub fn exception(&self) -> &str {
        self.body["__type"].as_str().and_then(|name| name.split('#').nth(1)).unwrap_or_default()
    }

    /// The error's message.
    pub fn message(&self) -> &str {
        let message = self.body["message"].as_str().or_else(|| self.body["Message"].as_str());
        message.unwrap_or_default()
    }

    /// The body of a success.
    #[track_caller]
    pub fn ok(self) -> Json {
        assert_eq!(self.status, 200, "{}", self.body);
        self.body
    }
}

/// Who calls, in `region`.
pub fn caller(region: &str) -> Caller {
    Caller::root("test", AwsService::DynamoDb, region, Signed::Header)
}

impl Dynamo {
    /// A service with no tables.
    pub fn open() -> Self {
        let store = Store::open(Medium::Memory).expect("a store in memory opens");
        Self::on(store)
    }

    /// A service on this store.
    pub fn on(store: Store) -> Self {
        let clock = ManualClock::at_millis(NOW);
        let service = Service::new(store.clone(), Arc::new(clock.clone()), Arc::new(CountingIds::default()));
        Self { service, store, clock }
    }

    /// A service on this store whose background work is held from the beginning, until what comes with it is dropped.
    /// For tests on one thread: what the service started has no turn before the test first waits for something.
    pub fn held(store: Store) -> (Self, impl Sized) {
        let dynamo = Self::on(store);
        let held = tokio::task::unconstrained(dynamo.service.hold()).now_or_never().expect("nothing has begun");
        (dynamo, held)
    }

    /// Moves the clock, and does what is due then.
    pub async fn pass(&self, time: Duration) {
        self.clock.advance(time);
        self.service.settle().await.expect("what is due can be done");
    }

    /// Calls an operation in us-east-1.
    pub async fn call(&self, operation: &str, request: Json) -> Answer {
        self.call_as(&caller("us-east-1"), operation, request).await
    }

    /// Calls an operation.
    pub async fn call_as(&self, caller: &Caller, operation: &str, request: Json) -> Answer {
        let streams = STREAMS.iter().any(|of| of.name == operation);
        let service = if streams { "DynamoDBStreams_20120810" } else { "DynamoDB_20120810" };
        let request = http::Request::post("/")
            .header("content-type", "application/x-amz-json-1.0")
            .header("x-amz-target", format!("{service}.{operation}"))
            .body(body::full(request.to_string()))
            .expect("a request");
        let (parts, body) = handle(&self.service, caller, request).await.into_parts();
        let bytes = body::read(body, usize::MAX).await.expect("a body in memory");
        let crc = parts.headers["x-amz-crc32"].to_str().expect("ascii").to_owned();
        assert_eq!(crc, crc32fast::hash(&bytes).to_string());
        Answer { status: parts.status.as_u16(), body: serde_json::from_slice(&bytes).expect("JSON") }
    }

    /// Makes a table whose key attributes are the strings (or, after a colon, of the type) `key`.
    pub async fn table(&self, name: &str, key: &[&str]) {
        let parts = |part: &&str| {
            let (name, kind) = part.split_once(':').unwrap_or((part, "S"));
            (name.to_owned(), kind.to_owned())
        };
        let key: Vec<_> = key.iter().map(parts).collect();
        let kinds = ["HASH", "RANGE"];
        let request = json!({
            "TableName": name,
            "BillingMode": "PAY_PER_REQUEST",
            "AttributeDefinitions": key.iter()
                .map(|(name, kind)| json!({"AttributeName": name, "AttributeType": kind})).collect::<Vec<_>>(),
            "KeySchema": key.iter().zip(kinds)
                .map(|((name, _), kind)| json!({"AttributeName": name, "KeyType": kind})).collect::<Vec<_>>(),
        });
        self.call("CreateTable", request).await.ok();
    }

    /// Puts an item.
    pub async fn put(&self, table: &str, item: Json) {
        self.call("PutItem", json!({"TableName": table, "Item": item})).await.ok();
    }
}
