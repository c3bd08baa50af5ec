//! A person's word for the writes of one run, asked once.

use std::collections::BTreeMap;
use std::io::{BufRead, IsTerminal, stderr, stdin};
use std::sync::atomic::{AtomicU8, Ordering};

use async_trait::async_trait;

use crate::backend::aws::Target;
use crate::cli::output::tell;
use crate::config::Mode;
use crate::mcp::{Authorizer, BoxError, Caller, Decision, Effect, Policy};

/// What a person said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Answer {
    /// The writes are made.
    Yes,
    /// Only what reads is made.
    ReadOnly,
    /// Nothing is.
    No,
}

/// The mode's own policy, and what a person says where it asks for one.
#[derive(Debug)]
pub(super) struct Consent {
    mode: Mode,
    policy: Policy,
    answer: AtomicU8,
}

const UNASKED: u8 = 0;
const YES: u8 = 1;
const READ_ONLY: u8 = 2;

impl Consent {
    pub(super) fn new(mode: Mode, policy: Policy) -> Self {
        Self { mode, policy, answer: AtomicU8::new(UNASKED) }
    }

    /// Whether somebody chose to leave writes out.
    pub(super) fn is_read_only(&self) -> bool {
        self.mode == Mode::ReadOnly || self.answer.load(Ordering::Relaxed) == READ_ONLY
    }

    /// Whether writes need no word, or somebody can say it. Says what is missing where nobody can.
    pub(super) fn can_be_had(&self, target: &Target, writes: &[(&str, Effect)]) -> bool {
        if !self.is_needed(writes) || (stdin().is_terminal() && stderr().is_terminal()) {
            return true;
        }
        show(target, writes);
        tell(
            "footbridge: a person must allow that, and nothing was called: add --mode read-write to make them, or \
             --mode read-only to leave them out",
        );
        false
    }

    /// Asks about all writes of a run, where the mode wants that.
    pub(super) fn ask(&self, target: &Target, writes: &[(&str, Effect)]) -> std::io::Result<Answer> {
        if !self.is_needed(writes) {
            return Ok(if self.mode == Mode::ReadOnly { Answer::ReadOnly } else { Answer::Yes });
        }
        show(target, writes);
        eprint!("Make them? [y]es, [r]ead only, [N]o: ");
        let mut said = String::new();
        stdin().lock().read_line(&mut said)?;
        let answer = match said.trim().to_ascii_lowercase().as_str() {
            "y" | "yes" => Answer::Yes,
            "r" | "read" | "read only" => Answer::ReadOnly,
            _ => Answer::No,
        };
        let kept = match answer {
            Answer::Yes => YES,
            Answer::ReadOnly => READ_ONLY,
            Answer::No => UNASKED,
        };
        self.answer.store(kept, Ordering::Relaxed);
        Ok(answer)
    }

    fn is_needed(&self, writes: &[(&str, Effect)]) -> bool {
        self.mode == Mode::Ask && !writes.is_empty()
    }
}

fn show(target: &Target, writes: &[(&str, Effect)]) {
    tell(format_args!("This makes {} writes on {target}:", writes.len()));
    for (effect, what) in
        [(Effect::Write, "writes"), (Effect::Destructive, "deletes of tables, buckets or many at once")]
    {
        let tools = count(writes, effect);
        if !tools.is_empty() {
            tell(format_args!("  {what}: {tools}"));
        }
    }
}

/// `3 s3_put_object, 1 dynamodb_create_table`
fn count(writes: &[(&str, Effect)], effect: Effect) -> String {
    let mut tools: BTreeMap<&str, usize> = BTreeMap::new();
    for (tool, _) in writes.iter().filter(|(_, own)| *own == effect) {
        *tools.entry(tool).or_default() += 1;
    }
    tools.iter().map(|(tool, times)| format!("{times} {tool}")).collect::<Vec<_>>().join(", ")
}

#[async_trait]
impl Authorizer for Consent {
    async fn check(
        &self,
        caller: &Caller,
        tool: &str,
        target: &Target,
        resources: &[String],
        effect: Effect,
    ) -> Result<Decision, BoxError> {
        // What is read comes to the person who replays, and nobody else: it is as if it were only read.
        let effect = if effect < Effect::Write { Effect::Read } else { effect };
        let decision = self.policy.check(caller, tool, target, resources, effect).await?;
        Ok(match (decision, self.answer.load(Ordering::Relaxed)) {
            (Decision::Ask, YES) => Decision::Allow,
            (Decision::Ask, READ_ONLY) => Decision::Deny("only reading was allowed".to_owned()),
            (decision, _) => decision,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn decide(consent: &Consent, effect: Effect) -> Decision {
        let (caller, target) = (Caller::Command("replay"), Target::local("us-east-1"));
        consent.check(&caller, "tool", &target, &["s3://b".to_owned()], effect).await.unwrap()
    }

    #[tokio::test]
    async fn a_yes_allows_what_waits_for_a_person_and_nothing_that_is_denied() {
        let ask = Consent::new(Mode::Ask, Policy::new(Mode::Ask));
        assert_eq!(decide(&ask, Effect::Write).await, Decision::Ask);
        ask.answer.store(YES, Ordering::Relaxed);
        assert_eq!(decide(&ask, Effect::Destructive).await, Decision::Allow);
        ask.answer.store(READ_ONLY, Ordering::Relaxed);
        assert!(matches!(decide(&ask, Effect::Write).await, Decision::Deny(_)) && ask.is_read_only());
        let read_only = Consent::new(Mode::ReadOnly, Policy::new(Mode::ReadOnly));
        read_only.answer.store(YES, Ordering::Relaxed);
        assert!(matches!(decide(&read_only, Effect::Write).await, Decision::Deny(_)));
    }
}
