//! What a person is asked about a call.

use std::time::Duration;

use super::book::Consent;
use super::permit::{Wish, far_side};
use super::stored;
use crate::consent::Question;
use crate::mcp::authorizer::Effect;
use crate::mcp::inner::Inner;

/// How long is looked at what a call would change, before people are asked.
const LOOK: Duration = Duration::from_secs(5);

/// The question about this call, with what is stored now where one cheap read tells it. A read that fails hides nothing else.
pub(super) async fn of(
    bridge: &Inner,
    consent: &Consent,
    wish: &Wish<'_>,
    digest: &str,
    worry: Option<&'static str>,
) -> Question {
    let shown = consent.shown();
    let (loss, change) = tokio::join!(loss(bridge, wish), tokio::time::timeout(LOOK, stored::of(bridge, wish)));
    let change = change.unwrap_or_default();
    let does = change.says.or(loss).unwrap_or_else(|| plainly(wish));
    let impact = match worry {
        Some(worry) => format!("{does}; {worry}"),
        None => does,
    };
    let client = wish.client;
    Question {
        session: wish.session,
        caller: format!("{} {}", client.name, client.version).trim().chars().take(100).collect(),
        tool: wish.tool.to_owned(),
        target: wish.target.name.clone(),
        far_side: far_side(wish.target),
        far: wish.target.into(),
        region: wish.target.region.clone(),
        arguments: shown.value(&wish.arguments.clone().into()),
        resources: shown.resources(&wish.access.uris()),
        effect: wish.access.effect.as_str().to_owned(),
        impact: shown.text(&impact),
        old: change.old.map(|old| shown.value(&old)),
        new: change.new.map(|new| shown.value(&new)),
        digest: digest.to_owned(),
    }
}

/// What a destructive call would destroy.
async fn loss(bridge: &Inner, wish: &Wish<'_>) -> Option<String> {
    if wish.access.effect != Effect::Destructive {
        return None;
    }
    let loss = Box::pin(wish.call?.loss(&bridge.context));
    let loss = tokio::time::timeout(LOOK, loss).await.ok()?.ok()?;
    Some(format!("this would destroy {loss}"))
}

/// What a call does, where nothing more is known.
fn plainly(wish: &Wish<'_>) -> String {
    let does = match wish.access.effect {
        Effect::Read => "it reads",
        Effect::Save => "what it reads goes into a file, or to another target",
        Effect::Share => "whoever has the URL can read it, until it expires",
        Effect::Write if wish.shares() => "whoever has the URL can write or delete it, until it expires",
        Effect::Write => "it makes or replaces what is named, or deletes one",
        Effect::Destructive => "it deletes or changes what is named, all of it",
    };
    does.to_owned()
}
