//! What a person allowed for a session.

use uuid::Uuid;

use super::permit::Wish;
use crate::mcp::authorizer::Effect;

/// The most that are kept; the oldest go first, and are asked for again.
const MOST: usize = 1000;

/// A yes to what a session does to some resources.
#[derive(Debug, Clone)]
pub(super) struct Grant {
    pub(super) session: Uuid,
    /// The request that was answered so.
    pub(super) request: Uuid,
    pub(super) by: String,
    pub(super) at: u64,
    target: String,
    effect: Effect,
    resources: Vec<String>,
    /// Whether a `*` at the end of a resource belongs to its name.
    literal: bool,
    /// What lets others in, or takes what was read elsewhere, is allowed to this tool alone.
    tool: Option<String>,
    /// What lets others in is allowed exactly as it was asked: a URL to read is none to write, nor one that lasts longer.
    digest: Option<String>,
}

#[derive(Debug, Default)]
pub(super) struct Grants(Vec<Grant>);

impl Grants {
    /// Keeps that `wish` was allowed for its session.
    pub(super) fn add(&mut self, request: Uuid, by: String, at: u64, of: &Grantable) {
        if self.0.iter().any(|grant| grant.request == request) {
            return;
        }
        if self.0.len() >= MOST {
            self.0.remove(0);
        }
        let Grantable { session, target, effect, resources, literal, tool, digest } = of.clone();
        self.0.push(Grant { session, request, by, at, target, effect, resources, literal, tool, digest });
    }

    /// What covers `wish`.
    pub(super) fn of(&self, wish: &Wish<'_>, digest: &str) -> Option<&Grant> {
        let to = wish.place();
        self.0.iter().find(|grant| {
            grant.session == wish.session
                && grant.target == to
                && covers(grant.effect, wish.access.effect)
                && grant.tool.as_deref().is_none_or(|tool| tool == wish.tool)
                && grant.digest.as_deref().map_or_else(|| !wish.shares() && wish.call.is_some(), |of| of == digest)
                && !wish.access.resources.is_empty()
                && wish.access.resources.iter().all(|resource| {
                    grant.resources.contains(resource)
                        && (grant.literal == wish.access.literal || !resource.ends_with('*'))
                })
        })
    }
}

/// Whether a yes to one effect is one to another.
fn covers(given: Effect, wanted: Effect) -> bool {
    given == wanted || (given == Effect::Destructive && wanted == Effect::Write)
}

/// What a yes for the session to a call would allow.
#[derive(Debug, Clone)]
pub(super) struct Grantable {
    session: Uuid,
    target: String,
    effect: Effect,
    resources: Vec<String>,
    literal: bool,
    tool: Option<String>,
    digest: Option<String>,
}

impl Grantable {
    pub(super) fn of(wish: &Wish<'_>, digest: &str) -> Self {
        // Nor is a copy to another target, with some fields masked, one to a third, or without.
        let only_so = wish.shares() || wish.call.is_none();
        Self {
            session: wish.session,
            target: wish.place(),
            effect: wish.access.effect,
            resources: wish.access.resources.clone(),
            literal: wish.access.literal,
            tool: (only_so || wish.access.effect == Effect::Save).then(|| wish.tool.to_owned()),
            digest: only_so.then(|| digest.to_owned()),
        }
    }

    pub(super) fn session(&self) -> Uuid {
        self.session
    }
}
