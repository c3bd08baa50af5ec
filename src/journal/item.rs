//! What a call hands over to be recorded.

use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use serde_json::Value;
use tokio::sync::oneshot;
use uuid::Uuid;

use super::Consented;
use super::recorder::{Finish, Start};
use crate::emulator::heard::Heard;
use crate::emulator::observer::{CallEnd, CallStart};

/// Told whether a record is on file, or why not.
pub(super) type OnFile = oneshot::Sender<Result<(), String>>;

/// Half a call.
#[derive(Debug)]
pub(super) enum Item {
    /// A tool call begins.
    Started(Box<Started>),
    /// A tool call has ended.
    Finished(Box<Finished>),
    /// A call at the endpoint begins.
    Began(Began),
    /// A call at the endpoint has ended.
    Ended(Arc<CallStart>, Box<CallEnd>),
}

/// A tool call that begins.
#[derive(Debug)]
pub(super) struct Started {
    pub(super) id: Uuid,
    pub(super) at: SystemTime,
    pub(super) start: Start,
    /// Whether the parameters were let go.
    pub(super) let_go: bool,
    pub(super) on_file: Option<OnFile>,
}

/// A tool call that has ended.
#[derive(Debug)]
pub(super) struct Finished {
    pub(super) id: Uuid,
    pub(super) at: SystemTime,
    pub(super) ms: f64,
    /// Whether it went to the local backend.
    pub(super) local: bool,
    pub(super) finish: Finish,
    /// The person's yes that it ran with.
    pub(super) consent: Option<Consented>,
    /// Whether the answer was let go.
    pub(super) let_go: bool,
}

/// A call at the endpoint that begins.
#[derive(Debug)]
pub(super) struct Began {
    pub(super) call: Arc<CallStart>,
    pub(super) body: Heard,
}

/// Bodies of requests that are small, and are not let go: they say what their call is about.
const SMALL: usize = 16 << 10;

impl Item {
    /// Bytes in memory, about, with all that it holds on to.
    pub(super) fn weight(&self) -> usize {
        /// Of an item and what belongs to each.
        const ITSELF: usize = 512;
        let more = match self {
            Self::Started(started) => weight_of(&started.start.parameters),
            Self::Finished(finished) => weight_of(&finished.finish.response),
            Self::Began(Began { call, body }) => body.weight() + call.asked.weight(),
            Self::Ended(_, end) => end.body.weight() + end.headers.weight(),
        };
        ITSELF + more
    }

    /// Whether it alone says what its call is about, however large it is.
    pub(super) fn says_what_about(&self) -> bool {
        matches!(self, Self::Began(_))
    }

    /// Lets go of what may be large, unread: this is on the call's path. What a call is about that only its body says
    /// remains unknown.
    pub(super) fn let_go_of_bodies(&mut self) {
        match self {
            // The shape alone is recorded, and the call waits for it.
            Self::Started(started) if started.on_file.is_some() => {}
            Self::Started(started) => {
                started.let_go = !started.start.parameters.is_null();
                started.start.parameters = Value::Null;
            }
            Self::Finished(finished) => {
                finished.let_go = !finished.finish.response.is_null();
                finished.finish.response = Value::Null;
            }
            Self::Began(Began { body, .. }) => {
                if body.weight() > SMALL {
                    *body = Heard::Unkept;
                }
            }
            Self::Ended(_, end) => {
                if !matches!(end.body, Heard::Nothing) {
                    end.body = Heard::Unkept;
                }
            }
        }
    }

    /// When a call began that may go without a record, in milliseconds since the Unix epoch. The end of one that has a
    /// record may not, and neither may a call that waits for its record.
    pub(super) fn may_be_left_out(&self) -> Option<u64> {
        match self {
            Self::Started(started) => started.on_file.is_none().then(|| millis(started.at)),
            Self::Began(Began { call, .. }) => Some(millis(call.at)),
            Self::Finished(_) | Self::Ended(..) => None,
        }
    }

    /// Whether somebody waits for it.
    pub(super) fn is_urgent(&self) -> bool {
        matches!(self, Self::Started(started) if started.on_file.is_some())
    }
}

/// Milliseconds since the Unix epoch.
pub(super) fn millis(at: SystemTime) -> u64 {
    let since = at.duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
}

/// Bytes of a value in memory, about.
fn weight_of(value: &Value) -> usize {
    match value {
        Value::Null | Value::Bool(_) | Value::Number(_) => size_of::<Value>(),
        Value::String(text) => size_of::<Value>() + text.capacity(),
        Value::Array(elements) => elements.iter().map(weight_of).sum(),
        Value::Object(members) => members.iter().map(|(name, value)| 48 + name.len() + weight_of(value)).sum(),
    }
}
