//! One get over MCP beside dynoxide's server: over stdio, and over HTTP in a session and without.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};
use std::time::Instant;

use anyhow::{Context as _, ensure};
use serde_json::{Value, json};

use crate::stdio::Session;
use crate::support::http::Connection;
use crate::support::say;
use crate::support::server::program;

/// How often each is measured, in turns.
const TURNS: usize = 5;

/// Prints the median of a get of each, and its ratio to dynoxide's.
pub fn measure(dynoxide: &str, calls: usize) -> anyhow::Result<()> {
    let directory = tempfile::tempdir()?;
    let footbridge = || program(directory.path());
    let mut here = Running(
        footbridge()?
            .args(["mcp", "--ephemeral", "--listen", "0"])
            .stdin(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()?,
    );
    let mut http = Running(
        footbridge()?
            .args(["mcp", "--ephemeral", "--listen", "0", "--http", "0", "--no-token"])
            .stdin(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()?,
    );
    let mut peer = Running(
        Command::new(dynoxide)
            .arg("mcp")
            .current_dir(directory.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .with_context(|| format!("starting {dynoxide} mcp"))?,
    );
    let url = http.url()?;
    let mut servers: Vec<(&str, Box<dyn Ask>)> = vec![
        ("dynoxide, stdio", Box::new(Session::of(&mut peer.0)?)),
        ("footbridge, stdio", Box::new(Session::of(&mut here.0)?)),
        ("footbridge, HTTP, 2025-06-18", Box::new(Http::in_session(&url)?)),
        ("footbridge, HTTP, 2026-07-28", Box::new(Http::of(&url, None)?)),
    ];
    let text = "x".repeat(900);
    let string = json!([{ "AttributeName": "pk", "AttributeType": "S" }]);
    let key = json!([{ "AttributeName": "pk", "KeyType": "HASH" }]);
    let ours: [(&str, Value); 3] = [
        ("dynamodb_create_table", json!({ "table": "load", "keys": { "pk": "S" } })),
        ("dynamodb_put_items", json!({ "table": "load", "items": [{ "pk": "p", "text": text }] })),
        ("dynamodb_get_items", json!({ "table": "load", "keys": [{ "pk": "p" }] })),
    ];
    let theirs: [(&str, Value); 3] = [
        (
            "create_table",
            json!({ "table_name": "load", "attribute_definitions": string, "key_schema": key, "billing_mode": "PAY_PER_REQUEST" }),
        ),
        ("put_item", json!({ "table_name": "load", "item": { "pk": { "S": "p" }, "text": { "S": text } } })),
        ("get_item", json!({ "table_name": "load", "key": { "pk": { "S": "p" } } })),
    ];
    // Both over HTTP are one server, with one table.
    for (at, (_, server)) in servers.iter_mut().enumerate().take(3) {
        for (tool, arguments) in if at == 0 { &theirs[..2] } else { &ours[..2] } {
            server.call(tool, arguments)?;
        }
    }
    let mut times = vec![Vec::new(); servers.len()];
    for turn in 0..=TURNS {
        for (at, (_, server)) in servers.iter_mut().enumerate() {
            let (tool, arguments) = if at == 0 { &theirs[2] } else { &ours[2] };
            for _ in 0..calls / TURNS {
                let began = Instant::now();
                server.call(tool, arguments)?;
                // The first turn warms up.
                if turn > 0 {
                    times[at].push(began.elapsed().as_secs_f64() * 1e6);
                }
            }
        }
    }
    let medians: Vec<f64> = times
        .iter_mut()
        .map(|times| {
            times.sort_unstable_by(f64::total_cmp);
            times[times.len() / 2]
        })
        .collect();
    for ((name, _), median) in servers.iter().zip(&medians) {
        say(format_args!("one get by MCP: {name:<30} p50 {median:>6.0} µs, {:.2} of dynoxide's", median / medians[0]));
    }
    Ok(())
}

struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Running {
    /// Where a server says that it answers.
    fn url(&mut self) -> anyhow::Result<String> {
        let said = BufReader::new(self.0.stderr.take().context("no standard error")?);
        for line in said.lines() {
            let line = line?;
            if let Some(at) = line.strip_prefix("footbridge answers MCP clients at ") {
                return Ok(at.split("/mcp").next().unwrap_or_default().to_owned());
            }
        }
        anyhow::bail!("footbridge mcp --http said no address")
    }
}

/// A server that can be called.
pub trait Ask {
    fn call(&mut self, tool: &str, arguments: &Value) -> anyhow::Result<()>;
}

impl Ask for Session {
    fn call(&mut self, tool: &str, arguments: &Value) -> anyhow::Result<()> {
        Self::call(self, tool, arguments)
    }
}

/// A client over one kept connection.
struct Http {
    connection: Connection,
    session: Option<String>,
    id: u64,
}

impl Http {
    fn of(url: &str, session: Option<String>) -> anyhow::Result<Self> {
        Ok(Self { connection: Connection::open(url)?, session, id: 0 })
    }

    fn in_session(url: &str) -> anyhow::Result<Self> {
        let mut connection = Connection::open(url)?;
        let me = json!({ "name": "load", "version": "1" });
        let hello = json!({ "protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": me });
        let message = json!({ "jsonrpc": "2.0", "id": 0, "method": "initialize", "params": hello });
        let message = message.to_string();
        connection.start("POST", "/mcp", HEADERS, message.len() as u64, message.as_bytes())?;
        let head = String::from_utf8(connection.head()?.bytes)?;
        let session = head.lines().find_map(|line| line.strip_prefix("mcp-session-id: ")).context("no session")?;
        // The answer's body is left: the next request has a connection of its own.
        Self::of(url, Some(session.trim().to_owned()))
    }
}

const HEADERS: &str = "content-type: application/json\r\naccept: application/json, text/event-stream\r\n";

impl Ask for Http {
    fn call(&mut self, tool: &str, arguments: &Value) -> anyhow::Result<()> {
        self.id += 1;
        let mut params = json!({ "name": tool, "arguments": arguments });
        let headers = if let Some(session) = &self.session {
            format!("{HEADERS}mcp-protocol-version: 2025-06-18\r\nmcp-session-id: {session}\r\n")
        } else {
            params["_meta"] = json!({
                "io.modelcontextprotocol/protocolVersion": "2026-07-28",
                "io.modelcontextprotocol/clientInfo": { "name": "load", "version": "1" },
                "io.modelcontextprotocol/clientCapabilities": {},
            });
            format!("{HEADERS}mcp-protocol-version: 2026-07-28\r\nmcp-method: tools/call\r\nmcp-name: {tool}\r\n")
        };
        let message = json!({ "jsonrpc": "2.0", "id": self.id, "method": "tools/call", "params": params });
        let (status, body) = self.connection.send("POST", "/mcp", &headers, message.to_string().as_bytes())?;
        let body = String::from_utf8(body)?;
        ensure!(
            status == 200 && body.contains("\"result\"") && !body.contains("\"isError\":true"),
            "{tool}: {status} {body}"
        );
        Ok(())
    }
}
