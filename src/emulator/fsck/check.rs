//! Holding rows and bodies against each other.

use std::collections::BTreeMap;
use std::fs::File;
use std::path::{Path, PathBuf};

use super::bodies::{self, Files, State};
use super::report::{Counts, Finding, Kind, Orphan, Outcome, Report, Waiting};
use super::{FsckError, Progress};
use crate::emulator::dynamodb::survey as dynamodb;
use crate::emulator::s3::BlobId;
use crate::emulator::s3::agreement;
use crate::emulator::s3::quarantine::{Occasion, Quarantine, Why};
use crate::emulator::s3::survey::{self as s3, Counted, Fault, Holder, Known};
use crate::emulator::snapshot::{self, Listed, Shelf, SnapshotError};
use crate::emulator::store::{Read, Snapshot, Store};

/// A check, and how to put right what it found.
#[derive(Debug)]
pub struct Checked {
    /// What it found.
    pub report: Report,
    /// The steps for each finding, in the report's order; none where nothing helps.
    pub(super) steps: Vec<Vec<Step>>,
}

/// One step of a repair.
#[derive(Debug)]
pub(super) enum Step {
    /// Moves a body aside.
    SetAside(BlobId),
    /// Brings a body back that was moved aside on this occasion.
    Restore(String, BlobId),
    /// Writes a body's row, or deletes it.
    Row(BlobId, Option<Counted>),
    /// Forgets the bytes of a body that ride in the database.
    DropRider(BlobId),
    /// Writes the bytes that ride in the database, which nothing refers to, to a file.
    Unload(BlobId),
    /// Deletes the parts of an upload that is neither open nor an object.
    DropStrays(String),
    /// Puts a table or an index right.
    Fix(dynamodb::Fix),
    /// Stamps database and bodies anew, as belonging together.
    Stamp,
}

/// Reads the whole directory: every row, and every body from beginning to end. Its lock is the caller's, and `store` is
/// its database, which is only read.
pub fn check(directory: &Path, store: &Store, progress: &dyn Progress) -> Result<Checked, FsckError> {
    let snapshot = store.read()?;
    progress.begin("reading rows", 0);
    let rows = s3::Survey::of(&snapshot)?;
    let tables = dynamodb::Survey::of(&snapshot)?;
    let files = Files::of(directory)?;
    let quarantine = Quarantine::of(directory).list().map_err(|error| FsckError::file("the quarantine", error))?;
    let mut check = Check { aside: aside(directory, &quarantine)?, progress, findings: Vec::new() };
    let mut waiting = Waiting { unfinished: files.unfinished, ..Waiting::default() };
    check.bodies(&snapshot, &rows.bodies, &files, &mut waiting)?;
    check.agreement(directory, &snapshot)?;
    for fault in rows.faults {
        check.fault(fault);
    }
    for fault in tables.faults {
        check.table(fault);
    }
    let leftovers = agreement::leftovers(directory, &snapshot)?;
    for (id, length) in &files.lengths {
        if !rows.bodies.contains_key(id) {
            waiting.orphans.push(Orphan { body: id.name(), bytes: *length, leftover: leftovers.contains(id) });
        }
    }
    check.snapshots(directory)?;
    let checked = Counts {
        buckets: rows.buckets,
        versions: rows.versions,
        uploads: rows.uploads,
        bodies: rows.bodies.len() as u64,
        bytes: rows.bodies.values().map(|known| known.size).sum(),
        tables: tables.tables,
        items: tables.items,
    };
    let (findings, steps) = check.findings.into_iter().unzip();
    let report = Report { directory: directory.to_owned(), checked, findings, waiting, quarantine };
    Ok(Checked { report, steps })
}

/// A body that was moved aside: the occasion, and its file.
type Aside = BTreeMap<BlobId, Vec<(String, PathBuf)>>;

fn aside(directory: &Path, occasions: &[Occasion]) -> Result<Aside, FsckError> {
    let mut aside = Aside::new();
    for occasion in occasions {
        let bodies = Quarantine::of(directory).bodies(&occasion.name);
        for (id, _) in bodies.map_err(|error| FsckError::file("the quarantine", error))? {
            aside.entry(id).or_default().push((occasion.name.clone(), occasion.path.join(id.name())));
        }
    }
    Ok(aside)
}

