//! What the dashboard knows of the world: calls and where they go. It knows no journal, no AWS and no MCP.

use serde_json::Value;

/// Names a call; the same in each of its updates.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CallId(pub u128);

/// A call, as far as it went. An update replaces the one before it.
#[derive(Debug, Clone, PartialEq)]
pub struct Call {
    /// Its name.
    pub id: CallId,
    /// When it began, in milliseconds since the Unix epoch.
    pub at: u64,
    /// The store whose journal has it; empty for the data directory's own.
    pub store: String,
    /// The process that recorded it.
    pub pid: u32,
    /// Who called.
    pub client: Client,
    /// Where it goes.
    pub target: Target,
    /// The service, such as `s3`; empty for a tool of no service.
    pub service: String,
    /// The tool (`s3_put_object`) or AWS's operation (`PutObject`).
    pub name: String,
    /// What it is about: `s3://bucket/key`, `dynamodb://table`.
    pub resources: Vec<String>,
    /// What was asked, redacted and cut by whoever recorded it; `Null` where that is not recorded.
    pub request: Value,
    /// Whether something of the request was redacted or cut.
    pub partial: bool,
    /// Bytes of body that the caller sent, where known.
    pub bytes_in: Option<u64>,
    /// How it ended; `None` while it runs.
    pub end: Option<End>,
}

/// How a call ended.
#[derive(Debug, Clone, PartialEq)]
pub struct End {
    /// Well or not.
    pub outcome: Outcome,
    /// From start to end, in milliseconds.
    pub ms: f64,
    /// The HTTP status of the answer, for a call at the endpoint.
    pub http_status: Option<u16>,
    /// Bytes of body that the caller was given, where known.
    pub bytes_out: Option<u64>,
    /// The AWS calls that a tool made, in order.
    pub aws_calls: Vec<AwsCall>,
    /// The answer; `Null` where that is not recorded.
    pub response: Value,
}

/// How a call ended, in a word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// It did what was asked.
    Ok,
    /// It failed.
    Error {
        /// AWS's error code, or footbridge's.
        code: String,
        /// The sentence with it.
        message: String,
    },
    /// It was not allowed, and nothing was sent.
    Refused {
        /// Why.
        reason: String,
    },
    /// Nobody waited for its end.
    Abandoned,
    /// Its process ended before it did.
    Lost,
}

/// One call to an AWS service, retries included.
#[derive(Debug, Clone, PartialEq)]
pub struct AwsCall {
    /// The service, such as `dynamodb`.
    pub service: String,
    /// AWS's name of the operation.
    pub operation: String,
    /// The HTTP status of the last answer; absent where none came.
    pub status: Option<u16>,
    /// AWS's error code, where it failed.
    pub error: Option<String>,
    /// All attempts and the waits between them, in milliseconds.
    pub ms: f64,
    /// AWS's request id.
    pub request_id: Option<String>,
    /// How often it was sent.
    pub attempts: u32,
}

/// Who called.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Client {
    /// The way in.
    pub door: Door,
    /// What it calls itself; empty where it does not say.
    pub name: String,
}

/// The way in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Door {
    /// A tool call by an MCP client.
    Mcp,
    /// An AWS client at the endpoint.
    Endpoint,
    /// A subcommand of footbridge.
    Cli,
}

/// Where calls go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// The emulator on this machine.
    Local {
        /// The account, where known.
        account: Option<String>,
        /// The region, where known.
        region: Option<String>,
    },
    /// AWS itself.
    Aws {
        /// The account, where known.
        account: Option<String>,
        /// The region, where known.
        region: Option<String>,
    },
    /// Any other endpoint.
    Custom {
        /// Its address.
        url: String,
        /// The region, where known.
        region: Option<String>,
    },
}

/// How a call stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Status {
    /// It runs.
    Running,
    /// It did what was asked.
    Ok,
    /// Nobody waited for its end.
    Abandoned,
    /// Its process ended before it did.
    Lost,
    /// It was not allowed.
    Refused,
    /// It failed.
    Error,
}

impl Call {
    /// How it stands.
    #[must_use]
    pub fn status(&self) -> Status {
        match self.end.as_ref().map(|end| &end.outcome) {
            None => Status::Running,
            Some(Outcome::Ok) => Status::Ok,
            Some(Outcome::Error { .. }) => Status::Error,
            Some(Outcome::Refused { .. }) => Status::Refused,
            Some(Outcome::Abandoned) => Status::Abandoned,
            Some(Outcome::Lost) => Status::Lost,
        }
    }

    /// How long it took, or has taken at `now`, in milliseconds. `None` for one whose end nobody saw.
    #[must_use]
    pub fn elapsed(&self, now: u64) -> Option<f64> {
        match &self.end {
            Some(End { outcome: Outcome::Lost, .. }) => None,
            Some(end) => Some(end.ms),
            // Half a century of milliseconds is exact in a double.
            #[allow(clippy::cast_precision_loss)]
            None => Some(now.saturating_sub(self.at) as f64),
        }
    }

    /// What went wrong, as code and sentence, where something did.
    #[must_use]
    pub fn failure(&self) -> Option<(&str, &str)> {
        match &self.end.as_ref()?.outcome {
            Outcome::Ok => None,
            Outcome::Error { code, message } => Some((code, message)),
            Outcome::Refused { reason } => Some(("refused", reason)),
            Outcome::Abandoned => Some(("abandoned", "nobody waited for its end")),
            Outcome::Lost => Some(("lost", "its process ended before it did")),
        }
    }

    /// About how many bytes of memory it takes.
    #[must_use]
    pub(crate) fn weight(&self) -> usize {
        let texts = self.resources.iter().map(String::len).sum::<usize>() + self.client.name.len();
        let end = self.end.as_ref().map_or(0, |end| weight(&end.response) + end.aws_calls.len() * 160);
        512 + texts + weight(&self.request) + end
    }
}

impl Status {
    /// Whether it is not as it should be.
    #[must_use]
    pub fn is_bad(self) -> bool {
        matches!(self, Self::Error | Self::Refused | Self::Lost)
    }

    /// Its word, as filters have it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Ok => "ok",
            Self::Abandoned => "abandoned",
            Self::Lost => "lost",
            Self::Refused => "refused",
            Self::Error => "error",
        }
    }
}

impl Target {
    /// Its word, as filters have it.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            Self::Local { .. } => "local",
            Self::Aws { .. } => "aws",
            Self::Custom { .. } => "custom",
        }
    }
}

impl Door {
    /// Its word.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Mcp => "mcp",
            Self::Endpoint => "endpoint",
            Self::Cli => "cli",
        }
    }
}

fn weight(value: &Value) -> usize {
    48 + match value {
        Value::String(text) => text.len(),
        Value::Array(items) => items.iter().map(weight).sum(),
        Value::Object(members) => members.iter().map(|(name, value)| name.len() + 32 + weight(value)).sum(),
        Value::Null | Value::Bool(_) | Value::Number(_) => 0,
    }
}
