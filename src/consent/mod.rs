//! The queue of calls that wait for a person, on disk: whoever serves an agent asks, and a person answers from wherever he is.
//!
//! A request is a file in `approvals/` of the data directory, and what becomes of it are files beside it, each made once and
//! never changed: the answer, then what the answer was used for. So of two answers one wins, a yes is used once, and what is
//! broken, linked, too large or another user's is no yes. The process that asks keeps what it asked in memory: of these
//! files it believes the answer alone.

mod error;
mod files;
mod holder;
mod places;
mod queue;
mod request;
mod shown;
#[cfg(test)]
mod tests;

pub use error::ConsentError;
pub use places::places;
pub use queue::Queue;
pub use request::{How, Question, Request, State};
pub use shown::{Shown, within};

/// The queue's directory below the data directory.
pub const DIRECTORY: &str = "approvals";

/// How long a request waits for an answer, and how long a yes counts, in milliseconds.
pub const OPEN: u64 = 15 * 60 * 1000;
