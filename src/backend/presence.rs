//! The processes of a data directory, as they say of themselves: what runs, since when, and where its calls go.

use std::fs::{self, File, TryLockError};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use footbridge_record::Target;
use serde::{Deserialize, Serialize};

use crate::emulator::store::same_file;
use crate::private;

/// Where in a data directory the processes are.
const PLACE: &str = "processes";

/// A process, as it says of itself. Nothing in it is secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProcessRecord {
    /// Its number.
    pub pid: u32,
    /// The subcommand, such as `serve`.
    pub command: String,
    /// footbridge's version.
    pub version: String,
    /// When it started, in milliseconds since the Unix epoch.
    pub started: u64,
    /// Where its calls go.
    pub target: Target,
    /// `read-only`, `ask` or `read-write`.
    pub mode: String,
    /// Where it records calls.
    pub journal: PathBuf,
    /// The endpoint that it offers, where its data is in memory; that of a directory is announced there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub endpoint: Option<String>,
    /// Where it serves MCP over HTTP.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mcp: Option<String>,
    /// The MCP client that it serves, the first of several.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client: Option<String>,
}

/// This process in a directory's list, until it is dropped. What a killed one leaves is known by its lock, which nobody
/// holds.
#[derive(Debug)]
pub struct Presence {
    place: PathBuf,
    record: Mutex<ProcessRecord>,
    _lock: File,
}

impl Presence {
    /// Puts the process of `record` into the list of `directory`, and takes out those that have ended.
    ///
    /// # Errors
    /// Where its files cannot be made.
    pub fn announce(directory: &Path, record: ProcessRecord) -> io::Result<Self> {
        let place = directory.join(PLACE);
        private::directory(&place)?;
        prune(&place);
        let path = lock_of(&place, record.pid);
        let lock = loop {
            let file = private::open_or_make(&path)?;
            file.lock()?;
            // Somebody may have taken it for one that was left, and removed it.
            if same_file(&file, &path) {
                break file;
            }
        };
        publish(&place, &record)?;
        Ok(Self { place, record: Mutex::new(record), _lock: lock })
    }

    /// Says something else of this process from now on.
    pub fn change(&self, change: impl FnOnce(&mut ProcessRecord)) {
        let mut record = self.record.lock().unwrap_or_else(PoisonError::into_inner);
        let before = record.clone();
        change(&mut record);
        if *record != before
            && let Err(error) = publish(&self.place, &record)
        {
            tracing::debug!(%error, "other processes see what was so before");
        }
    }
}

impl Drop for Presence {
    fn drop(&mut self) {
        let pid = self.record.get_mut().unwrap_or_else(PoisonError::into_inner).pid;
        remove(&self.place, pid);
    }
}

/// The living processes of `directory`, by their numbers.
#[must_use]
pub fn present(directory: &Path) -> Vec<ProcessRecord> {
    let place = directory.join(PLACE);
    let mut present: Vec<ProcessRecord> = pids(&place)
        .into_iter()
        .filter(|pid| is_alive(&place, *pid))
        .filter_map(|pid| serde_json::from_slice(&fs::read(file_of(&place, pid)).ok()?).ok())
        .collect();
    present.sort_unstable_by_key(|record| record.pid);
    present
}

fn file_of(place: &Path, pid: u32) -> PathBuf {
    place.join(format!("{pid}.json"))
}

fn lock_of(place: &Path, pid: u32) -> PathBuf {
    place.join(format!("{pid}.lock"))
}

fn publish(place: &Path, record: &ProcessRecord) -> io::Result<()> {
    let mut file = tempfile::NamedTempFile::new_in(place)?;
    file.write_all(&serde_json::to_vec(record)?)?;
    private::file(file.path())?;
    file.persist(file_of(place, record.pid))?;
    Ok(())
}

/// The processes that have a file of either kind.
fn pids(place: &Path) -> Vec<u32> {
    let entries = fs::read_dir(place).into_iter().flatten().flatten();
    let mut pids: Vec<u32> =
        entries.filter_map(|entry| Path::new(&entry.file_name()).file_stem()?.to_str()?.parse().ok()).collect();
    pids.sort_unstable();
    pids.dedup();
    pids
}

fn is_alive(place: &Path, pid: u32) -> bool {
    // Where the file system has no locks, nobody can tell.
    File::open(lock_of(place, pid)).is_ok_and(|lock| lock.try_lock_shared().is_err())
}

/// Takes out processes that were killed.
fn prune(place: &Path) {
    for pid in pids(place) {
        let lock = match File::open(lock_of(place, pid)) {
            Ok(file) => match file.try_lock() {
                Ok(()) => Some(file),
                Err(TryLockError::WouldBlock | TryLockError::Error(_)) => continue,
            },
            Err(_) => None,
        };
        remove(place, pid);
        drop(lock);
    }
}

fn remove(place: &Path, pid: u32) {
    let _ = fs::remove_file(file_of(place, pid));
    // Last: while it is there and held, the other one counts.
    let _ = fs::remove_file(lock_of(place, pid));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(pid: u32) -> ProcessRecord {
        ProcessRecord {
            pid,
            command: "serve".into(),
            version: "0".into(),
            started: 1,
            target: Target::Local { account: None, region: Some("us-east-1".into()) },
            mode: "read-write".into(),
            journal: "journal".into(),
            endpoint: None,
            mcp: None,
            client: None,
        }
    }

    #[test]
    fn a_process_is_listed_while_it_lives_and_one_that_was_killed_is_not() {
        let temp = tempfile::tempdir().unwrap();
        let first = Presence::announce(temp.path(), record(1)).unwrap();
        // What a kill leaves: both files, and nobody who holds the lock.
        let place = temp.path().join(PLACE);
        publish(&place, &record(2)).unwrap();
        fs::write(lock_of(&place, 2), "").unwrap();
        assert_eq!(present(temp.path()), [record(1)]);
        first.change(|record| record.client = Some("agent 1".into()));
        assert_eq!(present(temp.path())[0].client.as_deref(), Some("agent 1"));
        let third = Presence::announce(temp.path(), record(3)).unwrap();
        assert!(!file_of(&place, 2).exists() && !lock_of(&place, 2).exists(), "the next process clears up");
        drop(first);
        assert_eq!(present(temp.path()), [record(3)]);
        drop(third);
        assert_eq!(fs::read_dir(&place).unwrap().count(), 0);
        assert_eq!(present(&temp.path().join("nowhere")), []);
    }

    #[test]
    fn the_list_is_readable_by_its_user_alone() {
        let temp = tempfile::tempdir().unwrap();
        let _present = Presence::announce(temp.path(), record(1)).unwrap();
        #[cfg(unix)]
        for entry in fs::read_dir(temp.path().join(PLACE)).unwrap() {
            use std::os::unix::fs::PermissionsExt;
            let entry = entry.unwrap();
            assert_eq!(entry.metadata().unwrap().permissions().mode() & 0o777, 0o600, "{:?}", entry.file_name());
        }
    }
}
