//! Merges the files of all processes in order of time, and follows them.

use std::path::{Path, PathBuf};

use super::back::Back;
use super::lines::Placed;
use super::tail::Tail;
use super::{JournalError, Record, files};

/// A record and where it stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// The file's name.
    pub file: String,
    /// Where its line begins in the file: [`read_at`](super::read_at) gives it again.
    pub offset: u64,
    /// Bytes of its line.
    pub length: u32,
    /// The record.
    pub record: Record,
}

impl Entry {
    fn of(path: &Path, placed: Placed) -> Self {
        let Placed { offset, length, record } = placed;
        Self { file: name(path), offset, length, record }
    }
}

/// Where reading begins.
#[derive(Debug, Clone, Copy)]
enum From {
    /// At the beginning of each file.
    Beginning,
    /// At most so many bytes before the end of each file.
    Last(u64),
    /// At the end of each file, with what stands before to be read backwards.
    End,
}

/// Reads a journal. Holds a bounded part of each file in memory, whatever their size.
///
/// Records come in order of time as far as they are written when they are read; each file's own order is kept. Lines
/// that are no records, such as one torn by a full disk, are passed over and counted.
#[derive(Debug)]
pub struct Reader {
    dir: PathBuf,
    tails: Vec<Tail>,
    /// What stands before that, where reading began at the end.
    backs: Vec<Back>,
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
        Self::new(dir.into(), From::Beginning)
    }

    /// Reads from at most `last` bytes before the end of each file.
    ///
    /// # Errors
    /// As [`open`](Self::open).
    pub fn near_end(dir: impl Into<PathBuf>, last: u64) -> Result<Self, JournalError> {
        Self::new(dir.into(), From::Last(last))
    }

    /// Reads from the end: [`next`](Self::next) gives what is written from now on, and [`previous`](Self::previous) what is
    /// there already, the latest first.
    ///
    /// # Errors
    /// As [`open`](Self::open).
    pub fn from_end(dir: impl Into<PathBuf>) -> Result<Self, JournalError> {
        Self::new(dir.into(), From::End)
    }

    fn new(dir: PathBuf, from: From) -> Result<Self, JournalError> {
        let mut reader = Self { dir, tails: Vec::new(), backs: Vec::new(), unreadable: 0, whole: true };
        reader.add_files(from)?;
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
        Ok(tail.pop().map(|placed| Entry::of(tail.path(), placed)))
    }

    /// The next record back in time, of what was there when reading began [`from_end`](Self::from_end): merged as far as
    /// each file's own order allows. `None` once all were given.
    ///
    /// # Errors
    /// [`JournalError::Io`] where a file cannot be read.
    pub fn previous(&mut self) -> Result<Option<Entry>, JournalError> {
        let mut latest: Option<(usize, u64)> = None;
        for (index, back) in self.backs.iter_mut().enumerate() {
            let at = back.peek()?.map(|record| record.at);
            self.unreadable += back.take_unreadable();
            if let Some(at) = at
                && latest.is_none_or(|(_, other)| at > other)
            {
                latest = Some((index, at));
            }
        }
        let entry = latest.and_then(|(index, _)| {
            let back = &mut self.backs[index];
            back.pop().map(|placed| Entry::of(back.path(), placed))
        });
        self.backs.retain(|back| !back.is_done());
        Ok(entry)
    }

    /// Looks for what was written since, and for the files of new processes.
    ///
    /// # Errors
    /// [`JournalError::Io`] where the directory cannot be read.
    pub fn refresh(&mut self) -> Result<(), JournalError> {
        self.tails.iter_mut().for_each(Tail::resume);
        self.add_files(From::Beginning)
    }

    /// Whether process `pid`, which wrote in `file`, is known to have ended, so that nothing more of it will come. The
    /// kernel says so where it has locks; elsewhere this is never known.
    #[must_use]
    pub fn has_ended(&self, file: &str, pid: u32) -> bool {
        files::has_ended(&self.dir, file, pid)
    }

    /// Adds the files that are new, and drops those that were removed and read to their end.
    fn add_files(&mut self, from: From) -> Result<(), JournalError> {
        let files = files::list(&self.dir)?;
        self.tails.retain(|tail| !tail.is_drained() || files.iter().any(|path| path == tail.path()));
        for path in files {
            if self.tails.iter().any(|tail| tail.path() == path) {
                continue;
            }
            let tail = match from {
                From::Beginning => Tail::new(&path, None),
                From::Last(bytes) => Tail::new(&path, Some(bytes)),
                From::End => {
                    let tail = Tail::behind(&path)?;
                    self.backs.push(Back::new(&path, tail.offset()));
                    tail
                }
            };
            self.whole &= tail.is_whole();
            self.tails.push(tail);
        }
        Ok(())
    }
}

fn name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}
