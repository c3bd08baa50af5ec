//! A question that is open.

use crate::app::desk::{Desk, Ticket};
use crate::ask::Ask;

/// After so many milliseconds it is said that one waits.
const SLOW: u64 = 300;

/// A question that is open, and since when.
#[derive(Debug, Clone, Copy)]
pub(super) struct Wait {
    pub(super) ticket: Ticket,
    since: u64,
}

impl Wait {
    /// Asks, and waits.
    pub(super) fn ask(desk: &mut Desk<'_>, ask: Ask) -> Self {
        Self { ticket: desk.ask(ask), since: desk.glance.now }
    }

    /// What is said of it at `now`, once it takes long; `esc` is whether Esc calls it off where that is said.
    pub(super) fn slow(&self, now: u64, esc: bool) -> Option<String> {
        let waited = now.saturating_sub(self.since);
        #[allow(clippy::cast_precision_loss)] // A tenth of a second is shown.
        let seconds = waited as f64 / 1000.0;
        let esc = if esc { "; Esc calls it off" } else { "" };
        (waited >= SLOW).then(|| format!("waiting for an answer, {seconds:.1} s{esc}"))
    }
}

/// Whether `ticket` is what is waited for; then it is waited for no more.
pub(super) fn answered(wait: &mut Option<Wait>, ticket: Ticket) -> bool {
    let is = wait.is_some_and(|wait| wait.ticket == ticket);
    if is {
        *wait = None;
    }
    is
}

/// Calls off what is waited for. Whether anything was.
pub(super) fn call_off(wait: &mut Option<Wait>, desk: &mut Desk<'_>) -> bool {
    let Some(wait) = wait.take() else { return false };
    desk.call_off(wait.ticket);
    true
}
