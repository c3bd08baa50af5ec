//! What this process has asked people, and what they allowed: in memory, and for its own sessions alone.

use std::collections::HashMap;
use std::fmt;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde_json::Value;
use uuid::Uuid;

use super::digest::Salt;
use super::grants::{Grant, Grantable, Grants};
use super::permit::Wish;
use super::untrusted::Readers;
use crate::consent::{How, OPEN, Queue, Request, Shown, State};
use crate::mcp::authorizer::Effect;
use crate::mcp::files::Files;

/// The most forms that are out at once.
const MOST_FORMS: usize = 1000;

/// Where people are asked about calls, and what they have allowed. A clone is the same one.
#[derive(Clone)]
pub struct Consent(Arc<Inner>);

struct Inner {
    queue: Queue,
    shown: Shown,
    salt: Salt,
    /// How a person answers in a shell, up to the id.
    command: String,
    /// Whether a session that has read what strangers wrote goes on as before.
    carefree: bool,
    book: Mutex<Book>,
}

#[derive(Default)]
pub(super) struct Book {
    /// Requests that may still come to something, by the digest of their call.
    pub(super) open: HashMap<String, Open>,
    /// Forms that calls were answered with, by their state.
    forms: HashMap<String, Out>,
    grants: Grants,
    readers: Readers,
}

/// A request of this process.
pub(super) struct Open {
    pub(super) request: Request,
    /// What a yes for the session allows.
    pub(super) grantable: Grantable,
    /// What was stored when the person was asked, where a yes to the one call is for that.
    pub(super) seen: Option<Value>,
    /// How many calls wait for it.
    pub(super) waiting: usize,
    /// Whether a form was shown: once for a request.
    pub(super) shown: bool,
}

/// A form that a call was answered with.
pub(super) struct Out {
    pub(super) digest: String,
    pub(super) request: Uuid,
    pub(super) sent: u64,
}

impl fmt::Debug for Consent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Consent").field("queue", &self.0.queue).finish_non_exhaustive()
    }
}

impl Consent {
    /// People are asked in this queue.
    ///
    /// # Errors
    /// What may be shown of a call cannot be told: a pattern is broken.
    pub fn new(queue: Queue) -> Result<Self, regex_lite::Error> {
        Ok(Self(Arc::new(Inner {
            queue,
            shown: Shown::new()?,
            salt: Salt::new(),
            command: "footbridge approve".to_owned(),
            carefree: false,
            book: Mutex::default(),
        })))
    }

    /// How a person answers in a shell, up to the id, where that is not `footbridge approve`.
    #[must_use]
    pub fn with_command(self, command: String) -> Self {
        self.changed(|inner| inner.command = command)
    }

    /// A session that has read what strangers wrote goes on as before, by the person's own settings.
    #[must_use]
    pub fn carefree(self, carefree: bool) -> Self {
        self.changed(|inner| inner.carefree = carefree)
    }

    fn changed(mut self, change: impl FnOnce(&mut Inner)) -> Self {
        // Not shared yet: these are for whoever makes it.
        if let Some(inner) = Arc::get_mut(&mut self.0) {
            change(inner);
        }
        self
    }

    pub(super) fn queue(&self) -> &Queue {
        &self.0.queue
    }

    /// The directory of the queue.
    pub(in crate::mcp) fn place(&self) -> &Path {
        self.queue().place()
    }

    pub(super) fn shown(&self) -> &Shown {
        &self.0.shown
    }

    pub(super) fn command(&self) -> &str {
        &self.0.command
    }

    pub(super) fn book(&self) -> MutexGuard<'_, Book> {
        self.0.book.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Which call it is. A file that it reads is the one that is there now.
    pub(super) fn digest(&self, wish: &Wish<'_>, files: &Files) -> String {
        let file = wish.arguments.get("file").and_then(Value::as_str).and_then(|path| files.open(path).ok());
        let stamp = file.map(|file| file.stamp());
        self.0.salt.digest(wish.session, wish.tool, wish.target, wish.arguments, stamp.as_deref())
    }

    /// A call of a client has read on a far side that is AWS's, or in its place.
    pub(in crate::mcp) fn has_read(&self, session: Uuid, tool: &str, target: &str) {
        self.book().readers.note(session, tool, target);
    }

    /// Why a call that its mode allows is asked about all the same.
    pub(super) fn worry(&self, wish: &Wish<'_>) -> Option<&'static str> {
        if self.0.carefree {
            return None;
        }
        let book = self.book();
        // What names nothing, such as a list of tables, goes nowhere.
        let goes = wish.access.effect != Effect::Read || !wish.access.resources.is_empty();
        if (wish.shares() || wish.access.effect == Effect::Save) && book.readers.any(wish.session) {
            Some("the session has read what others may have written, and this takes data out")
        } else if goes && book.readers.elsewhere(wish.session, &wish.target.name) {
            Some("the session has read what others may have written on another target, and goes to this one now")
        } else {
            None
        }
    }

    /// What a person allowed this session that covers the call: yeses of the queue that nobody has picked up yet, too.
    pub(super) fn granted(&self, wish: &Wish<'_>, digest: &str) -> Option<Grant> {
        let mut book = self.book();
        let mut picked = Vec::new();
        for open in
            book.open.values().filter(|open| open.grantable.session() == wish.session && !open.request.question.once)
        {
            if let Ok(State::Allowed { by, how: How::Session, at }) = self.queue().state(&open.request) {
                picked.push((open.request.id, by, at, open.grantable.clone()));
            }
        }
        for (request, by, at, grantable) in picked {
            book.grants.add(request, by, at, &grantable);
        }
        book.grants.of(wish, digest).cloned()
    }

    /// Keeps a yes for the session.
    pub(super) fn grant(&self, request: Uuid, by: String, at: u64, grantable: &Grantable) {
        self.book().grants.add(request, by, at, grantable);
    }

    /// Remembers a form that a call is answered with, and gives its state: known to this process and this client alone, good
    /// for one answer.
    pub(super) fn remember_form(&self, digest: &str, request: Uuid) -> Option<String> {
        let now = self.queue().now();
        let mut book = self.book();
        book.forms.retain(|_, out| now < out.sent.saturating_add(OPEN));
        if book.forms.len() >= MOST_FORMS {
            return None;
        }
        let state = format!("{}{}", Uuid::new_v4().simple(), Uuid::new_v4().simple());
        book.forms.insert(state.clone(), Out { digest: digest.to_owned(), request, sent: now });
        Some(state)
    }

    /// The form that was sent with this state, once.
    pub(super) fn take_form(&self, state: &str) -> Option<Out> {
        let now = self.queue().now();
        self.book().forms.remove(state).filter(|out| now < out.sent.saturating_add(OPEN))
    }
}
