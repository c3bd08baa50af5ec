//! The program as a process, and the raw lines that a client exchanges with it.

use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader, Lines};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};
use tokio::time::timeout;

/// `footbridge mcp` in `directory`, with nothing of the person's environment.
pub fn program(directory: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_footbridge"));
    command.args(["mcp", "--listen", "0"]).current_dir(directory).env_clear().env("HOME", directory);
    command
}

/// Longer than anything here takes.
pub const DEADLINE: Duration = Duration::from_secs(30);

pub struct Server {
    pub child: Child,
    input: Option<ChildStdin>,
    lines: Lines<BufReader<ChildStdout>>,
}

impl Server {
    pub fn start(directory: &Path, log: &str) -> Self {
        let mut command = program(directory);
        command.arg("--data-dir").arg(directory).env("RUST_LOG", log).env("FOOTBRIDGE_LOG", log);
        Self::of(command)
    }

    /// Starts `command`.
    pub fn of(mut command: Command) -> Self {
        let mut child = command
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

    pub async fn send(&mut self, bytes: &[u8]) {
        let input = self.input.as_mut().unwrap();
        input.write_all(bytes).await.unwrap();
        input.write_all(b"\n").await.unwrap();
        input.flush().await.unwrap();
    }

    pub async fn ask(&mut self, id: u32, method: &str, params: Value) -> Value {
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
    pub async fn next(&mut self) -> Value {
        let line =
            timeout(DEADLINE, self.lines.next_line()).await.expect("no answer").unwrap().expect("no more output");
        let message: Value = serde_json::from_str(&line).unwrap_or_else(|_| panic!("on stdout: {line}"));
        assert_eq!(message["jsonrpc"], "2.0", "on stdout: {line}");
        message
    }

    pub async fn initialize(&mut self) {
        let params = json!({
            "protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": { "name": "test", "version": "0" },
        });
        let answer = self.ask(0, "initialize", params).await;
        assert_eq!(answer["result"]["serverInfo"]["name"], "footbridge");
        self.send(br#"{"jsonrpc":"2.0","method":"notifications/initialized"}"#).await;
    }

    pub async fn call(&mut self, id: u32, tool: &str, arguments: Value) -> Value {
        let (text, _) = self.try_call(id, tool, arguments).await;
        serde_json::from_str(&text).unwrap_or_else(|_| panic!("{text}"))
    }

    /// The text of an answer, and whether it is an error.
    pub async fn try_call(&mut self, id: u32, tool: &str, arguments: Value) -> (String, bool) {
        let answer = self.ask(id, "tools/call", json!({ "name": tool, "arguments": arguments })).await;
        let text = answer["result"]["content"][0]["text"].as_str().unwrap_or_else(|| panic!("{answer}"));
        (text.to_owned(), answer["result"]["isError"] == true)
    }

    /// Closes its input; it must end by itself, having said nothing more but messages.
    pub async fn end(mut self) {
        drop(self.input.take());
        while let Some(line) = timeout(DEADLINE, self.lines.next_line()).await.expect("no end").unwrap() {
            assert!(serde_json::from_str::<Value>(&line).is_ok(), "on stdout: {line}");
        }
        let status = timeout(DEADLINE, self.child.wait()).await.expect("no end").unwrap();
        assert!(status.success(), "{status}");
    }
}
