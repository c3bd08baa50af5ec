//! A call's detail, as blocks to read.

use footbridge_record::{AwsCall, Call, Outcome, Target, time};
use serde_json::Value;

use crate::app::desk::Glance;
use crate::json::{Line, Pieces};
use crate::look::{Look, Role};
use crate::row::{Row, Standing};
use crate::text::{clean, pad, width};
use crate::widget::Block;

/// Columns of the bars of the timing.
const BARS: usize = 30;

/// A part of a call's detail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    /// What was asked.
    Request,
    /// What came.
    Response,
    /// The AWS calls that a tool made.
    AwsCalls,
    /// When, how long what took, and who it was.
    Timing,
}

impl Part {
    /// All of them, in order.
    pub(super) const ALL: [Self; 4] = [Self::Request, Self::Response, Self::AwsCalls, Self::Timing];

    /// Its heading.
    pub(super) fn title(self) -> &'static str {
        match self {
            Self::Request => "Request",
            Self::Response => "Response",
            Self::AwsCalls => "AWS calls",
            Self::Timing => "Timing",
        }
    }

    /// Its place among them.
    pub(super) fn number(self) -> usize {
        Self::ALL.iter().position(|part| *part == self).unwrap_or_default()
    }

    /// The part so many places on.
    pub(super) fn step(self, by: usize) -> Self {
        Self::ALL[(self.number() + by) % Self::ALL.len()]
    }
}

/// `part` of `call`, whose row is `row`.
pub(super) fn part(part: Part, call: &Call, row: &Row, glance: &Glance) -> Vec<Block> {
    match part {
        Part::Request => request(call, glance.look),
        Part::Response => response(call, row, glance),
        Part::AwsCalls => aws_calls(call, glance.look),
        Part::Timing => timing(call, row, glance),
    }
}

/// All that there is to say of `call`, below each other.
pub(super) fn whole(call: &Call, row: &Row, glance: &Glance) -> Vec<Block> {
    let look = glance.look;
    let mut blocks = facts(call, row, glance);
    let heading = |text: &str| Block::say(Role::Heading, text, look);
    blocks.extend([Block::blank(), heading("Request")]);
    blocks.extend(request(call, look));
    blocks.extend([Block::blank(), heading("Response")]);
    blocks.extend(response(call, row, glance));
    if call.finished.as_ref().is_some_and(|end| !end.aws_calls.is_empty()) {
        blocks.extend([Block::blank(), heading("AWS calls")]);
        blocks.extend(aws_calls(call, look));
    }
    blocks
}

/// The head of a detail, in lines.
pub(super) fn facts(call: &Call, row: &Row, glance: &Glance) -> Vec<Block> {
    let look = glance.look;
    let status =
        call.finished.as_ref().and_then(|end| end.http_status).map_or(String::new(), |status| format!(" {status}"));
    let took = row.elapsed(glance.now).map_or(String::new(), |ms| format!(" in {}", time::duration(ms)));
    let mut blocks = vec![
        Block::fact("status", look.role(row.standing), &format!("{}{status}{took}", row.standing.word()), look),
        Block::fact("at", Role::Plain, &time::full(call.at, glance.offset), look),
        Block::fact("by", Role::Plain, &by(row), look),
        Block::fact("to", Role::Plain, &target(&call.started.target), look),
    ];
    if !row.origin.store.is_empty() {
        blocks.push(Block::fact("store", Role::Plain, &row.origin.store, look));
    }
    for (number, resource) in call.started.resources.iter().enumerate() {
        let name = if number == 0 { "resource" } else { "" };
        blocks.push(Block::fact(name, Role::Plain, resource, look));
    }
    blocks
}

/// Who called: `boto3 1.44 (endpoint, process 4242)`.
pub(super) fn by(row: &Row) -> String {
    let origin = &row.origin;
    if origin.client_short.is_empty() {
        format!("{} (process {})", origin.way, origin.pid)
    } else {
        format!("{} ({}, process {})", origin.client_short, origin.way, origin.pid)
    }
}

fn request(call: &Call, look: Look) -> Vec<Block> {
    let started = &call.started;
    let mut blocks = Vec::new();
    if started.parameters.is_null() {
        blocks.push(Block::say(Role::Dim, "The journal keeps no parameters of this call.", look));
    } else {
        payload(&mut blocks, &started.parameters, call.service() == "s3", look);
    }
    if let Some(bytes) = started.bytes_in.filter(|bytes| *bytes > 0) {
        blocks.push(Block::fact("sent", Role::Plain, &time::bytes(bytes), look));
    }
    if started.partial {
        blocks.push(Block::blank());
        blocks.push(Block::say(
            Role::Warning,
            "Something of it was redacted or cut: it cannot be asked again as it was.",
            look,
        ));
    }
    blocks
}

