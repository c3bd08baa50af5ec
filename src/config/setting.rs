//! A value together with the place it came from.

use std::fmt;
use std::path::{Path, PathBuf};

use footbridge_record::text::{brief, visible};

/// How many characters of a name or a value a message shows.
pub(super) const NAME_SHOWN: usize = 80;

/// Where a value came from, in falling order of precedence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// A command-line flag, such as `--region`.
    Flag(String),
    /// A variable of the process environment.
    Env(String),
    /// A variable in the working directory's `.env`.
    DotEnv {
        /// The file.
        path: PathBuf,
        /// The line, counted from one.
        line: usize,
        /// The variable's name.
        name: String,
    },
    /// A key of a `footbridge.toml`.
    File {
        /// The file.
        path: PathBuf,
        /// The line, counted from one.
        line: usize,
        /// The key, dotted.
        key: String,
    },
    /// What footbridge does when nothing is said.
    Default,
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Flag(name) => f.write_str(name),
            Self::Env(name) => write!(f, "{name} in the environment"),
            Self::DotEnv { path, line, name: key } | Self::File { path, line, key } => {
                write!(f, "{} in {}:{line}", brief(key, NAME_SHOWN), shown_path(path))
            }
            Self::Default => f.write_str("default"),
        }
    }
}

/// A path as messages show it: whoever made a folder chose its name.
pub(super) fn shown_path(path: &Path) -> String {
    visible(&path.to_string_lossy()).into_owned()
}

/// A value as messages show it.
pub(super) fn shown_value(value: &str) -> String {
    brief(value, NAME_SHOWN)
}

/// A value and where it came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Setting<T> {
    /// The value in force.
    pub value: T,
    /// Where it came from.
    pub source: Source,
}

impl<T> Setting<T> {
    /// A value that nobody chose.
    pub fn default_of(value: T) -> Self {
        Self { value, source: Source::Default }
    }
}

/// A value that is never shown: its `Debug` hides it, and it has no `Display`.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Hides `value`.
    pub fn new(value: impl Into<String>) -> Self {
        Self(value.into())
    }

    /// The value itself, for the one place that needs it.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}
