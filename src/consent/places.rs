//! Where calls of this user may wait.

use std::path::{Path, PathBuf};

use crate::journal::temporary_places;

/// The directories that may have a queue: the data directory, its stores, and those beside data in memory. A person answers
/// from wherever they are.
#[must_use]
pub fn places(data_dir: &Path) -> Vec<PathBuf> {
    let stores = std::fs::read_dir(data_dir.join("stores")).into_iter().flatten().flatten().map(|entry| entry.path());
    let mut places: Vec<_> = [data_dir.to_owned()].into_iter().chain(stores).chain(temporary_places()).collect();
    places.retain(|place| place.join(super::DIRECTORY).is_dir());
    places
}
