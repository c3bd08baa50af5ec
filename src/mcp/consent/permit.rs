//! Whether a call that a person must allow may run.

use std::time::Duration;

use serde_json::{Map, Value};
use uuid::Uuid;

use super::WAIT;
use super::asker::{Asker, Round};
use super::book::Consent;
use super::client;
use super::form::{self, Answer};
use super::grants::{Grant, Grantable};
use super::question;
use super::ticket::Ticket;
use crate::consent::{ConsentError, How, OPEN, Request, State};
use crate::journal::Consented;
use crate::mcp::Target;
use crate::mcp::authorizer::{Client, Effect};
use crate::mcp::error::ToolError;
use crate::mcp::inner::Inner;
use crate::mcp::progress;
use crate::mcp::tool::Tool as _;
use crate::mcp::tool::{Access, AnyCall};
use crate::mcp::tools::s3::presign_url::PresignUrl;

/// A call that a client wants to make.
pub(in crate::mcp) struct Wish<'a> {
    pub(in crate::mcp) client: &'a Client,
    pub(in crate::mcp) session: Uuid,
    pub(in crate::mcp) tool: &'a str,
    pub(in crate::mcp) target: &'a Target,
    /// As they are understood.
    pub(in crate::mcp) arguments: &'a Map<String, Value>,
    pub(in crate::mcp) access: &'a Access,
    /// Where it is a tool's by itself.
    pub(in crate::mcp) call: Option<&'a dyn AnyCall>,
    pub(in crate::mcp) asker: Option<Asker>,
}

impl Wish<'_> {
    /// The target and the region, as what a yes is for.
    pub(super) fn place(&self) -> String {
        let Target { name, kind, account, region, .. } = self.target;
        format!("{name} {kind} {} {region}", account.as_deref().unwrap_or_default())
    }

    /// Whether it lets others in, whatever else it does.
    pub(super) fn shares(&self) -> bool {
        self.access.effect == Effect::Share || self.tool == PresignUrl::NAME
    }
}

/// Whose yes a call runs with.
#[derive(Debug)]
pub(in crate::mcp) struct Yes {
    /// For the record.
    pub(in crate::mcp) record: Consented,
    /// Whether it was said to this call itself, so that what it destroys is meant.
    pub(in crate::mcp) to_this_call: bool,
}

/// Asks a person, where the authorizer wants that or the session has read what others may have written. Gives whose yes the
/// call runs with; none where nobody had to be asked.
pub(in crate::mcp) async fn permit(
    bridge: &Inner,
    consent: &Consent,
    wish: &Wish<'_>,
    ask: bool,
) -> Result<Option<Yes>, ToolError> {
    let worry = if bridge.context.is_local() { None } else { consent.worry(wish) };
    if !ask && worry.is_none() {
        return Ok(None);
    }
    let digest = consent.digest(wish, &bridge.context.files);
    let answered = match &wish.asker {
        Some(Asker::Returns(round)) => heard_before(consent, wish, &digest, round)?,
        _ => None,
    };
    if let Some(grant) = consent.granted(wish, &digest) {
        return recorded(bridge, wish).await.map(|()| Some(of_grant(grant)));
    }
    let ticket = if let Some(ticket) = Ticket::join(consent, &digest) {
        ticket
    } else {
        // Reads what is stored now, which may take a moment.
        let (question, seen) = Box::pin(question::of(bridge, consent, wish, &digest, worry)).await;
        let asked = Ticket::ask(consent, &digest, question, Grantable::of(wish, &digest), seen);
        asked.map_err(|error| unasked(wish, &error))?
    };
    let request = ticket.request().clone();
    if let Some((_, answer)) = answered.filter(|(of, _)| *of == request.id) {
        say(consent, &request, answer, wish.client);
    } else if let Some(Asker::Returns(round)) = &wish.asker
        && matches!(consent.queue().state(&request), Ok(State::Waiting))
        && ticket.may_show()
        && let Some(state) = consent.remember_form(&digest, request.id)
    {
        round.give(form::as_answer(form::of(&request, consent.command()), state));
        ticket.leave();
        return Err(ToolError::new("input_required", "a person is asked by a form at the client"));
    }
    let state = wait(consent, wish, &ticket).await;
    settle(bridge, consent, wish, &digest, ticket, state).await
}

