//! The program itself: nothing but the protocol on its standard output, whatever comes in.

use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader, Lines};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};
use tokio::time::timeout;

/// Longer than anything here takes.
const DEADLINE: Duration = Duration::from_secs(30);

struct Server {
    child: Child,
    input: Option<ChildStdin>,
    lines: Lines<BufReader<ChildStdout>>,
}

impl Server {
    fn start(directory: &Path, log: &str) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_footbridge"))
            .args(["mcp", "--listen", "0", "--data-dir"])
            .arg(directory)
            .current_dir(directory)
            .env_clear()
            .env("HOME", directory)
            .env("RUST_LOG", log)
            .env("FOOTBRIDGE_LOG", log)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        // A full pipe would stop a server that logs much.
        let mut log = child.stderr.take().unwrap();
        tokio::spawn(async move { log.read_to_end(&mut Vec::new()).await });
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        Self { input: child.stdin.take(), child, lines }
    }

    async fn send(&mut self, bytes: &[u8]) {
        let input = self.input.as_mut().unwrap();
        input.write_all(bytes).await.unwrap();
        input.write_all(b"\n").await.unwrap();
        input.flush().await.unwrap();
    }

    async fn ask(&mut self, id: u32, method: &str, params: Value) -> Value {
        let request = json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": params });
        self.send(request.to_string().as_bytes()).await;
        loop {
            let answer = self.next().await;
            if answer["id"] == id {
                return answer;
            }
        }
    }

    /// The next line, which must be a JSON-RPC message.
    async fn next(&mut self) -> Value {
        let line =
            timeout(DEADLINE, self.lines.next_line()).await.expect("no answer").unwrap().expect("no more output");
        let message: Value = serde_json::from_str(&line).unwrap_or_else(|_| panic!("on stdout: {line}"));
        assert_eq!(message["jsonrpc"], "2.0", "on stdout: {line}");
        message
    }

    async fn initialize(&mut self) {
        let params = json!({
            "protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": { "name": "test", "version": "0" },
        });
        let answer = self.ask(0, "initialize", params).await;
        assert_eq!(answer["result"]["serverInfo"]["name"], "footbridge");
        self.send(br#"{"jsonrpc":"2.0","method":"notifications/initialized"}"#).await;
    }

    async fn call(&mut self, id: u32, tool: &str, arguments: Value) -> Value {
        let answer = self.ask(id, "tools/call", json!({ "name": tool, "arguments": arguments })).await;
        let text = answer["result"]["content"][0]["text"].as_str().unwrap_or_else(|| panic!("{answer}"));
        serde_json::from_str(text).unwrap_or_else(|_| panic!("{text}"))
    }

    /// Closes its input; it must end by itself, having said nothing more but messages.
    async fn end(mut self) {
        drop(self.input.take());
        while let Some(line) = timeout(DEADLINE, self.lines.next_line()).await.expect("no end").unwrap() {
            assert!(serde_json::from_str::<Value>(&line).is_ok(), "on stdout: {line}");
        }
        let status = timeout(DEADLINE, self.child.wait()).await.expect("no end").unwrap();
        assert!(status.success(), "{status}");
    }
}

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
