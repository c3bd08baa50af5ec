//! Lines of an MCP client.

use std::collections::BTreeSet;
use std::time::Duration;

use footbridge::mcp::serve;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Value as Json, json};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio_util::sync::CancellationToken;

use crate::change::{changed, changes};
use crate::json::{twisted, twists};
use crate::session::{Here, meta};
use crate::target::{Target, ensure};

/// Tool calls, none of which names a file of this machine.
fn calls() -> Vec<(&'static str, Json)> {
    vec![
        ("bridge_status", json!({})),
        ("s3_list_buckets", json!({"prefix": "a", "limit": 2})),
        ("s3_create_bucket", json!({"bucket": "bucket"})),
        ("s3_put_object", json!({"bucket": "bucket", "key": "k", "text": "hello", "content_type": "text/plain"})),
        ("s3_get_object", json!({"bucket": "bucket", "key": "k"})),
        ("s3_list_objects", json!({"bucket": "bucket", "prefix": "", "limit": 3})),
        ("s3_copy_object", json!({"bucket": "bucket", "key": "k", "to_key": "l"})),
        ("s3_delete_objects", json!({"bucket": "bucket", "keys": ["a", "b"], "confirm": true})),
        ("s3_presign_url", json!({"bucket": "bucket", "key": "k", "method": "get"})),
        ("dynamodb_create_table", json!({"table": "things", "keys": {"pk": "S", "sk": "N"}, "ttl": "t"})),
        ("dynamodb_put_items", json!({"table": "things", "items": [{"pk": "a", "sk": 1, "v": {"$ss": ["x"]}}]})),
        ("dynamodb_get_items", json!({"table": "things", "keys": [{"pk": "a", "sk": 1}], "fields": ["v"]})),
        (
            "dynamodb_query",
            json!({"table": "things", "key": {"pk": "a"}, "filter": "#v = :v", "values": {":v": 1}, "limit": 2}),
        ),
        ("dynamodb_scan", json!({"table": "things", "count": true})),
        ("dynamodb_update_item", json!({"table": "things", "key": {"pk": "a", "sk": 1}, "set": {"v": 2}})),
        ("dynamodb_describe_table", json!({"table": "things"})),
        ("dynamodb_list_tables", json!({})),
        ("no_such_tool", json!({"a": [1]})),
    ]
}

fn message() -> impl Strategy<Value = Json> {
    let call =
        select(calls()).prop_map(|(name, arguments)| ("tools/call", json!({"name": name, "arguments": arguments})));
    let other = select(vec![
        ("ping", json!({})),
        ("tools/list", json!({})),
        ("tools/list", json!({"cursor": "x"})),
        ("resources/list", json!({})),
        ("prompts/list", json!({})),
        (
            "completion/complete",
            json!({"ref": {"type": "ref/prompt", "name": "x"}, "argument": {"name": "a", "value": "b"}}),
        ),
        ("logging/setLevel", json!({"level": "debug"})),
        ("notifications/cancelled", json!({"requestId": 99, "reason": "x"})),
        ("notifications/initialized", json!({})),
        (
            "initialize",
            json!({"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "a", "version": "1"}}),
        ),
        ("server/discover", json!({"_meta": meta()})),
        ("unknown/method", json!([1])),
    ]);
    (
        prop_oneof![3 => call, 2 => other],
        select(vec![json!(7), json!("id"), json!(-1), json!(null), json!(1.5), json!({})]),
    )
        .prop_map(|((method, params), id)| {
            let mut whole = json!({"jsonrpc": "2.0", "method": method, "params": params});
            if !method.starts_with("notifications/") {
                whole["id"] = id;
            }
            whole
        })
}

fn line() -> impl Strategy<Value = bytes::Bytes> {
    let on_bytes = prop_oneof![2 => Just(Vec::new()), 1 => changes()];
    (message(), twists(), on_bytes).prop_map(|(message, twists, on_bytes)| {
        changed(twisted(&message, &twists).to_string().as_bytes(), &on_bytes).into()
    })
}

/// The id that somebody waits for, if the line is a request.
fn asks(line: &[u8]) -> Option<String> {
    let message: Json = serde_json::from_slice(line).ok()?;
    let id = message.get("id").filter(|id| id.is_string() || id.is_i64())?;
    (message["jsonrpc"] == "2.0" && message["method"].is_string()).then(|| id.to_string())
}

#[test]
fn a_session_goes_on_after_any_lines() {
    let target = Target::new("mcp", 200);
    let here = target.set_up(Here::new());
    let inputs = vec(line(), 1..5);
    target.holds(&inputs, async |lines: Vec<bytes::Bytes>| {
        let (near, far) = tokio::io::duplex(1 << 22);
        let (reader, writer) = tokio::io::split(far);
        let session = tokio::spawn(serve(here.bridge(), reader, writer, CancellationToken::new()));
        let (reader, mut writer) = tokio::io::split(near);
        let mut answers = BufReader::new(reader).lines();
        let begin = json!({"jsonrpc": "2.0", "id": "begin", "method": "initialize", "params": {
            "protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": {"name": "raw", "version": "0"}}});
        let initialized = r#"{"jsonrpc":"2.0","method":"notifications/initialized"}"#;
        writer.write_all(format!("{begin}\n{initialized}\n").as_bytes()).await.map_err(|error| error.to_string())?;
        for line in &lines {
            writer.write_all(line).await.map_err(|error| error.to_string())?;
            writer.write_all(b"\n").await.map_err(|error| error.to_string())?;
        }
        let last = json!({"jsonrpc": "2.0", "id": "the last", "method": "tools/call", "params": {"name": "s3_list_buckets", "arguments": {}}});
        writer.write_all(format!("{last}\n").as_bytes()).await.map_err(|error| error.to_string())?;
        let mut waiting: BTreeSet<String> = lines.iter().flat_map(|sent| sent.split(|byte| *byte == b'\n')).filter_map(asks).collect();
        waiting.insert(last["id"].to_string());
        while !waiting.is_empty() {
            let line = tokio::time::timeout(Duration::from_secs(10), answers.next_line()).await;
            let line = line.map_err(|_| format!("no answer to {waiting:?}"))?.map_err(|error| error.to_string())?;
            let line = line.ok_or_else(|| "the session ended".to_owned())?;
            let answer: Json = serde_json::from_str(&line).map_err(|error| format!("{error}: {line}"))?;
            ensure(answer["jsonrpc"] == "2.0", || format!("no JSON-RPC: {line}"))?;
            waiting.remove(&answer["id"].to_string());
            let good = answer["id"] != last["id"] || answer["result"]["isError"] == false;
            ensure(good, || format!("a good call is answered {line}"))?;
        }
        writer.shutdown().await.map_err(|error| error.to_string())?;
        drop((writer, answers));
        let ended = tokio::time::timeout(Duration::from_secs(10), session).await.map_err(|_| "the session has no end".to_owned())?;
        ended.map_err(|error| error.to_string())?.map_err(|error| error.to_string())
    });
}
