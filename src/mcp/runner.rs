//! The one door that every tool call passes, and every deed of a person at this program's own screen.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use futures::FutureExt;
use futures::future::BoxFuture;
use serde_json::{Map, Value};
use uuid::Uuid;

use super::audit;
use super::authorizer::{Caller, Decision, Effect};
use super::budget;
use super::consent::{self, Asker, Wish, Yes};
use super::current::{self, Current};
use super::error::ToolError;
use super::inner::Inner;
use super::notes;
use super::progress::Progress;
use super::quoted::named;
use super::registry::{is_offered, may_run};
use super::repair;
use super::snapshots;
use super::targets::{self, Chosen};
use super::teach::{self, Asked};
use super::tool::{Access, AnyCall, AnyTool};
use crate::config::Mode;
use crate::emulator::ToolCall;
use crate::emulator::access as iam;
use crate::journal::{OpenCall, Outcome, Subject};

/// What a tool answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// Compact JSON, within the bridge's byte budget.
    pub text: String,
}

/// Runs one call: arguments, authorizer, record, time limit, budget, record.
pub(super) async fn run(
    bridge: &Arc<Inner>,
    caller: &Caller,
    name: &str,
    mut arguments: Map<String, Value>,
    progress: Option<Progress>,
    asker: Option<Asker>,
) -> Result<Answer, ToolError> {
    let current = Current::new(progress, budget::of_reader(caller), asker);
    let work = AssertUnwindSafe(async {
        let chosen = targets::chosen(bridge, name, &mut arguments).await;
        // Boxed, its type forgotten: a call's future is large, and so is the type of each of those around it.
        let call: BoxFuture<'_, _> = Box::pin(begun(&chosen.inner, caller, name, arguments, &chosen, &current));
        targets::at(bridge, &chosen, caller, call).await
    });
    // The arguments are read, and mended, outside the tool's own guard.
    current.scope(work.catch_unwind()).await.unwrap_or_else(|_| Err(failed()))
}

/// The error of a panic.
fn failed() -> ToolError {
    ToolError::new("internal", "the tool failed in a way that is footbridge's fault")
        .hint("please report it with the call; the log on stderr has more.")
}

