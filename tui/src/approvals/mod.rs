//! What waits for a person's yes, whichever process holds it, and what was answered lately.
//!
//! A key that answers is about the selected request and no other: the selection never moves by itself, rows keep their
//! order, and what is selected must have been on the screen for a moment.

mod answer;
mod copy;
mod detail;
mod draw;
mod keys;
mod list;
mod places;
mod seen;

#[cfg(test)]
mod tests;

use std::collections::{HashMap, HashSet};

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use crate::app::desk::{Desk, Glance, Ticket};
use crate::app::dialog::Told;
use crate::app::screen::Screen;
use crate::app::typing::Prompt;
use crate::ask::{Answer, Trouble};
use crate::keys::{Action, Scope};
use crate::request::{Decision, Name, Request};
use crate::widget::{clicked, clicked_heading, inside};

use copy::Copy;
use detail::Detail;
pub use keys::Act;
pub(crate) use keys::KEYS;
use list::List;
use places::{Places, places};
use seen::Seen;

/// Two clicks on a row within so many milliseconds open it.
const TWICE: u64 = 400;

/// The bell is rung once in so many milliseconds, however many calls come.
const QUIET: u64 = 1000;

/// The view.
#[derive(Debug, Default)]
pub(crate) struct Approvals {
    list: List,
    detail: Detail,
    /// Whether keys go to what stands beside the list.
    opened: bool,
    seen: Seen,
    /// Whether the source has said what there is: what waited before is no news.
    told: bool,
    rung: Option<u64>,
    /// The request that a reason is typed for.
    denying: Option<Name>,
    /// Answers that are on their way, and requests that this dashboard has answered.
    sent: HashMap<Ticket, (Name, Decision)>,
    answered: HashSet<Name>,
    /// What the entries of an open menu stand for.
    copies: Vec<Copy>,
    /// The filter before it was typed into.
    before: String,
    /// What is searched in the request.
    searched: String,
    /// The second that was drawn last.
    second: u64,
    /// When and where there was a click.
    clicked: Option<(u64, (u16, u16))>,
}

impl Approvals {
    /// Takes all the requests that there are.
    pub(crate) fn take(&mut self, requests: Vec<Request>, desk: &mut Desk<'_>) {
        let now = desk.glance.now;
        let is_new = |request: &&Request| request.waits(now) && self.list.get(&request.name).is_none();
        let new: Vec<&Request> = requests.iter().filter(is_new).collect();
        if let Some(first) = new.first() {
            desk.say(coming(first, requests.iter().filter(|request| request.waits(now)).count()));
            // A clock that went back is no reason to be silent.
            let silent = self.rung.is_some_and(|at| now.checked_sub(at).is_some_and(|since| since < QUIET));
            if self.told && !silent {
                desk.ring();
                self.rung = Some(now);
            }
        }
        self.told = true;
        self.answered.retain(|name| requests.iter().any(|request| request.name == *name && request.waits(now)));
        // The same name with other content is another request: it has to be seen first.
        if let Some(before) = self.list.selected()
            && requests.iter().any(|request| request.name == before.name && !request.asks_as(before))
        {
            self.seen.forget();
        }
        self.list.take(requests, self.height(desk.area));
    }

    /// How many requests wait for a person at `now`.
    pub(crate) fn waiting(&self, now: u64) -> usize {
        self.list.all().iter().filter(|request| request.waits(now)).count()
    }

    /// Which request is selected.
    #[cfg(test)]
    pub(crate) fn selected_name(&self) -> Option<Name> {
        self.list.selected().map(|request| request.name.clone())
    }

    fn places(&self, area: Rect) -> Places {
        places(area, self.opened)
    }

    /// Rows that the list has on the screen.
    fn height(&self, area: Rect) -> usize {
        usize::from(inside(self.places(area).list).height.saturating_sub(1))
    }

    fn filter(&mut self, text: &str, desk: &Desk<'_>) {
        self.list.set_filter(text, self.height(desk.area));
    }

    /// Types a filter, or what is searched in the request.
    fn type_filter(&mut self, desk: &mut Desk<'_>) {
        let (tag, text, hint) = if self.opened {
            ("search", self.searched.clone(), "a text of this request")
        } else {
            self.before.clone_from(&self.list.filter);
            ("filter", self.list.filter.clone(), "words of the row, -word for rows without it")
        };
        desk.type_line(Prompt { tag, mark: "/".to_owned(), text, hint: hint.to_owned() });
    }

    /// Back to the list; from there, the filter goes.
    fn back(&mut self, desk: &Desk<'_>) -> bool {
        if self.opened {
            self.opened = false;
            return true;
        }
        let had = !self.list.filter.is_empty();
        self.filter("", desk);
        had
    }

    /// Whether this is the second click there.
    fn is_second(&mut self, place: (u16, u16), now: u64) -> bool {
        let before = self.clicked.replace((now, place));
        let second = before.is_some_and(|(at, other)| other == place && now.saturating_sub(at) <= TWICE);
        if second {
            self.clicked = None;
        }
        second
    }

    fn open(&mut self) -> bool {
        self.opened = self.list.selected().is_some();
        self.opened
    }
}

/// What is said of calls that came to wait.
fn coming(first: &Request, waiting: usize) -> String {
    let Request { tool, target, .. } = first;
    let others = match waiting {
        0 | 1 => String::new(),
        waiting => format!(" ({waiting} wait)"),
    };
    format!("{tool} on {target} waits for a yes{others}: 4 shows it")
}

