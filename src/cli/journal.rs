//! `footbridge journal`: what was called, in the past and as it happens.

use std::collections::VecDeque;
use std::io::{self, Write};
use std::path::Path;

use anyhow::bail;
use clap::{Args, Subcommand};
use serde_json::Value;

use crate::journal::text::visible;
use crate::journal::{Call, Filter, Join, Outcome, Reader, Status, Subject, Target, Who};

/// Bytes of each file that are looked through first; more where too few calls match.
const FIRST_LOOK: u64 = 256 << 10;

/// Show what was called.
#[derive(Debug, Args)]
pub struct Journal {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// The latest calls, one a line
    Tail(Tail),
    /// Calls in full: parameters, AWS calls, answer
    Show(Show),
}

#[derive(Debug, Args)]
struct Tail {
    /// How many calls
    #[arg(short = 'n', long, default_value_t = 20, value_name = "N")]
    lines: usize,
    /// Go on with calls as they end
    #[arg(short, long)]
    follow: bool,
    #[command(flatten)]
    choice: Choice,
}

#[derive(Debug, Args)]
struct Show {
    /// The call's id, or how it begins or ends; without one, the latest call
    id: Option<String>,
    /// How many calls
    #[arg(short = 'n', long, default_value_t = 1, value_name = "N")]
    lines: usize,
    #[command(flatten)]
    choice: Choice,
}

#[derive(Debug, Args)]
struct Choice {
    /// Only calls that concern this service
    #[arg(long, value_name = "s3|dynamodb|sts")]
    service: Option<String>,
    /// Only calls of this tool or AWS operation
    #[arg(long, visible_alias = "op", value_name = "NAME")]
    operation: Option<String>,
    /// Only calls that stand so
    #[arg(long)]
    status: Option<Status>,
    /// Only calls on a resource whose name contains this
    #[arg(long, value_name = "TEXT")]
    resource: Option<String>,
}

impl From<Choice> for Filter {
    fn from(choice: Choice) -> Self {
        let Choice { service, operation, status, resource } = choice;
        Self { service, operation, status, resource }
    }
}

/// Runs the subcommand on the journal in `dir`, writing lines for people, or one JSON object a call where `json`.
///
/// Following, `wait` is asked at each end of what there is; it returns when it is worth looking again, and `false` to
/// stop.
pub fn run(
    journal: Journal,
    dir: &Path,
    json: bool,
    out: &mut dyn Write,
    wait: impl FnMut() -> bool,
) -> anyhow::Result<()> {
    match journal.action {
        Action::Tail(Tail { lines, follow, choice }) => {
            let filter = Filter::from(choice);
            let (mut reader, mut join) = latest(dir, lines, |call| filter.matches(call), |call| {
                print(out, call, json, line)
            })?;
            if follow {
                tail(&mut reader, &mut join, &filter, wait, |call| print(out, call, json, line))?;
            }
            warn_of_unreadable(&reader);
        }
        Action::Show(Show { id, lines, choice }) => {
            let filter = Filter::from(choice);
            let named = |call: &Call| id.as_deref().is_none_or(|part| is_named(call, part));
            let mut shown = 0_usize;
            let (reader, _) = latest(dir, lines, |call| filter.matches(call) && named(call), |call| {
                shown += 1;
                print(out, call, json, detail)
            })?;
            warn_of_unreadable(&reader);
            if shown == 0 {
                bail!("no such call in {}", dir.display());
            }
        }
    }
    Ok(())
}

/// Gives the latest `count` calls that `matches` to `each`, earliest first, and where reading goes on.
fn latest(
    dir: &Path,
    count: usize,
    matches: impl Fn(&Call) -> bool,
    mut each: impl FnMut(&Call) -> io::Result<()>,
) -> anyhow::Result<(Reader, Join)> {
    let mut look = FIRST_LOOK;
    loop {
        let mut reader = Reader::near_end(dir, look)?;
        let mut join = Join::default();
        let mut kept = VecDeque::new();
        while let Some(entry) = reader.next()? {
            if let Some(call) = join.push(entry).filter(&matches) {
                kept.push_back(call);
                if kept.len() > count {
                    kept.pop_front();
                }
            }
        }
        kept.extend(join.unfinished().filter(|call| matches(call)).cloned());
        if kept.len() < count && !reader.is_whole() {
            look = look.saturating_mul(8);
            continue;
        }
        kept.make_contiguous().sort_by_key(|call| call.at);
        for call in kept.iter().skip(kept.len().saturating_sub(count)) {
            each(call)?;
        }
        return Ok((reader, join));
    }
}

fn tail(
    reader: &mut Reader,
    join: &mut Join,
    filter: &Filter,
    mut wait: impl FnMut() -> bool,
    mut each: impl FnMut(&Call) -> io::Result<()>,
) -> anyhow::Result<()> {
    while wait() {
        reader.refresh()?;
        while let Some(entry) = reader.next()? {
            if let Some(call) = join.push(entry).filter(|call| filter.matches(call)) {
                each(&call)?;
            }
        }
    }
    Ok(())
}

fn is_named(call: &Call, part: &str) -> bool {
    let id = call.id.to_string();
    let part = part.to_ascii_lowercase();
    id.starts_with(&part) || id.ends_with(&part)
}

fn warn_of_unreadable(reader: &Reader) {
    if reader.unreadable() > 0 {
        tracing::warn!(lines = reader.unreadable(), "lines that are no journal records were passed over");
    }
}

