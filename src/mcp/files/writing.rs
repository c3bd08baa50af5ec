//! A new file that is being written.

use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::io::{self, Write};
use std::path::PathBuf;
use std::sync::Arc;

use super::beneath::Directory;
use super::{exists, refused};
use crate::mcp::error::ToolError;

/// A new file that is being written. It appears under its name only when [`NewFile::keep`] is called.
#[derive(Debug)]
pub(crate) struct NewFile {
    file: File,
    directory: Arc<Directory>,
    /// What it is called until then, in the same directory; nothing once it is kept.
    temporary: Option<OsString>,
    name: OsString,
    path: PathBuf,
}

impl NewFile {
    /// Begins a file of this name, shown as `path`. Nothing bears the name.
    pub(super) fn of(directory: Arc<Directory>, name: &OsStr, path: PathBuf) -> Result<Self, ToolError> {
        let shown = path.display().to_string();
        let failed = |error: io::Error| refused(&shown, &error);
        if directory.sort(name).map_err(failed)?.is_some() {
            return Err(exists(&shown));
        }
        let temporary = OsString::from(format!(".footbridge-{}", uuid::Uuid::new_v4().simple()));
        let file = directory.new_file(&temporary).map_err(failed)?;
        Ok(Self { file, directory, temporary: Some(temporary), name: name.to_owned(), path })
    }

    /// Writes this. Waits for the disk.
    pub(crate) fn write(&self, bytes: &[u8]) -> Result<(), ToolError> {
        let written = (&self.file).write_all(bytes);
        written.map_err(|error| refused(&self.path.display().to_string(), &error))
    }

    /// The file to write to.
    pub(crate) fn reopen(&self) -> Result<File, ToolError> {
        self.file.try_clone().map_err(|error| refused(&self.path.display().to_string(), &error))
    }

    /// Gives the file its name, unless something bears it by now; gives the full path.
    pub(crate) fn keep(mut self) -> Result<String, ToolError> {
        let path = self.path.display().to_string();
        self.file.sync_all().map_err(|error| refused(&path, &error))?;
        if let Some(temporary) = &self.temporary {
            self.directory.name(temporary, &self.name).map_err(|error| match error.kind() {
                io::ErrorKind::AlreadyExists => exists(&path),
                _ => refused(&path, &error),
            })?;
        }
        self.temporary = None;
        Ok(path)
    }
}

impl Drop for NewFile {
    fn drop(&mut self) {
        if let Some(temporary) = &self.temporary
            && let Err(error) = self.directory.remove(temporary)
        {
            tracing::warn!(%error, file = %self.path.display(), "an unfinished file is left behind");
        }
    }
}
