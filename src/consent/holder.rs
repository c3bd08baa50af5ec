//! What a process holds while it lives, so that others see whether anybody still waits.

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use uuid::Uuid;

use super::error::ConsentError;
use crate::emulator::store::same_file;
use crate::private;

/// The ending of the names of such files.
pub(super) const ENDING: &str = ".lock";

/// A lock that the kernel releases when the process ends, however it ends.
#[derive(Debug)]
pub(super) struct Holder {
    pub(super) id: Uuid,
    path: PathBuf,
    _lock: File,
}

impl Holder {
    pub(super) fn new(place: &Path) -> Result<Self, ConsentError> {
        let id = Uuid::new_v4();
        let path = path_of(place, id);
        loop {
            let file = private::open_or_make(&path).map_err(ConsentError::Io)?;
            file.lock().map_err(ConsentError::io(&path))?;
            // Somebody may have taken it for one that was left, and removed it.
            if same_file(&file, &path) {
                return Ok(Self { id, path, _lock: file });
            }
        }
    }
}

impl Drop for Holder {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.path);
    }
}

/// Whether the process that held it lives. Where the file system has no locks, nobody can tell.
pub(super) fn lives(place: &Path, id: Uuid) -> bool {
    File::open(path_of(place, id)).is_ok_and(|lock| lock.try_lock_shared().is_err())
}

/// Removes a file that nobody holds any more.
pub(super) fn remove_left(path: &Path) {
    if let Ok(file) = File::open(path)
        && file.try_lock().is_ok()
    {
        let _ = fs::remove_file(path);
    }
}

fn path_of(place: &Path, id: Uuid) -> PathBuf {
    place.join(format!("{id}{ENDING}"))
}
