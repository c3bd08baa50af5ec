//! How calls look to people.

use std::borrow::Cow;
use std::fmt;

use footbridge_record::text::visible;
use footbridge_record::time::{self, rfc3339};
use footbridge_record::{Brief, Effect, brief, short_client};
use serde_json::Value;
use unicode_width::UnicodeWidthStr;

use super::latest::Shown;
use crate::cli::output::Style;
use crate::emulator::access::Access;
use crate::journal::{About, AwsCall, Call, Consented, Event, Outcome, Record, Status, Subject, TOO_FAST, Target, Who};

/// Resources of one action that are shown.
const MOST_RESOURCES: usize = 5;

/// What stands below what is not whole.
const REDACTED_OR_CUT: &str = "(something was redacted or cut)";

/// The fewest columns of a client's name.
const CLIENT: usize = 8;

/// A call on one line: `12:00:00.123Z ok 3.0 ms boto3 1.44 Query orders pk=a1 · 20 items`, with everything that is known
/// of it, however long that is.
pub(super) struct Line {
    start: String,
    status: String,
    client: String,
    target: String,
    what: String,
    asked: String,
    came: String,
    styles: (Style, Style),
}

impl Line {
    /// The line of `call`.
    pub(super) fn of(call: &Call) -> Self {
        let Brief { name, on, asked, came, effect } = brief(call);
        let took = call.finished.as_ref().map_or(String::new(), |end| format!("{:.1} ms", end.ms));
        let before = |mark: &str, text: &str| match text {
            "" => String::new(),
            text => format!("{mark}{}", visible(text)),
        };
        let good = match call.status() {
            Status::Ok => Style::Good,
            Status::Error | Status::Refused => Style::Bad,
            Status::Abandoned | Status::Unfinished => Style::Dim,
        };
        let what = match effect {
            Effect::Read => Style::Plain,
            Effect::Write => Style::Accent,
            Effect::Destroy => Style::Bad,
        };
        Self {
            start: format!("{:<24}  ", call.time.as_deref().unwrap_or_default()),
            status: format!("{:<10}  {took:>10}  ", status(call.status())),
            client: client(call),
            target: match (&call.started.target_name, &call.started.target) {
                (Some(name), _) => format!("{} ", visible(name)),
                (None, Target::Local { .. }) => String::new(),
                (None, Target::Aws { .. }) => "AWS ".to_owned(),
                (None, Target::Custom { .. }) => "CUSTOM ".to_owned(),
            },
            what: visible(&name).into_owned(),
            asked: before(" ", &on) + &before(" ", &asked),
            came: before(" · ", &came),
            styles: (good, what),
        }
    }

