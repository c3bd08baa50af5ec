//! A client that speaks JSON lines: of either revision, with forms or without.

use std::collections::VecDeque;

use footbridge::mcp::{Bridge, serve};
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader, DuplexStream, Lines, ReadHalf, WriteHalf};
use tokio::task::JoinHandle;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

use crate::world::DEADLINE;

pub struct Client {
    lines: Lines<BufReader<ReadHalf<DuplexStream>>>,
    writer: WriteHalf<DuplexStream>,
    last: u64,
    /// Of revision 2026-07-28: what each request says of the client.
    meta: Option<Value>,
    /// What came and was not asked for yet.
    came: VecDeque<Value>,
    served: JoinHandle<()>,
}

impl Client {
    /// A client of revision 2025-11-25 with these capabilities.
    pub async fn new(bridge: &Bridge, capabilities: Value) -> Self {
        let mut client = Self::connected(bridge, None);
        let info = json!({ "name": "agent", "version": "1" });
        let params = json!({ "protocolVersion": "2025-11-25", "capabilities": capabilities, "clientInfo": info });
        let id = client.ask("initialize", params).await;
        assert!(client.answer(id).await["result"].is_object());
        client.send(&json!({ "jsonrpc": "2.0", "method": "notifications/initialized" })).await;
        client
    }

    /// One that shows forms.
    pub async fn with_forms(bridge: &Bridge) -> Self {
        Self::new(bridge, json!({ "elicitation": {} })).await
    }

    /// One that shows none.
    pub async fn without_forms(bridge: &Bridge) -> Self {
        Self::new(bridge, json!({})).await
    }

    /// A client of revision 2026-07-28 that shows forms.
    pub fn of_2026(bridge: &Bridge) -> Self {
        Self::of_2026_with(bridge, &json!({ "elicitation": {} }))
    }

    pub fn of_2026_with(bridge: &Bridge, capabilities: &Value) -> Self {
        let meta = json!({
            "io.modelcontextprotocol/protocolVersion": "2026-07-28",
            "io.modelcontextprotocol/clientInfo": { "name": "agent", "version": "1" },
            "io.modelcontextprotocol/clientCapabilities": capabilities,
        });
        Self::connected(bridge, Some(meta))
    }

    fn connected(bridge: &Bridge, meta: Option<Value>) -> Self {
        let (near, far) = tokio::io::duplex(1 << 20);
        let (reader, writer) = tokio::io::split(far);
        let serving = serve(bridge.clone(), reader, writer, CancellationToken::new());
        let served = tokio::spawn(async move { serving.await.unwrap() });
        let (reader, writer) = tokio::io::split(near);
        let lines = BufReader::new(reader).lines();
        Self { lines, writer, last: 0, meta, came: VecDeque::new(), served }
    }

    pub async fn send(&mut self, message: &Value) {
        self.writer.write_all(message.to_string().as_bytes()).await.unwrap();
        self.writer.write_all(b"\n").await.unwrap();
    }

    /// Sends a request, and gives its id.
    pub async fn ask(&mut self, method: &str, mut params: Value) -> u64 {
        self.last += 1;
        if let Some(meta) = &self.meta {
            let own = params["_meta"].take();
            params["_meta"] = meta.clone();
            params["_meta"]["progressToken"] = own["progressToken"].clone();
            if own.is_null() {
                params["_meta"].as_object_mut().unwrap().remove("progressToken");
            }
        }
        self.send(&json!({ "jsonrpc": "2.0", "id": self.last, "method": method, "params": params })).await;
        self.last
    }

    /// Begins a call, and gives its id.
    pub async fn call(&mut self, tool: &str, arguments: &Value) -> u64 {
        self.ask("tools/call", json!({ "name": tool, "arguments": arguments })).await
    }

    /// The next message that `is` one.
    pub async fn next(&mut self, is: impl Fn(&Value) -> bool) -> Value {
        if let Some(at) = self.came.iter().position(&is) {
            return self.came.remove(at).unwrap();
        }
        loop {
            let line = timeout(DEADLINE, self.lines.next_line()).await.expect("no message").unwrap();
            let message: Value = serde_json::from_str(&line.expect("the server closed the stream")).unwrap();
            if is(&message) {
                return message;
            }
            self.came.push_back(message);
        }
    }

    /// The answer to the request of this id.
    pub async fn answer(&mut self, id: u64) -> Value {
        self.next(|message| message["id"] == id && message["method"].is_null()).await
    }

    /// What a call came to: its text, or its error's.
    pub async fn came(&mut self, id: u64) -> Result<String, String> {
        let answer = self.answer(id).await;
        let result = &answer["result"];
        let text = result["content"][0]["text"].as_str().unwrap_or_else(|| panic!("{answer}")).to_owned();
        if result["isError"] == true { Err(text) } else { Ok(text) }
    }

    /// Waits until the call with this progress token waits for a person.
    pub async fn waits(&mut self, token: u64) {
        self.next(|message| message["params"]["progressToken"] == token).await;
    }

    /// The form that the server asks to be shown.
    pub async fn form(&mut self) -> Value {
        self.next(|message| message["method"] == "elicitation/create").await
    }

    /// Whether the server has asked for a form by now, of what was read.
    pub fn has_form(&self) -> bool {
        self.came.iter().any(|message| message["method"] == "elicitation/create")
    }

    /// Answers a form.
    pub async fn fill(&mut self, form: &Value, result: Value) {
        self.send(&json!({ "jsonrpc": "2.0", "id": form["id"], "result": result })).await;
    }

    /// Takes a call back.
    pub async fn cancel(&mut self, id: u64) {
        let params = json!({ "requestId": id, "reason": "enough" });
        self.send(&json!({ "jsonrpc": "2.0", "method": "notifications/cancelled", "params": params })).await;
    }

    /// Closes its side, and waits for the server to end.
    pub async fn leave(mut self) {
        self.writer.shutdown().await.unwrap();
        drop(self.lines);
        timeout(DEADLINE, self.served).await.expect("no end").unwrap();
    }
}

/// A form that was filled in as a person does who means it.
pub fn yes(how: &str) -> Value {
    json!({ "action": "accept", "content": { "target": "prod", "answer": how } })
}