fn print(
    out: &mut dyn Write,
    call: &Call,
    json: bool,
    form: fn(&mut dyn Write, &Call) -> io::Result<()>,
) -> io::Result<()> {
    if json {
        serde_json::to_writer(&mut *out, call)?;
        writeln!(out)?;
    } else {
        form(out, call)?;
    }
    out.flush()
}

/// A call on one line.
fn line(out: &mut dyn Write, call: &Call) -> io::Result<()> {
    let took = call.finished.as_ref().map_or(String::new(), |end| format!("{:.1} ms", end.ms));
    let resources = call.started.resources.join(" ");
    write!(
        out,
        "{:<24}  {:<10}  {took:>10}  {:<8}  {:<24}  {}",
        call.time.as_deref().unwrap_or_default(),
        status(call.status()),
        who(&call.started.who).0,
        visible(call.name()),
        visible(&resources),
    )?;
    match call.finished.as_ref().map(|end| &end.outcome) {
        Some(Outcome::Error { code, message }) => writeln!(out, "  {}: {}", visible(code), visible(message)),
        Some(Outcome::Refused { reason }) => writeln!(out, "  {}", visible(reason)),
        _ => writeln!(out),
    }
}

/// A call on as many lines as it takes.
fn detail(out: &mut dyn Write, call: &Call) -> io::Result<()> {
    let (kind, name) = who(&call.started.who);
    let subject = match &call.started.subject {
        Subject::Tool { tool } => tool.clone(),
        Subject::Operation { service, operation } => format!("{service} {operation}"),
    };
    writeln!(out, "{}  {}", visible(&subject), call.id)?;
    field(out, "at", call.time.as_deref().unwrap_or_default())?;
    field(out, "by", &format!("{kind} {} (process {})", name.unwrap_or_default(), call.started.pid))?;
    field(out, "target", &target(&call.started.target))?;
    for resource in &call.started.resources {
        field(out, "resource", resource)?;
    }
    block(out, "parameters", &call.started.parameters)?;
    if call.started.partial {
        field(out, "", "(something was redacted or cut)")?;
    }
    let Some(end) = &call.finished else {
        return field(out, "outcome", "none yet: under way, or its process was killed");
    };
    for made in &end.aws_calls {
        let answer = match (made.status, &made.error) {
            (Some(status), Some(error)) => format!("{status} {error}"),
            (Some(status), None) => status.to_string(),
            (None, error) => error.clone().unwrap_or_else(|| "no answer".to_owned()),
        };
        let attempts = if made.attempts > 1 { format!(", {} attempts", made.attempts) } else { String::new() };
        let request = made.request_id.as_ref().map_or(String::new(), |id| format!(", request {id}"));
        let text = format!("{} {}: {answer} in {:.1} ms{attempts}{request}", made.service, made.operation, made.ms);
        field(out, "aws call", &text)?;
    }
    let outcome = match &end.outcome {
        Outcome::Error { code, message } => format!("{code}: {message}"),
        Outcome::Refused { reason } => format!("refused: {reason}"),
        Outcome::Ok | Outcome::Abandoned => status(call.status()).to_owned(),
    };
    field(out, "outcome", &outcome)?;
    field(out, "took", &format!("{:.3} ms", end.ms))?;
    if let Some(status) = end.http_status {
        field(out, "status", &status.to_string())?;
    }
    for (name, bytes) in [("bytes in", call.started.bytes_in), ("bytes out", end.bytes_out)] {
        if let Some(bytes) = bytes {
            field(out, name, &bytes.to_string())?;
        }
    }
    block(out, "answer", &end.response)
}

fn field(out: &mut dyn Write, name: &str, text: &str) -> io::Result<()> {
    writeln!(out, "  {name:<10}  {}", visible(text))
}

/// JSON, indented. Its own escapes cover control characters; the rest is made visible line by line.
fn block(out: &mut dyn Write, name: &str, value: &Value) -> io::Result<()> {
    if value.is_null() {
        return Ok(());
    }
    let text = serde_json::to_string_pretty(value)?;
    for (number, line) in text.lines().enumerate() {
        field(out, if number == 0 { name } else { "" }, line)?;
    }
    Ok(())
}

fn status(status: Status) -> &'static str {
    match status {
        Status::Ok => "ok",
        Status::Error => "ERROR",
        Status::Refused => "REFUSED",
        Status::Abandoned => "abandoned",
        Status::Unfinished => "unfinished",
    }
}

fn who(who: &Who) -> (&'static str, Option<&str>) {
    match who {
        Who::Mcp { client } => ("mcp", client.as_deref()),
        Who::Endpoint { user_agent } => ("endpoint", user_agent.as_deref()),
        Who::Cli { command } => ("cli", Some(command)),
    }
}

fn target(target: &Target) -> String {
    let (kind, parts) = match target {
        Target::Local { account, region } => ("local", [account.as_deref(), region.as_deref()]),
        Target::Aws { account, region } => ("AWS", [account.as_deref(), region.as_deref()]),
        Target::Custom { url, region } => ("CUSTOM", [Some(url.as_str()), region.as_deref()]),
    };
    parts.into_iter().flatten().fold(kind.to_owned(), |text, part| text + " " + part)
}

#[cfg(test)]
#[path = "journal_tests.rs"]
mod tests;
