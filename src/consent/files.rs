//! The files of the queue: made once, and believed only where nobody else can have made them.

use std::fs::{self, File, Metadata, OpenOptions};
use std::io::{self, Read as _, Write as _};
use std::path::Path;

use serde::Serialize;
use serde::de::DeserializeOwned;
use uuid::Uuid;

use super::error::ConsentError;
use crate::private;

/// The longest file that is read, in bytes.
const LONGEST: u64 = 256 << 10;

/// What stands at a path.
#[derive(Debug, PartialEq)]
pub(super) enum There<T> {
    /// Nothing.
    Nothing,
    /// What we wrote.
    Ours(T),
    /// Something else: a link, another user's, too long, half of something.
    Strange,
}

/// Makes the directory of the queue for its user alone.
pub(super) fn make(place: &Path) -> Result<(), ConsentError> {
    private::directory(place).map_err(ConsentError::Io)?;
    check(place)
}

/// Fails where others than its user may write in the directory, or where it is a link.
pub(super) fn check(place: &Path) -> Result<(), ConsentError> {
    let there = fs::symlink_metadata(place).map_err(ConsentError::io(place))?;
    let wrong = |what| ConsentError::Unsafe { directory: place.display().to_string(), what };
    if there.is_symlink() {
        return Err(wrong("is a link"));
    }
    if !there.is_dir() {
        return Err(wrong("is no directory"));
    }
    if is_open(&there) {
        return Err(wrong("is another user's, or others may write in it"));
    }
    Ok(())
}

/// Writes a file that is not there yet; `false` where there is something.
pub(super) fn write_new(place: &Path, name: &str, value: &impl Serialize) -> Result<bool, ConsentError> {
    check(place)?;
    let path = place.join(name);
    let failed = ConsentError::io(&path);
    let bytes = serde_json::to_vec(value).map_err(|error| failed(error.into()))?;
    let mut file = tempfile::NamedTempFile::new_in(place).map_err(&failed)?;
    file.write_all(&bytes).and_then(|()| file.flush()).map_err(&failed)?;
    private::file(file.path()).map_err(ConsentError::Io)?;
    match file.persist_noclobber(&path) {
        Ok(_) => Ok(true),
        Err(error) if error.error.kind() == io::ErrorKind::AlreadyExists => Ok(false),
        Err(error) => Err(failed(error.error)),
    }
}

/// Reads a file that only we can have made.
pub(super) fn read<T: DeserializeOwned>(path: &Path) -> There<T> {
    match bytes(path) {
        Ok(Some(bytes)) => serde_json::from_slice(&bytes).map_or(There::Strange, There::Ours),
        Err(error) if error.kind() == io::ErrorKind::NotFound => There::Nothing,
        // A link whose target is missing is opened as one, so what is not found is nothing.
        Ok(None) | Err(_) => There::Strange,
    }
}

fn bytes(path: &Path) -> io::Result<Option<Vec<u8>>> {
    let file = open(path)?;
    let there = file.metadata()?;
    if !there.is_file() || is_open(&there) || is_linked(&there) || there.len() > LONGEST {
        return Ok(None);
    }
    let mut bytes = Vec::new();
    file.take(LONGEST + 1).read_to_end(&mut bytes)?;
    Ok((bytes.len() as u64 <= LONGEST).then_some(bytes))
}

/// Opens what stands there itself, waiting for nobody.
#[cfg(unix)]
fn open(path: &Path) -> io::Result<File> {
    use std::os::unix::fs::OpenOptionsExt;

    use rustix::fs::OFlags;
    let flags = OFlags::NONBLOCK | OFlags::NOCTTY | OFlags::NOFOLLOW;
    OpenOptions::new().read(true).custom_flags(flags.bits().cast_signed()).open(path)
}

#[cfg(not(unix))]
fn open(path: &Path) -> io::Result<File> {
    if fs::symlink_metadata(path)?.is_symlink() {
        return Err(io::ErrorKind::InvalidInput.into());
    }
    OpenOptions::new().read(true).open(path)
}

/// Whether somebody else than this user can have written it.
#[cfg(unix)]
fn is_open(there: &Metadata) -> bool {
    use std::os::unix::fs::MetadataExt;
    let me = rustix::process::geteuid();
    // Root answers for others, whose files these stay.
    (there.uid() != me.as_raw() && !me.is_root()) || there.mode() & 0o022 != 0
}

#[cfg(not(unix))]
fn is_open(_: &Metadata) -> bool {
    false
}

#[cfg(unix)]
fn is_linked(there: &Metadata) -> bool {
    std::os::unix::fs::MetadataExt::nlink(there) != 1
}

#[cfg(not(unix))]
fn is_linked(_: &Metadata) -> bool {
    false
}

/// Which file of a request it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    /// What is asked.
    Request,
    /// The answer, or that none counts any more.
    Answer,
    /// What the answer was used for.
    End,
}

impl Part {
    pub(super) const ALL: [Self; 3] = [Self::Request, Self::Answer, Self::End];

    fn ending(self) -> &'static str {
        match self {
            Self::Request => ".json",
            Self::Answer => ".answer.json",
            Self::End => ".end.json",
        }
    }

    /// The name of a request's file.
    pub(super) fn name(self, id: Uuid) -> String {
        format!("{id}{}", self.ending())
    }

    /// What the name of a file says that it is.
    pub(super) fn of(name: &str) -> Option<(Uuid, Self)> {
        let id = name.get(..36)?.parse().ok()?;
        Self::ALL.into_iter().find(|part| part.name(id) == name).map(|part| (id, part))
    }
}
