//! The temporary directories of those that have their data in memory.

use std::path::{Path, PathBuf};

use super::TEMPORARY;

/// The temporary directories of this user's processes. Anybody may put something beside them.
#[must_use]
pub fn temporary_places() -> Vec<PathBuf> {
    let entries = std::fs::read_dir(std::env::temp_dir()).into_iter().flatten().flatten();
    entries
        .filter(|entry| entry.file_name().to_string_lossy().starts_with(TEMPORARY))
        .map(|entry| entry.path())
        .filter(|path| is_ours(path))
        .collect()
}

#[cfg(unix)]
fn is_ours(path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    std::fs::symlink_metadata(path)
        .is_ok_and(|there| there.is_dir() && there.uid() == rustix::process::geteuid().as_raw())
}

/// Elsewhere the temporary directory is the user's own.
#[cfg(not(unix))]
fn is_ours(path: &Path) -> bool {
    path.is_dir()
}
