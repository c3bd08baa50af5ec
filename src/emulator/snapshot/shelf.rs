//! Where snapshots are kept: a folder of the data directory, a file each.

use std::fs;
use std::io::{ErrorKind, Write as _};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use aws_smithy_types::DateTime;
use aws_smithy_types::date_time::Format;
use serde::{Deserialize, Serialize};
use tempfile::{NamedTempFile, TempDir};

use super::lines::{Header, Reader};
use super::{KEPT_AUTOMATIC, Scope, SnapshotError};
use crate::private;

/// The folder, in the data directory.
pub const FOLDER: &str = "snapshots";
/// How the names of snapshots begin that were taken by themselves.
const AUTOMATIC: &str = "auto-";
/// How the names of files begin and end that are not whole yet.
const UNFINISHED: (&str, &str) = ("new-", ".tmp");
/// How files end: compressed and text.
const ENDINGS: [&str; 2] = [".ndjson.gz", ".ndjson"];
/// The longest name, in bytes.
const LONGEST: usize = 100;

/// Where snapshots are kept.
#[derive(Debug)]
pub struct Shelf {
    folder: Option<PathBuf>,
    /// Where the data is in memory.
    temporary: OnceLock<TempDir>,
}

/// A snapshot that is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Listed {
    /// Its name.
    pub name: String,
    /// Its file.
    pub path: PathBuf,
    /// The file's length in bytes.
    pub bytes: u64,
    /// When it was taken, in milliseconds since the Unix epoch; of text, when its file was written.
    pub taken: u64,
    /// What it was taken before, where it was taken by itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<String>,
    /// What it covers; none where the file cannot be read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scope: Option<Scope>,
}

impl Shelf {
    /// That of the data directory at `directory`; without one, a temporary folder that goes with this.
    #[must_use]
    pub fn of(directory: Option<&Path>) -> Self {
        Self { folder: directory.map(|directory| directory.join(FOLDER)), temporary: OnceLock::new() }
    }

    /// The folder, made if it is missing.
    fn folder(&self) -> Result<PathBuf, SnapshotError> {
        let Some(folder) = &self.folder else {
            if self.temporary.get().is_none() {
                let made = tempfile::Builder::new().prefix("footbridge-snapshots-").tempdir()?;
                // Another may have been first: then this one goes again.
                let _ = self.temporary.set(made);
            }
            return Ok(self.temporary.get().map(|made| made.path().to_owned()).unwrap_or_default());
        };
        private::directory(folder)?;
        Ok(folder.clone())
    }

    /// Removes what a process that ended left unfinished. Only before the first snapshot.
    pub fn clear_unfinished(&self) {
        let entries = self.folder.as_ref().and_then(|folder| fs::read_dir(folder).ok());
        for entry in entries.into_iter().flatten().flatten() {
            let name = entry.file_name();
            if name.to_str().is_some_and(is_unfinished) {
                let _ = fs::remove_file(entry.path());
            }
        }
    }

    /// The file of the snapshot of this name.
    pub fn find(&self, name: &str) -> Result<PathBuf, SnapshotError> {
        check_name(name)?;
        let folder = self.folder()?;
        let files = ENDINGS.iter().map(|ending| folder.join(format!("{name}{ending}")));
        let found = files.into_iter().find(|path| path.is_file());
        found.ok_or_else(|| match self.list() {
            Ok(known) if !known.is_empty() => {
                let names: Vec<_> = known.iter().rev().take(10).map(|known| known.name.as_str()).collect();
                SnapshotError::asked(format!("there is no snapshot {name:?}; there are {}", names.join(", ")))
            }
            _ => SnapshotError::asked(format!("there is no snapshot {name:?}, and no other")),
        })
    }

