//! The journal's directory: one file per process, named so that names sort by time, the oldest dropped.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};

use super::JournalError;
use crate::private;

const SUFFIX: &str = ".ndjson";

/// Files that are kept however small they are: a short command writes one too.
const MOST_FILES: usize = 256;

/// Creates a file for `pid` that begins at `at` milliseconds, readable by its owner alone and held until it is closed.
pub(super) fn create(dir: &Path, at: u64, pid: u32) -> Result<(File, PathBuf), JournalError> {
    private::directory(dir).map_err(JournalError::io("create", dir))?;
    let mut number = 0_u32;
    loop {
        let path = dir.join(format!("{at:013}-{pid}-{number}{SUFFIX}"));
        match options().open(&path) {
            Ok(file) => {
                private::file(&path).map_err(JournalError::io("create", &path))?;
                hold(&file);
                return Ok((file, path));
            }
            // Two files of one process in one millisecond, or a clock that went back.
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists && number < 10_000 => number += 1,
            Err(error) => return Err(JournalError::io("create", &path)(error)),
        }
    }
}

/// The journal's files, oldest first; none where the directory does not exist. One file is a journal too.
pub(super) fn list(dir: &Path) -> Result<Vec<PathBuf>, JournalError> {
    if dir.is_file() {
        return Ok(vec![dir.to_owned()]);
    }
    let entries = match fs::read_dir(dir) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(JournalError::io("list", dir)(error)),
    };
    let mut files = Vec::new();
    for entry in entries {
        let entry = entry.map_err(JournalError::io("list", dir))?;
        if entry.file_name().to_str().is_some_and(|name| name.ends_with(SUFFIX)) {
            files.push(entry.path());
        }
    }
    files.sort_unstable();
    Ok(files)
}

/// Removes the oldest files until those that remain are at most `bytes` large and [`MOST_FILES`], passing over those
/// that a living process writes.
pub(super) fn prune(dir: &Path, bytes: u64) -> Result<(), JournalError> {
    let length = |path: &PathBuf| fs::metadata(path).map_or(0, |metadata| metadata.len());
    let files: Vec<(u64, PathBuf)> = list(dir)?.into_iter().map(|path| (length(&path), path)).collect();
    let mut count = files.len();
    let mut total: u64 = files.iter().map(|(length, _)| length).sum();
    for (length, path) in files {
        if count <= MOST_FILES && total <= bytes {
            break;
        }
        if !is_held(&path) && fs::remove_file(&path).is_ok() {
            count -= 1;
            total = total.saturating_sub(length);
        }
    }
    Ok(())
}

/// Whether the process that wrote `file` is known to have ended: it holds neither that file nor a later one.
#[cfg(unix)]
pub(super) fn has_ended(dir: &Path, file: &str) -> bool {
    let process = |name: &str| name.split('-').nth(1).map(str::to_owned);
    let Some(pid) = process(file) else { return false };
    let later = |path: &PathBuf| {
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        name >= file && process(name).as_ref() == Some(&pid)
    };
    list(dir).is_ok_and(|files| !files.iter().filter(|path| later(path)).any(|path| is_held(path)))
}

#[cfg(not(unix))]
pub(super) fn has_ended(_: &Path, _: &str) -> bool {
    false
}

#[cfg(not(windows))]
fn options() -> OpenOptions {
    let mut options = private::options();
    options.append(true).create_new(true);
    options
}

/// The kernel lets go of the lock when the process ends, however it ends. Where the file system has no locks, nobody
/// can take one either, and nothing is pruned.
#[cfg(unix)]
fn hold(file: &File) {
    if let Err(error) = file.try_lock() {
        tracing::debug!(%error, "the journal file is not locked");
    }
}

#[cfg(unix)]
fn is_held(path: &Path) -> bool {
    File::open(path).is_ok_and(|file| file.try_lock().is_err())
}

/// Whether somebody removed the file under its writer.
#[cfg(unix)]
pub(super) fn is_removed(metadata: &fs::Metadata) -> bool {
    use std::os::unix::fs::MetadataExt;
    metadata.nlink() == 0
}

/// Locks are mandatory on Windows and would keep readers out. An open file that does not share deletion cannot be
/// removed there, which is all that holding it is for.
#[cfg(windows)]
fn options() -> OpenOptions {
    use std::os::windows::fs::OpenOptionsExt;
    const READ_AND_WRITE: u32 = 3;
    let mut options = private::options();
    options.append(true).create_new(true).share_mode(READ_AND_WRITE);
    options
}

#[cfg(not(unix))]
fn hold(_: &File) {}

#[cfg(not(unix))]
fn is_held(_: &Path) -> bool {
    false
}

#[cfg(not(unix))]
pub(super) fn is_removed(_: &fs::Metadata) -> bool {
    false
}
