//! Who owns a data directory: the lock, and the record that says how to reach the owner.

use std::fs::{File, TryLockError};
use std::io::Write;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::emulator::place::{self, DIRECTORY_ID};
use crate::emulator::store::same_file;
use crate::private;

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
    /// Opens the directory at `path`, made if it is missing. `new_id` names it for good when it has no id yet. In one that
    /// is somebody else's, nothing is made.
    pub fn open(path: &Path, new_id: &str) -> std::io::Result<Self> {
        place::check(path).map_err(std::io::Error::other)?;
        if let Some(mode) = private::directory(path)? {
            let directory = path.display();
            tracing::warn!(%directory, mode = format_args!("{mode:o}"), "others may read the data directory, and it is not ours to close");
        }
        let id_file = path.join(DIRECTORY_ID);
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
        private::file(&id_file)?;
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
            // The path may lead to another file by now, which another process may hold.
            Ok(()) if !same_file(&file, &self.lock_path()) => Ok(None),
            Ok(()) => self.still_itself().map(|()| Some(Lock(file))),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(error)) => Err(error),
        }
    }

    /// Waits, blocking the thread, until the lock is ours.
    pub fn lock(&self) -> std::io::Result<Lock> {
        loop {
            let file = self.lock_file()?;
            file.lock()?;
            if same_file(&file, &self.lock_path()) {
                return self.still_itself().map(|()| Lock(file));
            }
        }
    }

    fn lock_path(&self) -> PathBuf {
        self.path.join("lock")
    }

    fn lock_file(&self) -> std::io::Result<File> {
        self.still_itself()?;
        // Another user who may open it could hold it for ever.
        private::open_or_make(&self.lock_path())
    }

    /// Fails where the path leads to another data directory by now: what this process knows is not in there.
    pub fn still_itself(&self) -> std::io::Result<()> {
        match std::fs::read_to_string(self.path.join(DIRECTORY_ID)) {
            Ok(id) if id.trim() == self.id => Ok(()),
            Ok(_) => Err(std::io::Error::other("it was replaced by another since this process started")),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                Err(std::io::Error::other("it was removed since this process started"))
            }
            Err(error) => Err(error),
        }
    }

    /// The process that has the lock, where the system tells: on Linux. It may not have published itself yet.
    #[must_use]
    pub fn lock_holder(&self) -> Option<u32> {
        lock_holder(&self.lock_path())
    }

    /// The record of the owner, where there is one. It may be stale: a call through it tells.
    pub fn owner(&self) -> std::io::Result<Option<OwnerRecord>> {
        owner_in(&self.path)
    }

    /// Publishes who owns the directory, whole or not at all. Only the holder of the lock may.
    pub fn publish(&self, record: &OwnerRecord) -> std::io::Result<()> {
        publish_in(&self.path, record)
    }

    /// Withdraws the record, before the lock is given up.
    pub fn withdraw(&self) {
        let _ = std::fs::remove_file(self.path.join("owner.json"));
    }
}

/// The record of the owner that `directory` has, where there is one. It may be stale: a call through it tells.
pub fn owner_in(directory: &Path) -> std::io::Result<Option<OwnerRecord>> {
    match std::fs::read(directory.join("owner.json")) {
        Ok(bytes) => Ok(serde_json::from_slice(&bytes).ok()),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// Puts the record into `directory`, whole or not at all.
pub(super) fn publish_in(directory: &Path, record: &OwnerRecord) -> std::io::Result<()> {
    // Temporary files are made 0600 and keep that when renamed.
    let mut file = tempfile::NamedTempFile::new_in(directory)?;
    file.write_all(&serde_json::to_vec(record)?)?;
    private::file(file.path())?;
    file.persist(directory.join("owner.json"))?;
    Ok(())
}

#[cfg(target_os = "linux")]
fn lock_holder(path: &Path) -> Option<u32> {
    use std::os::unix::fs::MetadataExt;
    let inode = format!(":{}", std::fs::metadata(path).ok()?.ino());
    let locks = std::fs::read_to_string("/proc/locks").ok()?;
    // number, kind, advisory, access, pid, major:minor:inode, …; waiters have an arrow after the number.
    locks.lines().find_map(|lock| {
        let fields: Vec<&str> = lock.split_whitespace().collect();
        (*fields.get(1)? == "FLOCK" && fields.get(5)?.ends_with(&inode)).then(|| fields.get(4)?.parse().ok())?
    })
}

#[cfg(not(target_os = "linux"))]
fn lock_holder(_path: &Path) -> Option<u32> {
    None
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

    #[cfg(unix)]
    #[test]
    fn a_waiter_takes_the_lock_of_the_path_and_never_that_of_a_deleted_file() {
        let temp = tempfile::tempdir().unwrap();
        let directory = Directory::open(temp.path(), "one").unwrap();
        let held = directory.try_lock().unwrap().unwrap();
        let (ready, waits) = std::sync::mpsc::channel();
        let waiter = {
            let directory = Directory::open(temp.path(), "two").unwrap();
            std::thread::spawn(move || {
                ready.send(()).unwrap();
                directory.lock()
            })
        };
        waits.recv().unwrap();
        std::fs::remove_file(temp.path().join("lock")).unwrap();
        drop(held);
        let inherited = waiter.join().unwrap().unwrap();
        assert!(directory.try_lock().unwrap().is_none());
        drop(inherited);
        assert!(directory.try_lock().unwrap().is_some());
    }

    #[test]
    fn a_directory_that_was_replaced_is_not_taken_over() {
        let temp = tempfile::tempdir().unwrap();
        let path = temp.path().join("data");
        let directory = Directory::open(&path, "one").unwrap();
        std::fs::remove_dir_all(&path).unwrap();
        assert!(directory.try_lock().unwrap_err().to_string().contains("removed"));
        assert!(!path.exists(), "and it is not made again");
        Directory::open(&path, "two").unwrap();
        assert!(directory.lock().unwrap_err().to_string().contains("replaced"));
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn the_holder_of_the_lock_is_known() {
        let temp = tempfile::tempdir().unwrap();
        let directory = Directory::open(temp.path(), "one").unwrap();
        assert_eq!(directory.lock_holder(), None);
        let held = directory.try_lock().unwrap();
        assert_eq!(directory.lock_holder(), Some(std::process::id()));
        drop(held);
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
