//! A file that is being read.

use std::ffi::OsStr;
use std::fs::File;
use std::io::{self, Read};
use std::time::SystemTime;

use super::beneath::{self, Directory};
use super::refused;
use crate::mcp::error::ToolError;
use crate::mcp::quoted::named;

/// A file that is being read, as it was when it was opened.
#[derive(Debug)]
pub(crate) struct OpenFile {
    file: File,
    path: String,
    state: State,
    read: u64,
}

/// By what a file is seen to have changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct State {
    size: u64,
    modified: Option<SystemTime>,
}

impl State {
    fn of(file: &File) -> io::Result<Self> {
        let metadata = file.metadata()?;
        Ok(Self { size: metadata.len(), modified: metadata.modified().ok() })
    }
}

impl OpenFile {
    /// Opens the file of this name, shown as `path`.
    pub(super) fn of(directory: &Directory, name: &OsStr, path: &str) -> Result<Self, ToolError> {
        let no_file = || ToolError::new("file_not_allowed", format!("{} is no regular file", named(path)));
        let file = directory.file(name);
        let file = file.map_err(|error| if beneath::is_no_content(&error) { no_file() } else { refused(path, &error) });
        let file = file?;
        // What was opened is looked at, not what bears the name by now.
        if !file.metadata().map_err(|error| refused(path, &error))?.is_file() {
            return Err(no_file());
        }
        let state = State::of(&file).map_err(|error| refused(path, &error))?;
        Ok(Self { file, path: path.to_owned(), state, read: 0 })
    }

    /// Its size when it was opened, in bytes.
    pub(crate) fn size(&self) -> u64 {
        self.state.size
    }

    /// What it is told apart by from the same file after somebody wrote to it.
    pub(crate) fn stamp(&self) -> String {
        format!("{:?}", self.state)
    }

    /// The next bytes, at most `most` of them; none at the end. Waits for the disk.
    ///
    /// What was read to the end is the file as it was opened, whole: if it became shorter or longer or was written to
    /// meanwhile, that is the error `file_changed`.
    pub(crate) fn next(&mut self, most: u64) -> Result<Vec<u8>, ToolError> {
        let failed = |error: io::Error| refused(&self.path, &error);
        let wanted = most.min(self.state.size - self.read);
        let mut bytes = Vec::with_capacity(usize::try_from(wanted).unwrap_or_default());
        (&self.file).take(wanted).read_to_end(&mut bytes).map_err(failed)?;
        let now = State::of(&self.file).map_err(failed)?;
        let count = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        if now != self.state || count != wanted {
            return Err(changed(&self.path, self.state.size, now.size));
        }
        self.read += count;
        Ok(bytes)
    }
}

/// As [`OpenFile::next`]; a [`ToolError`] stands in the error.
impl Read for OpenFile {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let most = u64::try_from(buffer.len()).unwrap_or(u64::MAX);
        let bytes = self.next(most).map_err(io::Error::other)?;
        buffer[..bytes.len()].copy_from_slice(&bytes);
        Ok(bytes.len())
    }
}

fn changed(path: &str, before: u64, now: u64) -> ToolError {
    let how = if before == now { format!("{now} bytes") } else { format!("{before} bytes, then {now}") };
    let mut error = ToolError::new("file_changed", format!("{} changed while it was read ({how})", named(path)));
    error.retryable = true;
    error.hint("call again once nothing writes to it.")
}
