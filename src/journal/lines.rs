//! Lines of a journal file, and the one that stands at a place.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use footbridge_record::time::rfc3339;

use super::{Call, Event, JournalError, Record, VERSION};

/// Bytes read at once.
pub(super) const CHUNK: usize = 64 << 10;

/// Longer lines are not ours and are passed over.
pub(super) const LONGEST_LINE: usize = 4 << 20;

/// A record, and where its line stands in its file.
#[derive(Debug)]
pub(super) struct Placed {
    pub(super) offset: u64,
    pub(super) length: u32,
    pub(super) record: Record,
}

/// Takes the records of whole `lines`, which begin at `offset` of their file, and gives the number of lines that are no
/// records.
pub(super) fn take(lines: &[u8], mut offset: u64, mut record: impl FnMut(Placed)) -> u64 {
    let mut unreadable = 0;
    for line in lines.split(|byte| *byte == b'\n') {
        let length = u32::try_from(line.len()).unwrap_or(u32::MAX);
        let mut take = |read| record(Placed { offset, length, record: read });
        match serde_json::from_slice(line) {
            _ if line.is_empty() => {}
            Ok(read) => take(read),
            Err(_) => match serde_json::from_slice(line) {
                Ok(call) => halves(call).into_iter().flatten().for_each(take),
                Err(_) => unreadable += 1,
            },
        }
        offset += line.len() as u64 + 1;
    }
    unreadable
}

/// The records of a call as `footbridge journal tail --json` prints it, both on one line.
fn halves(call: Call) -> [Option<Record>; 2] {
    let Call { id, at, time, started, finished, .. } = call;
    let record = |at, time, event| Record { v: VERSION, id, at, time, event };
    let end = finished.map(|finished| {
        // How long it took is all that is known of when it ended. A double has no more than 53 bits of it.
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        let ended = at.saturating_add(finished.ms.max(0.0) as u64);
        record(ended, Some(rfc3339(ended)), Event::Finished(finished))
    });
    [Some(record(at, time, Event::Started(started))), end]
}

/// Opens a file to read it. What only looks like one, such as a FIFO that nobody writes to, is an error and not waited for.
pub(super) fn open(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true);
    at_once(&mut options, false);
    let file = options.open(path)?;
    if file.metadata()?.is_file() { Ok(file) } else { Err(no_file()) }
}

/// What is said of what is no regular file.
pub(super) fn no_file() -> io::Error {
    io::Error::new(io::ErrorKind::InvalidInput, "it is neither a regular file nor a directory")
}

/// Opening waits for nobody; and where that is said, does not follow a link.
#[cfg(unix)]
pub(super) fn at_once(options: &mut OpenOptions, itself: bool) {
    use std::os::unix::fs::OpenOptionsExt;

    use rustix::fs::OFlags;
    let flags = OFlags::NONBLOCK | OFlags::NOCTTY | if itself { OFlags::NOFOLLOW } else { OFlags::empty() };
    options.custom_flags(flags.bits().cast_signed());
}

#[cfg(not(unix))]
pub(super) fn at_once(_: &mut OpenOptions, _: bool) {}

/// The part of `path` from `from` to before `to`; `None` where the file is gone or has become shorter.
pub(super) fn part(path: &Path, from: u64, to: u64) -> io::Result<Option<Vec<u8>>> {
    let mut file = match open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error),
    };
    file.seek(SeekFrom::Start(from))?;
    let wanted = to.saturating_sub(from);
    let mut bytes = Vec::new();
    file.take(wanted).read_to_end(&mut bytes)?;
    Ok((bytes.len() as u64 == wanted).then_some(bytes))
}

/// Where the last line of `path` that is whole ends.
pub(super) fn end(path: &Path) -> io::Result<u64> {
    let mut to = match fs::metadata(path) {
        Ok(metadata) => metadata.len(),
        Err(error) if error.kind() == io::ErrorKind::NotFound => 0,
        Err(error) => return Err(error),
    };
    while to > 0 {
        let from = to.saturating_sub(CHUNK as u64);
        // A file that was pruned has no lines.
        let bytes = part(path, from, to)?.unwrap_or_default();
        if let Some(end) = bytes.iter().rposition(|byte| *byte == b'\n') {
            return Ok(from + end as u64 + 1);
        }
        to = from;
    }
    Ok(0)
}

/// Reads one record again: the one whose line begins at `offset` of `file`, as its [`Entry`](super::Entry) said. `None`
/// where the file is gone, or no record begins there.
///
/// # Errors
/// [`JournalError::Io`] where the file cannot be read.
pub fn read_at(dir: &Path, file: &str, offset: u64) -> Result<Option<Record>, JournalError> {
    let Some(path) = path_of(dir, file) else { return Ok(None) };
    read_line(&path, offset).map_err(JournalError::io("read", &path))
}

/// The path of `file`, which is the name of a file in `dir` or of the one file that `dir` is.
fn path_of(dir: &Path, file: &str) -> Option<PathBuf> {
    if dir.is_file() {
        return dir.file_name().is_some_and(|name| name == file).then(|| dir.to_owned());
    }
    let is_name = Path::new(file).file_name().is_some_and(|name| name == file);
    is_name.then(|| dir.join(file))
}

/// The record whose line begins at `offset`.
pub(super) fn read_line(path: &Path, offset: u64) -> io::Result<Option<Record>> {
    let length = match fs::metadata(path) {
        Ok(metadata) => metadata.len(),
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error),
    };
    // With the end of the line before, which says that a line begins here.
    let from = offset.saturating_sub(1);
    let mut wanted = 4 << 10;
    while wanted <= 2 * LONGEST_LINE as u64 {
        let to = offset.saturating_add(wanted).min(length);
        let Some(bytes) = (from < to).then(|| part(path, from, to)).transpose()?.flatten() else { return Ok(None) };
        let line = if offset == 0 { Some(&bytes[..]) } else { bytes.strip_prefix(b"\n") };
        let Some(line) = line else { return Ok(None) };
        if let Some(end) = line.iter().position(|byte| *byte == b'\n') {
            return Ok(serde_json::from_slice(&line[..end]).ok());
        }
        if to == length {
            return Ok(None);
        }
        wanted *= 4;
    }
    Ok(None)
}