/// What became of the form that the call was answered with before: which request, and what a person said.
fn heard_before(
    consent: &Consent,
    wish: &Wish<'_>,
    digest: &str,
    round: &Round,
) -> Result<Option<(Uuid, Answer)>, ToolError> {
    let Some(state) = round.state() else { return Ok(None) };
    let out = consent.take_form(state).filter(|out| out.digest == *digest).ok_or_else(|| {
        ToolError::new("stale_form", "this answer belongs to no form that is out for this call")
            .hint("a form is good for one answer to the call that it was for: call again without requestState.")
    })?;
    let took = consent.queue().now().saturating_sub(out.sent);
    let result = round.response(form::NAME);
    Ok(Some((out.request, form::judge(result.as_ref(), &wish.target.name, took))))
}

/// Puts what a form brought into the queue, where the first answer counts.
fn say(consent: &Consent, request: &Request, answer: Answer, client: &Client) {
    let by = || format!("a form at {}", client.name);
    let said = match answer {
        // A word that the form did not have.
        Answer::Yes(How::Session) if !form::offers_session(request) => return,
        Answer::Yes(how) => consent.queue().allow(request.id, &by(), how),
        Answer::No(why) => consent.queue().deny(request.id, &by(), why.as_deref()),
        Answer::Nobody => return,
    };
    if let Err(error) = said {
        tracing::debug!(%error, "a form's answer does not count");
    }
}

/// Waits for an answer from wherever it comes, for so long and no longer. Its client hears meanwhile that it goes on.
async fn wait(consent: &Consent, wish: &Wish<'_>, ticket: &Ticket) -> Result<State, ConsentError> {
    let queue = consent.queue();
    let (request, began) = (ticket.request(), queue.now());
    let form = async {
        if let Some(Asker::Sends(sender)) = &wish.asker
            && ticket.may_show()
        {
            let sent = queue.now();
            let result = sender.send(form::of(request, consent.command())).await;
            let took = queue.now().saturating_sub(sent);
            say(consent, request, form::judge(result.as_ref(), &wish.target.name, took), wish.client);
        }
        std::future::pending::<()>().await;
    };
    let told = async {
        for second in 1.. {
            progress::wait(second, WAIT / 1000);
            tokio::time::sleep(Duration::from_secs(1)).await;
        }
    };
    tokio::select! {
        // What is answered already is not asked.
        biased;
        () = client::gone() => Ok(State::Abandoned),
        state = queue.wait(request, began.saturating_add(WAIT)) => state,
        // Whatever the clock does.
        () = tokio::time::sleep(Duration::from_millis(WAIT)) => queue.state(request),
        () = form => Ok(State::Waiting),
        () = told => Ok(State::Waiting),
    }
}

/// What comes of the call, as its request stands.
async fn settle(
    bridge: &Inner,
    consent: &Consent,
    wish: &Wish<'_>,
    digest: &str,
    ticket: Ticket,
    state: Result<State, ConsentError>,
) -> Result<Option<Yes>, ToolError> {
    let id = ticket.request().id;
    match state {
        Ok(State::Waiting) => {
            let waits = waits(consent, wish, ticket.request());
            ticket.leave();
            Err(waits)
        }
        Ok(State::Allowed { .. }) => {
            // Before it is used: a yes that is not on record allows nothing.
            recorded(bridge, wish).await?;
            let claimed = consent.queue().claim(ticket.request());
            if consent.digest(wish, &bridge.context.files) != digest {
                ticket.close();
                return Err(ToolError::new(
                    "file_changed",
                    "the file is not the one any more that a person was asked about",
                )
                .hint("call again: a person is asked about what it is now."));
            }
            // A yes for the session is for whatever will be there.
            if matches!(claimed, Ok(State::Allowed { how: How::Once, .. }))
                && let Some(seen) = ticket.seen()
                && question::seen(bridge, wish).await.as_ref() != Some(&seen)
            {
                ticket.close();
                return Err(ToolError::new(
                    "changed_since_asked",
                    "what is stored is not any more what a person was shown, and nothing was done",
                )
                .hint("call again: a person is asked about what is there now."));
            }
            match claimed {
                Ok(State::Allowed { by, how, at }) => {
                    let may_last = how == How::Session && !ticket.request().question.once;
                    if let Some(grantable) = ticket.close().filter(|_| may_last) {
                        consent.grant(id, by.clone(), at, &grantable);
                    }
                    let record = Consented { request: id, by, how: how.word().to_owned(), at };
                    Ok(Some(Yes { record, to_this_call: true }))
                }
                Ok(state) | Err(ConsentError::Over { state, .. }) => taken(consent, wish, digest, ticket, &state),
                Err(error) => Err(unasked(wish, &error)),
            }
        }
        Ok(State::Denied { by, why, .. }) => {
            ticket.close();
            let why = why.map(|why| format!(": {why}")).unwrap_or_default();
            Err(ToolError::new("denied", format!("a person said no to this call ({by}){why}"))
                .hint("do not try the same in another way; ask the person what they want instead."))
        }
        Ok(State::Abandoned) => {
            // Nobody hears it. A ticket that is dropped gives its request up.
            drop(ticket);
            Err(ToolError::new("needs_a_person", "nobody waits for this call any more"))
        }
        Ok(state) => taken(consent, wish, digest, ticket, &state),
        Err(error) => Err(unasked(wish, &error)),
    }
}

