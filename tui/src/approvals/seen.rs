//! Which request is on the screen, and since when: nobody answers what nobody can have read.

use crate::app::desk::Glance;
use crate::request::Name;

/// For so many milliseconds nobody can have read what came up.
const UNREAD: u64 = 300;

/// The request that is on the screen.
#[derive(Debug, Default)]
pub(super) struct Seen {
    name: Option<Name>,
    since: u64,
}

/// Why a key does not count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unseen {
    /// What would be answered is not on the screen.
    Hidden,
    /// It has not been there for long enough.
    Fresh,
}

impl Seen {
    /// `name` was drawn, or nothing was.
    pub(super) fn drawn(&mut self, name: Option<&Name>, glance: &Glance) {
        if self.name.as_ref() != name {
            // What is under something else counts from when that is gone.
            self.name = if glance.covered { None } else { name.cloned() };
            self.since = glance.now;
        }
        // A clock that went back begins anew, so that it does not keep keys from counting for as long as it went.
        self.since = self.since.min(glance.now);
    }

    /// It has to be seen anew.
    pub(super) fn forget(&mut self) {
        self.name = None;
    }

    /// Whether a key about `name` counts at `now`. One that comes too early begins the moment anew, so that a key that
    /// is held down never counts.
    pub(super) fn allows(&mut self, name: &Name, now: u64) -> Result<(), Unseen> {
        if self.name.as_ref() != Some(name) {
            return Err(Unseen::Hidden);
        }
        if now.saturating_sub(self.since) < UNREAD {
            self.since = now;
            return Err(Unseen::Fresh);
        }
        Ok(())
    }
}
