//! Appends lines to the file that the process has taken.

use std::fs::File;
use std::io::Write;
use std::path::PathBuf;

use super::{About, JournalError, files};

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

/// Appends one process's lines, each of them whole whatever kills the process.
///
/// The process has its file for itself as long as it lives; it takes one with its first line, one that an ended process
/// left where there is room in it. Nothing is synced: what was written survives the process, and a power cut may take the
/// last seconds.
#[derive(Debug)]
pub(super) struct Writer {
    dir: PathBuf,
    limits: Limits,
    pid: u32,
    open: Option<(File, PathBuf)>,
    /// The files that it has had. It makes all but the first: by their names others know that it lives.
    files: u32,
}

/// Lines that were not all written.
#[derive(Debug)]
pub(super) struct Unwritten {
    /// How many were.
    pub(super) written: usize,
    /// Why no more.
    pub(super) error: JournalError,
}

impl Writer {
    /// A writer to `dir`, which is created when needed.
    pub(super) fn new(dir: PathBuf, limits: Limits, pid: u32) -> Self {
        Self { dir, limits, pid, open: None, files: 0 }
    }

    /// Appends the lines that `bytes` are, which end at `ends`; at `now`, in milliseconds. `note` makes a line of what has
    /// to be said of the journal itself.
    pub(super) fn write(
        &mut self,
        bytes: &[u8],
        ends: &[usize],
        now: u64,
        note: impl Fn(About) -> Vec<u8>,
    ) -> Result<(), Unwritten> {
        let mut written = 0;
        while written < ends.len() {
            let begin = written.checked_sub(1).map_or(0, |last| ends[last]);
            let first = (ends[written] - begin) as u64;
            match self.append(&bytes[begin..], &ends[written..], begin, first, now, &note) {
                Ok(lines) => written += lines,
                Err(Unwritten { written: lines, error }) => return Err(Unwritten { written: written + lines, error }),
            }
        }
        Ok(())
    }

    /// Lets go of its file: another process may have it.
    pub(super) fn let_go(&mut self) {
        self.open = None;
    }

    /// Appends as many lines of `bytes`, which begin at `begin` of all, as fit into one file, and at least the first.
    fn append(
        &mut self,
        bytes: &[u8],
        ends: &[usize],
        begin: usize,
        first: u64,
        now: u64,
        note: &impl Fn(About) -> Vec<u8>,
    ) -> Result<usize, Unwritten> {
        let unwritten = |error| Unwritten { written: 0, error };
        let taken = match self.open.take() {
            Some((file, path)) => self.room(&file, &path, first).map_err(unwritten)?.map(|length| (file, path, length)),
            None => None,
        };
        let (mut file, path, length) = match taken {
            Some(taken) => taken,
            None => self.next(first, now, note).map_err(unwritten)?,
        };
        let room = self.limits.file_bytes.saturating_sub(length);
        let fit = ends.iter().take_while(|end| (**end - begin) as u64 <= room).count().max(1);
        let outcome = file.write_all(&bytes[..ends[fit - 1] - begin]);
        let Err(error) = outcome else {
            self.open = Some((file, path));
            return Ok(fit);
        };
        // Readers may have seen the lines that are whole. The torn one is taken back; a file where that fails is not
        // written to again.
        let reached = file.metadata().map_or(length, |metadata| metadata.len()).saturating_sub(length);
        let written = ends.iter().take_while(|end| (**end - begin) as u64 <= reached).count();
        let whole = written.checked_sub(1).map_or(0, |last| (ends[last] - begin) as u64);
        if file.set_len(length + whole).is_ok() {
            self.open = Some((file, path.clone()));
        }
        Err(Unwritten { written, error: JournalError::io("write", &path)(error) })
    }

    /// The file's length, where it still exists and `line` more bytes are within its limit.
    fn room(&self, file: &File, path: &std::path::Path, line: u64) -> Result<Option<u64>, JournalError> {
        let metadata = file.metadata().map_err(JournalError::io("inspect", path))?;
        let fits = metadata.len().saturating_add(line) <= self.limits.file_bytes;
        Ok((fits && !files::is_removed(&metadata)).then_some(metadata.len()))
    }

    /// Takes a file with room for `line` more bytes.
    fn next(
        &mut self,
        line: u64,
        now: u64,
        note: &impl Fn(About) -> Vec<u8>,
    ) -> Result<(File, PathBuf, u64), JournalError> {
        if self.files == 0
            && let Some(left) = files::take_over(&self.dir, self.limits.file_bytes.saturating_sub(line))?
        {
            self.files = 1;
            return Ok(left);
        }
        // Before the new file, so that there is room for it.
        let removed =
            files::prune(&self.dir, self.limits.file_bytes.saturating_mul(self.limits.files.saturating_sub(1)))?;
        let (mut file, path) = files::create(&self.dir, now, self.pid, self.files)?;
        self.files += 1;
        let mut length = 0;
        if let Some(about) = removed {
            let line = note(about);
            file.write_all(&line).map_err(JournalError::io("write", &path))?;
            length = line.len() as u64;
        }
        Ok((file, path, length))
    }
}