    /// Its pieces, in the colours that they have on a terminal, with the client in so many columns.
    pub(super) fn pieces(&self, width: usize) -> [(Style, Cow<'_, str>); 7] {
        let (status, what) = self.styles;
        let came = if status == Style::Bad { Style::Bad } else { Style::Dim };
        let pad = " ".repeat(width.saturating_sub(self.client.width()));
        [
            (Style::Dim, Cow::Borrowed(&self.start)),
            (status, Cow::Borrowed(&self.status)),
            (Style::Plain, Cow::Owned(format!("{}{pad}  ", self.client))),
            (Style::Bold, Cow::Borrowed(&self.target)),
            (what, Cow::Borrowed(&self.what)),
            (Style::Plain, Cow::Borrowed(&self.asked)),
            (came, Cow::Borrowed(&self.came)),
        ]
    }
}

/// The columns that the clients of these calls take.
pub(super) fn width_of_clients(shown: &[Shown<Line>]) -> usize {
    let widths = shown.iter().map(|shown| match shown {
        Shown::Call(line) => line.client.width(),
        Shown::Note(_) => 0,
    });
    widths.max().unwrap_or_default().max(CLIENT)
}

/// Who called, in a few letters; where that is not known, the way in.
fn client(call: &Call) -> String {
    let short = short_client(&call.started.who);
    if short.is_empty() { call.started.who.way().to_owned() } else { visible(&short).into_owned() }
}

/// What is not in the journal, and why.
pub(super) fn note(record: &Record) -> String {
    let Event::Note(note) = &record.event else { return String::new() };
    let said = match &note.about {
        About::FilesRemoved { files, bytes, from, to } => {
            let of = match (from, to) {
                (Some(from), Some(to)) => format!(", with calls from {} to {}", rfc3339(*from), rfc3339(*to)),
                _ => String::new(),
            };
            format!("{files} of the oldest files were removed to stay within the limits ({}{of})", time::bytes(*bytes))
        }
        About::CallsLeftOut { calls, from, to, why } => {
            let why = match why.as_deref() {
                Some(TOO_FAST) => ": they came too fast".to_owned(),
                Some(error) => format!(": {}", visible(error)),
                None => String::new(),
            };
            format!("{calls} calls could not be recorded, from {} to {}{why}", rfc3339(*from), rfc3339(*to))
        }
    };
    format!("{:<24}  (process {}: {said})", record.time.as_deref().unwrap_or_default(), note.pid)
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
        field(f, "in short", &brief(self.0).to_string())?;
        field(f, "at", time.as_deref().unwrap_or_default())?;
        field(f, "by", &format!("{kind} {} (process {})", name.unwrap_or_default(), started.pid))?;
        let name = started.target_name.as_ref().map(|name| format!("{} ", visible(name))).unwrap_or_default();
        field(f, "target", &(name + &target(&started.target)))?;
        started.resources.iter().try_for_each(|resource| field(f, "resource", resource))?;
        access(f, &started.access)?;
        block(f, "parameters", &started.parameters)?;
        if started.partial {
            field(f, "", REDACTED_OR_CUT)?;
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
        if end.aws_calls_left_out > 0 {
            field(f, "aws calls", &format!("and {} more, of which no more is recorded", end.aws_calls_left_out))?;
        }
        match &end.outcome {
            Outcome::Error { code, message } => field(f, "outcome", &format!("{code}: {message}"))?,
            Outcome::Refused { reason } => field(f, "outcome", &format!("refused: {reason}"))?,
            Outcome::Ok | Outcome::Abandoned => field(f, "outcome", status(self.0.status()))?,
        }
        field(f, "took", &format!("{:.3} ms", end.ms))?;
        if let Some(Consented { request, by, how, at }) = &end.consent {
            field(f, "allowed", &format!("{how} by {by}, {} (request {request})", rfc3339(*at)))?;
        }
        if let Some(status) = end.http_status {
            field(f, "status", &status.to_string())?;
        }
        if let Some(bytes) = end.bytes_out {
            field(f, "bytes out", &bytes.to_string())?;
        }
        block(f, "answer", &end.response)?;
        if end.response_partial { field(f, "", REDACTED_OR_CUT) } else { Ok(()) }
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

#[cfg(test)]
mod tests {
    use super::note;

    #[test]
    fn a_note_says_why_calls_are_missing() {
        let said = |why: &str| {
            let line = format!(
                r#"{{"v":2,"id":"00000000-0000-0000-0000-000000000009","at":0,"event":"note","pid":7,"note":"calls_left_out","calls":3,"from":0,"to":1000{why}}}"#
            );
            note(&serde_json::from_str(&line).unwrap()).trim().to_owned()
        };
        let plain =
            "(process 7: 3 calls could not be recorded, from 1970-01-01T00:00:00.000Z to 1970-01-01T00:00:01.000Z";
        assert_eq!(said(""), format!("{plain})"));
        assert_eq!(said(r#","why":"too_fast""#), format!("{plain}: they came too fast)"));
        assert_eq!(said(r#","why":"no space left""#), format!("{plain}: no space left)"));
    }
}
