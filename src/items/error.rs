//! Why a file of items cannot be read on.

use std::io;

/// Why a file of items cannot be read on. What is wrong with one of its rows alone is no such error.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ReadError {
    /// The file cannot be read.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// What it holds are no items, or it is cut.
    #[error("line {line}: {what}")]
    Content { line: u64, what: String },
}

impl ReadError {
    pub(super) fn content(line: u64, what: impl Into<String>) -> Self {
        Self::Content { line, what: what.into() }
    }

    /// The same, so many lines further down.
    pub(super) fn below(self, above: u64) -> Self {
        match self {
            Self::Content { line, what } => Self::Content { line: line + above, what },
            error @ Self::Io(_) => error,
        }
    }
}
