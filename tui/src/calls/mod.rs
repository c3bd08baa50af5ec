//! The calls: as they happen, and back through the whole journal.

mod acts;
mod copy;
mod detail;
mod document;
mod fetch;
mod filter;
mod keys;
mod list;
mod mouse;
mod places;
mod stats;
mod store;
mod view;

#[cfg(test)]
mod tests;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::app::desk::{Desk, Glance, Go, Ticket};
use crate::app::dialog::Told;
use crate::app::screen::Screen;
use crate::ask::{Answer, CallFormat, Progress, Trouble};
use crate::keys::{Action, Scope};
use crate::row::{Name, Place, Row};
use crate::source::History;
use crate::widget::{Cursor, inside};

use copy::Entry;
use detail::{Detail, Fetched, Preview};
use fetch::Asked;
pub(crate) use filter::FIELDS;
pub use keys::Act;
pub(crate) use keys::KEYS;
use list::List;
use places::{Places, places};
use store::Store;

/// Bytes that the calls may take together.
const MOST: usize = 64 << 20;

/// The view.
#[derive(Debug)]
pub(crate) struct Calls {
    list: List,
    /// What came since the picture is held, and the time of the picture.
    held: Option<(Store, u64)>,
    in_latency: bool,
    /// The selected tool, and where it stands in the table of latencies.
    tool: Option<Name>,
    tools: Cursor,
    fetched: Fetched,
    preview: Preview,
    asked: Option<Asked>,
    /// The selected call, and since when it is.
    rests: Option<(uuid::Uuid, u64)>,
    /// When a call was last asked for.
    asked_at: u64,
    /// Whether the call beside the list is to be fetched yet.
    due: bool,
    /// The open call, and the one behind it.
    open: Vec<Detail>,
    history: History,
    /// What is being written or made again, and how far it is.
    busy: Option<(Ticket, Busy, Option<Progress>)>,
    /// What the entries of an open menu stand for.
    copies: Vec<Entry>,
    ways: Vec<Go>,
    /// The calls that are about to be written to a file, and as what.
    saving: (Vec<Place>, Option<CallFormat>),
    /// The call that is about to be made again.
    again: Option<Row>,
    /// The filter before it was typed into.
    before: String,
    /// When and where there was a click.
    clicked: Option<(u64, (u16, u16))>,
}

/// Work that takes a while.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Busy {
    Saving { calls: usize },
    Replaying,
}

impl Default for Calls {
    fn default() -> Self {
        Self::new(MOST)
    }
}

impl Calls {
    fn new(most: usize) -> Self {
        Self {
            list: List::new(most),
            held: None,
            in_latency: false,
            tool: None,
            tools: Cursor::default(),
            fetched: Fetched::default(),
            preview: Preview::default(),
            asked: None,
            rests: None,
            asked_at: 0,
            due: false,
            open: Vec::new(),
            history: History::default(),
            busy: None,
            copies: Vec::new(),
            ways: Vec::new(),
            saving: (Vec::new(), None),
            again: None,
            before: String::new(),
            clicked: None,
        }
    }

    /// Takes calls that began, went on or ended.
    pub(crate) fn take(&mut self, rows: Vec<Row>, desk: &mut Desk<'_>) {
        if let Some((held, _)) = &mut self.held {
            let fresh = rows.into_iter().filter_map(|row| match held.put(row) {
                store::Put::New(slot) => Some(slot),
                _ => None,
            });
            let fresh = fresh.collect();
            held.place(fresh);
            let surplus = held.surplus();
            held.drop_oldest(&surplus);
            return;
        }
        let height = self.height(desk.area);
        self.list.take(rows, desk.glance.now, height);
        self.keep_tool(desk.area);
        self.keep_open(desk);
        self.pursue(desk);
    }

    /// Hears how far the history has been read.
    pub(crate) fn history(&mut self, history: History) {
        self.history = history;
    }

