//! How calls look to people.

use std::fmt;

use serde_json::Value;

use crate::emulator::access::Access;
use crate::journal::{AwsCall, Call, Outcome, Status, Subject, Target, Who};
use footbridge_record::text::visible;

/// Resources of one action that are shown.
const MOST_RESOURCES: usize = 5;

/// A call on one line.
pub(super) struct Line<'a>(pub(super) &'a Call);

impl fmt::Display for Line<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let call = self.0;
        let took = call.finished.as_ref().map_or(String::new(), |end| format!("{:.1} ms", end.ms));
        write!(
            f,
            "{:<24}  {:<10}  {took:>10}  {:<8}  {:<23}  {}",
            call.time.as_deref().unwrap_or_default(),
            status(call.status()),
            who(&call.started.who).0,
            visible(call.name()),
            visible(&call.started.resources.join(" ")),
        )?;
        match call.finished.as_ref().map(|end| &end.outcome) {
            Some(Outcome::Error { code, message }) => write!(f, "  {}: {}", visible(code), visible(message)),
            Some(Outcome::Refused { reason }) => write!(f, "  {}", visible(reason)),
            _ => Ok(()),
        }
    }
}

/// A call on as many lines as it takes.
pub(super) struct Detail<'a>(pub(super) &'a Call);

impl fmt::Display for Detail<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Call { id, time, started, finished, .. } = self.0;
        match &started.subject {
            Subject::Tool { tool } => write!(f, "{}  {id}", visible(tool))?,
            Subject::Operation { service, operation } => {
                write!(f, "{} {}  {id}", visible(service), visible(operation))?;
            }
        }
        let (kind, name) = who(&started.who);
        field(f, "at", time.as_deref().unwrap_or_default())?;
        field(f, "by", &format!("{kind} {} (process {})", name.unwrap_or_default(), started.pid))?;
        field(f, "target", &target(&started.target))?;
        started.resources.iter().try_for_each(|resource| field(f, "resource", resource))?;
        access(f, &started.access)?;
        block(f, "parameters", &started.parameters)?;
        if started.partial {
            field(f, "", "(something was redacted or cut)")?;
        }
        if let Some(bytes) = started.bytes_in {
            field(f, "bytes in", &bytes.to_string())?;
        }
        let Some(end) = finished else {
            return field(f, "outcome", "none: under way, or its process was killed");
        };
        for made in &end.aws_calls {
            field(f, "aws call", &aws_call(made))?;
            access(f, &made.access)?;
        }
        match &end.outcome {
            Outcome::Error { code, message } => field(f, "outcome", &format!("{code}: {message}"))?,
            Outcome::Refused { reason } => field(f, "outcome", &format!("refused: {reason}"))?,
            Outcome::Ok | Outcome::Abandoned => field(f, "outcome", status(self.0.status()))?,
        }
        field(f, "took", &format!("{:.3} ms", end.ms))?;
        if let Some(status) = end.http_status {
            field(f, "status", &status.to_string())?;
        }
        if let Some(bytes) = end.bytes_out {
            field(f, "bytes out", &bytes.to_string())?;
        }
        block(f, "answer", &end.response)
    }
}

fn field(f: &mut fmt::Formatter<'_>, name: &str, text: &str) -> fmt::Result {
    write!(f, "\n  {name:<10}  {}", visible(text))
}

/// JSON, indented.
fn block(f: &mut fmt::Formatter<'_>, name: &str, value: &Value) -> fmt::Result {
    if value.is_null() {
        return Ok(());
    }
    let text = format!("{value:#}");
    text.lines().enumerate().try_for_each(|(number, line)| field(f, if number == 0 { name } else { "" }, line))
}

/// What IAM asks, an action a line.
fn access(f: &mut fmt::Formatter<'_>, access: &Access) -> fmt::Result {
    access.iter().try_for_each(|(action, of)| {
        let shown = of.iter().take(MOST_RESOURCES).cloned().collect::<Vec<_>>().join(" ");
        let more = match of.len().saturating_sub(MOST_RESOURCES) {
            0 => String::new(),
            count => format!(" and {count} more"),
        };
        field(f, "asks", &format!("{action} on {shown}{more}"))
    })
}

fn aws_call(made: &AwsCall) -> String {
    let answer = match (made.status, &made.error) {
        (Some(status), Some(error)) => format!("{status} {error}"),
        (Some(status), None) => status.to_string(),
        (None, error) => error.clone().unwrap_or_else(|| "no answer".to_owned()),
    };
    let attempts = if made.attempts > 1 { format!(", {} attempts", made.attempts) } else { String::new() };
    let request = made.request_id.as_ref().map_or(String::new(), |id| format!(", request {id}"));
    format!("{} {}: {answer} in {:.1} ms{attempts}{request}", made.service, made.operation, made.ms)
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
