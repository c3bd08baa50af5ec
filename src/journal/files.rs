//! The journal's directory: its files, each written by one process at a time, named so that names sort by time of making;
//! those written to longest ago are dropped.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use super::back::Back;
use super::{About, JournalError, lines};
use crate::private;

const SUFFIX: &str = ".ndjson";

/// Creates the file of this `number` for `pid` that begins at `at` milliseconds, readable by its owner alone and held until
/// it is closed.
pub(super) fn create(dir: &Path, at: u64, pid: u32, number: u32) -> Result<(File, PathBuf), JournalError> {
    private::directory(dir).map_err(JournalError::io("create", dir))?;
    let (mut number, most) = (number, number.saturating_add(10_000));
    loop {
        let path = dir.join(format!("{at:013}-{pid}-{number}{SUFFIX}"));
        match appending().create_new(true).open(&path) {
            Ok(file) => {
                private::file(&path).map_err(JournalError::io("create", &path))?;
                // Where others took it over already, they have it.
                if hold(&file) != Hold::Others {
                    return Ok((file, path));
                }
                number += 1;
            }
            // Two recorders of one process, or a clock that went back.
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists && number < most => number += 1,
            Err(error) => return Err(JournalError::io("create", &path)(error)),
        }
    }
}

/// The journal's files, oldest first; none where the directory does not exist. One file is a journal too. Links, FIFOs and
/// whatever else has a file's name in the directory are not its files.
pub(super) fn list(dir: &Path) -> Result<Vec<PathBuf>, JournalError> {
    match fs::metadata(dir) {
        Ok(metadata) if metadata.is_file() => return Ok(vec![dir.to_owned()]),
        Ok(metadata) if !metadata.is_dir() => return Err(JournalError::io("read", dir)(lines::no_file())),
        _ => {}
    }
    let entries = match fs::read_dir(dir) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(JournalError::io("list", dir)(error)),
    };
    let mut files = Vec::new();
    for entry in entries {
        let entry = entry.map_err(JournalError::io("list", dir))?;
        let is_named = entry.file_name().to_str().is_some_and(|name| name.ends_with(SUFFIX));
        if is_named && fs::symlink_metadata(entry.path()).is_ok_and(|metadata| metadata.is_file()) {
            files.push(entry.path());
        }
    }
    files.sort_by_cached_key(|path| age(path));
    Ok(files)
}

/// What files are sorted by: when they were made, and their number where that was in one millisecond.
fn age(path: &Path) -> (u64, u64, PathBuf) {
    let name = path.file_stem().and_then(|name| name.to_str()).unwrap_or_default();
    let mut parts = name.split('-').map(|part| part.parse().unwrap_or_default());
    (parts.next().unwrap_or_default(), parts.nth(1).unwrap_or_default(), path.to_owned())
}

/// A file that an ended process left, with at most `most` bytes in it, held from now on: its path and its length. The
/// newest one, so that old files become no longer.
pub(super) fn take_over(dir: &Path, most: u64) -> Result<Option<(File, PathBuf, u64)>, JournalError> {
    for path in list(dir)?.into_iter().rev().filter(|path| is_ours(path)) {
        // Whatever is wrong with it, there are others.
        if private::file(&path).is_err() {
            continue;
        }
        let Ok(file) = appending().open(&path) else { continue };
        if hold(&file) == Hold::Taken
            && let Ok(metadata) = file.metadata()
            && metadata.len() <= most
            && !is_removed(&metadata)
            && ends_a_line(&path, metadata.len())
        {
            return Ok(Some((file, path, metadata.len())));
        }
    }
    Ok(None)
}

/// Whether it is named as [`create`] names files.
fn is_ours(path: &Path) -> bool {
    let name = path.file_name().and_then(|name| name.to_str()).and_then(|name| name.strip_suffix(SUFFIX));
    let is_number = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    name.is_some_and(|name| name.split('-').count() == 3 && name.split('-').all(is_number))
}

/// Whether the file ends with a whole line. A torn one is left as it is.
fn ends_a_line(path: &Path, length: u64) -> bool {
    length == 0 || lines::part(path, length - 1, length).is_ok_and(|last| last.as_deref() == Some(b"\n"))
}