/// A value; of S3, a body that is text stands below it as it is.
fn payload(blocks: &mut Vec<Block>, value: &Value, s3: bool, look: Look) {
    let body = value.get("body").and_then(Value::as_str).filter(|body| s3 && !body.is_empty());
    let (Some(body), Some(members)) = (body, value.as_object()) else {
        blocks.push(Block::Json(value.clone()));
        return;
    };
    let rest: serde_json::Map<String, Value> =
        members.iter().filter(|(name, _)| *name != "body").map(|(name, value)| (name.clone(), value.clone())).collect();
    if !rest.is_empty() {
        blocks.push(Block::Json(Value::Object(rest)));
    }
    blocks.push(Block::say(Role::Dim, "body", look));
    match serde_json::from_str::<Value>(body) {
        Ok(json) if json.is_object() || json.is_array() => blocks.push(Block::Json(json)),
        _ => {
            let broken = body.replace("><", ">\n<");
            blocks.extend(broken.lines().map(|line| Block::say(Role::Text, line, look)));
        }
    }
}

fn response(call: &Call, row: &Row, glance: &Glance) -> Vec<Block> {
    let look = glance.look;
    let mut blocks = Vec::new();
    if row.standing == Standing::Lost {
        return vec![Block::fact("outcome", Role::Warning, "unknown: its process ended before it did", look)];
    }
    let Some(end) = &call.finished else {
        let took = time::duration(row.elapsed(glance.now).unwrap_or_default());
        return vec![Block::say(Role::Accent, &format!("It is running, for {took} so far."), look)];
    };
    match &end.outcome {
        Outcome::Ok => {}
        Outcome::Error { code, message } => {
            blocks.push(Block::fact("error", Role::Bad, code, look));
            blocks.extend(message.lines().map(|line| Block::fact("", Role::Plain, line, look)));
        }
        Outcome::Refused { reason } => blocks.push(Block::fact("refused", Role::Warning, reason, look)),
        Outcome::Abandoned => {
            blocks.push(Block::fact("outcome", Role::Dim, "abandoned: nobody waited for its end", look));
        }
    }
    if end.response.is_null() {
        let text = match end.http_status {
            Some(status) if status < 300 => "The answer has no more than its status.",
            _ => "The journal keeps no answer of this call.",
        };
        blocks.push(Block::say(Role::Dim, text, look));
    } else {
        payload(&mut blocks, &end.response, call.service() == "s3", look);
    }
    if let Some(bytes) = end.bytes_out.filter(|bytes| *bytes > 0) {
        blocks.push(Block::fact("received", Role::Plain, &time::bytes(bytes), look));
    }
    if end.response_partial {
        blocks.push(Block::blank());
        blocks.push(Block::say(Role::Warning, "Something of it was redacted or cut.", look));
    }
    blocks
}

fn aws_calls(call: &Call, look: Look) -> Vec<Block> {
    let Some(end) = &call.finished else {
        return vec![Block::say(Role::Accent, "They are known once it has ended.", look)];
    };
    if end.aws_calls.is_empty() {
        return vec![Block::say(Role::Dim, "None.", look)];
    }
    let mut blocks = Vec::new();
    for (number, made) in end.aws_calls.iter().enumerate() {
        if number > 0 {
            blocks.push(Block::blank());
        }
        blocks.push(Block::Line(Line { indent: 0, pieces: heading(made, look), part: None }));
        let attempts = if made.attempts == 1 { "1 attempt".to_owned() } else { format!("{} attempts", made.attempts) };
        blocks.push(Block::fact("took", Role::Plain, &format!("{} in {attempts}", time::duration(made.ms)), look));
        if let Some(id) = &made.request_id {
            blocks.push(Block::fact("request id", Role::Plain, id, look));
        }
        for (action, resources) in &made.access {
            let on: Vec<&str> = resources.iter().map(String::as_str).collect();
            blocks.push(Block::fact("asks for", Role::Dim, &format!("{action} on {}", on.join(", ")), look));
        }
    }
    if end.aws_calls_left_out > 0 {
        let more = format!("And {} more, of which no more is recorded.", end.aws_calls_left_out);
        blocks.extend([Block::blank(), Block::say(Role::Dim, &more, look)]);
    }
    blocks
}

