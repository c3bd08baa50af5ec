//! Why a snapshot was not made or not restored.

use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::emulator::error::AwsError;
use crate::emulator::store::StoreError;

/// What kind of trouble it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Trouble {
    /// What was asked for is not there, or is not asked for rightly.
    Asked,
    /// There is more than was allowed.
    TooLarge,
    /// A file is damaged, or holds what no call could have stored.
    Damaged,
    /// Something newer stands in the way.
    Newer,
    /// The disk or the store failed.
    Failed,
}

/// Why a snapshot was not made or not restored, or why nothing was undone.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
#[error("{message}")]
pub struct SnapshotError {
    /// What kind of trouble it is.
    pub trouble: Trouble,
    /// What is wrong, one sentence.
    pub message: String,
}

impl SnapshotError {
    /// An error of this kind.
    pub fn new(trouble: Trouble, message: impl Into<String>) -> Self {
        Self { trouble, message: message.into() }
    }

    /// What was asked for cannot be done so.
    pub fn asked(message: impl Into<String>) -> Self {
        Self::new(Trouble::Asked, message)
    }

    /// A file holds what it should not.
    pub fn damaged(message: impl Into<String>) -> Self {
        Self::new(Trouble::Damaged, message)
    }

    /// A file could not be used. Where it is, is not everybody's business who is told, so the system's text, which may
    /// name it, is not in the message.
    #[must_use]
    pub fn file(what: &str, path: &Path, error: &std::io::Error) -> Self {
        let trouble = if error.kind() == std::io::ErrorKind::NotFound { Trouble::Asked } else { Trouble::Failed };
        let name = path.file_name().unwrap_or(path.as_os_str());
        Self::new(trouble, format!("{what} {}: {}", name.display(), error.kind()))
    }
}

impl From<StoreError> for SnapshotError {
    fn from(error: StoreError) -> Self {
        Self::new(Trouble::Failed, error.to_string())
    }
}

impl From<AwsError> for SnapshotError {
    fn from(error: AwsError) -> Self {
        Self::new(Trouble::Failed, error.message)
    }
}

impl From<std::io::Error> for SnapshotError {
    fn from(error: std::io::Error) -> Self {
        Self::new(Trouble::Failed, error.to_string())
    }
}
