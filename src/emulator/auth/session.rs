//! Sessions: whom temporary credentials stand for, and until when.

use std::time::SystemTime;

use serde::{Deserialize, Serialize};

use super::identity::{Caller, canonical_id_of, unique_id};
use super::time;

/// A session, all of which is sealed in its token: nothing is kept of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Session {
    /// The account that it acts in, twelve digits.
    pub account: String,
    /// Who it is.
    pub principal: Principal,
    /// When it ends, in seconds since the Unix epoch.
    pub expires: u64,
    /// Whether it was obtained with what anybody has: the built-in pair, a key that nobody configured, or none.
    pub public: bool,
    /// The long-lived key that it was obtained with, by itself or by the session that asked; none for an unsigned call.
    pub parent: Option<String>,
    /// That the parent is still what it was ([`AuthContext::proof`](super::AuthContext::proof)); none where there is no
    /// configured one.
    pub proof: Option<String>,
    /// The canonical user id of its account, as whoever asked has it.
    pub canonical_id: String,
    /// The name beside it.
    pub display_name: String,
    /// Who is behind it, as was said when it began. Sessions that it obtains keep that.
    pub source: Option<String>,
}

/// Who a session is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Principal {
    /// Whoever asked: this IAM user, or the account's root.
    Same(Option<String>),
    /// A role.
    Role {
        /// `aws`, `aws-cn`, …
        partition: String,
        /// The role's name, without its path.
        role: String,
        /// The session's name.
        session: String,
    },
    /// A federated user of this name.
    Federated(String),
}

impl Session {
    /// A session of `principal` in `account`, until `expires`, for whoever calls.
    #[must_use]
    pub fn of(caller: &Caller, account: &str, principal: Principal, expires: u64) -> Self {
        let ours = !caller.is_anonymous() && caller.account == account;
        let parent = match &caller.session {
            Some(session) => session.parent.clone(),
            None => caller.access_key.clone(),
        };
        Self {
            account: account.to_owned(),
            principal,
            expires,
            public: caller.is_public(),
            parent,
            proof: None,
            canonical_id: if ours { caller.canonical_id.clone() } else { canonical_id_of(account) },
            display_name: if ours { caller.display_name.clone() } else { account.to_owned() },
            source: caller.session.as_ref().and_then(|session| session.source.clone()),
        }
    }

    /// The IAM user that it is a session of.
    pub(super) fn user(&self) -> Option<&str> {
        match &self.principal {
            Principal::Same(user) => user.as_deref(),
            Principal::Role { .. } | Principal::Federated(_) => None,
        }
    }

    /// Its ARN, where it is not that of whoever asked.
    #[must_use]
    pub fn arn(&self) -> Option<String> {
        match &self.principal {
            Principal::Same(_) => None,
            Principal::Role { partition, role, session } => {
                Some(format!("arn:{partition}:sts::{}:assumed-role/{role}/{session}", self.account))
            }
            Principal::Federated(name) => Some(format!("arn:aws:sts::{}:federated-user/{name}", self.account)),
        }
    }

    /// The unique id that STS shows, where it is not that of whoever asked: `AROA…:SESSION`, `ACCOUNT:NAME`.
    #[must_use]
    pub fn user_id(&self) -> Option<String> {
        match &self.principal {
            Principal::Same(_) => None,
            Principal::Role { role, session, .. } => {
                Some(format!("{}:{session}", unique_id("AROA", "role", &self.account, role)))
            }
            Principal::Federated(name) => Some(format!("{}:{name}", self.account)),
        }
    }

    /// Whether it has ended at `now`.
    pub(super) fn is_over(&self, now: SystemTime) -> bool {
        time::from_seconds(self.expires).is_some_and(|end| end <= now)
    }
}
