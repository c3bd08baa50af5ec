//! The one door that every tool call passes.

use std::panic::AssertUnwindSafe;
use std::time::Instant;

use futures::FutureExt;
use serde_json::{Map, Value};

use super::audit::{Audit, Finished, Started};
use super::authorizer::{Caller, Decision, Effect};
use super::bridge::Inner;
use super::budget;
use super::calls::{CALLS, Calls};
use super::error::ToolError;
use super::tool::{Access, AnyCall};

/// What a tool answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// Compact JSON, within the bridge's byte budget.
    pub text: String,
}

/// Runs one call: arguments, authorizer, record, time limit, budget, record.
pub(super) async fn run(
    bridge: &Inner,
    caller: &Caller,
    name: &str,
    mut arguments: Map<String, Value>,
) -> Result<Answer, ToolError> {
    let Some(tool) = bridge.registry.find(name) else {
        let names: Vec<_> = bridge.registry.definitions().iter().map(|tool| tool.name.as_ref()).collect();
        return Err(ToolError::new("unknown_tool", format!("there is no tool {name}"))
            .hint(format!("the tools are {}", names.join(", "))));
    };
    let prepared = tool.prepare(&bridge.context, &mut arguments);
    // Calls that are refused are recorded too: a reader of the log wants to see what was tried.
    let access = prepared.as_ref().map_or_else(|_| Access::nothing(), |call| call.access());
    let id = uuid::Uuid::now_v7().to_string();
    let arguments = Value::Object(arguments);
    let started = Started {
        id: &id,
        caller,
        tool: name,
        arguments: &arguments,
        resources: &access.resources,
        effect: access.effect,
    };
    if let Err(error) = bridge.audit.started(&started) {
        if !bridge.context.target.local {
            return Err(ToolError::new("audit_failed", format!("the call could not be recorded: {error}"))
                .hint("calls to AWS run only with a record; a person must make the data directory writable."));
        }
        tracing::warn!(%error, "a tool call goes unrecorded");
    }
    let mut entry = Entry { audit: bridge.audit.as_ref(), id: &id, tool: name, begun: Instant::now(), calls: Calls::default(), open: true };
    let calls = entry.calls.clone();
    let outcome = CALLS
        .scope(calls, async {
            let call = prepared?;
            permit(bridge, caller, name, &access).await?;
            guarded(bridge, call, &access).await
        })
        .await;
    match outcome {
        Ok(value) => {
            let text = budget::shorten(value, bridge.context.budget).to_string();
            entry.finish(Ok(&text));
            Ok(Answer { text })
        }
        Err(error) => {
            let error = within_budget(error, bridge.context.budget);
            entry.finish(Err(&error.to_string()));
            Err(error)
        }
    }
}

/// Asks the authorizer. Whatever is not a plain yes is an error that says what a person can do.
async fn permit(bridge: &Inner, caller: &Caller, tool: &str, access: &Access) -> Result<(), ToolError> {
    let target = &bridge.context.target;
    let decision = bridge.authorizer.check(caller, tool, target, &access.resources, access.effect);
    match AssertUnwindSafe(decision).catch_unwind().await {
        Ok(Ok(Decision::Allow)) => Ok(()),
        Ok(Ok(Decision::Ask)) => Err(ToolError::new(
            "needs_a_person",
            format!("{tool} would write to {} ({}), and a person must allow that", target.banner, access.resources.join(", ")),
        )
        .hint("ask the person to restart footbridge with `--mode read-write`; nothing in a call can allow it.")),
        Ok(Ok(Decision::Deny(reason))) => Err(ToolError::new("not_allowed", reason)),
        Ok(Err(error)) => Err(ToolError::new("not_allowed", format!("the authorizer failed: {error}"))),
        Err(_) => Err(ToolError::new("not_allowed", "the authorizer failed")),
    }
}

/// Runs the call within its time limit; a panic becomes an error.
async fn guarded(bridge: &Inner, call: Box<dyn AnyCall>, access: &Access) -> Result<Value, ToolError> {
    let limit = call.time_limit().unwrap_or(bridge.time_limit);
    let work = AssertUnwindSafe(async {
        if access.effect == Effect::Destructive && !access.confirmed {
            let loss = call.loss(&bridge.context).await?;
            return Err(ToolError::new("confirm_required", format!("this would destroy {loss}"))
                .hint("repeat the call with confirm: true if that is meant."));
        }
        call.run(&bridge.context).await
    })
    .catch_unwind();
    match tokio::time::timeout(limit, work).await {
        Ok(Ok(outcome)) => outcome,
        Ok(Err(_)) => Err(ToolError::new("internal", "the tool failed in a way that is footbridge's fault")
            .hint("please report it with the call; the log on stderr has more.")),
        Err(_) => {
            let changed = if access.effect == Effect::Read { "" } else { "; it may have changed something" };
            let mut error = ToolError::new("timed_out", format!("no end after {} s{changed}", limit.as_secs()));
            error.retryable = access.effect == Effect::Read;
            Err(error)
        }
    }
}

/// AWS's messages can quote what was sent, at any length.
fn within_budget(mut error: ToolError, limit: usize) -> ToolError {
    let short = budget::start_within(&error.message, limit / 2);
    if short.len() < error.message.len() {
        error.message = format!("{short}…");
    }
    error
}

/// The open record of a call. Dropped without an end, the call was cancelled.
struct Entry<'a> {
    audit: &'a dyn Audit,
    id: &'a str,
    tool: &'a str,
    begun: Instant,
    calls: Calls,
    open: bool,
}

impl Entry<'_> {
    fn finish(&mut self, outcome: Result<&str, &str>) {
        self.open = false;
        self.write(Some(outcome));
    }

    fn write(&self, outcome: Option<Result<&str, &str>>) {
        let calls = self.calls.take();
        let (id, tool, took) = (self.id, self.tool, self.begun.elapsed());
        self.audit.finished(&Finished { id, tool, outcome, took, calls: &calls });
    }
}

impl Drop for Entry<'_> {
    fn drop(&mut self) {
        if self.open {
            self.write(None);
        }
    }
}
