//! Who owns a data directory: the lock, and the record that says how to reach the owner.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::Write;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

/// How other processes reach the owner of a data directory. Kept in `owner.json`, readable by its user alone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnerRecord {
    /// The owner's process id.
    pub pid: u32,
    /// The address of its attach listener.
    pub address: SocketAddr,
    /// What a call through it must carry.
    pub token: String,
    /// The directory's id, which a call must carry too.
    pub directory: String,
}

/// A data directory.
#[derive(Debug)]
pub struct Directory {
    path: PathBuf,
    id: String,
}

/// The lock of a data directory, held until it is dropped or the process dies.
#[derive(Debug)]
pub struct Lock(#[expect(dead_code, reason = "held for the kernel's lock, which ends with it")] File);

impl Directory {
    /// Opens the directory at `path`, made if it is missing. `new_id` names it for good when it has no id yet.
    pub fn open(path: &Path, new_id: &str) -> std::io::Result<Self> {
        make_private(path)?;
        let id_file = path.join("directory.id");
        let id = match std::fs::read_to_string(&id_file) {
            Ok(id) => id,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                let mut file = tempfile::NamedTempFile::new_in(path)?;
                file.write_all(new_id.as_bytes())?;
                match file.persist_noclobber(&id_file) {
                    Ok(_) => new_id.to_owned(),
                    // Another process was first.
                    Err(_) => std::fs::read_to_string(&id_file)?,
                }
            }
            Err(error) => return Err(error),
        };
        Ok(Self { path: path.to_owned(), id: id.trim().to_owned() })
    }

    /// Where it is.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Its id, which never changes.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Takes the lock if nobody holds it.
    pub fn try_lock(&self) -> std::io::Result<Option<Lock>> {
        let file = self.lock_file()?;
        match file.try_lock() {
            Ok(()) => Ok(Some(Lock(file))),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(error)) => Err(error),
        }
    }

    /// Waits, blocking the thread, until the lock is ours.
    pub fn lock(&self) -> std::io::Result<Lock> {
        let file = self.lock_file()?;
        file.lock()?;
        Ok(Lock(file))
    }

    fn lock_file(&self) -> std::io::Result<File> {
        OpenOptions::new().create(true).truncate(false).write(true).open(self.path.join("lock"))
    }

    /// The record of the owner, where there is one. It may be stale: a call through it tells.
    pub fn owner(&self) -> std::io::Result<Option<OwnerRecord>> {
        match std::fs::read(self.path.join("owner.json")) {
            Ok(bytes) => Ok(serde_json::from_slice(&bytes).ok()),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Publishes who owns the directory, whole or not at all. Only the holder of the lock may.
    pub fn publish(&self, record: &OwnerRecord) -> std::io::Result<()> {
        // Temporary files are made 0600 and keep that when renamed.
        let mut file = tempfile::NamedTempFile::new_in(&self.path)?;
        file.write_all(&serde_json::to_vec(record)?)?;
        file.persist(self.path.join("owner.json"))?;
        Ok(())
    }

    /// Withdraws the record, before the lock is given up.
    pub fn withdraw(&self) {
        let _ = std::fs::remove_file(self.path.join("owner.json"));
    }
}

fn make_private(path: &Path) -> std::io::Result<()> {
    if path.is_dir() {
        return Ok(());
    }
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_holder_at_a_time_and_the_next_waits_for_it() {
        let temp = tempfile::tempdir().unwrap();
        let directory = Directory::open(temp.path(), "one").unwrap();
        let held = directory.try_lock().unwrap().unwrap();
        assert!(directory.try_lock().unwrap().is_none());
        let waiter = {
            let directory = Directory::open(temp.path(), "two").unwrap();
            std::thread::spawn(move || directory.lock().map(drop))
        };
        drop(held);
        waiter.join().unwrap().unwrap();
    }

    #[test]
    fn the_id_is_given_once() {
        let temp = tempfile::tempdir().unwrap();
        assert_eq!(Directory::open(temp.path(), "one").unwrap().id(), "one");
        assert_eq!(Directory::open(temp.path(), "two").unwrap().id(), "one");
    }

    #[cfg(unix)]
    #[test]
    fn the_record_is_readable_by_its_user_alone() {
        use std::os::unix::fs::PermissionsExt;
        let temp = tempfile::tempdir().unwrap();
        let directory = Directory::open(temp.path(), "one").unwrap();
        let record =
            OwnerRecord { pid: 1, address: "127.0.0.1:1".parse().unwrap(), token: "t".into(), directory: "one".into() };
        directory.publish(&record).unwrap();
        assert_eq!(directory.owner().unwrap(), Some(record));
        let mode = std::fs::metadata(temp.path().join("owner.json")).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
}
