//! A file that is being read.

use std::ffi::OsStr;
use std::fs::{File, Metadata};
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
    which: String,
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
        Ok(Self::from(&file.metadata()?))
    }
}

impl From<&Metadata> for State {
    fn from(metadata: &Metadata) -> Self {
        Self { size: metadata.len(), modified: metadata.modified().ok() }
    }
}

/// Which file it is, and when anything about it was last changed: its size and when it was written to can be set back by
/// whoever writes, this cannot. What is read on need not keep it, since a file may lose its name meanwhile.
#[cfg(unix)]
fn which(metadata: &Metadata) -> String {
    use std::os::unix::fs::MetadataExt;
    let [device, inode] = [metadata.dev(), metadata.ino()];
    format!("{device} {inode} {} {}", metadata.ctime(), metadata.ctime_nsec())
}

#[cfg(not(unix))]
fn which(metadata: &Metadata) -> String {
    format!("{:?}", metadata.created().ok())
}

impl OpenFile {
    /// Opens the file of this name, shown as `path`.
    pub(super) fn of(directory: &Directory, name: &OsStr, path: &str) -> Result<Self, ToolError> {
        let no_file = || ToolError::new("file_not_allowed", format!("{} is no regular file", named(path)));
        let file = directory.file(name);
        let file = file.map_err(|error| if beneath::is_no_content(&error) { no_file() } else { refused(path, &error) });
        let file = file?;
        // What was opened is looked at, not what bears the name by now.
        let metadata = file.metadata().map_err(|error| refused(path, &error))?;
        if !metadata.is_file() {
            return Err(no_file());
        }
        let state = State::from(&metadata);
        Ok(Self { file, path: path.to_owned(), state, which: which(&metadata), read: 0 })
    }

    /// Its size when it was opened, in bytes.
    pub(crate) fn size(&self) -> u64 {
        self.state.size
    }

    /// What it is told apart by from another file in its place, and from itself after somebody wrote to it.
    pub(crate) fn stamp(&self) -> String {
        format!("{:?} {}", self.state, self.which)
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
