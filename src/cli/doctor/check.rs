//! One thing that was looked at.

use std::fmt;

use serde::Serialize;

use crate::backend::BridgeError;

/// How it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum State {
    /// As it should be.
    Good,
    /// Good to know.
    Note,
    /// Something will not work.
    Wrong,
}

/// One thing that was looked at.
#[derive(Debug, Serialize)]
pub(super) struct Check {
    pub(super) about: &'static str,
    pub(super) state: State,
    pub(super) finding: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) hint: Option<String>,
}

impl Check {
    pub(super) fn good(about: &'static str, finding: impl Into<String>) -> Self {
        Self { about, state: State::Good, finding: finding.into(), hint: None }
    }

    pub(super) fn note(about: &'static str, finding: impl Into<String>) -> Self {
        Self { about, state: State::Note, finding: finding.into(), hint: None }
    }

    pub(super) fn wrong(about: &'static str, finding: impl Into<String>) -> Self {
        Self { about, state: State::Wrong, finding: finding.into(), hint: None }
    }

    pub(super) fn error(about: &'static str, error: BridgeError) -> Self {
        // Who reads this has asked doctor already.
        let hint = error.hint.map(|hint| {
            if hint.contains("`footbridge doctor`") {
                "The settings above say what was asked for, and where".to_owned()
            } else {
                hint
            }
        });
        Self { hint, ..Self::wrong(about, error.message) }
    }

    pub(super) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}

impl fmt::Display for Check {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mark = match self.state {
            State::Good => "ok   ",
            State::Note => "note ",
            State::Wrong => "wrong",
        };
        write!(f, "{mark}  {}: {}", self.about, self.finding)?;
        match &self.hint {
            Some(hint) => write!(f, "\n       {hint}"),
            None => Ok(()),
        }
    }
}