impl Screen for Approvals {
    fn scope(&self) -> Scope {
        if self.opened { Scope::Approval } else { Scope::Approvals }
    }

    fn enter(&mut self, desk: &mut Desk<'_>) {
        // To be read anew, since who comes has looked at something else.
        self.seen.forget();
        let (now, height) = (desk.glance.now, self.height(desk.area));
        self.list.sort_anew(height);
        if !self.list.selected().is_some_and(|request| request.waits(now)) {
            self.list.next_waiting(now, height);
        }
        self.list.show_what_follows(height);
    }

    fn act(&mut self, action: Action, desk: &mut Desk<'_>) -> bool {
        let height = self.height(desk.area);
        match action {
            Action::Approvals(Act::Once) => self.answer_selected(Some(Decision::Once), desk),
            Action::Approvals(Act::Session) => self.answer_selected(Some(Decision::Session), desk),
            Action::Approvals(Act::Deny) => self.answer_selected(None, desk),
            Action::Approvals(Act::NextWaiting) => {
                if !self.list.next_waiting(desk.glance.now, height) {
                    desk.say("No other call waits");
                }
                true
            }
            Action::Open | Action::Next if !self.opened => self.open(),
            Action::Back => self.back(desk),
            Action::Next => {
                self.opened = false;
                true
            }
            Action::Filter | Action::Search => {
                self.type_filter(desk);
                true
            }
            Action::Sort => {
                self.list.sort_by_next(height);
                true
            }
            Action::Copy => self.offer(desk),
            action if self.opened => self.detail.document.act(action),
            action => self.list.act(action, height),
        }
    }

    fn answer(&mut self, ticket: Ticket, answer: Result<Answer, Trouble>, desk: &mut Desk<'_>) {
        self.answered(ticket, answer, desk);
    }

    fn told(&mut self, told: Told, desk: &mut Desk<'_>) {
        match told {
            Told::Text("deny", why) => self.deny(&why, desk),
            Told::Dropped("deny") => self.denying = None,
            Told::Typing("filter", text) | Told::Text("filter", text) => self.filter(&text, desk),
            Told::Dropped("filter") => {
                let before = std::mem::take(&mut self.before);
                self.filter(&before, desk);
            }
            Told::Typing("search", text) => {
                if self.detail.document.search(&text) == 0 && !text.is_empty() {
                    desk.complain("not in it");
                }
                self.searched = text;
            }
            Told::Dropped("search") => {
                self.searched.clear();
                self.detail.document.search("");
            }
            Told::Choice("copy", at) => self.copy(at, desk),
            _ => {}
        }
    }

    fn tick(&mut self, desk: &mut Desk<'_>) -> bool {
        std::mem::replace(&mut self.second, desk.glance.now / 1000) != desk.glance.now / 1000
    }

    fn moves(&self) -> bool {
        self.list.all().iter().any(|request| request.standing == crate::request::Standing::Waiting)
    }

    fn click(&mut self, at: (u16, u16), desk: &mut Desk<'_>) {
        let Places { list, detail } = self.places(desk.area);
        let place = Position { x: at.0, y: at.1 };
        if detail.contains(place) {
            if self.opened {
                self.detail.document.click(places::document(detail), at);
            } else {
                self.open();
            }
            return;
        }
        self.opened = false;
        let (inner, height) = (inside(list), self.height(desk.area));
        let columns = draw::columns(&self.list, inner.width, desk.glance);
        if let Some(sort) = clicked_heading(inner, &columns, at).and_then(draw::Column::sort) {
            self.list.set_sort(sort, height);
        } else if let Some(row) = clicked(inner, self.list.cursor, self.list.len(), at) {
            self.list.select(row, height);
            if self.is_second(at, desk.glance.now) {
                self.open();
            }
        }
    }

    fn wheel(&mut self, at: (u16, u16), onwards: bool, desk: &mut Desk<'_>) {
        const ROWS: usize = 3;
        let Places { detail, .. } = self.places(desk.area);
        if detail.contains(Position { x: at.0, y: at.1 }) {
            self.detail.document.scroll(ROWS, onwards);
        } else if self.denying.is_none() {
            // While a reason is typed, what it is for stays on the screen.
            let to = self.list.cursor.at;
            let to = if onwards { to + ROWS } else { to.saturating_sub(ROWS) };
            self.list.select(to, self.height(desk.area));
        }
    }

    fn headline(&self, glance: &Glance) -> String {
        match self.waiting(glance.now) {
            0 => String::new(),
            1 => "1 waits".to_owned(),
            waiting => format!("{waiting} wait"),
        }
    }

    fn arrange(&mut self, area: Rect, glance: &Glance) {
        let height = self.height(area);
        self.list.settle(height);
        if self.list.selected().is_none() {
            self.opened = false;
        }
        let Places { detail, .. } = self.places(area);
        let selected = self.list.selected();
        self.detail.show(selected, places::document(detail), glance);
        let shows = detail.height >= places::ENOUGH && detail.width >= places::WIDE_ENOUGH;
        self.seen.drawn(selected.filter(|_| shows).map(|request| &request.name), glance);
    }

    fn draw(&self, area: Rect, buffer: &mut Buffer, glance: &Glance) {
        draw::draw(self, area, buffer, glance);
    }
}
