//! Why a folder could not be seeded.

use std::error::Error;
use std::path::{Path, PathBuf};

use aws_sdk_dynamodb::error::{ProvideErrorMetadata, SdkError};

use crate::causes;

/// Why a folder could not be seeded: always with the place.
#[derive(Debug, thiserror::Error)]
pub enum SeedError {
    /// A file could not be read.
    #[error("{path}: {source}")]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// A file does not hold what its name says.
    #[error("{place}: {what}")]
    Content {
        /// The file, with a line where it has lines.
        place: String,
        /// What is wrong.
        what: String,
    },
    /// The far side refused.
    #[error("{doing}: {message}")]
    Refused {
        /// What was being done.
        doing: String,
        /// AWS's code and message.
        message: String,
    },
}

#[allow(clippy::needless_pass_by_value, reason = "errors and texts are handed over as they come")]
impl SeedError {
    pub(super) fn read(path: &Path, source: std::io::Error) -> Self {
        Self::Read { path: path.to_owned(), source }
    }

    pub(super) fn content(path: &Path, what: impl ToString) -> Self {
        Self::Content { place: path.display().to_string(), what: what.to_string() }
    }

    pub(super) fn line(path: &Path, line: u64, what: impl ToString) -> Self {
        Self::Content { place: format!("{}:{line}", path.display()), what: what.to_string() }
    }

    pub(super) fn aws<E>(doing: impl Into<String>, error: SdkError<E>) -> Self
    where
        E: ProvideErrorMetadata + Error + 'static,
    {
        let message = match (error.code(), error.message()) {
            (Some(code), message) => format!("{code}: {}", message.unwrap_or_default()),
            (None, _) => causes::told(&error),
        };
        Self::Refused { doing: doing.into(), message }
    }
}
