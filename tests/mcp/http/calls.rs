//! Calls, in sessions and without.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use footbridge::mcp::{
    Authorizer, BoxError, Bridge, Caller, Decision, Effect, HttpLimits, HttpOptions, Options, Target,
};
use http_body_util::BodyExt as _;
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio::sync::{Semaphore, mpsc};

use super::{Served, call, in_session, message, with_token};
use crate::support::{Here, ok, table};

const DEADLINE: Duration = Duration::from_secs(20);

#[tokio::test]
async fn a_tool_is_called_in_a_session_of_each_older_revision() {
    let here = Here::new().await;
    let served = Served::new(here.bridge(), with_token()).await;
    for revision in ["2025-03-26", "2025-06-18", "2025-11-25"] {
        let session = served.session(revision).await;
        let made = served.ask(&session, 2, "tools/call", &call("s3_list_buckets", json!({}))).await;
        assert_eq!(made.tool()["buckets"], json!([]), "{revision}");
        let listed = served.ask(&session, 3, "tools/list", &json!({})).await;
        assert!(listed.last()["result"]["tools"].as_array().unwrap().len() > 20);
    }
}

#[tokio::test]
async fn a_tool_is_called_without_a_session_in_the_newest_revision() {
    let here = Here::new().await;
    let served = Served::new(here.bridge(), with_token()).await;
    // A session's id means nothing there.
    let request = in_session(served.stateless(1, "tools/call", call("s3_list_buckets", json!({}))), "nobody-knows");
    let made = served.send(request).await;
    assert_eq!(made.headers["content-type"], "application/json");
    assert!(!made.headers.contains_key("mcp-session-id"));
    assert_eq!(made.tool()["buckets"], json!([]));
    let found = served.send(served.stateless(2, "server/discover", json!({}))).await.last();
    assert!(found["result"]["supportedVersions"].as_array().unwrap().contains(&json!("2026-07-28")), "{found}");
}

#[tokio::test]
async fn the_client_hears_how_far_a_call_is_before_its_answer() {
    let here = Here::new().await;
    let place = tempfile::tempdir().unwrap();
    let lines: String = (0..200).map(|at| format!("{{\"pk\": \"a\", \"sk\": \"{at}\"}}\n")).collect();
    std::fs::write(place.path().join("in"), &lines).unwrap();
    let files = vec![place.path().canonicalize().unwrap()];
    let bridge = Bridge::new(Options { files, ..here.options() });
    table(&bridge).await;
    let served = Served::new(bridge, with_token()).await;
    let mut params = call("dynamodb_load_items", json!({ "table": "things", "file": "in" }));
    params["_meta"] = json!({ "progressToken": "far" });
    let session = served.session("2025-11-25").await;
    let older = served.ask(&session, 2, "tools/call", &params).await.messages();
    let newest = served.send(served.stateless(3, "tools/call", params)).await.messages();
    for messages in [older, newest] {
        let (answer, told) = messages.split_last().unwrap();
        assert!(answer["result"]["content"][0]["text"].as_str().unwrap().contains("200"), "{answer}");
        let last = told.last().expect("nothing was told");
        assert!(told.iter().all(|each| each["method"] == "notifications/progress"), "{told:?}");
        assert_eq!(last["params"]["progressToken"], "far");
        assert_eq!(last["params"]["progress"].as_f64(), json!(lines.len()).as_f64());
    }
}

/// An authorizer at which calls wait until it lets them go, and that says when one has come and when one was given up.
#[derive(Clone)]
struct Gate {
    said: mpsc::UnboundedSender<&'static str>,
    open: Arc<Semaphore>,
}

