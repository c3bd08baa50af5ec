//! Makes calls of records, and chooses among them.

use std::collections::BTreeMap;

use footbridge_record::{Call, Event, Status};
use uuid::Uuid;

use super::Entry;

/// Joins records to calls.
#[derive(Debug, Default)]
pub struct Join {
    open: BTreeMap<Uuid, Call>,
}

impl Join {
    /// Takes a record, and gives the call that it completes. An end whose beginning was not read is passed over.
    pub fn push(&mut self, entry: Entry) -> Option<Call> {
        let Entry { file, record, .. } = entry;
        match record.event {
            Event::Started(started) => {
                let call = Call { id: record.id, at: record.at, time: record.time, file, started, finished: None };
                self.open.insert(record.id, call);
                None
            }
            Event::Finished(finished) => {
                let mut call = self.open.remove(&record.id)?;
                call.finished = Some(finished);
                Some(call)
            }
            Event::Note(_) => None,
        }
    }

    /// The call `id`, while it has no second record.
    #[must_use]
    pub fn open(&self, id: Uuid) -> Option<&Call> {
        self.open.get(&id)
    }

    /// Takes out a call that will have no second record.
    pub fn give_up(&mut self, id: Uuid) -> Option<Call> {
        self.open.remove(&id)
    }

    /// The calls that have no second record so far.
    pub fn unfinished(&self) -> impl Iterator<Item = &Call> {
        self.open.values()
    }
}

/// Chooses calls; what is `None` is not asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// A service that it concerns, such as `s3`: as operation, by its tool, or by an AWS call that it made.
    pub service: Option<String>,
    /// A tool or operation, its own or of an AWS call that it made; case aside.
    pub operation: Option<String>,
    /// How it stands.
    pub status: Option<Status>,
    /// A part of a resource's name.
    pub resource: Option<String>,
    /// It began then or later, in milliseconds since the Unix epoch.
    pub since: Option<u64>,
    /// It began then or earlier.
    pub until: Option<u64>,
}

impl Filter {
    /// Whether `call` is chosen.
    #[must_use]
    pub fn matches(&self, call: &Call) -> bool {
        self.since.is_none_or(|since| call.at >= since)
            && self.until.is_none_or(|until| call.at <= until)
            && self.status.is_none_or(|status| call.status() == status)
            && self.service.as_deref().is_none_or(|service| concerns(call, service))
            && self.operation.as_deref().is_none_or(|operation| is_or_makes(call, operation))
            && self.resource.as_deref().is_none_or(|part| call.started.resources.iter().any(|name| name.contains(part)))
    }
}

fn concerns(call: &Call, service: &str) -> bool {
    call.service().eq_ignore_ascii_case(service)
        || call.finished.iter().flat_map(|end| &end.aws_calls).any(|made| made.service.eq_ignore_ascii_case(service))
}

fn is_or_makes(call: &Call, operation: &str) -> bool {
    call.name().eq_ignore_ascii_case(operation)
        || call
            .finished
            .iter()
            .flat_map(|end| &end.aws_calls)
            .any(|made| made.operation.eq_ignore_ascii_case(operation))
}
