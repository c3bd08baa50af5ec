//! What can go wrong with the journal.

use std::io;
use std::path::{Path, PathBuf};

/// A journal that cannot be written or read.
#[derive(Debug, thiserror::Error)]
pub enum JournalError {
    /// A file or directory failed.
    #[error("cannot {action} {path}: {source}")]
    Io {
        /// What was tried, such as `write`.
        action: &'static str,
        /// The file or directory.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// A record that is not on file, and why not.
    #[error("{0}")]
    Unwritten(String),
    /// A redaction pattern that does not compile: without it nothing is written.
    #[error("a redaction pattern is broken: {0}")]
    Pattern(#[from] regex_lite::Error),
}

impl JournalError {
    /// For `map_err`: names what was tried on `path`.
    pub(super) fn io(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::Io { action, path, source }
    }
}
