//! Who may do what: asked once for each tool call, before anything is done.

use async_trait::async_trait;
use uuid::Uuid;

use crate::backend::aws::Target;

/// Any error that an authorizer can fail with. A failure denies.
pub type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// What a call does to what is stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Effect {
    /// It changes nothing.
    Read,
    /// It changes nothing there, and what it reads goes into a file or to another target.
    Save,
    /// It changes nothing, and lets others in: a presigned URL.
    Share,
    /// It creates or replaces, or deletes a single object or item.
    Write,
    /// It deletes a table or a bucket, or more than one object or item.
    Destructive,
}

impl Effect {
    /// The effect in one lower-case word.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Save => "save",
            Self::Share => "share",
            Self::Write => "write",
            Self::Destructive => "destructive",
        }
    }
}

/// Who makes the call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Caller {
    /// An MCP client.
    Client(Client),
    /// A subcommand of this program, by its name: a person at a terminal, or a script.
    Command(&'static str),
}

/// An MCP client, in one session of its.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Client {
    /// Its name as it gave it, such as `claude-code`; not verified.
    pub name: String,
    /// Its version as it gave it.
    pub version: String,
    /// The session that the call belongs to. Undo and a person's consent hold for one session.
    pub session: Uuid,
    /// Who authenticated, where that was asked.
    pub principal: Option<String>,
}

impl Caller {
    /// A client that begins a session with this call, and did not authenticate.
    #[must_use]
    pub fn client(name: &str, version: &str) -> Self {
        let (name, version) = (name.to_owned(), version.to_owned());
        Self::Client(Client { name, version, session: Uuid::now_v7(), principal: None })
    }

    /// The session that the call belongs to, where it is a client's.
    #[must_use]
    pub fn session(&self) -> Option<Uuid> {
        match self {
            Self::Client(client) => Some(client.session),
            Self::Command(_) => None,
        }
    }
}

/// The answer of an [`Authorizer`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decision {
    /// The call runs.
    Allow,
    /// The call waits for a person's word.
    Ask,
    /// The call is refused for this reason.
    Deny(String),
}

/// Decides for each tool call whether it may run.
///
/// `resources` are URIs: `s3://bucket`, `s3://bucket/key`, `s3://bucket/prefix*`, `dynamodb://table`. An error denies.
#[async_trait]
pub trait Authorizer: Send + Sync + 'static {
    /// Decides about one call.
    ///
    /// # Errors
    /// Whatever keeps the decision from being made; the call is then refused.
    async fn check(
        &self,
        caller: &Caller,
        tool: &str,
        target: &Target,
        resources: &[String],
        effect: Effect,
    ) -> Result<Decision, BoxError>;
}
