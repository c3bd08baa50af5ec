//! The files of bodies: which there are, and whether each has the bytes that it should have.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{ErrorKind, Read as _};
use std::num::NonZero;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

use super::{FsckError, Progress};
use crate::emulator::s3::survey::Known;
use crate::emulator::s3::{BLOBS, BlobId, is_unfinished};

/// How much of a file is read at once.
const CHUNK: usize = 1 << 20;
/// How many files are read at once, at most.
const READERS: usize = 4;

/// The files of bodies in a data directory.
#[derive(Debug)]
pub(super) struct Files {
    folder: PathBuf,
    /// The length of each, in bytes.
    pub(super) lengths: BTreeMap<BlobId, u64>,
    /// How many files writes left that broke off.
    pub(super) unfinished: u64,
}

/// How a file stands to what the rows say of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum State {
    Good,
    Missing,
    /// It has this length instead.
    Length(u64),
    /// It has other bytes.
    Damaged,
}

impl Files {
    /// Those of the data directory at `directory`.
    pub(super) fn of(directory: &Path) -> Result<Self, FsckError> {
        let folder = directory.join(BLOBS);
        let failed = |error| FsckError::file(format!("looking into {}", folder.display()), error);
        let (mut lengths, mut unfinished) = (BTreeMap::new(), 0);
        let entries = match std::fs::read_dir(&folder) {
            Ok(entries) => Some(entries),
            Err(error) if error.kind() == ErrorKind::NotFound => None,
            Err(error) => return Err(failed(error)),
        };
        for entry in entries.into_iter().flatten() {
            let entry = entry.map_err(failed)?;
            let name = entry.file_name().to_string_lossy().into_owned();
            if let Some(id) = BlobId::from_name(&name) {
                lengths.insert(id, entry.metadata().map_err(failed)?.len());
            } else if is_unfinished(&name) {
                unfinished += 1;
            }
        }
        Ok(Self { folder, lengths, unfinished })
    }

    /// Where the file of a body is.
    pub(super) fn path(&self, id: BlobId) -> PathBuf {
        self.folder.join(id.name())
    }

    /// Reads the bodies `wanted`, and tells how each stands, in their order.
    pub(super) fn judge(&self, wanted: &[(BlobId, &Known)], progress: &dyn Progress) -> Result<Vec<State>, FsckError> {
        let next = AtomicUsize::new(0);
        let work = || {
            let mut judged = Vec::new();
            while let Some((id, known)) = wanted.get(next.fetch_add(1, Ordering::Relaxed)) {
                judged.push((*id, judge(&self.path(*id), known, progress)?));
            }
            Ok::<_, FsckError>(judged)
        };
        let readers = std::thread::available_parallelism().map_or(1, NonZero::get).min(READERS);
        let judged = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..readers).map(|_| scope.spawn(work)).collect();
            let broken = || FsckError::file("reading bodies", std::io::Error::other("a thread broke off"));
            threads
                .into_iter()
                .map(|thread| thread.join().unwrap_or_else(|_| Err(broken())))
                .collect::<Result<Vec<_>, _>>()
        })?;
        let mut states: BTreeMap<BlobId, State> = judged.into_iter().flatten().collect();
        Ok(wanted.iter().map(|(id, _)| states.remove(id).unwrap_or(State::Missing)).collect())
    }
}

/// How the file at `path` stands to what is known of it.
pub(super) fn judge(path: &Path, known: &Known, progress: &dyn Progress) -> Result<State, FsckError> {
    let failed = |error| FsckError::file(format!("reading {}", path.display()), error);
    let mut file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(State::Missing),
        Err(error) => return Err(failed(error)),
    };
    let length = file.metadata().map_err(failed)?.len();
    if length != known.size {
        return Ok(State::Length(length));
    }
    let Some(mut expected) = known.expected() else { return Ok(State::Good) };
    let mut chunk = vec![0; CHUNK.min(usize::try_from(length).unwrap_or(CHUNK).max(1))];
    loop {
        match file.read(&mut chunk).map_err(failed)? {
            0 => break,
            read => {
                expected.update(&chunk[..read]);
                progress.advance(read as u64);
            }
        }
    }
    Ok(if expected.holds() { State::Good } else { State::Damaged })
}

/// How bytes that are at hand stand to what is known of them.
pub(super) fn judge_bytes(bytes: &[u8], known: &Known) -> State {
    if bytes.len() as u64 != known.size {
        return State::Length(bytes.len() as u64);
    }
    match known.expected() {
        None => State::Good,
        Some(mut expected) => {
            expected.update(bytes);
            if expected.holds() { State::Good } else { State::Damaged }
        }
    }
}
