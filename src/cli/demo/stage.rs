//! What a person sees of each call: what was asked, what came, how long it took, and whether that was right.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::client::Client;
use super::fetch;
use super::pace::Pace;
use crate::cli::Output;
use crate::cli::output::Style;

/// The most characters of what is shown of a question or an answer, where the terminal does not say.
const WIDTH: usize = 110;
/// Columns that stand beside an answer: its mark and how long it took.
const BESIDE: usize = 15;

/// The session and the screen.
pub(super) struct Stage {
    client: Client,
    output: Output,
    pace: Pace,
    width: usize,
    differences: AtomicU32,
}

impl Stage {
    pub(super) fn new(output: Output, client: Client, pace: Pace) -> Self {
        let columns = terminal_size::terminal_size().filter(|_| output.is_terminal());
        let width = columns.map_or(WIDTH, |(columns, _)| usize::from(columns.0).saturating_sub(BESIDE).max(20));
        Self { client, output, pace, width, differences: AtomicU32::new(0) }
    }

    /// Ends the session; gives how many answers were not as expected.
    pub(super) async fn end(self) -> anyhow::Result<u32> {
        drop(self.pace);
        self.client.end().await?;
        Ok(self.differences.into_inner())
    }

    /// What the server calls itself and how many tools it has.
    pub(super) async fn greet(&self) -> anyhow::Result<()> {
        let (server, tools) = self.client.greeting().await?;
        self.title(&format!("{server} over stdio, {tools} tools")).await
    }

    pub(super) async fn title(&self, text: &str) -> anyhow::Result<()> {
        if !self.output.is_json() {
            self.output.styled(&[(Style::Bold, &format!("\n{text}"))])?;
        }
        self.pace.scene().await;
        Ok(())
    }

    /// Calls a tool that should answer, and checks the answer.
    pub(super) async fn call(
        &self,
        tool: &str,
        arguments: Value,
        right: impl FnOnce(&Value) -> bool,
    ) -> anyhow::Result<Value> {
        self.announce(tool, &arguments).await?;
        let (answer, elapsed) = self.ask(tool, &arguments).await?;
        let fits = answer.as_ref().is_ok_and(right);
        self.show(tool, &arguments, &answer, elapsed, fits).await?;
        Ok(answer.unwrap_or_default())
    }

    /// Calls a tool that should fail with an error that begins with `code`.
    pub(super) async fn fail(&self, tool: &str, arguments: Value, code: &str) -> anyhow::Result<()> {
        self.announce(tool, &arguments).await?;
        let (answer, elapsed) = self.ask(tool, &arguments).await?;
        let fits = answer.as_ref().is_err_and(|error| error.starts_with(code));
        self.show(tool, &arguments, &answer, elapsed, fits).await
    }

    /// Makes many calls of one tool that should answer, and shows them as one.
    pub(super) async fn calls(&self, tool: &str, all: &[Value], right: impl Fn(&Value) -> bool) -> anyhow::Result<()> {
        let asked = json!(format!("{} times", all.len()));
        self.announce(tool, &asked).await?;
        let begun = Instant::now();
        let mut wrong = None;
        for arguments in all {
            let (answer, _) = self.ask(tool, arguments).await?;
            if !answer.as_ref().is_ok_and(&right) {
                wrong.get_or_insert((arguments, answer));
            }
        }
        if let Some((arguments, answer)) = wrong {
            return self.show(tool, arguments, &answer, begun.elapsed(), false).await;
        }
        self.show(tool, &asked, &Ok(json!("each as expected")), begun.elapsed(), true).await
    }

    /// Sends a request over plain HTTP, and checks its status and body.
    pub(super) async fn http(
        &self,
        presigned: &Value,
        body: &str,
        right: impl FnOnce(u16, &str) -> bool,
    ) -> anyhow::Result<()> {
        let (Some(method), Some(url)) = (presigned["method"].as_str(), presigned["url"].as_str()) else {
            return Ok(()); // The call that should have given them is a difference already.
        };
        let what = format!("HTTP {method}");
        self.announce(&what, &json!(url)).await?;
        let begun = Instant::now();
        let (status, text) = fetch::send(method, url, &presigned["headers"], body).await?;
        let fits = right(status, &text);
        self.show(&what, &json!(url), &Ok(json!(format!("{status} {text}"))), begun.elapsed(), fits).await
    }

    async fn ask(&self, tool: &str, arguments: &Value) -> anyhow::Result<(Result<Value, String>, Duration)> {
        let begun = Instant::now();
        let answer = self.client.call(tool, arguments.as_object().cloned().unwrap_or_default()).await?;
        Ok((answer, begun.elapsed()))
    }

    /// Shows what is asked, where somebody looks on.
    async fn announce(&self, what: &str, asked: &Value) -> anyhow::Result<()> {
        if self.output.is_json() {
            return Ok(());
        }
        let asked = cut(&plain(asked), self.width - what.len().min(self.width / 2));
        self.output.styled(&[
            (Style::Accent, "→ "),
            (Style::Accent, what),
            (Style::Plain, " "),
            (Style::Dim, &asked),
        ])?;
        self.pace.question().await;
        Ok(())
    }

    /// Shows what came.
    async fn show(
        &self,
        what: &str,
        asked: &Value,
        answer: &Result<Value, String>,
        took: Duration,
        fits: bool,
    ) -> anyhow::Result<()> {
        if !fits {
            self.differences.fetch_add(1, Ordering::Relaxed);
        }
        let ms = took.as_secs_f64() * 1000.0;
        if self.output.is_json() {
            let (came, error) = match answer {
                Ok(value) => (value.clone(), Value::Null),
                Err(text) => (Value::Null, json!(text)),
            };
            let line = json!({ "call": what, "arguments": asked, "answer": came, "error": error, "ms": ms, "as_expected": fits });
            return Ok(self.output.json(&line)?);
        }
        let (style, mark) = if fits { (Style::Good, "✓") } else { (Style::Bad, "✗ not what was expected:") };
        let came = match answer {
            Ok(value) => plain(value),
            Err(text) => text.clone(),
        };
        let took = format!("  {ms:.1} ms");
        let came = if fits { cut(&came, self.width) } else { came };
        self.output.styled(&[
            (style, "  "),
            (style, mark),
            (Style::Plain, " "),
            (Style::Plain, &came),
            (Style::Dim, &took),
        ])?;
        self.pace.answer().await;
        Ok(())
    }
}

/// A string as it is, anything else as JSON.
fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// The text on one line, cut to so many characters.
fn cut(text: &str, width: usize) -> String {
    let line: String = text.chars().map(|c| if c == '\n' { ' ' } else { c }).collect();
    match line.char_indices().nth(width) {
        Some((at, _)) => format!("{}…", &line[..at]),
        None => line,
    }
}
