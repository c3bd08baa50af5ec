//! Which working directories a person has trusted, by the hash of the two files that can configure us.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use super::error::ConfigError;
use crate::private;

/// How far the working directory's files are honoured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trust {
    /// There is neither `.env` nor `footbridge.toml`.
    NothingToTrust,
    /// Nobody has run `footbridge trust` here.
    Untrusted,
    /// Somebody has, and a file has changed since.
    Changed,
    /// Somebody has, and both files are as they were.
    Trusted,
}

/// The working directory and its files.
#[derive(Debug, Clone)]
pub struct Project {
    /// The working directory, without links.
    pub directory: PathBuf,
    /// How far its files are honoured.
    pub trust: Trust,
    /// The hash of both files, as `footbridge trust` records it.
    pub hash: String,
}

impl Project {
    /// The project in `directory`, whose files have the contents `files`, before anybody's list is asked.
    pub(super) fn untrusted(directory: &Path, files: &[Option<&[u8]>]) -> Self {
        let directory = fs::canonicalize(directory).unwrap_or_else(|_| directory.to_owned());
        let trust = if files.iter().all(Option::is_none) { Trust::NothingToTrust } else { Trust::Untrusted };
        Self { directory, trust, hash: hash(files) }
    }
}

/// The list of trusted directories: a JSON object of directory to hash in the user's configuration directory.
#[derive(Debug, Clone)]
pub struct TrustStore {
    path: PathBuf,
}

impl TrustStore {
    /// The list in the user's configuration directory `config`.
    #[must_use]
    pub fn in_directory(config: &Path) -> Self {
        Self { path: config.join("trusted.json") }
    }

    /// Looks up `directory`, whose files have the contents `files`.
    pub(super) fn judge(&self, directory: &Path, files: &[Option<&[u8]>]) -> Result<Project, ConfigError> {
        let mut project = Project::untrusted(directory, files);
        if project.trust == Trust::Untrusted {
            let list = self.read().map_err(|error| ConfigError::Read { path: self.path.clone(), error })?;
            project.trust = match list.get(&key(&project.directory)) {
                None => Trust::Untrusted,
                Some(known) if *known == project.hash => Trust::Trusted,
                Some(_) => Trust::Changed,
            };
        }
        Ok(project)
    }

    /// Trusts `project`'s files as they were read.
    pub fn trust(&self, project: &Project) -> io::Result<()> {
        let mut list = self.read()?;
        list.insert(key(&project.directory), project.hash.clone());
        self.write(&list)
    }

    /// Trusts `project` no more; gives whether it was trusted.
    pub fn revoke(&self, project: &Project) -> io::Result<bool> {
        let mut list = self.read()?;
        let was = list.remove(&key(&project.directory)).is_some();
        if was {
            self.write(&list)?;
        }
        Ok(was)
    }

    fn read(&self) -> io::Result<BTreeMap<String, String>> {
        match fs::read(&self.path) {
            Ok(bytes) => serde_json::from_slice(&bytes).map_err(io::Error::other),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(BTreeMap::new()),
            Err(error) => Err(error),
        }
    }

    fn write(&self, list: &BTreeMap<String, String>) -> io::Result<()> {
        let directory = self.path.parent().unwrap_or(Path::new("."));
        fs::create_dir_all(directory)?;
        // A temporary file is 0600, and renaming keeps that.
        let mut file = tempfile::NamedTempFile::new_in(directory)?;
        serde_json::to_writer_pretty(&mut file, list)?;
        file.write_all(b"\n")?;
        file.as_file().sync_all()?;
        private::file(file.path())?;
        file.persist(&self.path).map_err(|error| error.error)?;
        Ok(())
    }
}

fn key(directory: &Path) -> String {
    directory.to_string_lossy().into_owned()
}

/// Lengths go in as well, so that moving a line from one file to the other changes the hash.
fn hash(files: &[Option<&[u8]>]) -> String {
    let mut hasher = Sha256::new();
    for file in files {
        hasher.update([u8::from(file.is_some())]);
        let bytes = file.unwrap_or_default();
        hasher.update((bytes.len() as u64).to_be_bytes());
        hasher.update(bytes);
    }
    crate::hex::hex(&hasher.finalize())
}
