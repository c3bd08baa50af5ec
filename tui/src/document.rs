//! A call's detail as lines.

use serde_json::Value;

use crate::json::{self, Flipped, Line, Pieces};
use crate::look::{Look, Role};
use crate::model::{AwsCall, Call, Outcome, Status, Target};
use crate::state::{Part, id_text};
use crate::text::clean;
use footbridge_record::time;

/// Columns of the names of facts.
const NAMES: usize = 12;

/// Columns of the bars of the timing.
const BARS: usize = 30;

/// How a detail is written.
#[derive(Debug, Clone, Copy)]
pub struct Manner {
    /// What the terminal can show.
    pub look: Look,
    /// In milliseconds since the Unix epoch.
    pub now: u64,
    /// Seconds east of Greenwich.
    pub offset: i32,
}

/// `part` of `call`.
#[must_use]
pub fn lines(call: &Call, part: Part, flipped: &Flipped, manner: Manner) -> Vec<Line> {
    match part {
        Part::Request => request(call, flipped, manner),
        Part::Response => response(call, flipped, manner),
        Part::AwsCalls => aws_calls(call, manner),
        Part::Timing => timing(call, manner),
    }
}

/// The JSON of `part`, which folds.
#[must_use]
pub fn json_of(call: &Call, part: Part) -> Option<&Value> {
    match part {
        Part::Request => Some(&call.request),
        Part::Response => call.end.as_ref().map(|end| &end.response),
        Part::AwsCalls | Part::Timing => None,
    }
}

fn request(call: &Call, flipped: &Flipped, manner: Manner) -> Vec<Line> {
    let mut lines = vec![fact("call", &id_text(call.id), manner.look)];
    let name = match (call.client.door.word(), call.client.name.as_str()) {
        (door, "") => door.to_owned(),
        (door, name) => format!("{door} {name}"),
    };
    lines.push(fact("by", &format!("{name} (process {})", call.pid), manner.look));
    lines.push(fact("to", &target(&call.target), manner.look));
    if !call.store.is_empty() {
        lines.push(fact("store", &call.store, manner.look));
    }
    lines.extend(call.resources.iter().map(|name| fact("resource", name, manner.look)));
    if let Some(bytes) = call.bytes_in {
        lines.push(fact("body", &time::bytes(bytes), manner.look));
    }
    lines.push(blank());
    if call.request.is_null() {
        lines.push(say(Role::Dim, "The journal keeps no parameters of this call."));
        return lines;
    }
    lines.extend(json::lines(&call.request, flipped, manner.look));
    if call.partial {
        lines.push(blank());
        lines.push(say(Role::Warning, "Something was redacted or cut."));
    }
    lines
}

fn response(call: &Call, flipped: &Flipped, manner: Manner) -> Vec<Line> {
    let look = manner.look;
    let Some(end) = &call.end else {
        let took = time::duration(call.elapsed(manner.now).unwrap_or_default());
        return vec![say(Role::Accent, &format!("It is running, for {took} so far."))];
    };
    let mut lines = Vec::new();
    match &end.outcome {
        Outcome::Ok => lines.push(styled("outcome", Role::Good, "ok", look)),
        Outcome::Error { code, message } => {
            lines.push(styled("error", Role::Bad, code, look));
            lines.extend(message.lines().map(|line| fact("", line, look)));
        }
        Outcome::Refused { reason } => lines.push(styled("refused", Role::Warning, reason, look)),
        Outcome::Abandoned => lines.push(styled("outcome", Role::Dim, "abandoned: nobody waited for its end", look)),
        Outcome::Lost => {
            lines.push(styled("outcome", Role::Warning, "unknown: its process ended before it did", look));
        }
    }
    if let Some(status) = end.http_status {
        lines.push(fact("status", &status.to_string(), look));
    }
    if let Some(bytes) = end.bytes_out {
        lines.push(fact("body", &time::bytes(bytes), look));
    }
    lines.push(blank());
    if end.response.is_null() {
        lines.push(say(Role::Dim, "The journal keeps no answer of this call."));
    } else {
        lines.extend(json::lines(&end.response, flipped, look));
    }
    lines
}

