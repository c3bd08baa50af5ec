//! The one door that every tool call passes.

use std::panic::AssertUnwindSafe;

use futures::FutureExt;
use serde_json::{Map, Value};

use super::audit;
use super::authorizer::{Caller, Decision, Effect};
use super::bridge::Inner;
use super::budget;
use super::calls::{CALLS, Calls};
use super::error::ToolError;
use super::hints;
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
    let entry = audit::start(bridge, caller, name, &access, &Value::Object(arguments))?;
    let calls = Calls::default();
    let outcome = CALLS
        .scope(calls.clone(), async {
            let call = prepared?;
            permit(bridge, caller, name, &access).await?;
            guarded(bridge, call, &access).await
        })
        .await;
    let outcome = match outcome {
        Ok(value) => Ok(budget::shorten(value, bridge.context.budget)),
        Err(error) => {
            Err(within_budget(hints::elsewhere(&bridge.context, &access, error).await, bridge.context.budget))
        }
    };
    audit::finish(entry, &outcome, calls.take());
    outcome.map(|value| Answer { text: value.to_string() })
}

/// Asks the authorizer. Whatever is not a plain yes is an error that says what a person can do.
async fn permit(bridge: &Inner, caller: &Caller, tool: &str, access: &Access) -> Result<(), ToolError> {
    let target = &bridge.context.target;
    let decision = bridge.authorizer.check(caller, tool, target, &access.resources, access.effect);
    match AssertUnwindSafe(decision).catch_unwind().await {
        Ok(Ok(Decision::Allow)) => Ok(()),
        Ok(Ok(Decision::Ask)) => Err(ToolError::new(
            "needs_a_person",
            format!("{tool} would write to {target} ({}), and a person must allow that", access.resources.join(", ")),
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
