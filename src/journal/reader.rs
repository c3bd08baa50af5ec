//! Merges the files of all processes in order of time, and follows them.

use std::path::{Path, PathBuf};

use super::tail::Tail;
use super::{JournalError, Record, files};

/// A record and where it stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// The file's name, which stands for the process that wrote it.
    pub file: String,
    /// The record.
    pub record: Record,
}

/// Reads a journal. Holds a bounded part of each file in memory, whatever their size.
///
/// Records come in order of time as far as they are written when they are read; each file's own order is kept. Lines
/// that are no records, such as one torn by a full disk, are passed over and counted.
#[derive(Debug)]
pub struct Reader {
    dir: PathBuf,
    tails: Vec<Tail>,
    unreadable: u64,
    whole: bool,
}

impl Reader {
    /// Reads the journal in `dir`, or the one file that this is, from its beginning. A directory that does not exist yet
    /// is an empty journal.
    ///
    /// # Errors
    /// [`JournalError::Io`] where the directory cannot be read.
    pub fn open(dir: impl Into<PathBuf>) -> Result<Self, JournalError> {
        Self::new(dir.into(), None)
    }

    /// Reads from at most `last` bytes before the end of each file.
    ///
    /// # Errors
    /// As [`open`](Self::open).
    pub fn near_end(dir: impl Into<PathBuf>, last: u64) -> Result<Self, JournalError> {
        Self::new(dir.into(), Some(last))
    }

    fn new(dir: PathBuf, last: Option<u64>) -> Result<Self, JournalError> {
        let mut reader = Self { dir, tails: Vec::new(), unreadable: 0, whole: true };
        reader.add_files(last)?;
        Ok(reader)
    }

    /// Whether reading began at the beginning of every file.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.whole
    }

    /// How many lines were passed over because they are no records.
    #[must_use]
    pub fn unreadable(&self) -> u64 {
        self.unreadable
    }

    /// The next record. `None` once everything was given that was there at the last [`refresh`](Self::refresh); what
    /// was written since comes after another.
    ///
    /// # Errors
    /// [`JournalError::Io`] where a file cannot be read.
    // An iterator would end for good.
    #[allow(clippy::should_implement_trait)]
    pub fn next(&mut self) -> Result<Option<Entry>, JournalError> {
        let mut earliest: Option<(usize, u64)> = None;
        for (index, tail) in self.tails.iter_mut().enumerate() {
            let at = tail.peek()?.map(|record| record.at);
            self.unreadable += tail.take_unreadable();
            if let Some(at) = at
                && earliest.is_none_or(|(_, other)| at < other)
            {
                earliest = Some((index, at));
            }
        }
        let Some((index, _)) = earliest else { return Ok(None) };
        let tail = &mut self.tails[index];
        Ok(tail.pop().map(|record| Entry { file: name(tail.path()), record }))
    }

    /// Looks for what was written since, and for the files of new processes.
    ///
    /// # Errors
    /// [`JournalError::Io`] where the directory cannot be read.
    pub fn refresh(&mut self) -> Result<(), JournalError> {
        self.tails.iter_mut().for_each(Tail::resume);
        self.add_files(None)
    }

    /// Whether the process that wrote `file` is known to have ended, so that nothing more of it will come. The kernel
    /// says so where it has locks; elsewhere this is never known.
    #[must_use]
    pub fn has_ended(&self, file: &str) -> bool {
        files::has_ended(&self.dir, file)
    }

    /// Adds the files that are new, and drops those that were removed and read to their end.
    fn add_files(&mut self, last: Option<u64>) -> Result<(), JournalError> {
        let files = files::list(&self.dir)?;
        self.tails.retain(|tail| !tail.is_drained() || files.iter().any(|path| path == tail.path()));
        for path in files {
            if self.tails.iter().any(|tail| tail.path() == path) {
                continue;
            }
            let tail = Tail::new(&path, last);
            self.whole &= tail.is_whole();
            self.tails.push(tail);
        }
        Ok(())
    }
}

fn name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}
