//! Whether an operation, a member of it and a value of that are emulated: read off the emulator's own tables.

use std::collections::{HashMap, HashSet};

use serde::Serialize;

use super::differences;
use super::documents::{Documented, documented};
use super::found::Value;
use super::model::Operation;
use crate::emulator::{dynamodb, s3};

/// Whether it is emulated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// As on AWS.
    Works,
    /// It answers, and something is not as on AWS.
    Differs,
    /// It is refused with 501.
    NotEmulated,
}

/// Something to know, and where the documents have it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Note {
    /// A sentence.
    pub text: String,
    /// The page and heading.
    pub see: String,
}

/// What is known of an operation before any use of it is looked at.
#[derive(Debug)]
pub struct Verdict {
    /// Whether it is emulated.
    pub status: Status,
    /// What to know of it.
    pub notes: Vec<Note>,
    /// The tests that hold it, as the documents have them.
    pub tested: Vec<String>,
    /// Members at the top that are refused.
    unbuilt: HashSet<&'static str>,
}

/// The judge.
#[derive(Debug)]
pub struct Judge {
    s3: HashMap<&'static str, s3::Operation>,
    documented: HashMap<&'static str, Documented>,
}

impl Judge {
    /// One that knows the emulator.
    #[must_use]
    pub fn new() -> Self {
        Self {
            s3: s3::operations().map(|operation| (operation.name, operation)).collect(),
            documented: documented().collect(),
        }
    }

    /// What is known of an operation.
    #[must_use]
    pub fn operation(&self, operation: &Operation) -> Verdict {
        let page = page(operation.service);
        let known = self.documented.get(operation.name);
        let (status, unbuilt) = match operation.service {
            "s3" => self.of_s3(operation),
            _ => of_dynamodb(operation),
        };
        let mut notes: Vec<Note> = Vec::new();
        if let Some(known) = known.filter(|known| status != Status::Works && !known.of_it.is_empty()) {
            notes.push(Note { text: known.of_it.to_owned(), see: page.to_owned() });
        }
        let more = differences::of_operation(operation.name);
        notes.extend(more.map(|lead| Note { text: lead.to_owned(), see: format!("{page}#{}", differences::SECTION) }));
        let status = if status == Status::Works && !notes.is_empty() { Status::Differs } else { status };
        let tested = known.map(|known| known.tested.clone()).unwrap_or_default();
        Verdict { status, notes, tested, unbuilt }
    }

    fn of_s3(&self, operation: &Operation) -> (Status, HashSet<&'static str>) {
        let Some(built) = self.s3.get(operation.name) else { return (Status::NotEmulated, HashSet::new()) };
        let refused = |carrier: &str| built.unbuilt.contains(&carrier);
        let unbuilt = operation.members.iter().filter(|member| member.carrier.is_some_and(refused));
        let status = match built.extent {
            s3::Extent::Whole => Status::Works,
            s3::Extent::NeverSet => Status::Differs,
            s3::Extent::Changeless => Status::NotEmulated,
        };
        (status, unbuilt.map(|member| member.name).collect())
    }

    /// What is known of a member: its status, and why it is not simply as on AWS.
    #[must_use]
    pub fn member(operation: &Operation, verdict: &Verdict, name: &str, value: &Value) -> (Status, Vec<Note>) {
        let page = page(operation.service);
        let mut status = Status::Works;
        let mut notes = Vec::new();
        if verdict.unbuilt.contains(name) {
            status = Status::NotEmulated;
            notes.push(Note {
                text: format!("{name} is refused with 501"),
                see: format!("{page}#{}", differences::SECTION),
            });
        }
        for difference in differences::of_member(operation.name, name, value) {
            status = status.max(difference.status);
            notes.push(Note { text: difference.text.to_owned(), see: format!("{page}#{}", differences::SECTION) });
        }
        (status, notes)
    }
}

impl Default for Judge {
    fn default() -> Self {
        Self::new()
    }
}

fn of_dynamodb(operation: &Operation) -> (Status, HashSet<&'static str>) {
    match dynamodb::operation::find(operation.name) {
        None => (Status::NotEmulated, HashSet::new()),
        Some(built) if built.is_unset() => (Status::Differs, HashSet::new()),
        Some(built) => (Status::Works, built.unbuilt().iter().copied().collect()),
    }
}

/// The document of a service.
fn page(service: &str) -> &'static str {
    if service == "s3" { "docs/s3.md" } else { "docs/dynamodb.md" }
}
