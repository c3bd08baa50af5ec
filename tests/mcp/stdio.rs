//! The program itself: nothing but the protocol on its standard output, whatever comes in.

use serde_json::json;
use tokio::time::timeout;

use crate::program::{DEADLINE, Server};

#[tokio::test]
async fn stdout_is_the_protocol_alone_even_at_the_loudest_log() {
    let directory = tempfile::tempdir().unwrap();
    let mut server = Server::start(directory.path(), "trace");
    server.initialize().await;
    server.call(1, "dynamodb_create_table", json!({ "table": "things", "keys": { "pk": "S" } })).await;
    server.call(2, "dynamodb_put_items", json!({ "table": "things", "items": [{ "pk": "a" }] })).await;
    assert_eq!(server.call(3, "dynamodb_scan", json!({ "table": "things" })).await["items"], json!([{ "pk": "a" }]));
    server.end().await;
}

#[tokio::test]
async fn garbage_and_endless_lines_do_not_end_the_server() {
    let directory = tempfile::tempdir().unwrap();
    let mut server = Server::start(directory.path(), "warn");
    server.send(b"hello?").await;
    server.initialize().await;
    for garbage in [&b"{"[..], b"{}", b"[]", b"null", b"\xff\xfe", b"", b"{\"jsonrpc\":\"2.0\",\"id\":{}}"] {
        server.send(garbage).await;
    }
    server.send(&vec![b'x'; 17 * 1024 * 1024]).await;
    let deep = format!(r#"{{"jsonrpc":"2.0","id":9,"method":"tools/call","params":{}"#, "[".repeat(100_000));
    server.send(deep.as_bytes()).await;
    assert_eq!(server.call(1, "s3_list_buckets", json!({})).await, json!({ "buckets": [] }));
    server.end().await;
}

#[tokio::test]
async fn what_one_server_wrote_the_next_reads() {
    let directory = tempfile::tempdir().unwrap();
    let mut server = Server::start(directory.path(), "warn");
    server.initialize().await;
    server.call(1, "s3_create_bucket", json!({ "bucket": "bucket" })).await;
    server.call(2, "s3_put_object", json!({ "bucket": "bucket", "key": "k", "text": "kept" })).await;
    server.end().await;
    let mut server = Server::start(directory.path(), "warn");
    server.initialize().await;
    assert_eq!(server.call(1, "s3_get_object", json!({ "bucket": "bucket", "key": "k" })).await["text"], "kept");
    server.end().await;
}

#[tokio::test]
async fn calls_run_side_by_side() {
    let directory = tempfile::tempdir().unwrap();
    let mut server = Server::start(directory.path(), "warn");
    server.initialize().await;
    server.call(1, "dynamodb_create_table", json!({ "table": "things", "keys": { "pk": "S" } })).await;
    for id in 100..164 {
        let arguments = json!({ "table": "things", "items": [{ "pk": id.to_string() }] });
        let params = json!({ "name": "dynamodb_put_items", "arguments": arguments });
        let request = json!({ "jsonrpc": "2.0", "id": id, "method": "tools/call", "params": params });
        server.send(request.to_string().as_bytes()).await;
    }
    let mut answered = Vec::new();
    for _ in 100..164 {
        let answer = server.next().await;
        assert_eq!(answer["result"]["isError"], false, "{answer}");
        answered.push(answer["id"].as_u64().unwrap());
    }
    answered.sort_unstable();
    assert!(answered.into_iter().eq(100..164));
    assert_eq!(server.call(2, "dynamodb_scan", json!({ "table": "things", "count": true })).await["count"], 64);
    server.end().await;
}

#[cfg(unix)]
#[tokio::test]
async fn a_signal_ends_the_server_in_good_order() {
    let directory = tempfile::tempdir().unwrap();
    let mut server = Server::start(directory.path(), "warn");
    server.initialize().await;
    let pid = server.child.id().unwrap().to_string();
    assert!(std::process::Command::new("kill").args(["-TERM", &pid]).status().unwrap().success());
    let status = timeout(DEADLINE, server.child.wait()).await.expect("no end").unwrap();
    assert!(status.success(), "{status}");
}
