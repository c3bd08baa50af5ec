//! A call, as its records make it.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{Finished, Outcome, Started, Subject};

/// A call, from its records.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Call {
    /// Its id.
    pub id: Uuid,
    /// When it began, in milliseconds since the Unix epoch.
    pub at: u64,
    /// The same as RFC 3339.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time: Option<String>,
    /// The journal file that it stands in.
    pub file: String,
    /// What its first record says.
    #[serde(flatten)]
    pub started: Started,
    /// What its second record says, where there is one.
    #[serde(flatten)]
    pub finished: Option<Finished>,
}

/// How a call stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Status {
    /// It has no second record: it is under way, or its process was killed.
    Unfinished,
    /// It did what was asked.
    Ok,
    /// Nobody waited for its end.
    Abandoned,
    /// It was not allowed.
    Refused,
    /// It failed.
    Error,
}

impl Status {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Unfinished, Self::Ok, Self::Abandoned, Self::Refused, Self::Error];

    /// Its word, as filters have it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Unfinished => "unfinished",
            Self::Ok => "ok",
            Self::Abandoned => "abandoned",
            Self::Refused => "refused",
            Self::Error => "error",
        }
    }
}

impl Call {
    /// How it stands.
    #[must_use]
    pub fn status(&self) -> Status {
        match self.finished.as_ref().map(|finished| &finished.outcome) {
            None => Status::Unfinished,
            Some(Outcome::Ok) => Status::Ok,
            Some(Outcome::Error { .. }) => Status::Error,
            Some(Outcome::Refused { .. }) => Status::Refused,
            Some(Outcome::Abandoned) => Status::Abandoned,
        }
    }

    /// The tool's or the operation's name.
    #[must_use]
    pub fn name(&self) -> &str {
        self.started.subject.name()
    }

    /// The service, such as `s3`; a tool's is how its name begins. Empty for a tool of the bridge itself.
    #[must_use]
    pub fn service(&self) -> &str {
        match &self.started.subject {
            Subject::Operation { service, .. } => service,
            Subject::Tool { tool } => {
                let first = tool.split('_').next().unwrap_or_default();
                if matches!(first, "s3" | "dynamodb") { first } else { "" }
            }
        }
    }
}
