//! What can go wrong before anything is compared.

use std::path::PathBuf;

use crate::journal::JournalError;

/// A journal that cannot be replayed or compared.
#[derive(Debug, thiserror::Error)]
pub enum ReplayError {
    /// It is not there.
    #[error("there is no journal {}", .0.display())]
    Missing(PathBuf),
    /// It has no call that was chosen.
    #[error("{} holds no such call{}", .path.display(), passed_over(*.unreadable))]
    Empty {
        /// The journal.
        path: PathBuf,
        /// Lines in it that are no records.
        unreadable: u64,
    },
    /// `--from` or `--to` names no call.
    #[error("no call's id begins or ends with {0}")]
    NoSuchCall(String),
    /// It cannot be read.
    #[error(transparent)]
    Journal(#[from] JournalError),
    /// A pattern of ours does not compile.
    #[error("a pattern is broken: {0}")]
    Pattern(#[from] regex_lite::Error),
}

fn passed_over(lines: u64) -> String {
    if lines == 0 { String::new() } else { format!(" ({lines} lines of it are no journal records)") }
}
