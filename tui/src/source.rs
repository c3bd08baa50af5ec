//! Where the dashboard's facts come from: what the rest of footbridge implements for it.

use crate::model::{Call, Target};

/// What has happened. Views that come later add variants; a source gives those that it knows.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Update {
    /// A call began, went on or ended. Replaces what was said of it before.
    Call(Box<Call>),
    /// Where this process's own calls go, and what stands round it. Replaces what was said before.
    Facts(Facts),
    /// Something that a person should read; it goes with the next one or the next key.
    Notice(String),
}

/// What stands round the calls.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facts {
    /// Where calls go.
    pub target: Target,
    /// The local endpoint that other AWS clients reach now, where there is one.
    pub endpoint: Option<String>,
    /// What is watched, such as the data directory.
    pub watched: String,
    /// How to make calls appear, for when there are none: what it is for, and the text to paste.
    pub hints: Vec<Hint>,
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
/// History comes first, the oldest call first; later looks give what happened since.
pub trait Source: Send {
    /// What has happened since the last look; empty where nothing has. It may be a part of it: then
    /// [`News::more`] says that another look is worth its while at once.
    ///
    /// # Errors
    /// [`SourceError`] is shown, and the next look comes as if nothing was wrong.
    fn news(&mut self) -> Result<News, SourceError>;
}

/// What a look gave.
#[derive(Debug, Default, PartialEq)]
pub struct News {
    /// In the order in which it happened.
    pub updates: Vec<Update>,
    /// Whether there is more already.
    pub more: bool,
}
