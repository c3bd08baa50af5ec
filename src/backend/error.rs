//! What stands between a call and its backend, in our words, with what to do about it.

use std::fmt;

/// An error of ours: neither AWS nor the emulator answered it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct BridgeError {
    /// What kind of trouble it is.
    pub kind: BridgeErrorKind,
    /// What is wrong, one sentence.
    pub message: String,
    /// What to do about it, where we know.
    pub hint: Option<String>,
    /// Whether the same call may work a moment later.
    pub retryable: bool,
}

/// What kind of trouble stands between a call and its backend.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum BridgeErrorKind {
    /// No credentials were found, or those found cannot be loaded.
    Credentials,
    /// A single sign-on or login session has ended.
    SessionExpired,
    /// No region was chosen, or what was chosen is none.
    Region,
    /// A variable or a key of a profile has a value that it does not take.
    Settings,
    /// The endpoint is not what it was taken for.
    Endpoint,
    /// The far side cannot be reached, or does not answer in time.
    Network,
    /// The local data directory cannot be used.
    Storage,
}

impl fmt::Display for BridgeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)?;
        match &self.hint {
            Some(hint) => write!(f, ". {hint}"),
            None => Ok(()),
        }
    }
}

impl BridgeError {
    /// An error without a hint, not retryable.
    pub fn new(kind: BridgeErrorKind, message: impl Into<String>) -> Self {
        Self { kind, message: message.into(), hint: None, retryable: kind == BridgeErrorKind::Network }
    }

    /// Adds what to do about it.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}