    fn places(&self, area: Rect) -> Places {
        places(area, self.list.stats.tools_count(), self.in_latency)
    }

    /// The list within its pane: what says that there are older calls aside.
    fn table(&self, area: Rect) -> Rect {
        let inner = inside(self.places(area).list);
        let above = u16::from(self.list.store.oldest().is_some()).min(inner.height);
        Rect { y: inner.y + above, height: inner.height - above, ..inner }
    }

    /// Rows that calls have.
    fn height(&self, area: Rect) -> usize {
        usize::from(self.table(area).height.saturating_sub(1))
    }

    /// The call that keys are about: the open one, or the selected one.
    fn current(&self) -> Option<&Row> {
        self.open.last().map_or_else(|| self.list.selected(), |detail| Some(&detail.row))
    }

    /// Keeps the selected tool selected, wherever it stands by now.
    fn keep_tool(&mut self, area: Rect) {
        let tools = self.list.stats.tools();
        if let Some(tool) = &self.tool
            && let Some(at) = tools.iter().position(|(name, _)| *name == tool)
        {
            self.tools.at = at;
        }
        let count = tools.len();
        self.tools.settle(count, places::rows(self.places(area).latency));
    }

    /// Makes ready what is read of the open call.
    fn arrange_open(&mut self, area: Rect, glance: &Glance) {
        let Some(detail) = self.open.last_mut() else { return };
        if let Some(Ok(call)) = self.fetched.get(&detail.row) {
            detail.fill(call, glance);
        } else if let Some(detail::Replayed { call, .. }) = &detail.replayed {
            let call = call.clone();
            detail.fill(&call, glance);
        }
        let (_, parts) = places::detail(area, detail.part);
        for (document, place) in detail.documents.iter_mut().flatten().zip(parts) {
            if place.width > 0 {
                document.arrange(inside(place), glance.look);
            }
        }
    }

    /// The glance of the picture: while it is held, time stands still.
    fn glance(&self, glance: &Glance) -> Glance {
        match self.held {
            Some((_, now)) => Glance { now, ..glance.clone() },
            None => glance.clone(),
        }
    }

    /// What goes on, in words.
    fn going_on(&self) -> String {
        // To whole percent.
        let percent = |done: u64, total: u64| done.saturating_mul(100) / total.max(1);
        match &self.busy {
            Some((_, Busy::Replaying, _)) => "making it again".to_owned(),
            Some((_, Busy::Saving { calls }, progress)) => match progress.as_ref() {
                Some(Progress { done, total: Some(total) }) => format!("writing calls {} %", percent(*done, *total)),
                Some(Progress { done, total: None }) => format!("writing calls: {done} of {calls}"),
                None => format!("writing {calls} calls"),
            },
            None if self.history.read < self.history.total => {
                format!("reading older calls {} %", percent(self.history.read, self.history.total))
            }
            None => String::new(),
        }
    }
}

impl Screen for Calls {
    fn scope(&self) -> Scope {
        match (self.open.is_empty(), self.in_latency) {
            (false, _) => Scope::Call,
            (true, true) => Scope::Latency,
            (true, false) => Scope::Calls,
        }
    }

    fn act(&mut self, action: Action, desk: &mut Desk<'_>) -> bool {
        let done = if self.open.is_empty() { self.act_in_lists(action, desk) } else { self.act_in_call(action, desk) };
        self.list.settle(self.height(desk.area));
        self.keep_tool(desk.area);
        self.pursue(desk);
        done
    }

    fn enter(&mut self, desk: &mut Desk<'_>) {
        if self.held.is_none() {
            let height = self.height(desk.area);
            self.list.advance(desk.glance.now, height);
        }
        self.pursue(desk);
    }

    fn go(&mut self, go: Go, desk: &mut Desk<'_>) {
        if let Go::Calls { filter } = go {
            self.open.clear();
            self.in_latency = false;
            self.filter_by(&filter, desk);
        }
    }

