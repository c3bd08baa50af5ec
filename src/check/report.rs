//! What a project uses, and whether it is emulated.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::differences;
use super::found::{Answered, Found, Use, Value};
use super::judge::{Judge, Note, Status, Verdict};
use super::model::{Model, Operation};

/// So many places are named of an operation, a member or a service; `count` has how many there are.
const PLACES: usize = 5;

/// Where something is used: a file and a line, or a journal.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Place {
    /// The file, as it was named or found.
    pub file: String,
    /// The line, from 1; `None` in a journal.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<u32>,
}

impl std::fmt::Display for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.line {
            Some(line) => write!(f, "{}:{line}", self.file),
            None => f.write_str(&self.file),
        }
    }
}

/// A member, or what is known of one value of it.
#[derive(Debug, Serialize)]
pub struct Parameter {
    /// AWS's name.
    pub name: &'static str,
    /// Whether it is emulated.
    pub status: Status,
    /// What to know.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub notes: BTreeSet<Note>,
    /// How often it is given.
    pub count: usize,
    /// The places where it is not as on AWS; those where it is are left out.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub used: Vec<Place>,
}

/// An operation.
#[derive(Debug, Serialize)]
pub struct Checked {
    /// `s3`, `dynamodb` or `dynamodbstreams`.
    pub service: &'static str,
    /// AWS's name.
    pub operation: &'static str,
    /// Whether it is emulated, with the parameters that it is given.
    pub status: Status,
    /// What to know.
    pub notes: Vec<Note>,
    /// The tests that hold it.
    pub tested: Vec<String>,
    /// How often it is used.
    pub count: usize,
    /// In how many uses there are parameters that cannot be read off.
    pub not_visible: usize,
    /// Where.
    pub used: Vec<Place>,
    /// Its parameters.
    pub parameters: Vec<Parameter>,
}

/// Another service of AWS.
#[derive(Debug, Default, Serialize)]
pub struct OtherService {
    /// In how many files it is used.
    pub count: usize,
    /// Where.
    pub used: Vec<Place>,
}

/// All of it.
#[derive(Debug, Default, Serialize)]
pub struct Report {
    /// The operations in use, by service and name.
    pub operations: Vec<Checked>,
    /// Other services of AWS, which are not here.
    pub other_services: BTreeMap<String, OtherService>,
}

impl Report {
    /// How many operations stand so.
    #[must_use]
    pub fn count(&self, status: Status) -> usize {
        self.operations.iter().filter(|checked| checked.status == status).count()
    }
}

/// Puts a report together.
#[derive(Debug)]
pub struct Reporter<'a> {
    model: &'a Model,
    judge: Judge,
    begun: BTreeMap<(&'static str, &'static str), Begun<'a>>,
    others: BTreeMap<String, OtherService>,
}

#[derive(Debug)]
struct Begun<'a> {
    operation: &'a Operation,
    verdict: Verdict,
    status: Status,
    count: usize,
    not_visible: usize,
    used: Vec<Place>,
    parameters: BTreeMap<&'static str, Parameter>,
}

impl<'a> Reporter<'a> {
    /// Nothing so far.
    #[must_use]
    pub fn new(model: &'a Model) -> Self {
        Self { model, judge: Judge::new(), begun: BTreeMap::new(), others: BTreeMap::new() }
    }

    /// Adds what one place uses.
    pub fn add(&mut self, file: &str, found: Found) {
        let place = |line: u32| Place { file: file.to_owned(), line: (line > 0).then_some(line) };
        for used in found.uses {
            let Some(operation) = self.model.operation(used.operation) else { continue };
            let begun = self.begun.entry((operation.service, operation.name)).or_insert_with(|| {
                let verdict = self.judge.operation(operation);
                let (status, places, parameters) = (Status::Works, Vec::new(), BTreeMap::new());
                Begun { operation, verdict, status, count: 0, not_visible: 0, used: places, parameters }
            });
            begun.add(&used, place(used.line));
        }
        for (service, line) in found.others {
            let other = self.others.entry(service).or_default();
            other.count += 1;
            add_place(&mut other.used, place(line));
        }
    }

    /// The report.
    #[must_use]
    pub fn finish(self) -> Report {
        let operations = self.begun.into_values().map(|begun| Checked {
            service: begun.operation.service,
            operation: begun.operation.name,
            status: begun.parameters.values().map(|parameter| parameter.status).fold(begun.status, Status::max),
            notes: begun.verdict.notes,
            tested: begun.verdict.tested,
            count: begun.count,
            not_visible: begun.not_visible,
            used: begun.used,
            parameters: begun.parameters.into_values().collect(),
        });
        Report { operations: operations.collect(), other_services: self.others }
    }
}

impl Begun<'_> {
    fn add(&mut self, used: &Use, place: Place) {
        self.count += 1;
        self.not_visible += usize::from(used.given.more);
        // What is refused unless it changes nothing may be known to change nothing.
        let is_taken =
            used.answered == Some(Answered::AsAws) || differences::is_taken(self.operation.name, &used.given);
        let status = match used.answered {
            Some(Answered::NotEmulated) => Status::NotEmulated,
            _ if is_taken => self.verdict.status.min(Status::Differs),
            _ => self.verdict.status,
        };
        self.status = self.status.max(status);
        for (spelled, value) in &used.given.members {
            if let Some(member) = self.operation.member(spelled) {
                self.add_member(member.name, value, &place);
            }
        }
        add_place(&mut self.used, place);
    }

    fn add_member(&mut self, name: &'static str, value: &Value, place: &Place) {
        let (status, notes) = Judge::member(self.operation, &self.verdict, name, value);
        let new = || Parameter { name, status, notes: BTreeSet::new(), count: 0, used: Vec::new() };
        let parameter = self.parameters.entry(name).or_insert_with(new);
        parameter.count += 1;
        parameter.status = parameter.status.max(status);
        parameter.notes.extend(notes);
        if status != Status::Works {
            add_place(&mut parameter.used, place.clone());
        }
    }
}

fn add_place(places: &mut Vec<Place>, place: Place) {
    if places.len() < PLACES && !places.contains(&place) {
        places.push(place);
    }
}