struct Check<'a> {
    aside: Aside,
    progress: &'a dyn Progress,
    findings: Vec<(Finding, Vec<Step>)>,
}

impl Check<'_> {
    fn bodies(
        &mut self,
        read: &impl Read,
        known: &BTreeMap<BlobId, Known>,
        files: &Files,
        waiting: &mut Waiting,
    ) -> Result<(), FsckError> {
        let in_files = |known: &Known| !known.rides && !known.holders.is_empty();
        let wanted: Vec<(BlobId, &Known)> =
            known.iter().filter(|(_, known)| in_files(known)).map(|(id, known)| (*id, known)).collect();
        self.progress.begin("reading bodies", wanted.iter().map(|(_, known)| known.size).sum());
        let mut states = files.judge(&wanted, self.progress)?.into_iter();
        for (id, known) in known {
            if known.holders.is_empty() {
                self.unreferenced(*id, known, files, waiting);
                continue;
            }
            let state = if known.rides {
                waiting.riders += 1;
                s3::rider(read, *id)?.map_or(State::Missing, |bytes| bodies::judge_bytes(&bytes, known))
            } else {
                states.next().unwrap_or(State::Missing)
            };
            self.row(*id, known);
            if state != State::Good {
                self.broken(*id, known, state, files)?;
            }
        }
        Ok(())
    }

    /// Whether each snapshot that is kept can be restored.
    fn snapshots(&mut self, directory: &Path) -> Result<(), FsckError> {
        let failed = |error: SnapshotError| FsckError::file("the snapshots", std::io::Error::other(error));
        let folder = directory.join(snapshot::FOLDER);
        if !folder.is_dir() {
            return Ok(());
        }
        for Listed { name, path, .. } in Shelf::of(Some(directory)).list().map_err(failed)? {
            let opened =
                File::open(&path).map_err(|error| FsckError::file(format!("reading {}", path.display()), error))?;
            if let Err(error) = snapshot::verify(opened) {
                self.add(
                    Kind::DamagedSnapshot,
                    format!("the snapshot {name} cannot be restored: {error}"),
                    None,
                    &[],
                    vec![],
                );
            }
        }
        Ok(())
    }

    /// Whether database and bodies say of themselves that they belong together.
    fn agreement(&mut self, directory: &Path, snapshot: &Snapshot) -> Result<(), FsckError> {
        if let Some(Why { why, .. }) = agreement::disagreement(directory, snapshot)? {
            let what = format!("database and bodies may not belong together: {why}");
            self.add(Kind::Disagreement, what, None, &[], vec![Step::Stamp]);
        }
        Ok(())
    }

    /// A body that nothing is made of.
    fn unreferenced(&mut self, id: BlobId, known: &Known, files: &Files, waiting: &mut Waiting) {
        if known.row.is_some_and(|row| row.references == 0) {
            waiting.to_delete += 1;
            return;
        }
        let mut steps = Vec::new();
        if known.rides {
            steps.push(Step::Unload(id));
        }
        if known.rides || files.lengths.contains_key(&id) {
            steps.push(Step::SetAside(id));
        }
        steps.push(Step::Row(id, None));
        self.add(Kind::Unreferenced, "nothing is made of a body that has a row".to_owned(), Some(id), &[], steps);
    }

    /// Whether the row of a body counts what is made of it.
    fn row(&mut self, id: BlobId, known: &Known) {
        let should_be = known.should_be();
        if known.row == should_be {
            return;
        }
        let (kind, what) = match known.row {
            None => (Kind::MissingRow, "a body has no row of its own".to_owned()),
            Some(row) => {
                let holders = known.holders.len();
                let what = if row.size == known.size {
                    format!("a body counts {} references and has {holders}", row.references)
                } else {
                    format!("the row of a body says {} bytes, and what is made of it {}", row.size, known.size)
                };
                (Kind::WrongCount, what)
            }
        };
        self.add(kind, what, Some(id), &known.holders, vec![Step::Row(id, should_be)]);
    }

    /// A body that is not as it should be: it is looked for elsewhere.
    fn broken(&mut self, id: BlobId, known: &Known, state: State, files: &Files) -> Result<(), FsckError> {
        let mut steps = Vec::new();
        let elsewhere = files.lengths.contains_key(&id);
        if known.rides && elsewhere && self.is_good(&files.path(id), known)? {
            // Moved already, but for the end of it.
            steps.push(Step::DropRider(id));
        } else if let Some(occasion) = self.find_aside(id, known)? {
            if elsewhere {
                steps.push(Step::SetAside(id));
            }
            steps.push(Step::Restore(occasion, id));
            if known.rides {
                steps.push(Step::DropRider(id));
            }
        }
        let (kind, what) = match state {
            State::Length(length) => (Kind::WrongSize, format!("a body has {length} bytes in place of {}", known.size)),
            State::Damaged => (Kind::DamagedBody, format!("a body of {} bytes is damaged", known.size)),
            State::Missing | State::Good => (Kind::MissingBody, format!("a body of {} bytes is missing", known.size)),
        };
        self.add(kind, what, Some(id), &known.holders, steps);
        Ok(())
    }

    /// The occasion on which a good copy of a body was moved aside.
    fn find_aside(&self, id: BlobId, known: &Known) -> Result<Option<String>, FsckError> {
        for (occasion, path) in self.aside.get(&id).into_iter().flatten() {
            if self.is_good(path, known)? {
                return Ok(Some(occasion.clone()));
            }
        }
        Ok(None)
    }

    fn is_good(&self, path: &Path, known: &Known) -> Result<bool, FsckError> {
        Ok(bodies::judge(path, known, self.progress)? == State::Good)
    }

    fn fault(&mut self, fault: Fault) {
        match fault {
            Fault::Damaged { table, key } => {
                self.add(Kind::DamagedRow, format!("a row of {table} cannot be read (key {key})"), None, &[], vec![]);
            }
            Fault::NoBucket(holder) => {
                self.add(Kind::MissingBucket, "an object's bucket is gone".to_owned(), None, &[holder], vec![]);
            }
            Fault::Parts { holder, wanted, found } => {
                let what = format!(
                    "an object of {} parts and {} bytes has {} parts and {} bytes",
                    wanted.0, wanted.1, found.0, found.1
                );
                self.add(Kind::MissingParts, what, None, &[holder], vec![]);
            }
            Fault::Strays { upload, parts, certain: true } => {
                let what = format!("{parts} parts of upload {upload}, which is neither open nor an object");
                self.add(Kind::StrayParts, what, None, &[], vec![Step::DropStrays(upload)]);
            }
            Fault::Strays { upload, parts, certain: false } => {
                let what = format!(
                    "{parts} parts of upload {upload} stay: they may belong to an object or upload whose row cannot be read"
                );
                self.add(Kind::StrayParts, what, None, &[], vec![]);
            }
        }
    }

    fn table(&mut self, fault: dynamodb::Fault) {
        match fault {
            dynamodb::Fault::Damaged { what } => {
                self.add(Kind::DamagedRow, format!("{what}: cannot be read"), None, &[], vec![]);
            }
            dynamodb::Fault::Stats { of, fix } => {
                self.add(Kind::WrongStats, format!("{of} counts its items wrongly"), None, &[], vec![Step::Fix(fix)]);
            }
            dynamodb::Fault::Entries { of, missing, surplus, fix } => {
                let what = format!("{of} lacks or has otherwise {missing} entries, and has {surplus} too many");
                self.add(Kind::WrongIndex, what, None, &[], vec![Step::Fix(fix)]);
            }
        }
    }

    fn add(&mut self, kind: Kind, what: String, id: Option<BlobId>, objects: &[Holder], steps: Vec<Step>) {
        let outcome = if steps.is_empty() { Outcome::Lost } else { Outcome::Repairable };
        let body = id.map(BlobId::name);
        self.findings.push((Finding { kind, what, body, objects: objects.to_vec(), outcome }, steps));
    }
}
