//! Lines of records, redacted and cut, in the order in which they are written.

use std::fmt;
use std::sync::{Arc, OnceLock};

use serde_json::Value;
use uuid::Uuid;

use super::asked::{self, Kept, Told};
use super::excerpt::{self, Excerpt, Policy};
use super::item::{self, Began, OnFile};
use super::queue::LeftOut;
use super::recorder::{Finish, Start};
use super::{
    About, Admission, Consented, Event, Finished, Note, Outcome, Record, Redactor, Started, Subject, Target, Who,
    milliseconds,
};
use crate::emulator::auth::Signed;
use crate::emulator::observer::{CallEnd, CallStart};

/// What is the same for all records of a process.
#[derive(Debug)]
pub(super) struct Pen {
    pub(super) redactor: Redactor,
    pub(super) local: Policy,
    pub(super) pid: u32,
}

/// Lines that are still to be written.
#[derive(Debug)]
pub(super) struct Draft {
    pub(super) bytes: Vec<u8>,
    pub(super) lines: Vec<Line>,
    tap: Arc<OnceLock<Tap>>,
}

/// Who is told of records beside the file.
pub(super) struct Tap(pub(super) Box<dyn Fn(&Record) + Send + Sync>);

impl fmt::Debug for Tap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Tap")
    }
}

/// A line of a draft.
#[derive(Debug)]
pub(super) struct Line {
    /// Where it ends.
    pub(super) end: usize,
    pub(super) of: Of,
}

/// What a line is of.
#[derive(Debug)]
pub(super) enum Of {
    /// A call's beginning, at so many milliseconds since the Unix epoch; and who waits for it.
    Start(Uuid, u64, Option<OnFile>),
    /// A call's end, and when that was.
    End(Uuid, u64),
    /// Calls without a record, which came too fast.
    LeftOut(LeftOut),
    /// Calls that could not be written.
    Unwritten(LeftOut),
}

impl Draft {
    /// Nothing yet. `tap` is told of each record.
    pub(super) fn new(tap: Arc<OnceLock<Tap>>) -> Self {
        Self { bytes: Vec::new(), lines: Vec::new(), tap }
    }

    /// Empty again, for the next lines.
    pub(super) fn clear(&mut self) {
        self.bytes.clear();
        // What a burst of large records took is given back.
        self.bytes.shrink_to(1 << 20);
        self.lines.clear();
    }

    /// Adds a line that is made already.
    pub(super) fn again(&mut self, line: &[u8], of: Of) {
        self.bytes.extend_from_slice(line);
        self.lines.push(Line { end: self.bytes.len(), of });
    }

    /// Adds a line. `excerpts` are members of the record that are JSON already.
    fn add(&mut self, record: &Record, excerpts: &[(&str, &Excerpt)], of: Of) {
        if let Some(Tap(tap)) = self.tap.get() {
            tap(&with(record, excerpts));
        }
        let begin = self.bytes.len();
        if let Err(error) = serde_json::to_writer(&mut self.bytes, record) {
            // No record of ours is without a JSON form.
            tracing::error!(%error, "a record is not in the journal");
            self.bytes.truncate(begin);
            return;
        }
        for (name, excerpt) in excerpts.iter().filter(|(_, excerpt)| !excerpt.json.is_empty()) {
            // Behind the other members, before the record's end.
            self.bytes.pop();
            self.bytes.extend_from_slice(b",\"");
            self.bytes.extend_from_slice(name.as_bytes());
            self.bytes.extend_from_slice(b"\":");
            self.bytes.extend_from_slice(&excerpt.json);
            self.bytes.push(b'}');
        }
        self.bytes.push(b'\n');
        self.lines.push(Line { end: self.bytes.len(), of });
    }

    /// The beginning of a tool call.
    pub(super) fn started(&mut self, pen: &Pen, item: item::Started) {
        let item::Started { id, at, start, let_go, on_file } = item;
        let Start { who, target, target_name, subject, resources, access, parameters, bytes_in } = start;
        let policy = pen.policy(&target);
        let parameters = excerpt::parameters(&policy.node(&parameters), policy, &pen.redactor);
        let started = Started {
            pid: pen.pid,
            who: match who {
                Who::Mcp { client } => Who::Mcp { client: client.map(|text| pen.clean(&text)) },
                Who::Endpoint { user_agent } => Who::Endpoint { user_agent: user_agent.map(|text| pen.clean(&text)) },
                Who::Cli { command } => Who::Cli { command: pen.clean(&command) },
            },
            target: match target {
                Target::Local { account, region } => pen.local_target(account.as_deref(), region.as_deref()),
                Target::Custom { url, region } => Target::Custom { url: pen.clean(&url), region },
                known @ Target::Aws { .. } => known,
            },
            target_name: target_name.map(|name| pen.clean(&name)),
            subject: match subject {
                Subject::Tool { tool } => Subject::Tool { tool: pen.clean(&tool) },
                Subject::Operation { service, operation } => {
                    Subject::Operation { service: pen.clean(&service), operation: pen.clean(&operation) }
                }
            },
            admission: None,
            resources: excerpt::resources(resources, &pen.redactor),
            access: excerpt::access(access, &pen.redactor),
            parameters: Value::Null,
            bytes_in,
            partial: parameters.partial || let_go,
        };
        let record = Record::new(id, at, Event::Started(started));
        let of = Of::Start(id, record.at, on_file);
        self.add(&record, &[("parameters", &parameters)], of);
    }

