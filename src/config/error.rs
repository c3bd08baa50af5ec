//! What can be wrong with a configuration.

use std::path::PathBuf;

use super::setting::{Source, shown_path, shown_value};

/// A configuration that cannot be used. The message names the place and what would be right.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ConfigError {
    /// A file that is there and cannot be read.
    #[error("cannot read {}: {error}", shown_path(path))]
    Read {
        /// The file.
        path: PathBuf,
        /// What the system said.
        error: std::io::Error,
    },
    /// A file that is not what its name says.
    #[error("{}:{line}: {message}", shown_path(path))]
    Syntax {
        /// The file.
        path: PathBuf,
        /// The line, counted from one.
        line: usize,
        /// What is wrong.
        message: String,
    },
    /// A key or variable that does not exist.
    #[error("{place}: unknown {what} `{}`{}", shown_value(name), suggestion(nearest.as_deref()))]
    Unknown {
        /// File and line, or "environment".
        place: String,
        /// "key" or "variable".
        what: &'static str,
        /// What was written.
        name: String,
        /// The valid name that is nearest to it.
        nearest: Option<String>,
    },
    /// A value that its key does not take.
    #[error("{source_of}: {message}")]
    Value {
        /// Where the value is.
        source_of: Source,
        /// What is wrong and what would be right.
        message: String,
    },
    /// Settings that do not go together, or something that is missing.
    #[error("{0}")]
    Conflict(String),
}

fn suggestion(nearest: Option<&str>) -> String {
    nearest.map_or_else(String::new, |name| format!(" (did you mean `{name}`?)"))
}