async fn begun(
    bridge: &Inner,
    caller: &Caller,
    name: &str,
    mut arguments: Map<String, Value>,
    chosen: &Chosen,
    current: &Current,
) -> Result<Answer, ToolError> {
    let Some(tool) = bridge.registry.find(name) else {
        let names: Vec<_> = bridge.registry.definitions().iter().map(|tool| tool.name.as_ref()).collect();
        return Err(ToolError::new("unknown_tool", format!("there is no tool {}", named(name)))
            .hint(format!("the tools are {}", names.join(", "))));
    };
    let prepared = match &chosen.trouble {
        Some(trouble) => Err(trouble.clone()),
        None => tool.prepare(&bridge.context, &mut arguments),
    };
    // Calls that are refused are recorded too: a reader of the log wants to see what was tried.
    let access = prepared.as_ref().map_or_else(|_| Access::nothing(), |call| call.access());
    let subject = Subject::Tool { tool: name.to_owned() };
    let asked = Asked::of(&arguments);
    // Where a person may be asked, and where the call may be mended.
    let may_ask = bridge.consent.is_some() && (!bridge.context.is_local() || bridge.context.mode != Mode::ReadWrite);
    let kept = (may_ask || repair::has_keys(&arguments)).then(|| arguments.clone());
    let mut entry =
        audit::start(bridge, caller, subject, &access, iam::Access::new(), chosen.recorded(arguments)).await?;
    if bridge.context.is_local() {
        let call = entry.as_ref().map_or_else(Uuid::now_v7, OpenCall::id);
        current.is(ToolCall {
            session: caller.session().unwrap_or(bridge.context.session),
            call,
            tool: name.to_owned(),
        });
    }
    let outcome = async {
        let call = prepared?;
        let decision = decide(bridge, caller, name, &access).await?;
        if matches!(caller, Caller::Client(_))
            && may_run(tool, bridge.context.mode)
            && !is_offered(tool, &bridge.context)
        {
            let error = ToolError::new("not_offered", format!("{name} is not among the tools of this session"));
            return Err(
                error.hint(format!("a person offers it with `footbridge mcp --tools {name},…` or `--tools all`."))
            );
        }
        let (arguments, call_of) = (kept.as_ref(), Some(call.as_ref()));
        let made = Made { tool: name, arguments, access: &access, call: call_of, asker: current.asker() };
        let said = consented(bridge, caller, decision == Decision::Ask, made).await?;
        let mut access = access.clone();
        // A person who was told what it destroys means it; what a model says of that counts for nothing then.
        access.confirmed |= said.as_ref().is_some_and(|said| said.to_this_call);
        let unasked = said.is_none();
        if let (Some(entry), Some(said)) = (&mut entry, said) {
            entry.consented(said.record);
        }
        if let (Some(consent), Caller::Client(client), false) = (&bridge.consent, caller, bridge.context.is_local()) {
            consent.has_read(client.session, name, &bridge.context.target.name);
        }
        let outcome = guarded(bridge, name, call, &access).await;
        // A yes is for the arguments that were shown.
        let kept = kept.filter(|kept| unasked && repair::has_keys(kept));
        Box::pin(again(bridge, tool, outcome, kept, &access)).await
    }
    .await;
    let budget = bridge.context.budget();
    let outcome = match outcome {
        Err(error) => Err(teach::said(&bridge.context, name, &asked, &access.uris(), error).await),
        done => done,
    };
    if let (Some(consent), Caller::Client(client), false, true) =
        (&bridge.consent, caller, bridge.context.is_local(), current.tells())
    {
        consent.has_read(client.session, "what was named", &bridge.context.target.name);
    }
    match outcome {
        Ok(value) => {
            let value = budget::shorten(notes::added(chosen.answered(value), &current.take_notes()), budget);
            let text = value.to_string();
            audit::finish(entry, Ok(value), current.take_aws_calls());
            Ok(Answer { text })
        }
        Err(error) => {
            let told: Vec<_> = chosen.note().into_iter().chain(current.take_notes()).collect();
            let error = within_budget(error.with_notes(&told), budget);
            audit::finish(entry, Err(&error), current.take_aws_calls());
            Err(error)
        }
    }
}

/// The same call once more, where all that was wrong with it was the type of its keys.
async fn again(
    bridge: &Inner,
    tool: &dyn AnyTool,
    outcome: Result<Value, ToolError>,
    kept: Option<Map<String, Value>>,
    access: &Access,
) -> Result<Value, ToolError> {
    let (Err(error), Some(mut arguments)) = (&outcome, kept) else { return outcome };
    let mended = Box::pin(repair::mended(&bridge.context, error, &mut arguments));
    let Some(note) = mended.await else { return outcome };
    let Ok(call) = tool.prepare(&bridge.context, &mut arguments) else { return outcome };
    if call.access() != *access {
        return outcome;
    }
    let outcome = guarded(bridge, tool.name(), call, access).await;
    if outcome.is_ok() {
        notes::say(note);
    }
    outcome
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
    // What a tool does elsewhere for an agent may want a person's word too.
    let kept = matches!(caller, Caller::Client(_)).then(|| arguments.as_object().cloned()).flatten();
    let mut entry =
        if recorded { audit::start(bridge, caller, subject, &access, asks, arguments).await? } else { None };
    let said = Box::pin(async {
        let decision = decide(bridge, caller, &name, &access).await?;
        let (arguments, asker) = (kept.as_ref(), current::sends_forms());
        let made = Made { tool: &name, arguments, access: &access, call: None, asker };
        consented(bridge, caller, decision == Decision::Ask, made).await
    });
    let said = said.await;
    let current = Current::default();
    let outcome = match said {
        Ok(said) => {
            if let (Some(entry), Some(said)) = (&mut entry, said) {
                entry.consented(said.record);
            }
            current.scope(within(limit.unwrap_or(Duration::MAX), access.effect, work)).await
        }
        Err(error) => Err(error),
    };
    match outcome {
        Ok((outcome, response, given)) => {
            audit::end(entry, outcome, response, current.take_aws_calls());
            Ok(given)
        }
        Err(error) => {
            audit::finish(entry, Err(&error), current.take_aws_calls());
            Err(error)
        }
    }
}