struct Waiting(mpsc::UnboundedSender<&'static str>);

impl Drop for Waiting {
    fn drop(&mut self) {
        let _ = self.0.send("ended");
    }
}

#[async_trait]
impl Authorizer for Gate {
    async fn check(
        &self,
        _caller: &Caller,
        _tool: &str,
        _target: &Target,
        _resources: &[String],
        _effect: Effect,
    ) -> Result<Decision, BoxError> {
        let _waiting = Waiting(self.said.clone());
        self.said.send("came")?;
        self.open.acquire().await?.forget();
        self.said.send("went on")?;
        Ok(Decision::Allow)
    }
}

struct Gated {
    served: Served,
    open: Arc<Semaphore>,
    heard: mpsc::UnboundedReceiver<&'static str>,
    _here: Here,
}

impl Gated {
    async fn new(options: HttpOptions) -> Self {
        let here = Here::new().await;
        let (said, heard) = mpsc::unbounded_channel();
        let open = Arc::new(Semaphore::new(0));
        let gate = Gate { said, open: Arc::clone(&open) };
        let bridge = Bridge::new(Options { authorizer: Arc::new(gate), ..here.options() });
        Self { served: Served::new(bridge, options).await, open, heard, _here: here }
    }

    async fn hears(&mut self, word: &str) {
        let heard = tokio::time::timeout(DEADLINE, self.heard.recv()).await;
        assert_eq!(heard.unwrap_or_else(|_| panic!("nothing {word}")), Some(word));
    }
}

fn make(bucket: &str) -> Value {
    call("s3_create_bucket", json!({ "bucket": bucket }))
}

#[tokio::test]
async fn a_call_is_cancelled_by_its_notification_and_by_a_client_that_goes() {
    let mut gated = Gated::new(with_token()).await;
    let session = gated.served.session("2025-11-25").await;
    // By its notification.
    let request = in_session(gated.served.post(message(2, "tools/call", &make("cancelled"))), &session);
    let (head, body) = gated.served.begin(request).await;
    assert_eq!(head.status, 200);
    gated.hears("came").await;
    let cancel = json!({ "jsonrpc": "2.0", "method": "notifications/cancelled", "params": { "requestId": 2 } });
    assert_eq!(gated.served.send(in_session(gated.served.post(cancel.to_string()), &session)).await.status, 202);
    gated.hears("ended").await;
    let rest = tokio::time::timeout(DEADLINE, body.collect()).await.expect("its stream stays open").unwrap().to_bytes();
    assert!(!String::from_utf8_lossy(&rest).contains("result"), "{rest:?}");
    // By a connection that is closed, in a session and without.
    for in_a_session in [true, false] {
        let mut stream = TcpStream::connect(gated.served.address).await.unwrap();
        let request = if in_a_session {
            in_session(gated.served.post(message(2, "tools/call", &make("dropped"))), &session)
        } else {
            gated.served.stateless(2, "tools/call", make("dropped"))
        };
        write(&mut stream, request).await;
        gated.hears("came").await;
        drop(stream);
        gated.hears("ended").await;
    }
    // And the id is free again.
    gated.open.add_permits(1);
    let after = gated.served.ask(&session, 2, "tools/call", &call("s3_list_buckets", json!({}))).await;
    assert_eq!(after.tool()["buckets"], json!([]), "nothing that was given up was done");
}

#[tokio::test]
async fn a_call_that_waits_ends_with_its_session() {
    let mut gated = Gated::new(with_token()).await;
    let session = gated.served.session("2025-11-25").await;
    let request = in_session(gated.served.post(message(2, "tools/call", &make("left"))), &session);
    let (head, body) = gated.served.begin(request).await;
    assert_eq!(head.status, 200);
    gated.hears("came").await;
    let end = in_session(gated.served.bare(http::Method::DELETE, "/mcp"), &session);
    assert!(gated.served.send(end).await.status.is_success());
    gated.hears("ended").await;
    let rest = tokio::time::timeout(DEADLINE, body.collect()).await.expect("its stream stays open").unwrap().to_bytes();
    assert!(!String::from_utf8_lossy(&rest).contains("result"), "{rest:?}");
    // What opens later comes too late for it.
    gated.open.add_permits(1);
    let other = gated.served.session("2025-11-25").await;
    let after = gated.served.ask(&other, 2, "tools/call", &call("s3_list_buckets", json!({}))).await;
    assert_eq!(after.tool()["buckets"], json!([]));
}

/// Writes a request as it stands.
async fn write(stream: &mut TcpStream, request: http::Request<http_body_util::Full<bytes::Bytes>>) {
    use tokio::io::AsyncWriteExt as _;
    let (head, body) = request.into_parts();
    let body = body.collect().await.unwrap().to_bytes();
    let mut bytes = format!("POST /mcp HTTP/1.1\r\nhost: localhost\r\ncontent-length: {}\r\n", body.len()).into_bytes();
    for (name, value) in &head.headers {
        bytes.extend([name.as_str().as_bytes(), b": ", value.as_bytes(), b"\r\n"].concat());
    }
    bytes.extend_from_slice(b"\r\n");
    bytes.extend_from_slice(&body);
    stream.write_all(&bytes).await.unwrap();
}

#[tokio::test]
async fn a_second_request_of_an_id_that_has_no_answer_is_refused() {
    let mut gated = Gated::new(with_token()).await;
    let session = gated.served.session("2025-06-18").await;
    let first = in_session(gated.served.post(message(2, "tools/call", &make("one"))), &session);
    let (_, body) = gated.served.begin(first).await;
    gated.hears("came").await;
    let second = gated.served.ask(&session, 2, "tools/call", &make("two")).await;
    assert_eq!((second.status.as_u16(), second.last()["error"]["code"].as_i64()), (400, Some(-32600)), "{second:?}");
    gated.open.add_permits(1);
    let first = String::from_utf8(body.collect().await.unwrap().to_bytes().to_vec()).unwrap();
    assert!(first.contains("one"), "{first}");
}

#[tokio::test]
async fn calls_under_way_end_after_the_stop_and_nothing_new_begins() {
    let mut gated = Gated::new(with_token()).await;
    let session = gated.served.session("2025-11-25").await;
    let listening = in_session(gated.served.bare(http::Method::GET, "/mcp"), &session);
    let (head, listened) = gated.served.begin(listening).await;
    assert_eq!(head.status, 200);
    let call = in_session(gated.served.post(message(2, "tools/call", &make("drained"))), &session);
    let (_, body) = gated.served.begin(call).await;
    gated.hears("came").await;
    gated.served.stop.cancel();
    // What stands open without end does not hold it up.
    tokio::time::timeout(DEADLINE, listened.collect()).await.expect("a listening client is kept").unwrap();
    gated.open.add_permits(1);
    let answer = String::from_utf8(body.collect().await.unwrap().to_bytes().to_vec()).unwrap();
    assert!(answer.contains("drained"), "{answer}");
    let running = &mut gated.served.running;
    tokio::time::timeout(DEADLINE, running).await.expect("it goes on").unwrap().unwrap();
    assert!(TcpStream::connect(gated.served.address).await.is_err());
}

#[tokio::test]
async fn a_call_that_does_not_end_is_cut_off_at_the_end_of_the_drain() {
    let limits = HttpLimits { drain: Duration::from_millis(50), ..HttpLimits::default() };
    let mut gated = Gated::new(HttpOptions { limits, ..with_token() }).await;
    let session = gated.served.session("2025-11-25").await;
    let call = in_session(gated.served.post(message(2, "tools/call", &make("endless"))), &session);
    let (_, body) = gated.served.begin(call).await;
    gated.hears("came").await;
    gated.served.stop.cancel();
    tokio::time::timeout(DEADLINE, &mut gated.served.running).await.expect("it goes on").unwrap().unwrap();
    assert!(body.collect().await.is_err(), "the client sees that it broke off");
    gated.hears("ended").await;
}

#[tokio::test]
async fn several_messages_in_one_body_are_answered_in_the_revision_that_has_them() {
    let here = Here::new().await;
    let bridge = here.bridge();
    ok(&bridge, "s3_create_bucket", json!({ "bucket": "one" })).await;
    let served = Served::new(bridge, with_token()).await;
    let batch = json!([
        { "jsonrpc": "2.0", "id": 1, "method": "ping" },
        { "jsonrpc": "2.0", "method": "notifications/initialized" },
        { "jsonrpc": "2.0", "id": 2, "method": "tools/call", "params": call("s3_list_buckets", json!({})) },
        { "jsonrpc": "2.0", "id": 3, "method": "tools/call", "params": {} },
        { "jsonrpc": "2.0", "id": 4, "method": 5 },
        7,
    ]);
    let session = served.session("2025-03-26").await;
    let answer = served.send(in_session(served.post(batch.to_string()), &session)).await;
    let mut got: Vec<(Value, i64)> = answer
        .messages()
        .iter()
        .map(|each| (each["id"].clone(), each["error"]["code"].as_i64().unwrap_or(0)))
        .collect();
    got.sort_by_key(|(id, _)| id.as_i64());
    let expected = [(Value::Null, -32600), (json!(1), 0), (json!(2), 0), (json!(3), -32602), (json!(4), -32600)];
    assert_eq!(got, expected, "{answer:?}");
    let silent = json!([{ "jsonrpc": "2.0", "method": "notifications/initialized" }]);
    assert_eq!(served.send(in_session(served.post(silent.to_string()), &session)).await.status, 202);
    let later = served.session("2025-06-18").await;
    assert_eq!(served.send(in_session(served.post(batch.to_string()), &later)).await.status, 400);
}
