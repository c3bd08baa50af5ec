//! Asking for calls in full, and what comes of it.

use uuid::Uuid;

use super::detail::{Detail, Replayed};
use super::{Busy, Calls};
use crate::app::desk::{Desk, Ticket};
use crate::ask::{Answer, Ask, Trouble};
use crate::row::{Names, Place, Row};

/// The selection rests for so many milliseconds before its call is fetched: not each that one passes by.
const REST: u64 = 80;

/// Where it never rests, a call is fetched that often, in milliseconds.
const OFTEN: u64 = 300;

/// A call that was asked for.
#[derive(Debug)]
pub(super) struct Asked {
    ticket: Ticket,
    id: Uuid,
    place: Place,
    /// Whether the copy menu is to be opened with it.
    copy: bool,
}

impl Calls {
    /// Has the call of `row` fetched, where it is not known. Whether it is.
    fn fetch(&mut self, row: &Row, copy: bool, desk: &mut Desk<'_>) -> bool {
        if self.fetched.get(row).is_some() {
            return true;
        }
        if let Some(asked) = &mut self.asked {
            if (asked.id, asked.place) == (row.id, row.place) {
                asked.copy |= copy;
                return false;
            }
            desk.call_off(asked.ticket);
        }
        let ticket = desk.ask(Ask::Call(row.place));
        self.asked = Some(Asked { ticket, id: row.id, place: row.place, copy });
        self.asked_at = desk.glance.now;
        false
    }

    /// Fetches the open call; else the one beside the list, once the selection rests.
    pub(super) fn pursue(&mut self, desk: &mut Desk<'_>) {
        self.due = false;
        if let Some(detail) = self.open.last() {
            if detail.replayed.is_none() {
                let row = detail.row.clone();
                self.fetch(&row, false, desk);
            }
            return;
        }
        if self.places(desk.area).preview.width == 0 {
            return;
        }
        let Some(row) = self.list.selected().cloned() else { return };
        let now = desk.glance.now;
        let since = match self.rests {
            Some((id, since)) if id == row.id => since,
            _ => now,
        };
        self.rests = Some((row.id, since));
        if self.fetched.get(&row).is_some() {
            return;
        }
        if self.asked.as_ref().is_some_and(|asked| (asked.id, asked.place) == (row.id, row.place)) {
            return;
        }
        let often = self.asked.is_none() && now.saturating_sub(self.asked_at) >= OFTEN;
        if now.saturating_sub(since) >= REST || often {
            self.fetch(&row, false, desk);
        } else {
            self.due = true;
        }
    }

    /// The open call may have gone on.
    pub(super) fn keep_open(&mut self, desk: &mut Desk<'_>) {
        let Some(detail) = self.open.last_mut().filter(|detail| detail.replayed.is_none()) else { return };
        let row = self.list.store.find(detail.row.id).and_then(|slot| self.list.store.get(slot));
        if let Some(row) = row
            && *row != detail.row
        {
            detail.row = row.clone();
        }
        self.pursue(desk);
    }

    /// Opens the menu of what can be copied, or has the call fetched for it.
    pub(super) fn copy(&mut self, desk: &mut Desk<'_>) -> bool {
        let Some(row) = self.current().cloned() else { return self.copy_hint(desk) };
        if let Some(Detail { replayed: Some(Replayed { call, .. }), .. }) = self.open.last() {
            let call = call.clone();
            self.offer(&call, desk);
            return true;
        }
        self.fetched.forget_trouble(row.id);
        if self.fetch(&row, true, desk)
            && let Some(Ok(call)) = self.fetched.get(&row).cloned()
        {
            self.offer(&call, desk);
        }
        true
    }

    pub(super) fn answered(&mut self, ticket: Ticket, answer: Result<Answer, Trouble>, desk: &mut Desk<'_>) {
        if self.asked.as_ref().is_some_and(|asked| asked.ticket == ticket) {
            if let Some(asked) = self.asked.take() {
                self.came(&asked, answer, desk);
            }
            return;
        }
        if self.busy.as_ref().is_some_and(|(busy, _, _)| *busy == ticket)
            && let Some((_, busy, _)) = self.busy.take()
        {
            self.ended(busy, answer, desk);
        }
    }

    fn came(&mut self, asked: &Asked, answer: Result<Answer, Trouble>, desk: &mut Desk<'_>) {
        let call = match answer {
            Ok(Answer::Call(Some(call))) => Ok(call),
            Ok(Answer::Call(None)) => {
                let message = "The journal no longer has this call".to_owned();
                Err(Trouble { code: "gone".to_owned(), message })
            }
            Ok(_) => return,
            Err(trouble) => Err(trouble),
        };
        match &call {
            Ok(call) if asked.copy => self.offer(call, desk),
            Err(trouble) if asked.copy => desk.say(trouble.to_string()),
            _ => {}
        }
        self.fetched.put(asked.id, asked.place, call);
    }

    fn ended(&mut self, busy: Busy, answer: Result<Answer, Trouble>, desk: &mut Desk<'_>) {
        match (busy, answer) {
            (Busy::Saving { calls }, Ok(Answer::Saved { path, bytes })) => {
                let calls = if calls == 1 { "1 call".to_owned() } else { format!("{calls} calls") };
                desk.say(format!("{calls} written to {path} ({})", footbridge_record::time::bytes(bytes)));
            }
            (Busy::Replaying, Ok(Answer::Replayed { call, differences })) => {
                let row = Row::of(&call, "", Place::default(), &mut Names::default());
                self.open.truncate(1);
                self.open.push(Detail::again(row, Replayed { call, differences }));
            }
            (_, Ok(_)) => {}
            (_, Err(trouble)) => desk.say(trouble.to_string()),
        }
    }
}
