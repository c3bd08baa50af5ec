//! Appends records to the process's own file.

use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use super::{JournalError, Record, files};

/// How much the journal may hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes after which a process begins a new file.
    pub file_bytes: u64,
    /// How many files of that size the directory may hold, of all processes. The oldest go first; those in use stay.
    pub files: u64,
    /// Bytes of each body that are recorded on the local backend; with none, bodies are recorded by their shape.
    pub body_bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { file_bytes: 64 << 20, files: 8, body_bytes: 8 << 10 }
    }
}

/// Appends one process's records, each line in one write, so that lines are whole whatever kills the process.
///
/// The file is created with the first record. It is not synced: what the process wrote survives the process, and a
/// power cut may take the last seconds.
#[derive(Debug)]
pub struct Writer {
    dir: PathBuf,
    limits: Limits,
    pid: u32,
    open: Mutex<Option<(File, PathBuf)>>,
    /// Why the last record was not written.
    failure: Mutex<Option<String>>,
}

impl Writer {
    /// A writer to `dir`, which is created when needed.
    #[must_use]
    pub fn new(dir: impl Into<PathBuf>, limits: Limits) -> Self {
        Self { dir: dir.into(), limits, pid: std::process::id(), open: Mutex::new(None), failure: Mutex::new(None) }
    }

    /// The journal's directory.
    #[must_use]
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// How much it may hold.
    #[must_use]
    pub fn limits(&self) -> Limits {
        self.limits
    }

    /// The process that writes.
    #[must_use]
    pub fn pid(&self) -> u32 {
        self.pid
    }

    /// Appends `record`.
    ///
    /// # Errors
    /// [`JournalError`] where the line is not wholly written; a part of it is taken back.
    pub fn record(&self, record: &Record) -> Result<(), JournalError> {
        let outcome = self.append(record);
        *self.failure.lock().unwrap_or_else(PoisonError::into_inner) = outcome.as_ref().err().map(ToString::to_string);
        outcome
    }

    /// Why the last record was not written; `None` once one was.
    #[must_use]
    pub fn failure(&self) -> Option<String> {
        self.failure.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn append(&self, record: &Record) -> Result<(), JournalError> {
        let mut line = serde_json::to_vec(record)?;
        line.push(b'\n');
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let (mut file, path, length) = match open.take() {
            Some((file, path)) => match self.room(&file, &path, line.len())? {
                Some(length) => (file, path, length),
                None => self.next(record.at)?,
            },
            None => self.next(record.at)?,
        };
        if let Err(error) = file.write_all(&line) {
            // A file whose torn line cannot be taken back is not written to again.
            if file.set_len(length).is_ok() {
                *open = Some((file, path.clone()));
            }
            return Err(JournalError::io("write", &path)(error));
        }
        *open = Some((file, path));
        Ok(())
    }

    /// The file's length, where it still exists and `line` more bytes are within its limit.
    fn room(&self, file: &File, path: &Path, line: usize) -> Result<Option<u64>, JournalError> {
        let metadata = file.metadata().map_err(JournalError::io("inspect", path))?;
        let fits = metadata.len().saturating_add(line as u64) <= self.limits.file_bytes;
        Ok((fits && !files::is_removed(&metadata)).then_some(metadata.len()))
    }

    fn next(&self, at: u64) -> Result<(File, PathBuf, u64), JournalError> {
        // Before the new file, so that there is room for it.
        files::prune(&self.dir, self.limits.file_bytes.saturating_mul(self.limits.files.saturating_sub(1)))?;
        let (file, path) = files::create(&self.dir, at, self.pid)?;
        Ok((file, path, 0))
    }
}