fn heading(made: &AwsCall, look: Look) -> Pieces {
    let (role, standing) = if made.error.is_some() { (Role::Bad, Standing::Error) } else { (Role::Good, Standing::Ok) };
    let answer = made.status.map_or_else(|| "no answer".to_owned(), |status| status.to_string());
    let mut pieces = vec![
        (role, format!("{} ", look.glyph(standing))),
        (look.service(&made.service), clean(&format!("{} {}", made.service, made.operation), look.ascii)),
        (Role::Plain, format!("  {answer}")),
    ];
    if let Some(error) = &made.error {
        pieces.push((role, format!(" {}", clean(error, look.ascii))));
    }
    pieces
}

fn timing(call: &Call, row: &Row, glance: &Glance) -> Vec<Block> {
    let look = glance.look;
    let mut blocks = vec![Block::fact("began", Role::Plain, &time::full(call.at, glance.offset), look)];
    match (&call.finished, row.standing) {
        (_, Standing::Lost) => {
            blocks.push(Block::fact("ended", Role::Warning, "unknown: its process ended first", look));
        }
        (None, _) => {
            let took = time::duration(row.elapsed(glance.now).unwrap_or_default());
            blocks.push(Block::fact("runs for", Role::Accent, &took, look));
        }
        (Some(end), _) => {
            blocks.push(Block::fact("took", Role::Plain, &time::duration(end.ms), look));
            if !end.aws_calls.is_empty() {
                blocks.push(Block::blank());
                let aws: f64 = end.aws_calls.iter().map(|made| made.ms).sum();
                let rest = ("footbridge".to_owned(), (end.ms - aws).max(0.0));
                let made = end.aws_calls.iter().map(|made| (format!("{} {}", made.service, made.operation), made.ms));
                let all: Vec<_> = made.chain([rest]).collect();
                let names = all.iter().map(|(name, _)| width(name)).max().unwrap_or_default().clamp(12, 32);
                blocks.extend(all.iter().map(|(name, ms)| stretch(name, *ms, end.ms, names, look)));
            }
        }
    }
    blocks.push(Block::blank());
    blocks.push(Block::fact("call", Role::Plain, &call.id.to_string(), look));
    blocks.push(Block::fact("by", Role::Plain, &by(row), look));
    if row.origin.client != row.origin.client_short && !row.origin.client.is_empty() {
        blocks.push(Block::fact("in full", Role::Dim, &row.origin.client, look));
    }
    if !call.file.is_empty() {
        blocks.push(Block::fact("journal", Role::Dim, &call.file, look));
    }
    blocks
}

/// A bar for `ms` of `whole`.
fn stretch(name: &str, ms: f64, whole: f64, names: usize, look: Look) -> Block {
    let share = if whole > 0.0 { (ms / whole).clamp(0.0, 1.0) } else { 0.0 };
    // At most BARS by construction.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss)]
    let filled = (share * BARS as f64).round() as usize;
    let pieces = vec![
        (Role::Plain, pad(&clean(name, look.ascii), names, look.signs().cut)),
        (Role::Plain, format!(" {:>8} {:>3.0}% ", time::duration(ms), share * 100.0)),
        (Role::Accent, look.signs().bar.repeat(filled)),
    ];
    Block::Line(Line { indent: 0, pieces, part: None })
}

/// What a call made again came to, and what is otherwise than before.
pub(super) fn differences(differences: &[String], look: Look) -> Vec<Block> {
    if differences.is_empty() {
        return vec![Block::say(Role::Good, "The same came as before.", look)];
    }
    let count = match differences.len() {
        1 => "One difference to what came before:".to_owned(),
        count => format!("{count} differences to what came before:"),
    };
    let mut blocks = vec![Block::say(Role::Warning, &count, look)];
    blocks.extend(differences.iter().map(|line| Block::say(Role::Plain, line, look)));
    blocks
}

/// Where calls go, in words.
pub(super) fn target(target: &Target) -> String {
    let (kind, parts) = match target {
        Target::Local { account, region } => ("local", [account.as_deref(), region.as_deref()]),
        Target::Aws { account, region } => ("AWS", [account.as_deref(), region.as_deref()]),
        Target::Custom { url, region } => ("CUSTOM", [Some(url.as_str()), region.as_deref()]),
    };
    parts.into_iter().flatten().fold(kind.to_owned(), |text, part| text + " " + part)
}
