//! Where the system opens nothing beneath a handle: by path, and what is a link is refused.

use std::ffi::{OsStr, OsString};
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

/// A directory that was there when it was looked at.
#[derive(Debug)]
pub(super) struct Directory(PathBuf);

/// What bears a name in a directory, links not followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sort {
    File(u64),
    Directory,
    Other,
}

impl Directory {
    /// The directory where a walk begins.
    pub(super) fn root(path: &Path) -> io::Result<Self> {
        if fs::symlink_metadata(path)?.is_dir() {
            Ok(Self(path.to_owned()))
        } else {
            Err(io::Error::new(io::ErrorKind::NotADirectory, "not a directory"))
        }
    }

    /// A directory in this one.
    pub(super) fn sub(&self, name: &OsStr) -> io::Result<Self> {
        Self::root(&self.0.join(name))
    }

    /// A directory in this one, made where it is missing.
    pub(super) fn sub_or_new(&self, name: &OsStr) -> io::Result<Self> {
        match fs::create_dir(self.0.join(name)) {
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err(error),
            _ => self.sub(name),
        }
    }

    /// Opens a file for reading.
    pub(super) fn file(&self, name: &OsStr) -> io::Result<File> {
        let mut options = File::options();
        options.read(true);
        // FILE_FLAG_OPEN_REPARSE_POINT: a link is opened itself, and then is no regular file.
        #[cfg(windows)]
        std::os::windows::fs::OpenOptionsExt::custom_flags(&mut options, 0x0020_0000);
        options.open(self.0.join(name))
    }

    /// Makes a file, where nothing bears that name.
    pub(super) fn new_file(&self, name: &OsStr) -> io::Result<File> {
        File::options().read(true).write(true).create_new(true).open(self.0.join(name))
    }

    /// What bears this name; nothing where nothing does.
    pub(super) fn sort(&self, name: &OsStr) -> io::Result<Option<Sort>> {
        match fs::symlink_metadata(self.0.join(name)) {
            Ok(found) if found.is_file() => Ok(Some(Sort::File(found.len()))),
            Ok(found) if found.is_dir() => Ok(Some(Sort::Directory)),
            Ok(_) => Ok(Some(Sort::Other)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Gives a file of this directory its name here, where nothing bears that.
    pub(super) fn name(&self, from: &OsStr, to: &OsStr) -> io::Result<()> {
        if self.sort(to)?.is_some() {
            return Err(io::ErrorKind::AlreadyExists.into());
        }
        fs::rename(self.0.join(from), self.0.join(to))
    }

    pub(super) fn remove(&self, name: &OsStr) -> io::Result<()> {
        fs::remove_file(self.0.join(name))
    }

    /// The names in this directory, in order.
    pub(super) fn names(&self) -> io::Result<Vec<OsString>> {
        let mut names = fs::read_dir(&self.0)?.map(|entry| Ok(entry?.file_name())).collect::<io::Result<Vec<_>>>()?;
        names.sort_unstable();
        Ok(names)
    }
}

/// Whether the system says that this is no file with content.
pub(super) fn is_no_content(_: &io::Error) -> bool {
    false
}

/// Whether the system says that no more files can be open, or that the disk fails.
pub(super) fn is_no_room(_: &io::Error) -> bool {
    false
}
