//! Bodies that were moved aside instead of being deleted, because nothing proves that nobody needs them.
//!
//! `DIR/quarantine/NAME/` holds the bodies of one occasion, under the names that they had, and `why.json`, which says when
//! and why. Each body is moved by one rename, so it is at any time in one place or in the other,
//! whole; where the bodies are on another file system, it is copied, synced and removed. Whoever changes anything here has the lock of the data directory.

use std::fmt;
use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use aws_smithy_types::date_time::{DateTime, Format};
use serde::{Deserialize, Serialize};

use super::blobs::{BLOBS, BlobId};
use crate::private;

/// Where in a data directory bodies are that were moved aside.
const PLACE: &str = "quarantine";
/// What says why, beside the bodies.
const WHY: &str = "why.json";
/// How many occasions one second may have.
const MOST_A_SECOND: u32 = 10_000;

/// The quarantine of a data directory. Nothing is made before something is moved there.
#[derive(Debug, Clone)]
pub struct Quarantine {
    blobs: PathBuf,
    place: PathBuf,
}

/// Why bodies are moved aside, as `why.json` keeps it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Why {
    /// The reason, a sentence for a person.
    pub why: String,
    /// The identity that the bodies' folder had, where it had one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub identity: Option<String>,
}

/// What was moved aside on one occasion.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Occasion {
    /// The name of its folder in the quarantine.
    pub name: String,
    /// The folder.
    pub path: PathBuf,
    /// When, as RFC 3339 in UTC; empty where `why.json` is gone.
    pub when: String,
    /// Why.
    #[serde(flatten)]
    pub why: Why,
    /// How many bodies there are now.
    pub count: u64,
    /// Their length together, in bytes.
    pub bytes: u64,
}

impl fmt::Display for Occasion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { path, when, why, count, bytes, .. } = self;
        let path = path.display();
        write!(f, "{count} bodies of objects ({bytes} bytes) were moved aside to {path}")?;
        if !when.is_empty() {
            write!(f, " at {when}")?;
        }
        write!(f, ", because {}. `footbridge fsck` shows and restores them", why.why)
    }
}

/// `why.json`. Count and bytes are those of the beginning, for whoever reads the file.
#[derive(Debug, Serialize, Deserialize)]
struct Note {
    when: String,
    #[serde(flatten)]
    why: Why,
    count: u64,
    bytes: u64,
}

impl Quarantine {
    /// That of the data directory at `directory`.
    #[must_use]
    pub fn of(directory: &Path) -> Self {
        Self { blobs: directory.join(BLOBS), place: directory.join(PLACE) }
    }

    /// Moves the bodies `ids` out of the store's way, all to one new folder; gives `None` where none of them is there.
    ///
    /// Broken off, it leaves some moved and the others where they were, and nothing half.
    pub fn set_aside(&self, ids: &[BlobId], why: Why, now: SystemTime) -> io::Result<Option<Occasion>> {
        let mut there = Vec::with_capacity(ids.len());
        let mut bytes = 0;
        for id in ids {
            match fs::symlink_metadata(self.blobs.join(id.name())) {
                Ok(metadata) => {
                    bytes += metadata.len();
                    there.push(*id);
                }
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Err(error) => return Err(error),
            }
        }
        if there.is_empty() {
            return Ok(None);
        }
        let when = DateTime::from(now).fmt(Format::DateTime).unwrap_or_default();
        let (name, path) = self.folder(now)?;
        let count = there.len() as u64;
        let note = Note { when, why, count, bytes };
        if let Err(error) = self.fill(&path, &note, there) {
            // An occasion on which nothing was moved is none. Where that is not known, it stays.
            if bodies(&path).is_ok_and(|moved| moved.is_empty()) {
                let _ = fs::remove_dir_all(&path);
                let _ = fs::remove_dir(&self.place);
            }
            return Err(error);
        }
        let Note { when, why, count, bytes } = note;
        Ok(Some(Occasion { name, path, when, why, count, bytes }))
    }