    fn answer(&mut self, ticket: Ticket, answer: Result<Answer, Trouble>, desk: &mut Desk<'_>) {
        self.answered(ticket, answer, desk);
        self.pursue(desk);
    }

    fn progress(&mut self, ticket: Ticket, progress: Progress) {
        if let Some((busy, _, shown)) = &mut self.busy
            && *busy == ticket
        {
            *shown = Some(progress);
        }
    }

    fn told(&mut self, told: Told, desk: &mut Desk<'_>) {
        self.heard(told, desk);
        self.keep_tool(desk.area);
        self.pursue(desk);
    }

    fn tick(&mut self, desk: &mut Desk<'_>) -> bool {
        self.pursue(desk);
        if self.held.is_some() {
            return false;
        }
        let height = self.height(desk.area);
        self.list.advance(desk.glance.now, height);
        self.keep_tool(desk.area);
        true
    }

    fn moves(&self) -> bool {
        self.due
            || (self.held.is_none()
                && (self.list.store.running().next().is_some() || self.list.moves() || self.list.lively()))
    }

    fn click(&mut self, at: (u16, u16), desk: &mut Desk<'_>) {
        self.clicked_at(at, desk);
        self.pursue(desk);
    }

    fn wheel(&mut self, at: (u16, u16), onwards: bool, desk: &mut Desk<'_>) {
        self.turned(at, onwards, desk);
        self.pursue(desk);
    }

    fn headline(&self, glance: &Glance) -> String {
        let glance = self.glance(glance);
        let all = &self.list.stats.all;
        if all.calls == 0 {
            return String::new();
        }
        let rate = self.list.stats.rate(glance.now);
        // A share of what one can count on a screen.
        #[allow(clippy::cast_precision_loss)]
        let bad = all.bad as f64 * 100.0 / all.calls as f64;
        let bad = if all.bad == 0 { String::new() } else { format!(" {} {bad:.1}% wrong", glance.look.signs().dot) };
        format!("{rate:.1} calls/s{bad}")
    }

    fn arrange(&mut self, area: Rect, glance: &Glance) {
        let glance = self.glance(glance);
        self.list.settle(self.height(area));
        self.keep_tool(area);
        if !self.open.is_empty() {
            self.arrange_open(area, &glance);
            return;
        }
        let place = self.places(area).preview;
        if place.width > 0
            && let Some(row) = self.list.selected()
            && let Some(Ok(call)) = self.fetched.get(row)
        {
            self.preview.show(row, call, inside(place), &glance);
        }
    }

    fn draw(&self, area: Rect, buffer: &mut Buffer, glance: &Glance) {
        let glance = &self.glance(glance);
        if let Some(detail) = self.open.last() {
            let trouble = self.fetched.get(&detail.row).and_then(|call| call.as_ref().err());
            view::draw_detail(detail, trouble, area, buffer, glance);
            return;
        }
        if self.list.store.len() == 0 {
            view::draw_empty(&self.going_on(), area, buffer, glance);
            return;
        }
        let places = self.places(area);
        if places.list.height > 0 {
            let room = usize::from(places.list.width.saturating_sub(4));
            let foot = (places.latency.height == 0).then(|| view::summary(&self.list.stats.all, room, glance.look));
            let picture = view::Picture {
                list: &self.list,
                held: self.held.as_ref().map(|(held, _)| held.len()),
                front: !self.in_latency,
                busy: self.going_on(),
                foot,
            };
            view::draw_list(&picture, places.list, buffer, glance);
        }
        view::draw_latency(&self.list.stats, self.tools, self.in_latency, places.latency, buffer, glance.look);
        let row = self.list.selected();
        let known = row.and_then(|row| self.fetched.get(row));
        view::draw_preview(row, &self.preview, known, places.preview, buffer, glance);
    }
}