/// Removes the files that were written to longest ago until those that remain are at most `bytes` large, passing over
/// those that a living process writes; and says what went.
pub(super) fn prune(dir: &Path, bytes: u64) -> Result<Option<About>, JournalError> {
    let mut files: Vec<(SystemTime, u64, PathBuf)> = list(dir)?
        .into_iter()
        .filter_map(|path| {
            let metadata = fs::metadata(&path).ok()?;
            Some((metadata.modified().unwrap_or(SystemTime::UNIX_EPOCH), metadata.len(), path))
        })
        .collect();
    // Of those that were written to at one time, the first ones made come first.
    files.sort_by_key(|(written, ..)| *written);
    let mut total: u64 = files.iter().map(|(_, length, _)| length).sum();
    let (mut count, mut gone, mut from, mut to) = (0, 0, None, None);
    for (_, length, path) in files {
        if total <= bytes {
            break;
        }
        if is_held(&path) {
            continue;
        }
        let span = span(&path);
        if fs::remove_file(&path).is_ok() {
            total -= length;
            count += 1;
            gone += length;
            from = from.into_iter().chain(span.map(|(first, _)| first)).min();
            to = to.into_iter().chain(span.map(|(_, last)| last)).max();
        }
    }
    Ok((count > 0).then_some(About::FilesRemoved { files: count, bytes: gone, from, to }))
}

/// When the first and the last record of a file were made, where it has any at its ends.
fn span(path: &Path) -> Option<(u64, u64)> {
    let first = lines::read_line(path, 0).ok()??;
    let last = Back::from_end(path).ok()?.peek().ok()??.at;
    Some((first.at, last))
}

/// Whether process `pid`, which wrote in `file`, is known to have ended: it holds neither that file nor a later one.
#[cfg(unix)]
pub(super) fn has_ended(dir: &Path, file: &str, pid: u32) -> bool {
    let writes = |path: &Path| is_held(path) && last_writer(path).is_none_or(|last| last == pid);
    // A process goes on in a file that it makes, before it lets go of the one before.
    if writes(&dir.join(file)) {
        return false;
    }
    let made = age(&dir.join(file));
    let is_later = |path: &PathBuf| {
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        age(path) > made && name.split('-').nth(1).is_some_and(|maker| maker == pid.to_string())
    };
    list(dir).is_ok_and(|files| !files.iter().filter(|path| is_later(path)).any(|path| writes(path)))
}

/// The process that wrote last in a file, where that can be seen near its end.
#[cfg(unix)]
fn last_writer(path: &Path) -> Option<u32> {
    let mut back = Back::from_end(path).ok()?;
    for _ in 0..1000 {
        back.peek().ok()??;
        match back.pop()?.record.event {
            super::Event::Started(started) => return Some(started.pid),
            super::Event::Note(note) => return Some(note.pid),
            super::Event::Finished(_) => {}
        }
    }
    None
}

#[cfg(not(unix))]
pub(super) fn has_ended(_: &Path, _: &str, _: u32) -> bool {
    false
}

/// What came of trying to hold a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(not(unix), expect(dead_code, reason = "there, whoever could open a file has it"))]
enum Hold {
    /// It is this process's until it is closed.
    Taken,
    /// It is another's.
    Others,
    /// The file system cannot say.
    Unknown,
}

#[cfg(not(windows))]
fn appending() -> OpenOptions {
    let mut options = private::options();
    options.append(true);
    lines::at_once(&mut options, true);
    options
}

/// The kernel lets go of the lock when the process ends, however it ends. Where the file system has no locks, nobody
/// can take one either, and nothing is pruned or taken over.
#[cfg(unix)]
fn hold(file: &File) -> Hold {
    // Whoever looks whether a file is held holds it for a moment.
    const TRIES: u32 = 20;
    for _ in 0..TRIES {
        match file.try_lock() {
            Ok(()) => return Hold::Taken,
            Err(fs::TryLockError::WouldBlock) => std::thread::sleep(std::time::Duration::from_micros(200)),
            Err(fs::TryLockError::Error(error)) => {
                tracing::debug!(%error, "the journal file cannot be locked");
                return Hold::Unknown;
            }
        }
    }
    Hold::Others
}

#[cfg(unix)]
fn is_held(path: &Path) -> bool {
    lines::open(path).is_ok_and(|file| file.try_lock().is_err())
}

/// Whether somebody removed the file under its writer.
#[cfg(unix)]
pub(super) fn is_removed(metadata: &fs::Metadata) -> bool {
    use std::os::unix::fs::MetadataExt;
    metadata.nlink() == 0
}

/// Locks are mandatory on Windows and would keep readers out. A file that is open without sharing writes and deletion
/// there cannot be taken over or removed by others, which is all that holding it is for.
#[cfg(windows)]
fn appending() -> OpenOptions {
    use std::os::windows::fs::OpenOptionsExt;
    const READ: u32 = 1;
    let mut options = private::options();
    options.append(true).share_mode(READ);
    options
}

#[cfg(not(unix))]
fn hold(_: &File) -> Hold {
    Hold::Taken
}

#[cfg(not(unix))]
fn is_held(_: &Path) -> bool {
    false
}

#[cfg(not(unix))]
pub(super) fn is_removed(_: &fs::Metadata) -> bool {
    false
}