    /// Writes the reason into the folder `path`, and moves the bodies `ids` there.
    fn fill(&self, path: &Path, note: &Note, ids: Vec<BlobId>) -> io::Result<()> {
        // The reason is there before the first body is.
        let mut file = private::options().create_new(true).write(true).open(path.join(WHY))?;
        file.write_all(&serde_json::to_vec_pretty(note)?)?;
        file.sync_all()?;
        private::file(&path.join(WHY))?;
        for id in ids {
            let to = path.join(id.name());
            relocate(&self.blobs.join(id.name()), &to)?;
            private::file(&to)?;
        }
        // The folder, its own entry and that of the quarantine: what left the one place is in the other after a power cut.
        for directory in [path, &self.place, &self.blobs] {
            private::sync_directory(directory)?;
        }
        if let Some(directory) = self.place.parent() {
            private::sync_directory(directory)?;
        }
        Ok(())
    }

    /// A new folder, named by the time so that names sort by it.
    fn folder(&self, now: SystemTime) -> io::Result<(String, PathBuf)> {
        private::directory(&self.place)?;
        let second = DateTime::from(now).secs();
        // No colons: Windows has none in names.
        let stamp = DateTime::from_secs(second).fmt(Format::DateTime).unwrap_or_default().replace(':', "-");
        for number in 1..MOST_A_SECOND {
            let name = if number == 1 { stamp.clone() } else { format!("{stamp}-{number}") };
            let path = self.place.join(&name);
            // A folder of bodies without a reason would be worse than one occasion in two folders.
            if !path.exists() {
                private::directory(&path)?;
                return Ok((name, path));
            }
        }
        Err(io::Error::new(io::ErrorKind::AlreadyExists, "the quarantine has no name left for this second"))
    }

    /// What was moved aside and is still there, oldest first. Folders that hold no body are left out.
    pub fn list(&self) -> io::Result<Vec<Occasion>> {
        let entries = match fs::read_dir(&self.place) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(error),
        };
        let mut all = Vec::new();
        for entry in entries {
            let entry = entry?;
            let (Ok(name), true) = (entry.file_name().into_string(), entry.file_type()?.is_dir()) else { continue };
            let path = entry.path();
            let (mut count, mut bytes) = (0, 0);
            for (_, length) in bodies(&path)? {
                count += 1;
                bytes += length;
            }
            if count > 0 {
                let (when, why) = read_note(&path);
                all.push(Occasion { name, path, when, why, count, bytes });
            }
        }
        all.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(all)
    }

    /// The bodies that the occasion `name` moved aside and that are still there, with their lengths in bytes.
    pub fn bodies(&self, name: &str) -> io::Result<Vec<(BlobId, u64)>> {
        bodies(&self.inside(name)?)
    }

    /// Moves the body `id` of the occasion `name` back to its place. One that is there already stays: an error says so.
    /// The folder goes with its last body.
    pub fn restore(&self, name: &str, id: BlobId) -> io::Result<()> {
        let folder = self.inside(name)?;
        private::directory(&self.blobs)?;
        let to = self.blobs.join(id.name());
        // The lock is ours, so nobody makes it between these two.
        if fs::symlink_metadata(&to).is_ok() {
            let there = format!("the body {id:?} is in its place already");
            return Err(io::Error::new(io::ErrorKind::AlreadyExists, there));
        }
        relocate(&folder.join(id.name()), &to)?;
        private::file(&to)?;
        private::sync_directory(&self.blobs)?;
        if bodies(&folder)?.is_empty() {
            fs::remove_file(folder.join(WHY)).or_else(ignore_missing)?;
            // Somebody may have put something else there.
            let _ = fs::remove_dir(&folder);
        } else {
            private::sync_directory(&folder)?;
        }
        Ok(())
    }

    /// The folder of an occasion, which lies directly in the quarantine.
    fn inside(&self, name: &str) -> io::Result<PathBuf> {
        let mut parts = Path::new(name).components();
        match (parts.next(), parts.next()) {
            (Some(std::path::Component::Normal(part)), None) => Ok(self.place.join(part)),
            _ => Err(io::Error::new(io::ErrorKind::InvalidInput, "this names no folder of the quarantine")),
        }
    }
}

