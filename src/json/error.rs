//! What cannot be converted, where it stands, and what to send in its place.

use super::path::Path;

/// JSON that has no DynamoDB value, or the reverse. Displays as `items[3].price: PROBLEM; send WHAT`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{path}: {problem}; send {send}")]
pub struct JsonError {
    /// Where it stands in what was sent, such as `items[3].price`.
    pub path: String,
    /// What is wrong with it.
    pub problem: String,
    /// What to send in its place.
    pub send: String,
}

impl JsonError {
    pub(super) fn new(path: &Path<'_>, problem: impl Into<String>, send: impl Into<String>) -> Self {
        Self { path: path.to_string(), problem: problem.into(), send: send.into() }
    }
}