/// Somebody else has used the yes, or it counts no more.
fn taken(
    consent: &Consent,
    wish: &Wish<'_>,
    digest: &str,
    ticket: Ticket,
    state: &State,
) -> Result<Option<Yes>, ToolError> {
    let id = ticket.request().short();
    ticket.close();
    if let Some(grant) = consent.granted(wish, digest) {
        return Ok(Some(of_grant(grant)));
    }
    let message = match state {
        State::Used { .. } => {
            format!("request {id} was allowed once, and another call with the same arguments has used that")
        }
        state => format!("request {id}: {state}"),
    };
    Err(ToolError::new("needs_a_person", message).hint("the same call again asks a person anew."))
}

fn of_grant(grant: Grant) -> Yes {
    let record = Consented { request: grant.request, by: grant.by, how: "session".to_owned(), at: grant.at };
    Yes { record, to_this_call: false }
}

/// Fails where the journal cannot be written: who allowed what must be in it.
async fn recorded(bridge: &Inner, wish: &Wish<'_>) -> Result<(), ToolError> {
    let Some(recorder) = bridge.recorder.clone() else {
        return if bridge.context.is_local() { Ok(()) } else { Err(unrecorded(wish, "there is no journal")) };
    };
    let failure = tokio::task::spawn_blocking(move || recorder.failure()).await;
    match failure {
        Ok(None) => Ok(()),
        Ok(Some(reason)) => Err(unrecorded(wish, &reason)),
        Err(_) => Err(unrecorded(wish, "the journal cannot be asked")),
    }
}

fn unrecorded(wish: &Wish<'_>, reason: &str) -> ToolError {
    let message = format!("{} was not made: that it was allowed cannot be recorded: {reason}", wish.tool);
    ToolError::new("audit_failed", message).hint("a person must make the data directory writable.")
}

/// The request waits, and the call does not wait any longer.
fn waits(consent: &Consent, wish: &Wish<'_>, request: &Request) -> ToolError {
    let (id, command) = (request.short(), consent.command());
    let minutes = request.left(consent.queue().now()).div_ceil(60_000);
    let message = format!("{}; request {id} waits for an answer, for {minutes} minutes more", would(wish));
    ToolError::new("needs_a_person", message).hint(format!(
        "nothing that you can send allows it. Tell the person what you want to do and why, and that they allow it with \
         `{command} {id}` in a terminal (`footbridge deny {id}` says no) or in the Approvals of `footbridge tui`. Once they \
         have, make exactly this call again within {} minutes: it runs once.",
        OPEN / 60_000
    ))
}

/// There is nobody to ask.
pub(in crate::mcp) fn nobody(tool: &str, target: &Target, access: &Access) -> ToolError {
    let would = would_of(tool, target, access);
    ToolError::new("needs_a_person", format!("{would}, and this server has no way to ask one"))
        .hint("tell the person; nothing that you can send allows it.")
}

/// The question could not be put, or its answer not be used.
fn unasked(wish: &Wish<'_>, error: &ConsentError) -> ToolError {
    let hint = match error {
        ConsentError::Full(_) => "wait until a person has answered some of them.",
        _ => "nothing runs that a person could not be asked about: a person must make the data directory writable.",
    };
    ToolError::new("needs_a_person", format!("{}, and none could be asked: {error}", would(wish))).hint(hint)
}

/// What a target is, without its name.
pub(super) fn far_side(target: &Target) -> String {
    let shown = target.to_string();
    shown.strip_prefix(&format!("{}: ", target.name)).map_or_else(|| shown.clone(), str::to_owned)
}

/// What the call would do, in words.
fn would(wish: &Wish<'_>) -> String {
    would_of(wish.tool, wish.target, wish.access)
}

fn would_of(tool: &str, target: &Target, access: &Access) -> String {
    let does = match access.effect {
        Effect::Read => "read",
        Effect::Save => "save what it reads",
        Effect::Share => "let others in",
        Effect::Write => "write",
        Effect::Destructive => "destroy",
    };
    let about: Vec<_> = access.resources.iter().take(10).map(|resource| resource.uri.as_str()).collect();
    let far = far_side(target);
    format!("{tool} would {does} on {} ({far}: {}), and a person must allow that", target.name, about.join(", "))
}
