//! Why nothing was asked, or answered.

use std::io;
use std::path::Path;

use super::request::State;

/// Why nothing was asked, answered or used.
#[derive(Debug, thiserror::Error)]
pub enum ConsentError {
    /// The queue cannot be read or written.
    #[error("the queue of approvals cannot be used: {0}")]
    Io(#[source] io::Error),
    /// The queue's directory is not only its user's to write, or is a link.
    #[error("the queue of approvals cannot be used: {directory} {what}")]
    Unsafe {
        /// The directory.
        directory: String,
        /// What is wrong with it.
        what: &'static str,
    },
    /// So many wait already.
    #[error("{0} calls wait for a person already")]
    Full(usize),
    /// There is none of this id.
    #[error("there is no request {0}")]
    Unknown(String),
    /// Several ids begin like this.
    #[error("several requests begin with {begin}: {}", .ids.join(", "))]
    Ambiguous {
        /// What was given.
        begin: String,
        /// Those that begin so.
        ids: Vec<String>,
    },
    /// It does not wait any more, or nobody has allowed it.
    #[error("request {id}: {state}")]
    Over {
        /// Which.
        id: String,
        /// How it stands.
        state: State,
    },
    /// Not all of it is shown, so that nobody can know what else they would allow.
    #[error("request {0}: not all of it is shown, so that it can be allowed once only, and not for its session")]
    OnlyOnce(String),
    /// What is in the place of its answer is none.
    #[error("request {0}: what is in the place of its answer cannot be read, so that it stays unanswered")]
    Broken(String),
}

impl ConsentError {
    pub(super) fn io(path: &Path) -> impl Fn(io::Error) -> Self {
        move |error| Self::Io(io::Error::new(error.kind(), format!("{}: {error}", path.display())))
    }
}
