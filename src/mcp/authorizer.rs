//! Who may do what: asked once for each tool call, before anything is done.

use async_trait::async_trait;
use uuid::Uuid;

use crate::backend::aws::{Target, TargetKind};
use crate::config::Mode;

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

/// The default authorizer: a [`Mode`] and two allow-lists.
#[derive(Debug, Clone)]
pub struct Policy {
    mode: Mode,
    buckets: Vec<String>,
    tables: Vec<String>,
}

impl Policy {
    /// A policy that allows what `mode` allows, on every bucket and table.
    #[must_use]
    pub fn new(mode: Mode) -> Self {
        Self { mode, buckets: Vec::new(), tables: Vec::new() }
    }

    /// Allows only buckets of these names; a name may end in `*`. No names allow every bucket.
    #[must_use]
    pub fn buckets(mut self, names: impl IntoIterator<Item = String>) -> Self {
        self.buckets = names.into_iter().collect();
        self
    }

    /// Allows only tables of these names; a name may end in `*`. No names allow every table.
    #[must_use]
    pub fn tables(mut self, names: impl IntoIterator<Item = String>) -> Self {
        self.tables = names.into_iter().collect();
        self
    }

    fn outside(&self, resource: &str) -> Option<String> {
        let (what, name, allowed) = if let Some(rest) = resource.strip_prefix("s3://") {
            ("bucket", rest.split('/').next().unwrap_or(rest), &self.buckets)
        } else if let Some(rest) = resource.strip_prefix("dynamodb://") {
            ("table", rest.split('/').next().unwrap_or(rest), &self.tables)
        } else {
            return Some(format!("{resource} is neither s3://bucket/key nor dynamodb://table"));
        };
        let listed = allowed.is_empty() || allowed.iter().any(|pattern| matches(pattern, name));
        (!listed).then(|| format!("{what} {name} is not on the allow-list ({})", allowed.join(", ")))
    }
}

fn matches(pattern: &str, name: &str) -> bool {
    pattern.strip_suffix('*').map_or(pattern == name, |start| name.starts_with(start))
}

#[async_trait]
impl Authorizer for Policy {
    async fn check(
        &self,
        _caller: &Caller,
        _tool: &str,
        target: &Target,
        resources: &[String],
        effect: Effect,
    ) -> Result<Decision, BoxError> {
        if let Some(reason) = resources.iter().find_map(|resource| self.outside(resource)) {
            return Ok(Decision::Deny(reason));
        }
        Ok(match (self.mode, effect) {
            (Mode::ReadWrite, _) | (_, Effect::Read) => Decision::Allow,
            // What is on this machine may be given away by whoever reads it here.
            (_, Effect::Save | Effect::Share) if target.kind == TargetKind::Local => Decision::Allow,
            (_, Effect::Save | Effect::Share) => Decision::Ask,
            (Mode::Ask, _) => Decision::Ask,
            (Mode::ReadOnly, _) => {
                Decision::Deny(format!("{target} is read-only; a person can restart with --mode read-write"))
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn decide(policy: &Policy, resource: &str, effect: Effect) -> Decision {
        let caller = Caller::Command("test");
        let resources = [resource.to_owned()];
        policy.check(&caller, "tool", &Target::local("us-east-1"), &resources, effect).await.unwrap()
    }

    #[tokio::test]
    async fn modes_allow_ask_and_deny() {
        let ask = Policy::new(Mode::Ask);
        assert_eq!(decide(&ask, "dynamodb://t", Effect::Read).await, Decision::Allow);
        assert_eq!(decide(&ask, "dynamodb://t", Effect::Write).await, Decision::Ask);
        let read_only = Policy::new(Mode::ReadOnly);
        assert!(matches!(decide(&read_only, "s3://b/k", Effect::Write).await, Decision::Deny(_)));
        let read_write = Policy::new(Mode::ReadWrite);
        assert_eq!(decide(&read_write, "s3://b", Effect::Destructive).await, Decision::Allow);
    }

    #[tokio::test]
    async fn a_bucket_outside_the_allow_list_is_denied_even_to_readers() {
        let policy = Policy::new(Mode::ReadWrite).buckets(["dev-*".to_owned()]).tables(["orders".to_owned()]);
        assert_eq!(decide(&policy, "s3://dev-logs/a", Effect::Read).await, Decision::Allow);
        assert!(matches!(decide(&policy, "s3://prod/a", Effect::Read).await, Decision::Deny(_)));
        assert!(matches!(decide(&policy, "dynamodb://orders2", Effect::Read).await, Decision::Deny(_)));
        assert!(matches!(decide(&policy, "file:///etc", Effect::Read).await, Decision::Deny(_)));
    }
}
