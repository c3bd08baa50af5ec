//! What the dashboard knows and shows. Nothing here does anything to the world: [`update`] takes an event and says
//! what is to be done.

mod detail;
mod list;
mod typing;
mod update;

#[cfg(test)]
mod tests;

pub use detail::{Detail, Part};
pub use list::{Following, List, Sort};
pub use update::{Effect, Event, detail_rows, update};

use crate::calls::Calls;
use crate::keys::Scope;
use crate::look::Look;
use crate::model::CallId;
use crate::source::Facts;
use crate::stats::Stats;

/// Calls that are kept; older ones stay in the journal.
const MOST_CALLS: usize = 5000;

/// Bytes that they may take together.
const MOST_BYTES: usize = 64 << 20;

/// Everything that a picture is drawn from.
#[derive(Debug)]
pub struct State {
    /// What the terminal can show.
    pub look: Look,
    /// Columns and rows.
    pub size: (u16, u16),
    /// The time of the picture, in milliseconds since the Unix epoch.
    pub now: u64,
    /// Seconds east of Greenwich.
    pub offset: i32,
    /// What stands round the calls, once the source has said so.
    pub facts: Option<Facts>,
    /// The newest calls.
    pub calls: Calls,
    /// What came since the picture was frozen.
    pub held: Option<Calls>,
    /// What of them is shown, and how.
    pub list: List,
    /// How long the shown calls took.
    pub stats: Stats,
    /// The pane that keys go to.
    pub pane: Pane,
    /// The selected row of the table of latencies.
    pub tool: usize,
    /// The filter as it is being typed.
    pub input: Option<Input>,
    /// The open call.
    pub detail: Option<Detail>,
    /// The first line of the help page, where it is open.
    pub help: Option<usize>,
    /// Something that a person should read.
    pub notice: Option<String>,
    /// Keys that wait for another.
    pub(crate) pressed: Option<String>,
}

/// A part of the screen that keys go to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pane {
    /// The calls.
    Calls,
    /// The latency of each tool.
    Latency,
}

/// A line being typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Input {
    /// What stands there.
    pub text: String,
    /// Where the cursor is, in bytes.
    pub at: usize,
    /// What stood there before, for taking it back.
    pub before: String,
    /// Why it is not in force.
    pub error: Option<String>,
}

impl State {
    /// Nothing yet, for a terminal of `size`, at `now`, `offset` seconds east of Greenwich.
    #[must_use]
    pub fn new(look: Look, size: (u16, u16), now: u64, offset: i32) -> Self {
        Self {
            look,
            size,
            now,
            offset,
            facts: None,
            calls: Calls::new(MOST_CALLS, MOST_BYTES),
            held: None,
            list: List::default(),
            stats: Stats::default(),
            pane: Pane::Calls,
            tool: 0,
            input: None,
            detail: None,
            help: None,
            notice: None,
            pressed: None,
        }
    }

    /// Where keys go.
    #[must_use]
    pub fn scope(&self) -> Scope {
        match (&self.help, &self.detail, self.pane) {
            (Some(_), _, _) => Scope::Help,
            (None, Some(_), _) => Scope::Detail,
            (None, None, Pane::Calls) => Scope::Calls,
            (None, None, Pane::Latency) => Scope::Latency,
        }
    }

    /// Whether the picture changes as time goes on: a shown call runs.
    #[must_use]
    pub fn is_moving(&self) -> bool {
        self.held.is_none()
            && self.list.shown.iter().rev().any(|key| self.calls.get(*key).is_some_and(|c| c.end.is_none()))
    }
}

/// A call's id as the journal writes it.
#[must_use]
pub fn id_text(id: CallId) -> String {
    let hex = format!("{:032x}", id.0);
    [&hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..]].join("-")
}