    /// All snapshots, the oldest first.
    pub fn list(&self) -> Result<Vec<Listed>, SnapshotError> {
        let folder = self.folder()?;
        let mut found = Vec::new();
        for entry in fs::read_dir(&folder)? {
            let entry = entry?;
            let file = entry.file_name();
            let name = file.to_str().and_then(|file| ENDINGS.iter().find_map(|ending| file.strip_suffix(ending)));
            let Some(name) = name.filter(|name| check_name(name).is_ok()) else { continue };
            let path = entry.path();
            // Another may have deleted it just now.
            let Ok(there) = entry.metadata() else { continue };
            let written = there.modified().ok().and_then(|at| at.duration_since(std::time::UNIX_EPOCH).ok());
            let written = written.unwrap_or_default();
            let header = fs::File::open(&path).ok().and_then(|file| Reader::new(file).ok()?.header().ok());
            let millis = u64::try_from(written.as_millis()).unwrap_or(u64::MAX);
            let taken = header.as_ref().and_then(|header| header.taken).unwrap_or(millis);
            let before = header.as_ref().and_then(|header| header.before.clone());
            let scope = header.map(|header| header.scope);
            found.push((written, Listed { name: name.to_owned(), path, bytes: there.len(), taken, before, scope }));
        }
        found.sort_by(|(one, a), (other, b)| (a.taken, one, &a.name).cmp(&(b.taken, other, &b.name)));
        Ok(found.into_iter().map(|(_, listed)| listed).collect())
    }

    /// Deletes the snapshot of this name.
    pub fn delete(&self, name: &str) -> Result<(), SnapshotError> {
        let path = self.find(name)?;
        fs::remove_file(&path).map_err(|error| SnapshotError::file("deleting", &path, &error))
    }

    /// Deletes the oldest of those that were taken by themselves, as far as there are too many.
    pub fn prune(&self) -> Result<(), SnapshotError> {
        let automatic: Vec<_> = self.list()?.into_iter().filter(|known| known.name.starts_with(AUTOMATIC)).collect();
        let surplus = automatic.len().saturating_sub(KEPT_AUTOMATIC);
        for old in &automatic[..surplus] {
            match fs::remove_file(&old.path) {
                // Another call was first.
                Err(error) if error.kind() == ErrorKind::NotFound => {}
                outcome => outcome.map_err(|error| SnapshotError::file("deleting", &old.path, &error))?,
            }
        }
        Ok(())
    }

    /// A file that is not whole yet, in the folder or where `to` is to be, which has no file but one that may be replaced.
    pub(super) fn begin(&self, to: Option<&Path>, over: bool) -> Result<NamedTempFile, SnapshotError> {
        let mut builder = tempfile::Builder::new();
        builder.prefix(UNFINISHED.0).suffix(UNFINISHED.1);
        let folder = match to {
            Some(to) => {
                if !over && to.symlink_metadata().is_ok() {
                    return Err(taken(to));
                }
                // It is for giving away, and as open as any other that its user makes.
                #[cfg(unix)]
                builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
                to.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new(".")).to_owned()
            }
            None => self.folder()?,
        };
        let new = builder.tempfile_in(&folder);
        new.map_err(|error| SnapshotError::file("making a file in", &folder, &error))
    }

    /// Puts a file that is whole in the folder, durably, under `name`, which nothing there has. A name that was not given by
    /// anybody gets a number where it is taken.
    pub(super) fn finish(
        &self,
        mut new: NamedTempFile,
        name: Option<&str>,
        fallback: &str,
        ending: &str,
    ) -> Result<(String, PathBuf), SnapshotError> {
        new.flush()?;
        new.as_file().sync_all()?;
        private::file(new.path())?;
        let folder = self.folder()?;
        let free = |called: &str| ENDINGS.iter().all(|ending| !folder.join(format!("{called}{ending}")).exists());
        // Not one that another had which is gone: its name was told to somebody.
        let first = if name.is_some() { 1 } else { last_number(&folder, fallback)? + 1 };
        for number in first.. {
            let again = if number == 1 { String::new() } else { format!("-{number}") };
            let called = name.map_or_else(|| format!("{fallback}{again}"), str::to_owned);
            let path = folder.join(format!("{called}{ending}"));
            if free(&called) {
                match new.persist_noclobber(&path) {
                    Ok(_) => {
                        private::sync_directory(&folder)?;
                        return Ok((called, path));
                    }
                    Err(refused) if refused.error.kind() == ErrorKind::AlreadyExists => new = refused.file,
                    Err(refused) => return Err(SnapshotError::file("writing", &path, &refused.error)),
                }
            }
            if name.is_some() {
                return Err(SnapshotError::asked(format!(
                    "there is a snapshot {called:?} already: give another name or delete it"
                )));
            }
        }
        Err(SnapshotError::asked("there are too many snapshots"))
    }
}

