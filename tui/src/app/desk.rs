//! What a view may do beside changing itself: ask for data, say something, open a dialog, go elsewhere.

use ratatui::layout::Rect;

use super::dialog::Dialog;
use super::typing::Prompt;
use crate::ask::Ask;
use crate::keys::Tab;
use crate::look::Look;
use crate::source::{Facts, Mode};

/// Names a question to the data.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Ticket(pub u64);

/// What every view may look at.
#[derive(Debug, Clone)]
pub(crate) struct Glance {
    /// What the terminal can show.
    pub(crate) look: Look,
    /// The time of the picture, in milliseconds since the Unix epoch.
    pub(crate) now: u64,
    /// Seconds east of Greenwich.
    pub(crate) offset: i32,
    /// What stands round the calls, once the source has said so.
    pub(crate) facts: Option<Facts>,
    /// Whether something stands over the view that hides it, or a part of it.
    pub(crate) covered: bool,
}

impl Glance {
    /// Whether data may be changed; `false` while that is not known.
    pub(crate) fn may_write(&self) -> bool {
        self.facts.as_ref().is_some_and(|facts| facts.mode != Mode::ReadOnly)
    }

    /// Whether calls go to the emulator, which costs nothing.
    pub(crate) fn is_local(&self) -> bool {
        self.facts.as_ref().is_some_and(|facts| matches!(facts.target, footbridge_record::Target::Local { .. }))
    }
}

/// Where a view goes, from another one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Go {
    /// To this view, as it was left.
    Tab(Tab),
    /// To a bucket, and there to a key.
    Bucket { bucket: String, key: String },
    /// To a table.
    Table(String),
    /// To the calls, with this filter.
    Calls { filter: String },
}

/// What came of a turn.
#[derive(Debug, Default)]
pub(crate) struct Out {
    pub(crate) asks: Vec<(Ticket, Ask)>,
    pub(crate) off: Vec<Ticket>,
    pub(crate) copy: Option<String>,
    pub(crate) notice: Option<String>,
    pub(crate) stale: Option<String>,
    pub(crate) dialog: Option<Dialog>,
    pub(crate) prompt: Option<Prompt>,
    pub(crate) complaint: Option<String>,
    pub(crate) go: Option<Go>,
    pub(crate) draw: bool,
    pub(crate) ring: bool,
}

/// A view's way to the world, for one turn.
pub(crate) struct Desk<'a> {
    pub(crate) glance: &'a Glance,
    /// The view's place on the screen.
    pub(crate) area: Rect,
    /// Whether the view is in front with nothing over it: only then may it open a dialog that nobody asked for just now.
    pub(crate) front: bool,
    pub(super) tickets: &'a mut u64,
    pub(super) out: &'a mut Out,
}

impl Desk<'_> {
    /// Asks for data; the answer comes under the ticket.
    pub(crate) fn ask(&mut self, ask: Ask) -> Ticket {
        *self.tickets += 1;
        let ticket = Ticket(*self.tickets);
        self.out.asks.push((ticket, ask));
        ticket
    }

    /// The answer is not wanted any more.
    pub(crate) fn call_off(&mut self, ticket: Ticket) {
        self.out.off.push(ticket);
    }

    /// Says something that goes with the next key.
    pub(crate) fn say(&mut self, text: impl Into<String>) {
        self.out.notice = Some(text.into());
    }

    /// What was said is not so any more.
    pub(crate) fn take_back(&mut self, text: Option<String>) {
        self.out.stale = text;
    }

    /// Rings the terminal's bell.
    pub(crate) fn ring(&mut self) {
        self.out.ring = true;
    }

    /// Puts a text in the clipboard.
    pub(crate) fn copy(&mut self, text: String) {
        self.out.copy = Some(text);
    }

    /// Opens a dialog over the view, which is told what comes of it.
    pub(crate) fn open(&mut self, dialog: Dialog) {
        self.out.dialog = Some(dialog);
    }

    /// Has a line typed below the view, which is told of each key.
    pub(crate) fn type_line(&mut self, prompt: Prompt) {
        self.out.prompt = Some(prompt);
    }

    /// Says what is wrong with the line being typed.
    pub(crate) fn complain(&mut self, text: impl Into<String>) {
        self.out.complaint = Some(text.into());
    }

    /// Goes elsewhere.
    pub(crate) fn go(&mut self, go: Go) {
        self.out.go = Some(go);
    }

    /// Whether data may be changed; says why not where it may not.
    pub(crate) fn may_write(&mut self) -> bool {
        let may = self.glance.may_write();
        if !may {
            self.say("Read-only here: nothing is changed; start with --mode read-write to change that");
        }
        may
    }
}