/// Moves a body, whole or not at all. On another file system, it is whole and durable there before it is removed here.
fn relocate(from: &Path, to: &Path) -> io::Result<()> {
    match fs::rename(from, to) {
        Err(error) if error.kind() == io::ErrorKind::CrossesDevices => {}
        moved => return moved,
    }
    // So unfinished writes are called in the folder of bodies too, where they are cleared.
    let mut unfinished = to.as_os_str().to_owned();
    unfinished.push("#1");
    let copied = copy(from, Path::new(&unfinished)).and_then(|()| fs::rename(&unfinished, to));
    if copied.is_err() {
        let _ = fs::remove_file(&unfinished);
    }
    copied?;
    if let Some(directory) = to.parent() {
        private::sync_directory(directory)?;
    }
    fs::remove_file(from)
}

fn copy(from: &Path, to: &Path) -> io::Result<()> {
    let mut target = private::options().create(true).truncate(true).write(true).open(to)?;
    io::copy(&mut fs::File::open(from)?, &mut target)?;
    target.sync_all()
}

fn ignore_missing(error: io::Error) -> io::Result<()> {
    if error.kind() == io::ErrorKind::NotFound { Ok(()) } else { Err(error) }
}

fn bodies(folder: &Path) -> io::Result<Vec<(BlobId, u64)>> {
    let mut all = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if let Some(id) = entry.file_name().to_str().and_then(BlobId::from_name)
            && entry.file_type()?.is_file()
        {
            all.push((id, entry.metadata()?.len()));
        }
    }
    all.sort_unstable();
    Ok(all)
}

