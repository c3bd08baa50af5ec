//! What can go wrong in the store.

use std::sync::Arc;

use crate::emulator::error::AwsError;

/// A failure of the store itself, never of the operation that met it.
#[derive(Debug, Clone, thiserror::Error)]
pub enum StoreError {
    /// The disk is full. Nothing of the failed batch was written.
    #[error("no space left on the disk that holds the data directory")]
    Full,
    /// Reading or writing failed, or the file is damaged. Nothing of the failed batch was written.
    #[error("the store failed: {0}")]
    Failed(Arc<redb::Error>),
    /// The operation panicked. Nothing of it was written; others in its batch were.
    #[error("the operation failed inside the store")]
    Panicked,
    /// The data file was deleted or replaced while it was in use. Nothing is acknowledged any more.
    #[error("the data directory was deleted or replaced while it was in use: restart the footbridge that owns it")]
    Gone,
    /// The store is closed, or closing.
    #[error("the store is closed")]
    Closed,
    /// The data was written by a later version.
    #[error("the data has schema {found}, and this footbridge knows up to {known}: use a newer footbridge")]
    Newer {
        /// The schema found.
        found: u32,
        /// The newest schema that this build knows.
        known: u32,
    },
    /// A row does not decode.
    #[error("a damaged row in {table}: {what}")]
    Damaged {
        /// The table.
        table: &'static str,
        /// What is wrong with it.
        what: String,
    },
    /// A file operation beside the database failed, such as the copy before a migration.
    #[error("{what}: {source}")]
    File {
        /// What was attempted.
        what: &'static str,
        /// Why it failed.
        source: Arc<std::io::Error>,
    },
}

impl StoreError {
    pub(super) fn file(what: &'static str, source: std::io::Error) -> Self {
        Self::File { what, source: Arc::new(source) }
    }
}

impl<E: Into<redb::Error>> From<E> for StoreError {
    fn from(error: E) -> Self {
        match error.into() {
            redb::Error::Io(io) if io.kind() == std::io::ErrorKind::StorageFull => Self::Full,
            other => Self::Failed(Arc::new(other)),
        }
    }
}

impl From<StoreError> for AwsError {
    fn from(error: StoreError) -> Self {
        tracing::error!(%error, "the store failed");
        // AWS names this InternalError (S3) or InternalServerError (DynamoDB): each wire layer renders its own.
        Self::new(500, "InternalError", format!("We encountered an internal error. Please try again. ({error})"))
    }
}
