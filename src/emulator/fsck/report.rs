//! What a check found.

use std::path::{Path, PathBuf};

use serde::Serialize;

use super::FsckError;
use super::bodies::Files;
use crate::emulator::s3::quarantine::{Occasion, Quarantine};
use crate::emulator::s3::survey::Holder;

/// What a check found.
#[derive(Debug, Serialize)]
pub struct Report {
    /// The directory.
    pub directory: PathBuf,
    /// What was looked at.
    pub checked: Counts,
    /// What is wrong, or was until it was repaired.
    pub findings: Vec<Finding>,
    /// What a crash may leave and the next start clears by itself: nothing wrong.
    pub waiting: Waiting,
    /// What was moved aside, by this run and earlier, and is still there.
    pub quarantine: Vec<Occasion>,
}

/// What was looked at.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// S3 buckets.
    pub buckets: u64,
    /// Versions of objects, delete markers among them.
    pub versions: u64,
    /// Open multipart uploads.
    pub uploads: u64,
    /// Bodies that rows speak of.
    pub bodies: u64,
    /// Their length together, in bytes; all of it was read.
    pub bytes: u64,
    /// DynamoDB tables.
    pub tables: u64,
    /// Their items.
    pub items: u64,
}

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// What kind of thing.
    pub kind: Kind,
    /// What it is, for a person.
    pub what: String,
    /// The body that it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub body: Option<String>,
    /// The versions and parts that it concerns.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub objects: Vec<Holder>,
    /// What can be done about it, or was.
    pub outcome: Outcome,
}

/// Kinds of things that are wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Database and bodies do not bear the same stamp, or one is behind the other.
    Disagreement,
    /// A body that rows speak of is not there.
    MissingBody,
    /// A body has another length than its rows say.
    WrongSize,
    /// A body's bytes are not those that were stored.
    DamagedBody,
    /// A body that versions or parts are made of has no row of its own.
    MissingRow,
    /// The row of a body counts its references wrongly.
    WrongCount,
    /// A body has a row, and nothing is made of it.
    Unreferenced,
    /// An object has not all of its parts.
    MissingParts,
    /// Parts of an upload that is neither open nor an object.
    StrayParts,
    /// An object of a bucket that is gone.
    MissingBucket,
    /// A row that does not decode.
    DamagedRow,
    /// A table or an index counts its items wrongly.
    WrongStats,
    /// An index has not exactly the entries that its table's items make.
    WrongIndex,
    /// A snapshot that is kept cannot be restored.
    DamagedSnapshot,
}

/// What can be done about a finding, or was.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// `--repair` can put it right.
    Repairable,
    /// It was put right.
    Repaired,
    /// Nothing that is here can put it right.
    Lost,
}

/// What a crash may leave and the next start clears by itself.
#[derive(Debug, Default, PartialEq, Eq, Serialize)]
pub struct Waiting {
    /// Small bodies still on their way from the database to a file.
    pub riders: u64,
    /// Bodies that nothing is made of any more.
    pub to_delete: u64,
    /// Bodies that no row speaks of. `--repair` moves them aside.
    pub orphans: Vec<Orphan>,
    /// Files of writes that broke off.
    pub unfinished: u64,
}

/// A body that no row speaks of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Orphan {
    /// The body.
    pub body: String,
    /// Its length.
    pub bytes: u64,
    /// Whether it is known to be left over from a write that broke off: the next start deletes it, and moves others aside.
    pub leftover: bool,
}

impl Report {
    /// How many findings are left as they were: lost, or not repaired.
    #[must_use]
    pub fn left(&self) -> usize {
        self.findings.iter().filter(|finding| finding.outcome != Outcome::Repaired).count()
    }
}

/// What is in a directory whose database is missing.
#[derive(Debug, Serialize)]
pub struct Inventory {
    /// The directory.
    pub directory: PathBuf,
    /// How many bodies lie there.
    pub bodies: u64,
    /// Their length together, in bytes.
    pub bytes: u64,
    /// Other database files that lie there, such as the copy from before a migration.
    pub databases: Vec<PathBuf>,
    /// What was moved aside.
    pub quarantine: Vec<Occasion>,
}

impl Inventory {
    /// Looks at `directory`, whose database is missing.
    pub fn of(directory: &Path) -> Result<Self, FsckError> {
        let files = Files::of(directory)?;
        let failed = |error| FsckError::file(format!("looking into {}", directory.display()), error);
        let mut databases = Vec::new();
        for entry in std::fs::read_dir(directory).map_err(failed)? {
            let path = entry.map_err(failed)?.path();
            if path.extension().is_some_and(|ending| ending == "redb") {
                databases.push(path);
            }
        }
        databases.sort();
        Ok(Self {
            directory: directory.to_owned(),
            bodies: files.lengths.len() as u64,
            bytes: files.lengths.values().sum(),
            databases,
            quarantine: Quarantine::of(directory).list().map_err(|error| FsckError::file("the quarantine", error))?,
        })
    }
}
