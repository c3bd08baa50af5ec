//! The one door that every tool call passes, and every deed of a person at this program's own screen.

use std::panic::AssertUnwindSafe;
use std::time::Duration;

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
use crate::emulator::access as iam;
use crate::journal::{Outcome, Subject};

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
    let subject = Subject::Tool { tool: name.to_owned() };
    let entry = audit::start(bridge, caller, subject, &access, iam::Access::new(), Value::Object(arguments)).await?;
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
    match outcome {
        Ok(value) => {
            let text = value.to_string();
            audit::finish(entry, Ok(value), calls.take());
            Ok(Answer { text })
        }
        Err(error) => {
            audit::finish(entry, Err(&error), calls.take());
            Err(error)
        }
    }
}

/// A call that is no agent's: what a person does at this program's own screen, or has made again.
#[derive(Debug)]
pub(crate) struct Deed {
    /// The operation, or the tool that does the same.
    pub(crate) subject: Subject,
    /// What IAM asks of it, where it is one AWS call.
    pub(crate) asks: iam::Access,
    /// What it is called with, as it is recorded.
    pub(crate) arguments: Value,
    /// What it does, and to what.
    pub(crate) access: Access,
    /// How long it may take; no limit where it says itself how far it is.
    pub(crate) limit: Option<Duration>,
    /// Whether the journal is told.
    pub(crate) recorded: bool,
}

/// What came of a deed: its outcome and its response for the record, and what the caller is given.
pub(crate) type Done<T> = (Outcome, Value, T);

/// Does a deed as a tool call is run: record, authorizer, time limit, record.
pub(super) async fn perform<T>(
    bridge: &Inner,
    caller: &Caller,
    deed: Deed,
    work: impl Future<Output = Result<Done<T>, ToolError>>,
) -> Result<T, ToolError> {
    let Deed { subject, asks, arguments, access, limit, recorded } = deed;
    let name = subject.name().to_owned();
    let entry = if recorded { audit::start(bridge, caller, subject, &access, asks, arguments).await? } else { None };
    let calls = Calls::default();
    let outcome = CALLS
        .scope(calls.clone(), async {
            permit(bridge, caller, &name, &access).await?;
            within(limit.unwrap_or(Duration::MAX), access.effect, work).await
        })
        .await;
    match outcome {
        Ok((outcome, response, given)) => {
            audit::end(entry, outcome, response, calls.take());
            Ok(given)
        }
        Err(error) => {
            audit::finish(entry, Err(&error), calls.take());
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
            format!("{tool} would write to {target} ({}), and a person must allow that", access.resources.join(", ")),
        )
        .hint("ask the person to restart footbridge with `--mode read-write`; nothing in a call can allow it.")),
        Ok(Ok(Decision::Deny(reason))) => Err(ToolError::new("not_allowed", reason)),
        Ok(Err(error)) => Err(ToolError::new("not_allowed", format!("the authorizer failed: {error}"))),
        Err(_) => Err(ToolError::new("not_allowed", "the authorizer failed")),
    }
}

/// Runs a tool's call, where what it destroys is meant.
async fn guarded(bridge: &Inner, call: Box<dyn AnyCall>, access: &Access) -> Result<Value, ToolError> {
    let limit = call.time_limit().unwrap_or(bridge.time_limit);
    let work = async {
        if access.effect == Effect::Destructive && !access.confirmed {
            let loss = call.loss(&bridge.context).await?;
            return Err(ToolError::new("confirm_required", format!("this would destroy {loss}"))
                .hint("repeat the call with confirm: true if that is meant."));
        }
        call.run(&bridge.context).await
    };
    within(limit, access.effect, work).await
}

/// What comes of `work` within its time limit; a panic becomes an error.
async fn within<T>(
    limit: Duration,
    effect: Effect,
    work: impl Future<Output = Result<T, ToolError>>,
) -> Result<T, ToolError> {
    match tokio::time::timeout(limit, AssertUnwindSafe(work).catch_unwind()).await {
        Ok(Ok(outcome)) => outcome,
        Ok(Err(_)) => Err(ToolError::new("internal", "the tool failed in a way that is footbridge's fault")
            .hint("please report it with the call; the log on stderr has more.")),
        Err(_) => {
            let changed = if effect == Effect::Read { "" } else { "; it may have changed something" };
            let mut error = ToolError::new("timed_out", format!("no end after {} s{changed}", limit.as_secs()));
            error.retryable = effect == Effect::Read;
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