fn aws_calls(call: &Call, manner: Manner) -> Vec<Line> {
    let Some(end) = &call.end else { return vec![say(Role::Accent, "They are known once it has ended.")] };
    if end.aws_calls.is_empty() {
        return vec![say(Role::Dim, "None.")];
    }
    let mut lines = Vec::new();
    for made in &end.aws_calls {
        lines.push(Line { indent: 0, pieces: heading(made, manner.look), part: None });
        let attempts = if made.attempts == 1 { "1 attempt".to_owned() } else { format!("{} attempts", made.attempts) };
        lines.push(fact("took", &format!("{} in {attempts}", time::duration(made.ms)), manner.look));
        if let Some(id) = &made.request_id {
            lines.push(fact("request id", id, manner.look));
        }
        lines.push(blank());
    }
    lines.pop();
    lines
}

fn heading(made: &AwsCall, look: Look) -> Pieces {
    let role = if made.error.is_some() { Role::Bad } else { Role::Good };
    let status = if made.error.is_some() { Status::Error } else { Status::Ok };
    let mut pieces = vec![
        (role, format!("{} ", look.glyph(status))),
        (Role::Heading, clean(&format!("{} {}", made.service, made.operation), look.ascii)),
    ];
    let answer = made.status.map_or_else(|| "no answer".to_owned(), |status| status.to_string());
    pieces.push((Role::Plain, format!("  {answer}")));
    if let Some(error) = &made.error {
        pieces.push((role, format!(" {}", clean(error, look.ascii))));
    }
    pieces
}

fn timing(call: &Call, manner: Manner) -> Vec<Line> {
    let look = manner.look;
    let mut lines = vec![fact("began", &time::full(call.at, manner.offset), look)];
    let Some(end) = &call.end else {
        lines.push(fact("runs for", &time::duration(call.elapsed(manner.now).unwrap_or_default()), look));
        return lines;
    };
    if end.outcome == Outcome::Lost {
        lines.push(fact("ended", "unknown: its process ended first", look));
        return lines;
    }
    lines.push(fact("took", &time::duration(end.ms), look));
    lines.push(blank());
    let aws: f64 = end.aws_calls.iter().map(|made| made.ms).sum();
    for made in &end.aws_calls {
        lines.push(stretch(&format!("{} {}", made.service, made.operation), made.ms, end.ms, look));
    }
    // AWS calls that ran beside each other may take longer than the whole; then there is no remainder to show.
    if !end.aws_calls.is_empty() && aws <= end.ms {
        lines.push(stretch("footbridge itself", end.ms - aws, end.ms, look));
    }
    if end.aws_calls.is_empty() {
        lines.push(stretch("the whole", end.ms, end.ms, look));
    }
    lines
}

/// A bar for `ms` of `whole`.
fn stretch(name: &str, ms: f64, whole: f64, look: Look) -> Line {
    let share = if whole > 0.0 { (ms / whole).clamp(0.0, 1.0) } else { 0.0 };
    // At most BARS by construction.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss)]
    let filled = (share * BARS as f64).round() as usize;
    let name = crate::text::pad(&clean(name, look.ascii), 28, look.signs().cut);
    let pieces = vec![
        (Role::Plain, name),
        (Role::Plain, format!(" {:>8} {:>3.0}% ", time::duration(ms), share * 100.0)),
        (Role::Accent, look.signs().bar.repeat(filled)),
    ];
    Line { indent: 0, pieces, part: None }
}

fn target(target: &Target) -> String {
    let (kind, parts) = match target {
        Target::Local { account, region } => ("local", [account.as_deref(), region.as_deref()]),
        Target::Aws { account, region } => ("AWS", [account.as_deref(), region.as_deref()]),
        Target::Custom { url, region } => ("CUSTOM", [Some(url.as_str()), region.as_deref()]),
    };
    parts.into_iter().flatten().fold(kind.to_owned(), |text, part| text + " " + part)
}

fn fact(name: &str, text: &str, look: Look) -> Line {
    styled(name, Role::Plain, text, look)
}

fn styled(name: &str, role: Role, text: &str, look: Look) -> Line {
    let pieces = vec![(Role::Dim, format!("{name:<NAMES$}")), (role, clean(text, look.ascii))];
    Line { indent: 0, pieces, part: None }
}

fn say(role: Role, text: &str) -> Line {
    Line { indent: 0, pieces: vec![(role, text.to_owned())], part: None }
}

fn blank() -> Line {
    Line { indent: 0, pieces: Vec::new(), part: None }
}