/// Asks the authorizer, and gives whether it allows the call or wants a person asked. Whatever else it says is an error.
async fn decide(bridge: &Inner, caller: &Caller, tool: &str, access: &Access) -> Result<Decision, ToolError> {
    let (target, uris) = (&bridge.context.target, access.uris());
    let decision = bridge.authorizer.check(caller, tool, target, &uris, access.effect);
    match AssertUnwindSafe(decision).catch_unwind().await {
        Ok(Ok(decision @ (Decision::Allow | Decision::Ask))) => Ok(decision),
        Ok(Ok(Decision::Deny(reason))) => Err(ToolError::new("not_allowed", reason)),
        Ok(Err(error)) => Err(ToolError::new("not_allowed", format!("the authorizer failed: {error}"))),
        Err(_) => Err(ToolError::new("not_allowed", "the authorizer failed")),
    }
}

/// A call as it is made.
struct Made<'a> {
    tool: &'a str,
    /// As they are understood, where they were kept.
    arguments: Option<&'a Map<String, Value>>,
    access: &'a Access,
    /// Where it is a tool's by itself.
    call: Option<&'a dyn AnyCall>,
    asker: Option<Asker>,
}

/// Whose yes a call runs with; none where nobody has to be asked.
async fn consented(bridge: &Inner, caller: &Caller, asks: bool, made: Made<'_>) -> Result<Option<Yes>, ToolError> {
    let Made { tool, arguments, access, call, asker } = made;
    let target = &bridge.context.target;
    match (caller, &bridge.consent, arguments) {
        (Caller::Client(client), Some(consent), Some(arguments)) => {
            let wish = Wish { client, session: client.session, tool, target, arguments, access, call, asker };
            let asking: BoxFuture<'_, _> = Box::pin(consent::permit(bridge, consent, &wish, asks));
            asking.await
        }
        (Caller::Client(_), ..) if asks => Err(consent::nobody(tool, target, access)),
        (Caller::Command(_), ..) if asks => Err(by_command(bridge, tool, access)),
        _ => Ok(None),
    }
}

/// What a person who runs a command, or a script, is told in place of being asked: the command line is theirs to change.
fn by_command(bridge: &Inner, tool: &str, access: &Access) -> ToolError {
    let target = &bridge.context.target;
    let does = access.effect.as_str();
    let message =
        format!("{tool} on {target} ({}) is {does}, which waits for a person's word", access.uris().join(", "));
    ToolError::new("needs_a_person", message).hint("say it with `--mode read-write`.")
}

/// Runs a tool's call, where what it destroys is meant.
async fn guarded(bridge: &Inner, name: &str, call: Box<dyn AnyCall>, access: &Access) -> Result<Value, ToolError> {
    let limit = call.time_limit().unwrap_or(bridge.time_limit);
    let work = async {
        if access.effect == Effect::Destructive && !access.confirmed {
            let loss = call.loss(&bridge.context).await?;
            return Err(ToolError::new("confirm_required", format!("this would destroy {loss}"))
                .hint("repeat the call with confirm: true if that is meant."));
        }
        if access.effect == Effect::Destructive && call.snapshots() {
            snapshots::before(&bridge.context, name, access).await?;
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
        Ok(Err(_)) => Err(failed()),
        Err(_) => {
            let changed = if effect < Effect::Write { "" } else { "; it may have changed something" };
            let mut error = ToolError::new("timed_out", format!("no end after {} s{changed}", limit.as_secs()));
            error.retryable = effect < Effect::Write;
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
