//! What no tool reads or writes, whatever is allowed: where people answer, and what says what is allowed.

use std::path::{Path, PathBuf};

use crate::emulator::place::{DATABASE, DIRECTORY_ID};

/// Files by which a person configures footbridge: whoever writes them grants.
const CONFIGURATION: [&str; 2] = ["footbridge.toml", "trusted.json"];
/// What a directory of ours has, of this server or another: any of these files, or all of these directories.
const FILES: [&str; 3] = [DATABASE, DIRECTORY_ID, "trusted.json"];
const DIRECTORIES: [&str; 2] = ["approvals", "journal"];
/// Where a server without a data directory has them.
const TEMPORARY: &str = "footbridge-journal-";

/// What is closed.
#[derive(Debug, Clone, Default)]
pub(super) struct Closed {
    /// Directories, whether or not they are there yet; their links resolved.
    pub(super) directories: Vec<PathBuf>,
    /// Whether footbridge's own directories and files are closed, whoever's they are.
    pub(super) ours: bool,
}

impl Closed {
    /// Whether a path leads to what is closed, or into it, where cases are not told apart either.
    pub(super) fn holds(&self, path: &Path) -> bool {
        let lower = |path: &Path| PathBuf::from(path.to_string_lossy().to_lowercase());
        let wanted = lower(path);
        self.directories.iter().any(|closed| wanted.starts_with(lower(closed)))
            || self.ours && (is_configuration(&wanted) || path.ancestors().any(is_ours))
    }
}

/// Whether a path, in small letters, is called as what configures footbridge.
fn is_configuration(path: &Path) -> bool {
    path.file_name().is_some_and(|name| CONFIGURATION.iter().any(|own| name == *own))
}

fn is_ours(directory: &Path) -> bool {
    FILES.iter().any(|name| directory.join(name).is_file())
        || DIRECTORIES.iter().all(|name| directory.join(name).is_dir())
        || directory.file_name().is_some_and(|name| name.to_string_lossy().to_lowercase().starts_with(TEMPORARY))
}