    /// The end of a tool call.
    pub(super) fn finished(&mut self, pen: &Pen, item: item::Finished) {
        let item::Finished { id, at, ms, local, finish, consent, let_go } = item;
        let Finish { outcome, mut aws_calls, aws_calls_left_out, bytes_out, response } = finish;
        for call in &mut aws_calls {
            call.access = excerpt::access(std::mem::take(&mut call.access), &pen.redactor);
        }
        let policy = if local { pen.local } else { Policy::remote() };
        let response = excerpt::response(&policy.node(&response), policy, &pen.redactor);
        let finished = Finished {
            outcome: pen.outcome(outcome, policy),
            ms,
            http_status: None,
            bytes_out,
            aws_calls,
            aws_calls_left_out,
            response: Value::Null,
            response_partial: response.partial || let_go,
            consent: consent.map(|said| Consented { by: pen.clean(&said.by), ..said }),
        };
        let record = Record::new(id, at, Event::Finished(finished));
        let of = Of::End(id, record.at);
        self.add(&record, &[("response", &response)], of);
    }

    /// The beginning of a call at the endpoint.
    pub(super) fn began(&mut self, pen: &Pen, began: Began) {
        let Began { call, body: heard } = began;
        let body = Kept::of(&heard);
        // Nobody asks for what else passes, for as long as the call takes.
        heard.let_go();
        let operation = call.asked.operation(body.bytes());
        let (resources, access) = call.asked.about(body.bytes(), call.admitted);
        let Told { node, partial } = asked::parameters(&call, &body, pen.local);
        let parameters = excerpt::parameters(&node, pen.local, &pen.redactor);
        let started = Started {
            pid: pen.pid,
            who: Who::Endpoint { user_agent: call.user_agent.as_deref().map(|text| pen.clean(text)) },
            target: pen.local_target(Some(&call.account), Some(&call.region)),
            target_name: None,
            subject: Subject::Operation { service: pen.clean(call.asked.service()), operation: pen.clean(operation) },
            admission: Some(admission(&call)),
            resources: excerpt::resources(resources, &pen.redactor),
            access: excerpt::access(access, &pen.redactor),
            parameters: Value::Null,
            bytes_in: call.bytes_in,
            partial: partial || parameters.partial,
        };
        let record = Record::new(call.id, call.at, Event::Started(started));
        let of = Of::Start(call.id, record.at, None);
        self.add(&record, &[("parameters", &parameters)], of);
    }

    /// The end of a call at the endpoint.
    pub(super) fn ended(&mut self, pen: &Pen, call: &CallStart, mut end: CallEnd) {
        let outcome = match end.error.take() {
            Some((code, message)) => Outcome::Error { code, message },
            None if end.status == 499 => Outcome::Abandoned,
            None if end.status >= 400 => Outcome::Error { code: end.status.to_string(), message: String::new() },
            None => Outcome::Ok,
        };
        let body = Kept::of(&end.body);
        let Told { node, partial } = asked::response(call, &end, &body, pen.local);
        let response = excerpt::parameters(&node, pen.local, &pen.redactor);
        let finished = Finished {
            outcome: pen.outcome(outcome, pen.local),
            ms: milliseconds(end.took),
            http_status: Some(end.status),
            bytes_out: Some(end.bytes_out),
            aws_calls: Vec::new(),
            aws_calls_left_out: 0,
            response: Value::Null,
            response_partial: partial || response.partial,
            consent: None,
        };
        let record = Record::new(call.id, call.at + end.took, Event::Finished(finished));
        let of = Of::End(call.id, record.at);
        self.add(&record, &[("response", &response)], of);
    }

    /// What is not in the journal.
    pub(super) fn note(&mut self, record: &Record, of: Of) {
        self.add(record, &[], of);
    }
}

fn admission(call: &CallStart) -> Admission {
    match call.signed {
        _ if !call.admitted => Admission::Refused,
        Signed::Header => Admission::Signed,
        Signed::Query => Admission::Presigned,
        Signed::Form | Signed::Not => Admission::Unsigned,
    }
}

/// The record with these members, which are JSON already.
fn with(record: &Record, excerpts: &[(&str, &Excerpt)]) -> Record {
    let mut record = record.clone();
    for (name, excerpt) in excerpts {
        let value = serde_json::from_slice(&excerpt.json).unwrap_or_default();
        match (*name, &mut record.event) {
            ("parameters", Event::Started(started)) => started.parameters = value,
            ("response", Event::Finished(finished)) => finished.response = value,
            _ => {}
        }
    }
    record
}

impl Pen {
    /// A note's record.
    pub(super) fn note(&self, id: Uuid, at: std::time::SystemTime, about: About) -> Record {
        Record::new(id, at, Event::Note(Note { pid: self.pid, about }))
    }

    fn policy(&self, target: &Target) -> Policy {
        match target {
            Target::Local { .. } => self.local,
            Target::Aws { .. } | Target::Custom { .. } => Policy::remote(),
        }
    }

    fn clean(&self, text: &str) -> String {
        excerpt::text(text, &self.redactor)
    }

    fn local_target(&self, account: Option<&str>, region: Option<&str>) -> Target {
        Target::Local { account: account.map(|text| self.clean(text)), region: region.map(|text| self.clean(text)) }
    }

    /// `outcome` without secrets, and short.
    fn outcome(&self, outcome: Outcome, policy: Policy) -> Outcome {
        match outcome {
            Outcome::Error { code, message } => {
                let message = excerpt::message(&code, &message, policy, &self.redactor);
                Outcome::Error { code: self.clean(&code), message }
            }
            Outcome::Refused { reason } => Outcome::Refused { reason: self.clean(&reason) },
            plain => plain,
        }
    }
}
