//! The journal's records, as they stand in a line.

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

use crate::time;

/// What IAM asks of a call: actions, such as `s3:GetObject`, each with its resources.
pub type Access = BTreeMap<String, BTreeSet<String>>;

/// The schema version of the records that are written. Readers take every version up to this one, and ignore members
/// that they do not know.
pub const VERSION: u32 = 2;

/// Why calls are left out that came faster than they could be written.
pub const TOO_FAST: &str = "too_fast";

/// One line of a journal.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Record {
    /// The schema version.
    pub v: u32,
    /// Names the call, in both of its records.
    pub id: Uuid,
    /// When it happened, in milliseconds since the Unix epoch.
    pub at: u64,
    /// The same as RFC 3339 in UTC, for people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time: Option<String>,
    /// What happened.
    #[serde(flatten)]
    pub event: Event,
}

impl Record {
    /// A record of `event` at `at`.
    #[must_use]
    pub fn new(id: Uuid, at: SystemTime, event: Event) -> Self {
        let since = at.duration_since(UNIX_EPOCH).unwrap_or_default();
        let at = u64::try_from(since.as_millis()).unwrap_or(u64::MAX);
        Self { v: VERSION, id, at, time: Some(time::rfc3339(at)), event }
    }
}

/// The two halves of a call, and what the journal says of itself.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum Event {
    /// A call has begun.
    Started(Started),
    /// A call has ended.
    Finished(Finished),
    /// Something is not in the journal. Its record's id is its own.
    Note(Note),
}

/// What is not in the journal, and why. Since version 2; a reader of version 1 passes over it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Note {
    /// The process that records.
    pub pid: u32,
    /// What.
    #[serde(flatten)]
    pub about: About,
}

/// What a [`Note`] says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "note", rename_all = "snake_case")]
pub enum About {
    /// Old files were removed to stay within the journal's limits.
    FilesRemoved {
        /// How many.
        files: u64,
        /// Their bytes, all together.
        bytes: u64,
        /// When their first record was written, in milliseconds since the Unix epoch, where that could be read.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        from: Option<u64>,
        /// When their last record was written.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        to: Option<u64>,
    },
    /// Calls could not be recorded, or their ends could not: they came too fast, or writing failed.
    CallsLeftOut {
        /// How many.
        calls: u64,
        /// When the first of them began, in milliseconds since the Unix epoch.
        from: u64,
        /// When the last of them began.
        to: u64,
        /// Why: [`TOO_FAST`], or what the system said. Older journals do not say.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        why: Option<String>,
    },
}

/// A call that has begun.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Started {
    /// The process that records.
    pub pid: u32,
    /// Who calls.
    pub who: Who,
    /// What the call goes to.
    pub target: Target,
    /// The name of it, where a person gave it one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target_name: Option<String>,
    /// The tool or operation.
    #[serde(flatten)]
    pub subject: Subject,
    /// How a call at the endpoint was let in. Tool calls have none, and neither have older records.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub admission: Option<Admission>,
    /// What it is about: `s3://bucket/key`, `dynamodb://table`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub resources: Vec<String>,
    /// What IAM asks of the call, where it is an operation at the endpoint; a tool's AWS calls have theirs.
    #[serde(default, skip_serializing_if = "Access::is_empty")]
    pub access: Access,
    /// The parameters, redacted and cut.
    #[serde(default, skip_serializing_if = "Value::is_null")]
    pub parameters: Value,
    /// Bytes of body that the caller sends, where it says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bytes_in: Option<u64>,
    /// Whether something was redacted or cut in `parameters`, so that they cannot be replayed.
    #[serde(default, skip_serializing_if = "is_false")]
    pub partial: bool,
}

/// Whose word a call at the endpoint had.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Admission {
    /// It was signed with the caller's own credentials.
    Signed,
    /// It was made with a presigned URL: somebody else's word.
    Presigned,
    /// It was not signed. The fields of a browser's form may have a signature.
    Unsigned,
    /// It was turned away before anybody looked at what it asks.
    Refused,
    /// Something that a newer version knows.
    #[serde(other)]
    Unknown,
}

/// Who calls.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Who {
    /// A tool call by an MCP client.
    Mcp {
        /// What the client calls itself, with its version.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        client: Option<String>,
    },
    /// An AWS client at the endpoint.
    Endpoint {
        /// Its `User-Agent`.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        user_agent: Option<String>,
    },
    /// A subcommand of this program.
    Cli {
        /// The subcommand.
        command: String,
    },
}

