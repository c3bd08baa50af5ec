//! The mouse in the calls.

use ratatui::layout::{Position, Rect};

use super::document::Part;
use super::{Calls, places, view};
use crate::app::desk::Desk;
use crate::keys::Action;
use crate::widget::{clicked, clicked_heading, inside};

/// Two clicks on a row within so many milliseconds open it.
const TWICE: u64 = 400;

/// Rows that the wheel goes on by.
const STEP: usize = 3;

fn within(area: Rect, (x, y): (u16, u16)) -> bool {
    area.contains(Position { x, y })
}

impl Calls {
    pub(super) fn clicked_at(&mut self, at: (u16, u16), desk: &mut Desk<'_>) {
        if let Some(detail) = self.open.last_mut() {
            let (_, parts) = places::detail(desk.area, detail.part);
            let within = Part::ALL.into_iter().zip(parts).find(|(_, place)| within(*place, at)).map(|(part, _)| part);
            if let Some(part) = view::chip_at(detail, desk.area, at).or(within) {
                detail.part = part;
            }
            return;
        }
        let places = self.places(desk.area);
        let twice = self.is_second(at, desk.glance.now);
        if twice && self.in_latency {
            self.only_this(desk);
            return;
        }
        if within(places.latency, at) {
            let tools = self.list.stats.tools_count();
            if let Some(number) = clicked(inside(places.latency), self.tools, tools, at) {
                self.in_latency = true;
                self.tools.at = number;
                self.tool = self.list.stats.tools().get(number).map(|(name, _)| (*name).clone());
            }
        } else if within(places.preview, at) {
            if twice {
                self.open_selected(desk);
            }
        } else {
            self.in_latency = false;
            self.clicked_in_list(at, twice, desk);
        }
    }

    fn clicked_in_list(&mut self, at: (u16, u16), twice: bool, desk: &mut Desk<'_>) {
        let table = self.table(desk.area);
        let height = self.height(desk.area);
        let columns = view::columns(&self.list.store, self.list.sort, table.width);
        if let Some(sort) = clicked_heading(table, &columns, at).and_then(view::Column::sort) {
            self.list.set_sort(sort, height);
        } else if let Some(number) = clicked(table, self.list.cursor, self.list.len(), at) {
            self.list.select(number, height);
            if twice {
                self.open_selected(desk);
            }
        }
    }

    /// Whether this is the second click there: of a pane that grew with the first, another row may be there by now.
    fn is_second(&mut self, place: (u16, u16), now: u64) -> bool {
        let before = self.clicked.replace((now, place));
        let second = before.is_some_and(|(at, other)| other == place && now.saturating_sub(at) <= TWICE);
        if second {
            self.clicked = None;
        }
        second
    }

    pub(super) fn turned(&mut self, at: (u16, u16), onwards: bool, desk: &mut Desk<'_>) {
        let action = if onwards { Action::Down } else { Action::Up };
        if let Some(detail) = self.open.last_mut() {
            let (_, parts) = places::detail(desk.area, detail.part);
            let part = Part::ALL.into_iter().zip(parts).find(|(_, place)| within(*place, at)).map(|(part, _)| part);
            let number = part.unwrap_or(detail.part).number();
            if let Some(document) = detail.documents.as_mut().and_then(|documents| documents.get_mut(number)) {
                document.scroll(STEP, onwards);
            }
            return;
        }
        let places = self.places(desk.area);
        let height = self.height(desk.area);
        if within(places.preview, at) {
            self.preview.document.scroll(STEP, onwards);
        } else if within(places.latency, at) {
            let tools = self.list.stats.tools_count();
            for _ in 0..STEP {
                self.tools.act(action, tools, places::rows(places.latency));
            }
            self.tool = self.list.stats.tools().get(self.tools.at).map(|(name, _)| (*name).clone());
        } else {
            let to = self.list.cursor.at;
            self.list.select(if onwards { to + STEP } else { to.saturating_sub(STEP) }, height);
        }
    }
}