/// What `why.json` says; where it is gone or damaged, that is said.
fn read_note(folder: &Path) -> (String, Why) {
    let note = fs::read(folder.join(WHY)).ok().and_then(|bytes| serde_json::from_slice::<Note>(&bytes).ok());
    note.map_or_else(
        || (String::new(), Why { why: "why.json is missing or damaged".to_owned(), identity: None }),
        |note| (note.when, note.why),
    )
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, UNIX_EPOCH};

    use uuid::Uuid;

    use super::*;

    fn why() -> Why {
        Why { why: "an older database was put back".to_owned(), identity: Some("one".to_owned()) }
    }

    fn with_bodies(count: u128) -> (tempfile::TempDir, Vec<BlobId>, Quarantine) {
        let temp = tempfile::tempdir().unwrap();
        fs::create_dir(temp.path().join(BLOBS)).unwrap();
        let ids: Vec<BlobId> = (1..=count).map(|n| BlobId::from(Uuid::from_u128(n))).collect();
        for id in &ids {
            fs::write(temp.path().join(BLOBS).join(id.name()), "body").unwrap();
        }
        let quarantine = Quarantine::of(temp.path());
        (temp, ids, quarantine)
    }

    #[test]
    fn bodies_go_aside_with_the_reason_and_come_back_to_their_place() {
        let (temp, ids, quarantine) = with_bodies(3);
        let now = UNIX_EPOCH + Duration::from_millis(1_795_370_299_500);
        let moved = quarantine.set_aside(&ids[..2], why(), now).unwrap().unwrap();
        assert_eq!((moved.name.as_str(), moved.count, moved.bytes), ("2026-11-22T17-58-19Z", 2, 8));
        assert_eq!(quarantine.list().unwrap(), std::slice::from_ref(&moved));
        assert!(!temp.path().join(BLOBS).join(ids[0].name()).exists());
        assert!(temp.path().join(BLOBS).join(ids[2].name()).exists());
        assert_eq!(quarantine.bodies(&moved.name).unwrap(), [(ids[0], 4), (ids[1], 4)]);
        quarantine.restore(&moved.name, ids[0]).unwrap();
        assert_eq!(fs::read(temp.path().join(BLOBS).join(ids[0].name())).unwrap(), b"body");
        assert_eq!(quarantine.list().unwrap()[0].count, 1);
        quarantine.restore(&moved.name, ids[1]).unwrap();
        assert_eq!(quarantine.list().unwrap(), []);
        assert!(!moved.path.exists(), "the folder goes with its last body");
    }

    #[test]
    fn occasions_of_one_second_have_folders_of_their_own_and_what_is_missing_makes_none() {
        let (temp, ids, quarantine) = with_bodies(2);
        let first = quarantine.set_aside(&ids[..1], why(), UNIX_EPOCH).unwrap().unwrap();
        let second = quarantine.set_aside(&ids[1..], why(), UNIX_EPOCH).unwrap().unwrap();
        assert_ne!(first.path, second.path);
        assert_eq!(quarantine.set_aside(&ids, why(), UNIX_EPOCH).unwrap(), None);
        assert_eq!(fs::read_dir(temp.path().join(PLACE)).unwrap().count(), 2);
    }

    #[test]
    fn nothing_in_its_place_is_overwritten_and_no_name_leads_out_of_the_quarantine() {
        let (temp, ids, quarantine) = with_bodies(1);
        let moved = quarantine.set_aside(&ids, why(), UNIX_EPOCH).unwrap().unwrap();
        let place = temp.path().join(BLOBS).join(ids[0].name());
        fs::write(&place, "newer").unwrap();
        let refused = quarantine.restore(&moved.name, ids[0]).unwrap_err();
        assert_eq!(refused.kind(), io::ErrorKind::AlreadyExists);
        assert_eq!(fs::read(place).unwrap(), b"newer");
        for name in ["..", "../blobs", "/etc", "", "a/b"] {
            assert_eq!(quarantine.bodies(name).unwrap_err().kind(), io::ErrorKind::InvalidInput, "{name}");
        }
    }

    #[test]
    fn a_folder_whose_reason_is_lost_is_still_listed() {
        let (_temp, ids, quarantine) = with_bodies(1);
        let moved = quarantine.set_aside(&ids, why(), UNIX_EPOCH).unwrap().unwrap();
        fs::write(moved.path.join(WHY), "{").unwrap();
        let listed = quarantine.list().unwrap();
        assert_eq!((listed[0].count, listed[0].why.identity.clone()), (1, None));
    }

    /// Where the system has a second file system for everybody.
    #[cfg(target_os = "linux")]
    #[test]
    fn bodies_on_another_file_system_go_aside_and_come_back() {
        use std::os::unix::fs::MetadataExt;
        let temp = tempfile::tempdir().unwrap();
        let device = |path: &Path| fs::metadata(path).unwrap().dev();
        let Ok(elsewhere) = tempfile::tempdir_in("/dev/shm") else { return };
        if device(elsewhere.path()) == device(temp.path()) {
            return;
        }
        std::os::unix::fs::symlink(elsewhere.path(), temp.path().join(BLOBS)).unwrap();
        let id = BlobId::from(Uuid::from_u128(1));
        let body = elsewhere.path().join(id.name());
        fs::write(&body, "body").unwrap();
        let quarantine = Quarantine::of(temp.path());
        let moved = quarantine.set_aside(&[id], why(), UNIX_EPOCH).unwrap().unwrap();
        assert_eq!(fs::read(moved.path.join(id.name())).unwrap(), b"body");
        assert_eq!(fs::read_dir(&moved.path).unwrap().count(), 2, "the body and why");
        assert!(!body.exists());
        quarantine.restore(&moved.name, id).unwrap();
        assert_eq!(fs::read(&body).unwrap(), b"body");
        assert_eq!(fs::read_dir(elsewhere.path()).unwrap().count(), 1);
        assert!(!moved.path.exists());
        // An occasion on which nothing could be moved leaves nothing: a directory cannot be copied like a file.
        let directory = BlobId::from(Uuid::from_u128(2));
        fs::create_dir(elsewhere.path().join(directory.name())).unwrap();
        quarantine.set_aside(&[directory], why(), UNIX_EPOCH).unwrap_err();
        assert!(!temp.path().join(PLACE).exists());
    }

    #[cfg(unix)]
    #[test]
    fn what_is_aside_is_for_its_user_alone() {
        use std::os::unix::fs::PermissionsExt;
        let (temp, ids, quarantine) = with_bodies(1);
        let moved = quarantine.set_aside(&ids, why(), UNIX_EPOCH).unwrap().unwrap();
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!((mode(&temp.path().join(PLACE)), mode(&moved.path)), (0o700, 0o700));
        assert_eq!((mode(&moved.path.join(WHY)), mode(&moved.path.join(ids[0].name()))), (0o600, 0o600));
    }
}
