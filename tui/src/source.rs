//! What has happened, as the dashboard is told: what the rest of footbridge implements for it. What a person asks for is in
//! [`crate::ask`].

use footbridge_record::Target;

use crate::request::Request;
use crate::row::Row;

/// What has happened.
#[derive(Debug)]
#[non_exhaustive]
pub enum Update {
    /// Calls that began, went on or ended, in any order. A row replaces what was said of its call before.
    Calls(Vec<Row>),
    /// How far the history of calls has been read. Replaces what was said before.
    History(History),
    /// The calls that wait for a person, and those that were answered lately. Replaces what was said before.
    Requests(Vec<Request>),
    /// Where this process's own calls go, and what stands round it. Replaces what was said before.
    Facts(Facts),
    /// Something that a person should read; it goes with the next one or the next key.
    Notice(String),
}

/// How far the history of calls has been read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct History {
    /// Bytes of journal that are read.
    pub read: u64,
    /// Bytes of journal that there are.
    pub total: u64,
}

/// What stands round the calls.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facts {
    /// Where calls go.
    pub target: Target,
    /// Whether this process may change data there.
    pub mode: Mode,
    /// The local endpoint that other AWS clients reach now, where there is one.
    pub endpoint: Option<String>,
    /// What is watched, such as the data directory.
    pub watched: String,
    /// How to make calls appear, for when there are none: what it is for, and the text to paste.
    pub hints: Vec<Hint>,
}

/// Whether data may be changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Mode {
    /// Nothing is changed.
    #[default]
    ReadOnly,
    /// Each change waits for a person's yes.
    Ask,
    /// Changes are made.
    ReadWrite,
}

impl Mode {
    /// Its word, as `--mode` has it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::ReadOnly => "read-only",
            Self::Ask => "ask",
            Self::ReadWrite => "read-write",
        }
    }
}

/// Something to paste elsewhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hint {
    /// What it is for.
    pub title: String,
    /// The text, of one line or more.
    pub paste: String,
}

/// Why a source cannot go on for now.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct SourceError(pub String);

/// Gives what has happened. Lives in a thread of its own, so it may block on files, not on people.
///
/// The newest calls come first, then older ones block by block, and between them what happens.
pub trait Source: Send {
    /// What has happened since the last look; empty where nothing has. It may be a part of it: then
    /// [`News::more`] says that another look is worth its while at once.
    ///
    /// # Errors
    /// [`SourceError`] is shown, and the next look comes as if nothing was wrong.
    fn news(&mut self) -> Result<News, SourceError>;
}

/// What a look gave.
#[derive(Debug, Default)]
pub struct News {
    /// In the order in which it happened.
    pub updates: Vec<Update>,
    /// Whether there is more already.
    pub more: bool,
}
