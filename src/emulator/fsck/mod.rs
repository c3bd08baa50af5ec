//! Checking a data directory that nobody has open, and repairing what can be repaired: rows against bodies, rows against
//! rows. Nothing is ever deleted that anybody may want: bodies are moved to the quarantine.

mod bodies;
mod check;
mod repair;
mod report;

pub use check::{Checked, check};
pub use repair::repair;
pub use report::{Counts, Finding, Inventory, Kind, Orphan, Outcome, Report, Waiting};

use super::error::AwsError;
use super::s3::BlobError;
use super::s3::agreement::Unsettled;
use super::store::StoreError;

/// Why a directory could not be checked or repaired.
#[derive(Debug, thiserror::Error)]
pub enum FsckError {
    /// The database could not be read or written.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// It could not be settled that database and bodies belong together.
    #[error(transparent)]
    Unsettled(#[from] Unsettled),
    /// The folder of bodies could not be opened.
    #[error(transparent)]
    Blobs(#[from] BlobError),
    /// A file could not be read or moved.
    #[error("{what}: {source}")]
    File {
        /// What was attempted.
        what: String,
        /// Why it failed.
        source: std::io::Error,
    },
}

impl FsckError {
    fn file(what: impl Into<String>, source: std::io::Error) -> Self {
        Self::File { what: what.into(), source }
    }
}

impl From<AwsError> for FsckError {
    /// Of an operation inside the store, where the store's own failures come as answers.
    fn from(error: AwsError) -> Self {
        Self::File { what: "writing to the database".to_owned(), source: std::io::Error::other(error.to_string()) }
    }
}

/// Told how far a check is.
pub trait Progress: Sync {
    /// Something of this many bytes begins.
    fn begin(&self, what: &str, bytes: u64);
    /// So many more bytes are read.
    fn advance(&self, bytes: u64);
}

/// Tells nobody.
#[derive(Debug, Clone, Copy)]
pub struct Silent;

impl Progress for Silent {
    fn begin(&self, _: &str, _: u64) {}
    fn advance(&self, _: u64) {}
}
