//! Tool calls over stdio, as an MCP client makes them: the time from the request's line to the answer's.

use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Child, ChildStdin, ChildStdout, Stdio};
use std::time::Instant;

use anyhow::{Context as _, ensure};
use serde_json::{Value, json};

use crate::support::say;
use crate::support::server::program;

/// Prints the median and the 99th percentile of some tools' calls, one at a time, on a durable directory.
pub fn measure(calls: usize) -> anyhow::Result<()> {
    let directory = tempfile::tempdir()?;
    let mut child = program(directory.path())?
        .args(["mcp", "--listen", "0"])
        .stdin(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .context("starting footbridge mcp")?;
    let measured = Session::of(&mut child).and_then(|mut session| session.measure(calls));
    let _ = child.kill();
    let _ = child.wait();
    measured
}

/// A session over a process's standard input and output.
pub struct Session {
    to: ChildStdin,
    from: BufReader<ChildStdout>,
    id: u64,
}

impl Session {
    pub fn of(child: &mut Child) -> anyhow::Result<Self> {
        let to = child.stdin.take().context("no standard input")?;
        let from = BufReader::new(child.stdout.take().context("no standard output")?);
        let mut session = Self { to, from, id: 0 };
        let client = json!({ "name": "load", "version": "1" });
        let hello = json!({ "protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": client });
        session.request("initialize", &hello)?;
        session.say(&json!({ "jsonrpc": "2.0", "method": "notifications/initialized" }))?;
        Ok(session)
    }

    fn measure(&mut self, calls: usize) -> anyhow::Result<()> {
        self.call("dynamodb_create_table", &json!({ "table": "load", "keys": { "pk": "S", "sk": "N" } }))?;
        self.call("s3_create_bucket", &json!({ "bucket": "load" }))?;
        let text = "x".repeat(900);
        self.timed(
            "dynamodb_put_items",
            calls,
            |at| json!({ "table": "load", "items": [{ "pk": "p", "sk": at, "text": text }] }),
        )?;
        self.timed("dynamodb_get_items", calls, |at| json!({ "table": "load", "keys": [{ "pk": "p", "sk": at }] }))?;
        self.timed("s3_put_object", calls, |at| json!({ "bucket": "load", "key": format!("k{at}"), "text": text }))?;
        self.timed("s3_get_object", calls, |at| json!({ "bucket": "load", "key": format!("k{at}") }))
    }

    fn timed(&mut self, tool: &str, calls: usize, arguments: impl Fn(usize) -> Value) -> anyhow::Result<()> {
        let mut times = Vec::with_capacity(calls);
        for at in 0..calls {
            let arguments = arguments(at);
            let began = Instant::now();
            self.call(tool, &arguments)?;
            times.push(began.elapsed());
        }
        times.sort_unstable();
        let at = |percent: usize| times[times.len() * percent / 100].as_micros();
        say(format_args!("{tool:<20} stdio, one at a time: p50 {} µs, p99 {} µs", at(50), at(99)));
        Ok(())
    }

    pub fn call(&mut self, tool: &str, arguments: &Value) -> anyhow::Result<()> {
        let answer = self.request("tools/call", &json!({ "name": tool, "arguments": arguments }))?;
        ensure!(answer.pointer("/result/isError") != Some(&Value::Bool(true)), "{tool}: {answer}");
        Ok(())
    }

    fn request(&mut self, method: &str, params: &Value) -> anyhow::Result<Value> {
        self.id += 1;
        self.say(&json!({ "jsonrpc": "2.0", "id": self.id, "method": method, "params": params }))?;
        loop {
            let mut line = String::new();
            ensure!(self.from.read_line(&mut line)? > 0, "footbridge mcp ended");
            let answer: Value = serde_json::from_str(&line)?;
            // Notifications have no id.
            if answer["id"] == self.id {
                ensure!(answer.get("error").is_none(), "{method}: {answer}");
                return Ok(answer);
            }
        }
    }

    fn say(&mut self, message: &Value) -> anyhow::Result<()> {
        Ok(writeln!(self.to, "{message}")?)
    }
}
