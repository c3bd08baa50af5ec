//! One journal, read from its end to its beginning while what happens is followed.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};

use footbridge_tui::History;
use footbridge_tui::row::{Names, Row};

use super::halves::{Halves, Missing};
use super::places::Places;
use crate::journal::{JournalError, Reader};

/// Records of what happens that one look takes at most.
const NEWS: usize = 2000;
/// Records of history that the first look takes, which is to be there at once, and each after it.
const FIRST: usize = 300;
const BLOCK: usize = 1500;

/// One journal.
#[derive(Debug)]
pub(super) struct Feed {
    /// The journal's directory.
    pub(super) journal: PathBuf,
    reader: Reader,
    halves: Halves,
    /// How much of what was there at first is read.
    pub(super) history: History,
    is_first: bool,
}

impl Feed {
    /// Follows the journal in `journal`, that of `store`.
    pub(super) fn open(journal: &Path, store: String, places: Places) -> Result<Self, JournalError> {
        let reader = Reader::from_end(journal)?;
        // Known after the reader has its ends, so that what is added up does not exceed it by much.
        let history = History { read: 0, total: bytes(journal) };
        let mut halves = Halves::new(journal.to_owned(), store, places);
        if history.total == 0 {
            halves.is_whole();
        }
        Ok(Self { journal: journal.to_owned(), reader, halves, history, is_first: true })
    }

    /// Adds the rows of what has happened since, and of a part of history; whether there is more. `due` says that it is
    /// time to look whether processes have ended.
    pub(super) fn read(&mut self, due: bool, rows: &mut Vec<Row>, names: &mut Names) -> Result<bool, JournalError> {
        // Before reading: what a process wrote last may be its call's end.
        let lost = if due { self.halves.lost(|file, pid| self.reader.has_ended(file, pid)) } else { Vec::new() };
        self.reader.refresh()?;
        // A call that begins and ends within a look is one row.
        let (mut more, mut fresh) = (true, HashMap::new());
        for _ in 0..NEWS {
            let Some(entry) = self.reader.next()? else {
                more = false;
                break;
            };
            let Some(row) = self.halves.take(entry, names) else { continue };
            if let Some(at) = fresh.get(&row.id) {
                rows[*at] = row;
            } else {
                fresh.insert(row.id, rows.len());
                rows.push(row);
            }
        }
        if !more {
            rows.extend(lost.into_iter().filter_map(|id| self.halves.give_up(id, names)));
        }
        if self.history.read < self.history.total {
            more = true;
            self.read_back(rows, names)?;
        }
        Ok(more)
    }

    fn read_back(&mut self, rows: &mut Vec<Row>, names: &mut Names) -> Result<(), JournalError> {
        let block = if std::mem::take(&mut self.is_first) { FIRST } else { BLOCK };
        // One at a time: a record in memory takes many times its line.
        for _ in 0..block {
            let Some(entry) = self.reader.previous()? else {
                self.history.read = self.history.total;
                self.halves.is_whole();
                return Ok(());
            };
            // Each line has an end. Lines that are no records are passed over and not counted one by one.
            let read = self.history.read + u64::from(entry.length) + 1;
            self.history.read = read.min(self.history.total - 1);
            rows.extend(self.halves.take(entry, names));
        }
        Ok(())
    }

    /// What the journal says that it has no records of, as far as it is read.
    pub(super) fn missing(&self) -> Missing {
        self.halves.missing
    }

    /// How many lines were passed over because they are no records.
    pub(super) fn unreadable(&self) -> u64 {
        self.reader.unreadable()
    }
}

/// Bytes of the journal in `dir`.
fn bytes(dir: &Path) -> u64 {
    let entries = fs::read_dir(dir).into_iter().flatten().flatten();
    let files = entries.filter(|entry| entry.path().extension().is_some_and(|extension| extension == "ndjson"));
    files.filter_map(|entry| Some(entry.metadata().ok()?.len())).sum()
}