impl Who {
    /// The way in, in a word.
    #[must_use]
    pub fn way(&self) -> &'static str {
        match self {
            Self::Mcp { .. } => "mcp",
            Self::Endpoint { .. } => "endpoint",
            Self::Cli { .. } => "cli",
        }
    }

    /// What the caller calls itself, where it does.
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        match self {
            Self::Mcp { client } => client.as_deref(),
            Self::Endpoint { user_agent } => user_agent.as_deref(),
            Self::Cli { command } => Some(command),
        }
    }
}

/// What a call goes to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Target {
    /// The emulator.
    Local {
        /// The account, twelve digits.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        account: Option<String>,
        /// The region.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        region: Option<String>,
    },
    /// AWS itself.
    Aws {
        /// The account, where it is known.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        account: Option<String>,
        /// The region, where one is configured.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        region: Option<String>,
    },
    /// An endpoint override.
    Custom {
        /// The endpoint.
        url: String,
        /// The region, where one is configured.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        region: Option<String>,
    },
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

    /// The region, where it is known.
    #[must_use]
    pub fn region(&self) -> Option<&str> {
        match self {
            Self::Local { region, .. } | Self::Aws { region, .. } | Self::Custom { region, .. } => region.as_deref(),
        }
    }
}

/// What is called.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Subject {
    /// A tool.
    Tool {
        /// Its name, such as `s3_put_object`.
        tool: String,
    },
    /// An operation of an AWS service.
    Operation {
        /// The service, such as `s3`.
        service: String,
        /// AWS's name of the operation, such as `PutObject`.
        operation: String,
    },
}

impl Subject {
    /// The tool's or the operation's name.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Tool { tool } => tool,
            Self::Operation { operation, .. } => operation,
        }
    }
}

/// A call that has ended.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Finished {
    /// How.
    pub outcome: Outcome,
    /// From start to end, in milliseconds.
    pub ms: f64,
    /// The HTTP status of the answer, for a call at the endpoint.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub http_status: Option<u16>,
    /// Bytes of body that the caller was given, where known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bytes_out: Option<u64>,
    /// The AWS calls that a tool call made, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub aws_calls: Vec<AwsCall>,
    /// How many more it made, of which no more is recorded.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub aws_calls_left_out: u64,
    /// The answer, redacted and cut.
    #[serde(default, skip_serializing_if = "Value::is_null")]
    pub response: Value,
    /// Whether something was redacted or cut in `response`.
    #[serde(default, skip_serializing_if = "is_false")]
    pub response_partial: bool,
    /// The person's yes that it ran with, where one was asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub consent: Option<Consented>,
}

/// A person's yes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Consented {
    /// The request that was answered.
    pub request: Uuid,
    /// Who said it, and where.
    pub by: String,
    /// `once`, or `session` where it was for the session.
    pub how: String,
    /// When, in milliseconds since the Unix epoch.
    pub at: u64,
}

/// How a call ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "status", rename_all = "snake_case")]
pub enum Outcome {
    /// It did what was asked.
    Ok,
    /// It failed.
    Error {
        /// AWS's error code, or ours.
        code: String,
        /// The sentence with it.
        message: String,
    },
    /// It was not allowed, and nothing was sent.
    Refused {
        /// Why.
        reason: String,
    },
    /// Nobody waited for its end: it was cancelled, or the program failed.
    Abandoned,
}

/// One call to an AWS service, retries included.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AwsCall {
    /// The service, such as `dynamodb`.
    pub service: String,
    /// AWS's name of the operation.
    pub operation: String,
    /// The HTTP status of the last answer; absent where none came.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// AWS's error code, where it failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    /// All attempts and the waits between them, in milliseconds.
    pub ms: f64,
    /// AWS's request id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request_id: Option<String>,
    /// How often it was sent.
    pub attempts: u32,
    /// What IAM asks of it.
    #[serde(default, skip_serializing_if = "Access::is_empty")]
    pub access: Access,
}

/// `took` as it is recorded: in milliseconds, to the microsecond.
#[must_use]
pub fn milliseconds(took: Duration) -> f64 {
    (took.as_secs_f64() * 1e6).round() / 1e3
}

// The signature is serde's.
#[allow(clippy::trivially_copy_pass_by_ref)]
fn is_false(flag: &bool) -> bool {
    !*flag
}

// The signature is serde's.
#[allow(clippy::trivially_copy_pass_by_ref)]
fn is_zero(count: &u64) -> bool {
    *count == 0
}
