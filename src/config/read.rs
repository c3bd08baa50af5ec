//! Reading a file of configuration: bounded, opened once, and judged by what was opened.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::Path;

use super::error::ConfigError;

/// The most bytes that a file of configuration may have.
pub(super) const LIMIT: u64 = 256 * 1024;

/// What stands at a path of the working directory.
pub(super) enum Found {
    /// Nothing, or a folder: Python's virtual environments are often called `.env`.
    Nothing,
    /// Something that is not a file, by what people call it; nothing of it was read.
    NotAFile(&'static str),
    /// A file, and what it holds.
    Bytes(Vec<u8>),
}

/// Reads `path`, which came with the working directory: a link is not followed, and a pipe or a device is not waited
/// for. What is judged is what was opened, so that swapping the file in between wins nothing.
pub(super) fn of_project(path: &Path) -> Result<Found, ConfigError> {
    let refused = |error| ConfigError::Read { path: path.to_owned(), error };
    let file = match open(path) {
        Ok(file) => file,
        Err(error) => {
            return match fs::symlink_metadata(path) {
                Ok(there) if there.is_dir() => Ok(Found::Nothing),
                Ok(there) if !there.is_file() => Ok(Found::NotAFile(kind(&there))),
                Err(gone) if absent(&gone) => Ok(Found::Nothing),
                Ok(_) | Err(_) => Err(refused(error)),
            };
        }
    };
    let opened = file.metadata().map_err(refused)?;
    if opened.is_dir() {
        Ok(Found::Nothing)
    } else if opened.is_file() {
        bounded(file).map(Found::Bytes).map_err(refused)
    } else {
        Ok(Found::NotAFile(kind(&opened)))
    }
}

/// Reads `path`, which a person chose: links are theirs to make, and so are pipes.
pub(super) fn of_person(path: &Path) -> Result<Vec<u8>, ConfigError> {
    File::open(path).and_then(bounded).map_err(|error| ConfigError::Read { path: path.to_owned(), error })
}

/// The same where there need not be a file.
pub(super) fn of_person_if_there(path: &Path) -> Result<Option<Vec<u8>>, ConfigError> {
    match of_person(path) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(ConfigError::Read { error, .. }) if absent(&error) => Ok(None),
        Err(error) => Err(error),
    }
}

fn absent(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory)
}

fn bounded(file: File) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    file.take(LIMIT + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > LIMIT {
        return Err(io::Error::new(io::ErrorKind::FileTooLarge, format!("it is larger than {} KiB", LIMIT / 1024)));
    }
    Ok(bytes)
}

fn kind(there: &fs::Metadata) -> &'static str {
    if there.is_symlink() { "a link" } else { "not a file" }
}

/// Opens without following a link and without waiting for the other end of a pipe.
#[cfg(unix)]
fn open(path: &Path) -> io::Result<File> {
    use rustix::fs::{Mode, OFlags};
    let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::NOCTTY | OFlags::CLOEXEC;
    Ok(File::from(rustix::fs::open(path, flags, Mode::empty())?))
}

/// Opens a link itself and not what it points to.
#[cfg(windows)]
fn open(path: &Path) -> io::Result<File> {
    use std::os::windows::fs::OpenOptionsExt;
    /// `FILE_FLAG_OPEN_REPARSE_POINT`.
    const THE_LINK_ITSELF: u32 = 0x0020_0000;
    File::options().read(true).custom_flags(THE_LINK_ITSELF).open(path)
}
