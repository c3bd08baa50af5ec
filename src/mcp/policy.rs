//! The default authorizer: what a target's mode and allow-lists let calls do.

use async_trait::async_trait;

use super::authorizer::{Authorizer, BoxError, Caller, Decision, Effect};
use crate::backend::aws::{Target, TargetKind};
use crate::config::{AllowLists, Allowed, Mode, Setting, Settings};

/// The default authorizer: a [`Mode`] and allow-lists.
#[derive(Debug, Clone)]
pub struct Policy {
    mode: Mode,
    allowed: AllowLists,
}

impl Policy {
    /// A policy that allows what `mode` allows, on every bucket and table.
    #[must_use]
    pub fn new(mode: Mode) -> Self {
        Self { mode, allowed: AllowLists::default() }
    }

    /// What the settings of a target say.
    #[must_use]
    pub fn of(settings: &Settings) -> Self {
        Self { mode: settings.mode.value, allowed: settings.allowed.clone() }
    }

    /// Allows only buckets of these names; a name may end in `*`. No names allow no bucket.
    #[must_use]
    pub fn buckets(self, names: impl IntoIterator<Item = String>) -> Self {
        self.within(Allowed { buckets: Some(names.into_iter().collect()), ..Allowed::default() })
    }

    /// Allows only tables of these names; a name may end in `*`. No names allow no table.
    #[must_use]
    pub fn tables(self, names: impl IntoIterator<Item = String>) -> Self {
        self.within(Allowed { tables: Some(names.into_iter().collect()), ..Allowed::default() })
    }

    /// Allows only what this list does too.
    #[must_use]
    pub fn within(mut self, list: Allowed) -> Self {
        self.allowed.narrow(Setting::default_of(list));
        self
    }
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
        if let Some(reason) = resources.iter().find_map(|resource| self.allowed.outside(resource)) {
            return Ok(Decision::Deny(reason));
        }
        Ok(match (self.mode, effect) {
            (Mode::ReadWrite, _) | (_, Effect::Read) => Decision::Allow,
            // What is on this machine may be given away by whoever reads it here.
            (_, Effect::Save | Effect::Share) if target.kind == TargetKind::Local => Decision::Allow,
            (_, Effect::Save | Effect::Share) | (Mode::Ask, _) => Decision::Ask,
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
