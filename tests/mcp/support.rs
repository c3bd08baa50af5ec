//! A bridge over an emulator in memory, and a raw client that sees every byte of the protocol.

use std::sync::Arc;

use footbridge::backend::{Clients, Gateway, Local, LocalOptions, Role};
use footbridge::clock::{CountingIds, SystemClock};
use footbridge::config::Offered;
use footbridge::emulator::auth::Identities;
use footbridge::emulator::observer::NoObserver;
use footbridge::mcp::{Bridge, Caller, Options, ToolError, serve};
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader, DuplexStream, Lines, ReadHalf, WriteHalf};
use tokio_util::sync::CancellationToken;

/// An emulator in memory. A bridge made later sees the same data.
pub struct Here {
    clients: Clients,
    local: Local,
}

impl Here {
    pub async fn new() -> Self {
        let local = Local::join(LocalOptions {
            directory: None,
            role: Role::Passes,
            clock: Arc::new(SystemClock),
            ids: Arc::new(CountingIds::default()),
            identities: Identities::new([]).unwrap(),
            strict: false,
            observer: Arc::new(NoObserver),
        });
        let local = local.await.unwrap();
        Self { clients: Clients::local(local.gateway().clone(), "us-east-1", ("test", "test")), local }
    }

    /// All tools are offered.
    pub fn options(&self) -> Options {
        let tools = Offered::all();
        Options { tools, ..Options::local(self.clients.s3.clone(), self.clients.dynamodb.clone()) }
    }

    pub fn s3(&self) -> &aws_sdk_s3::Client {
        &self.clients.s3
    }

    pub fn dynamodb(&self) -> &aws_sdk_dynamodb::Client {
        &self.clients.dynamodb
    }

    /// The way to the data, for snapshots and undo.
    pub fn gateway(&self) -> Gateway {
        self.local.gateway().clone()
    }

    pub fn sts(&self) -> aws_sdk_sts::Client {
        self.clients.sts.clone()
    }

    pub fn bridge(&self) -> Bridge {
        Bridge::new(self.options())
    }

    /// A bridge whose answers are at most so many bytes.
    pub fn small(&self, budget: usize) -> Bridge {
        Bridge::new(Options { budget, ..self.options() })
    }
}

pub fn caller() -> Caller {
    Caller::client("test", "1")
}

/// Calls a tool that should answer.
pub async fn ok(bridge: &Bridge, tool: &str, arguments: Value) -> Value {
    let answer = bridge.call(&caller(), tool, arguments.as_object().cloned().unwrap()).await;
    serde_json::from_str(&answer.unwrap_or_else(|error| panic!("{tool} {arguments}: {error}")).text).unwrap()
}

/// Calls a tool that should fail.
pub async fn err(bridge: &Bridge, tool: &str, arguments: Value) -> ToolError {
    let answer = bridge.call(&caller(), tool, arguments.as_object().cloned().unwrap()).await;
    answer.expect_err(&format!("{tool} {arguments} answered"))
}

/// A table `things` with a hash key `pk` and a range key `sk`, both strings.
pub async fn table(bridge: &Bridge) {
    ok(bridge, "dynamodb_create_table", json!({ "table": "things", "keys": { "pk": "S", "sk": "S" } })).await;
}

/// A client that speaks JSON lines and nothing more.
pub struct Raw {
    lines: Lines<BufReader<ReadHalf<DuplexStream>>>,
    writer: WriteHalf<DuplexStream>,
}

impl Raw {
    pub fn new(bridge: Bridge) -> Self {
        let (near, far) = tokio::io::duplex(1 << 20);
        let (reader, writer) = tokio::io::split(far);
        tokio::spawn(serve(bridge, reader, writer, CancellationToken::new()));
        let (reader, writer) = tokio::io::split(near);
        Self { lines: BufReader::new(reader).lines(), writer }
    }

    pub async fn send(&mut self, line: &str) {
        self.send_bytes(line.as_bytes()).await;
    }

    pub async fn send_bytes(&mut self, line: &[u8]) {
        self.writer.write_all(line).await.unwrap();
        self.writer.write_all(b"\n").await.unwrap();
    }

    /// Sends what is a last line or more, and no end after it.
    pub async fn send_bytes_and_close(&mut self, bytes: &[u8]) {
        self.writer.write_all(bytes).await.unwrap();
        self.writer.shutdown().await.unwrap();
    }

    /// The next line, as it stands.
    pub async fn line(&mut self) -> String {
        self.lines.next_line().await.unwrap().expect("the server closed the stream")
    }

    pub async fn ask(&mut self, method: &str, params: Value) -> Value {
        self.send(&json!({ "jsonrpc": "2.0", "id": 7, "method": method, "params": params }).to_string()).await;
        serde_json::from_str(&self.line().await).unwrap()
    }

    /// Begins a session of revision 2025-11-25.
    pub async fn initialize(&mut self) -> Value {
        let params = json!({
            "protocolVersion": "2025-11-25",
            "capabilities": {},
            "clientInfo": { "name": "raw", "version": "0" },
        });
        let answer = self.ask("initialize", params).await;
        self.send(r#"{"jsonrpc":"2.0","method":"notifications/initialized"}"#).await;
        answer
    }
}

/// What each request of revision 2026-07-28 carries.
pub fn meta() -> Value {
    json!({
        "io.modelcontextprotocol/protocolVersion": "2026-07-28",
        "io.modelcontextprotocol/clientInfo": { "name": "raw", "version": "0" },
        "io.modelcontextprotocol/clientCapabilities": {},
    })
}
