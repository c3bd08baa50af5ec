//! What a person is asked about a call.

use std::time::Duration;

use serde_json::Value;

use super::book::Consent;
use super::permit::{Wish, far_side};
use super::stored;
use crate::consent::Question;
use crate::mcp::access::Resource;
use crate::mcp::authorizer::Effect;
use crate::mcp::inner::Inner;
use crate::mcp::quoted::quoted;

/// How long is looked at what a call would change, before people are asked.
const LOOK: Duration = Duration::from_secs(5);

/// What a call writes of which nothing more is known.
const WRITES: &str = "it makes or replaces what is named, or deletes one";

/// The most deletes that are named one by one.
const NAMED: usize = 5;

/// The question about this call, and what it found stored, with what is stored now where one cheap read tells it. A read that fails hides nothing else.
pub(super) async fn of(
    bridge: &Inner,
    consent: &Consent,
    wish: &Wish<'_>,
    digest: &str,
    worry: Option<&'static str>,
) -> (Question, Option<Value>) {
    let shown = consent.shown();
    let (loss, change) = tokio::join!(loss(bridge, wish), tokio::time::timeout(LOOK, stored::of(bridge, wish)));
    let change = change.unwrap_or_default();
    let does = change.says.or(loss).unwrap_or_else(|| plainly(wish));
    let (arguments, hidden) = shown.arguments(&wish.arguments.clone().into());
    let impact = match worry {
        Some(worry) => format!("{does}; {worry}"),
        None => does,
    };
    let impact = match hidden {
        0 => impact,
        bytes => format!("{bytes} bytes of its arguments are NOT shown, so that it can be allowed once only; {impact}"),
    };
    let client = wish.client;
    let question = Question {
        session: wish.session,
        caller: format!("{} {}", client.name, client.version).trim().chars().take(100).collect(),
        tool: wish.tool.to_owned(),
        target: wish.target.name.clone(),
        far_side: far_side(wish.target),
        far: wish.target.into(),
        region: wish.target.region.clone(),
        arguments,
        resources: shown.resources(wish.access.uris()),
        does: wish.access.resources.iter().map(Resource::words).collect(),
        once: hidden > 0,
        effect: wish.access.effect.as_str().to_owned(),
        impact: shown.sentence(&impact),
        old: change.old.map(|old| shown.value(&old)),
        new: change.new.map(|new| shown.value(&new)),
        digest: digest.to_owned(),
    };
    (question, change.seen)
}

/// What is stored now of what was looked at for the question.
pub(super) async fn seen(bridge: &Inner, wish: &Wish<'_>) -> Option<Value> {
    tokio::time::timeout(LOOK, Box::pin(stored::of(bridge, wish))).await.ok()?.seen
}

/// What a destructive call would destroy.
async fn loss(bridge: &Inner, wish: &Wish<'_>) -> Option<String> {
    if wish.access.effect != Effect::Destructive {
        return None;
    }
    let loss = Box::pin(wish.call?.loss(&bridge.context));
    let loss = tokio::time::timeout(LOOK, loss).await.ok()?.ok()?;
    let operations = by_operation(wish).map(|operations| format!(": {operations}")).unwrap_or_default();
    Some(format!("this would destroy {loss}{operations}"))
}

/// What a call does, where nothing more is known.
fn plainly(wish: &Wish<'_>) -> String {
    let does = match wish.access.effect {
        Effect::Read => "it reads",
        Effect::Save => "what it reads goes into a file, or to another target",
        Effect::Share => "whoever has the URL can read it, until it expires",
        Effect::Write if wish.shares() => "whoever has the URL can write or delete it, until it expires",
        Effect::Write => return by_operation(wish).unwrap_or_else(|| WRITES.to_owned()),
        Effect::Destructive => "it deletes or changes what is named, all of it",
    };
    does.to_owned()
}

/// How many of which operations a call with several makes, and what it deletes.
fn by_operation(wish: &Wish<'_>) -> Option<String> {
    if let Some(items) = wish.arguments.get("items").and_then(Value::as_array).filter(|items| items.len() > 1) {
        return Some(format!("it makes or replaces {} items", items.len()));
    }
    let operations = wish.arguments.get("operations")?.as_array()?;
    let count = |name: &str| operations.iter().filter(|of| of.get(name).is_some_and(|given| !given.is_null())).count();
    let kinds = [("put", "puts"), ("update", "updates"), ("delete", "deletes"), ("check", "checks")];
    let counted = kinds.map(|(name, plural)| (count(name), if count(name) == 1 { name } else { plural }));
    let counted: Vec<_> =
        counted.iter().filter(|(count, _)| *count > 0).map(|(count, name)| format!("{count} {name}")).collect();
    let deleted = operations.iter().filter_map(|of| {
        let key = of.get("delete").filter(|key| !key.is_null())?;
        Some(format!("{} of {}", quoted(&key.to_string()), quoted(of.get("table")?.as_str()?)))
    });
    let mut deleted: Vec<_> = deleted.collect();
    let more = deleted.len().saturating_sub(NAMED);
    deleted.truncate(NAMED);
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    let gone = if deleted.is_empty() { String::new() } else { format!("; it deletes {}{more}", deleted.join(", ")) };
    Some(format!("all or none of {}{gone}", counted.join(", ")))
}
