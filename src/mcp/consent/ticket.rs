//! A call that waits for an answer. One that is given up gives its request up, unless another call waits for the same.

use serde_json::Value;
use uuid::Uuid;

use super::book::{Consent, Open};
use super::grants::Grantable;
use crate::consent::{ConsentError, OPEN, Question, Request, State};

/// A call's part in a request, until it is settled.
pub(super) struct Ticket {
    consent: Consent,
    digest: String,
    request: Request,
    settled: bool,
}

impl Ticket {
    /// Waits for a request that was made for the same call, where one may still come to something.
    pub(super) fn join(consent: &Consent, digest: &str) -> Option<Self> {
        let mut book = consent.book();
        let now = consent.queue().now();
        book.open.retain(|_, open| open.waiting > 0 || now < open.request.expires.saturating_add(OPEN));
        let open = book.open.get_mut(digest)?;
        let state = consent.queue().state(&open.request);
        if open.waiting == 0 && !matches!(state, Ok(State::Waiting | State::Allowed { .. } | State::Denied { .. })) {
            book.open.remove(digest);
            return None;
        }
        open.waiting += 1;
        let request = open.request.clone();
        Some(Self { consent: consent.clone(), digest: digest.to_owned(), request, settled: false })
    }

    /// Asks, unless somebody has just asked the same.
    pub(super) fn ask(
        consent: &Consent,
        digest: &str,
        question: Question,
        grantable: Grantable,
        seen: Option<Value>,
    ) -> Result<Self, ConsentError> {
        if let Some(ticket) = Self::join(consent, digest) {
            return Ok(ticket);
        }
        let mut book = consent.book();
        let request = consent.queue().ask(Uuid::new_v4(), question)?;
        let open = Open { request: request.clone(), grantable, seen, waiting: 1, shown: false };
        book.open.insert(digest.to_owned(), open);
        Ok(Self { consent: consent.clone(), digest: digest.to_owned(), request, settled: false })
    }

    pub(super) fn request(&self) -> &Request {
        &self.request
    }

    /// What was stored when the person was asked.
    pub(super) fn seen(&self) -> Option<Value> {
        self.consent.book().open.get(&self.digest).and_then(|open| open.seen.clone())
    }

    /// Whether a form may be shown for it: once.
    pub(super) fn may_show(&self) -> bool {
        self.consent.book().open.get_mut(&self.digest).is_some_and(|open| !std::mem::replace(&mut open.shown, true))
    }

    /// The call goes, and a yes that comes later is for the next one like it.
    pub(super) fn leave(mut self) {
        self.settled = true;
        if let Some(open) = self.consent.book().open.get_mut(&self.digest) {
            open.waiting = open.waiting.saturating_sub(1);
        }
    }

    /// The request has come to its end.
    pub(super) fn close(mut self) -> Option<Grantable> {
        self.settled = true;
        self.remove()
    }

    fn remove(&self) -> Option<Grantable> {
        let mut book = self.consent.book();
        let same = book.open.get(&self.digest).is_some_and(|open| open.request.id == self.request.id);
        if same { book.open.remove(&self.digest).map(|open| open.grantable) } else { None }
    }
}

impl Drop for Ticket {
    fn drop(&mut self) {
        if self.settled {
            return;
        }
        {
            let mut book = self.consent.book();
            if let Some(open) = book.open.get_mut(&self.digest)
                && open.request.id == self.request.id
                && open.waiting > 1
            {
                open.waiting -= 1;
                return;
            }
        }
        self.remove();
        self.consent.queue().abandon(&self.request);
    }
}
