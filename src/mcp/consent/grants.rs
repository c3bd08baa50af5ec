//! What a person allowed for a session.

use uuid::Uuid;

use super::permit::Wish;
use crate::mcp::access::{Resource, Sort};
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
    /// Each with what becomes of it: what was only read is not allowed to be written.
    resources: Vec<Resource>,
    /// What destroys, lets others in, or takes what was read elsewhere, is allowed to this tool alone.
    tool: Option<String>,
    /// What lets others in, or changes a table itself, is allowed exactly as it was asked: a URL to read is none to write, nor one that lasts longer.
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
        let Grantable { session, target, effect, resources, tool, digest } = of.clone();
        self.0.push(Grant { session, request, by, at, target, effect, resources, tool, digest });
    }

    /// What covers `wish`.
    pub(super) fn of(&self, wish: &Wish<'_>, digest: &str) -> Option<&Grant> {
        let to = wish.place();
        self.0.iter().find(|grant| {
            grant.session == wish.session
                && grant.target == to
                && grant.effect == wish.access.effect
                && grant.tool.as_deref().is_none_or(|tool| tool == wish.tool)
                && grant.digest.as_deref().map_or_else(|| !wish.shares() && wish.call.is_some(), |of| of == digest)
                && !wish.access.resources.is_empty()
                && wish.access.resources.iter().all(|resource| grant.resources.contains(resource))
        })
    }
}

/// What a yes for the session to a call would allow.
#[derive(Debug, Clone)]
pub(super) struct Grantable {
    session: Uuid,
    target: String,
    effect: Effect,
    resources: Vec<Resource>,
    tool: Option<String>,
    digest: Option<String>,
}

impl Grantable {
    pub(super) fn of(wish: &Wish<'_>, digest: &str) -> Self {
        // Nor is a copy to another target, with some fields masked, one to a third, or without.
        // And a table is changed in one way at a time: an index is not its items' expiry, nor its protection.
        let designs = wish.access.resources.iter().any(|of| of.sort == Sort::Table && of.effect >= Effect::Write);
        let only_so = wish.shares() || wish.call.is_none() || designs;
        Self {
            session: wish.session,
            target: wish.place(),
            effect: wish.access.effect,
            resources: wish.access.resources.clone(),
            tool: (only_so || matches!(wish.access.effect, Effect::Save | Effect::Destructive))
                .then(|| wish.tool.to_owned()),
            digest: only_so.then(|| digest.to_owned()),
        }
    }

    pub(super) fn session(&self) -> Uuid {
        self.session
    }
}
