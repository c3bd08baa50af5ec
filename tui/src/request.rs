//! A call that waits for a person's word, as the dashboard is told of it.

use footbridge_record::Target;
use serde_json::Value;

/// Names a request; only the source that gave it reads it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Name {
    /// The queue that it is in, by the source's own number.
    pub queue: u32,
    /// Its name there.
    pub id: String,
}

impl Name {
    /// The beginning of its id, which tells it from others.
    #[must_use]
    pub fn short(&self) -> &str {
        self.id.char_indices().nth(8).map_or(&self.id, |(end, _)| &self.id[..end])
    }
}

/// A request. What it asks for does not change; how it stands does.
#[derive(Debug, Clone, PartialEq)]
pub struct Request {
    /// Its name.
    pub name: Name,
    /// When it was made, and until when a person can answer it, in milliseconds since the Unix epoch.
    pub created: u64,
    /// See `created`.
    pub expires: u64,
    /// Who calls, by the name that it gave itself.
    pub caller: String,
    /// The session that the call belongs to.
    pub session: String,
    /// The process that holds it.
    pub pid: u32,
    /// The tool that is called.
    pub tool: String,
    /// What the far side is called here: `local`, `aws`, `prod`.
    pub target: String,
    /// What the far side is, and in words: account, region, as whom.
    pub far: Target,
    /// See `far`.
    pub far_side: String,
    /// What it is about: `s3://bucket/key`, `dynamodb://table`.
    pub resources: Vec<String>,
    /// What it does, in a word: `write`, `destructive`, `share`, `save`.
    pub effect: String,
    /// What comes of it, in words.
    pub impact: String,
    /// What it is called with.
    pub arguments: Value,
    /// What is there now, as far as that is known.
    pub old: Option<Value>,
    /// What would be there instead.
    pub new: Option<Value>,
    /// How it stands.
    pub standing: Standing,
}

impl Request {
    /// Whether `other` asks for the same, however either stands.
    pub(crate) fn asks_as(&self, other: &Self) -> bool {
        *self == Self { standing: self.standing.clone(), ..other.clone() }
    }

    /// Whether a person can still answer it at `now`.
    #[must_use]
    pub fn waits(&self, now: u64) -> bool {
        self.standing == Standing::Waiting && now < self.expires
    }
}

/// How a request stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// Nobody has answered it.
    Waiting,
    /// A person said yes; the call has not run yet.
    Allowed(Yes),
    /// A person said yes, and the call ran.
    Used(Yes),
    /// A person said no.
    Denied {
        /// Who.
        by: String,
        /// Why; may be empty.
        why: String,
        /// When, in milliseconds since the Unix epoch.
        at: u64,
    },
    /// Its client gave it up; it never runs.
    Abandoned,
    /// Nobody answered it in time.
    Expired,
    /// It is not in its queue any more.
    Gone,
}

/// A person's yes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Yes {
    /// Who.
    pub by: String,
    /// Whether it is for these resources in this session, not for this call alone.
    pub session: bool,
    /// When, in milliseconds since the Unix epoch.
    pub at: u64,
}

/// What a person says to a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decision {
    /// The call may run, once.
    Once,
    /// It may, and so may others of its session on its resources.
    Session,
    /// It may not, and why; the reason may be empty.
    Deny(String),
}
