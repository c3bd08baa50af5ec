//! A call that waits for a person, and how it stands.

use std::fmt;

use footbridge_record::Target;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

/// What a person is asked.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Question {
    /// The session whose call it is.
    pub session: Uuid,
    /// Who calls, as it calls itself.
    pub caller: String,
    /// The tool.
    pub tool: String,
    /// The name of the target, which a person repeats to allow it.
    pub target: String,
    /// What the target is: AWS or an address, account, region, as whom.
    pub far_side: String,
    /// The same, as the journal has it.
    pub far: Target,
    /// The region of the call.
    pub region: String,
    /// Its arguments, without secrets and cut.
    pub arguments: Value,
    /// What it is about: `s3://bucket/key`, `dynamodb://table`.
    pub resources: Vec<String>,
    /// What it does to each of them: `writes the object`, `reads items of`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub does: Vec<String>,
    /// Whether it can be allowed once only, as not all of it is shown.
    #[serde(default)]
    pub once: bool,
    /// What it does: `write`, `destructive`, `share`, `save`, `read`.
    pub effect: String,
    /// What comes of it, in a sentence.
    pub impact: String,
    /// What is stored now, where that is known: without secrets, and cut.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub old: Option<Value>,
    /// What would be stored, likewise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub new: Option<Value>,
    /// Which call it is: a hash of session, tool, target, region and arguments, salted by the process that asks.
    pub digest: String,
}

/// A request, and how it stands.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Request {
    /// Its id.
    pub id: Uuid,
    /// When it was made, in milliseconds since the Unix epoch.
    pub created: u64,
    /// When it ends without an answer.
    pub expires: u64,
    /// The process that asks.
    pub pid: u32,
    /// What that process holds while it lives.
    pub(super) holder: Uuid,
    /// What is asked.
    #[serde(flatten)]
    pub question: Question,
    /// How it stands.
    #[serde(flatten)]
    pub state: State,
}

/// How a request stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum State {
    /// Nobody has answered.
    Waiting,
    /// A person has said yes, and the call has not run yet.
    Allowed {
        /// Who, and where.
        by: String,
        /// For how much.
        how: How,
        /// When, in milliseconds since the Unix epoch.
        at: u64,
    },
    /// A person has said no.
    Denied {
        /// Who, and where.
        by: String,
        /// Why.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        why: Option<String>,
        /// When.
        at: u64,
    },
    /// A person has said yes, and the call runs or has run.
    Used {
        /// Who, and where.
        by: String,
        /// For how much.
        how: How,
        /// When the person said so.
        at: u64,
    },
    /// Whoever called has given up, or its process has ended: nothing runs, then or later.
    Abandoned,
    /// Nobody answered in time, or the yes was not used in time.
    Expired,
}

/// How much a yes allows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum How {
    /// This call.
    Once,
    /// Calls of the same session that do the same, or less, to the same resources.
    Session,
}

impl How {
    /// Its word.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Once => "once",
            Self::Session => "session",
        }
    }
}

impl State {
    /// Its word.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Allowed { .. } => "allowed",
            Self::Denied { .. } => "denied",
            Self::Used { .. } => "used",
            Self::Abandoned => "abandoned",
            Self::Expired => "expired",
        }
    }
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Waiting => f.write_str("waits for a person"),
            Self::Allowed { by, how: How::Once, .. } => write!(f, "allowed once by {by}"),
            Self::Allowed { by, how: How::Session, .. } => write!(f, "allowed for its session by {by}"),
            Self::Denied { by, why: None, .. } => write!(f, "denied by {by}"),
            Self::Denied { by, why: Some(why), .. } => write!(f, "denied by {by}: {why}"),
            Self::Used { by, .. } => write!(f, "allowed by {by}, and used"),
            Self::Abandoned => f.write_str("abandoned: whoever called has given up, and it will not run"),
            Self::Expired => f.write_str("expired: it was not answered, or not used, in time"),
        }
    }
}

impl Request {
    /// The beginning of its id, which people type.
    #[must_use]
    pub fn short(&self) -> String {
        short(self.id)
    }

    /// Milliseconds that are left to answer it; none where it does not wait.
    #[must_use]
    pub fn left(&self, now: u64) -> u64 {
        if self.state == State::Waiting { self.expires.saturating_sub(now) } else { 0 }
    }
}

/// The beginning of an id.
pub(crate) fn short(id: Uuid) -> String {
    id.simple().to_string()[..8].to_owned()
}