/// Puts a file that is whole where somebody wants it: over one that is there only where that is meant.
pub(super) fn give(mut new: NamedTempFile, to: &Path, over: bool) -> Result<(), SnapshotError> {
    new.flush()?;
    new.as_file().sync_all()?;
    let given = if over { new.persist(to) } else { new.persist_noclobber(to) };
    match given {
        Ok(_) => Ok(()),
        Err(refused) if refused.error.kind() == ErrorKind::AlreadyExists => Err(taken(to)),
        Err(refused) => Err(SnapshotError::file("writing", to, &refused.error)),
    }
}

fn taken(to: &Path) -> SnapshotError {
    let name = to.file_name().unwrap_or(to.as_os_str());
    SnapshotError::asked(format!(
        "there is a file {} already: give another name, or --force to replace it",
        name.display()
    ))
}

/// The highest number of the names in a folder that were made of `fallback`; 0 where there is none.
fn last_number(folder: &Path, fallback: &str) -> Result<u32, SnapshotError> {
    let mut last = 0;
    for entry in fs::read_dir(folder)? {
        let file = entry?.file_name();
        let name = file.to_str().and_then(|file| ENDINGS.iter().find_map(|ending| file.strip_suffix(ending)));
        let number = match name.and_then(|name| name.strip_prefix(fallback)) {
            Some("") => Some(1),
            Some(rest) => rest.strip_prefix('-').and_then(|number| number.parse().ok()),
            None => None,
        };
        last = last.max(number.unwrap_or_default());
    }
    Ok(last)
}

/// The ending of a file of text, or of one that is compressed.
pub(super) fn ending(text: bool) -> &'static str {
    ENDINGS[usize::from(text)]
}

/// A name from the time, in milliseconds since the Unix epoch.
pub(super) fn name_at(millis: u64, automatic: bool) -> String {
    let seconds = i64::try_from(millis / 1000).unwrap_or_default();
    let at = DateTime::from_secs(seconds).fmt(Format::DateTime).unwrap_or_default().replace([':', '-'], "");
    if automatic { format!("{AUTOMATIC}{at}") } else { format!("snapshot-{at}") }
}

/// Refuses what can be no name, so that none leads out of the folder.
pub(super) fn check_name(name: &str) -> Result<(), SnapshotError> {
    let inner = |byte: u8| byte.is_ascii_alphanumeric() || b"._-".contains(&byte);
    let ends = ENDINGS.iter().any(|ending| name.ends_with(ending));
    if (1..=LONGEST).contains(&name.len())
        && name.bytes().all(inner)
        && name.as_bytes()[0].is_ascii_alphanumeric()
        && !ends
    {
        return Ok(());
    }
    Err(SnapshotError::asked(format!(
        "{name:?} can be no snapshot's name: letters, digits, `.`, `_` and `-`, at most {LONGEST}"
    )))
}

/// The same of a name that somebody gives.
pub(super) fn check_given(name: &str) -> Result<(), SnapshotError> {
    if name.starts_with(AUTOMATIC) {
        return Err(SnapshotError::asked(format!("names that begin with {AUTOMATIC} are given by footbridge")));
    }
    check_name(name)
}

/// Whether a file of this name is a snapshot of ours, or one that is not whole yet.
#[must_use]
pub fn is_ours(name: &str) -> bool {
    is_unfinished(name) || ENDINGS.iter().any(|ending| name.ends_with(ending))
}

fn is_unfinished(name: &str) -> bool {
    name.strip_prefix(UNFINISHED.0).is_some_and(|rest| rest.ends_with(UNFINISHED.1))
}

/// A header as a file of this form has it.
pub(super) fn header(scope: Scope, text: bool, name: &str, taken: u64, before: Option<String>) -> Header {
    let header = Header::new(scope);
    if text { header } else { Header { name: Some(name.to_owned()), taken: Some(taken), before, ..header } }
}
