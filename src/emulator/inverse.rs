//! What comes of taking one change back.

use super::error::AwsError;

/// What was done to take a change back, by its URI, or why it was not.
pub type Outcome = Result<(String, &'static str), Refused>;

/// Why a change is not taken back.
#[derive(Debug)]
pub enum Refused {
    /// Something newer stands on top, in words.
    Newer(String),
    /// The store failed.
    Failed(AwsError),
}

impl<E: Into<AwsError>> From<E> for Refused {
    fn from(error: E) -> Self {
        Self::Failed(error.into())
    }
}
