//! Where each part of the view goes, and what keys and clicks do there.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::{DynamoDb, Place, Subject, copy, describe, say, value};
use crate::app::desk::{Desk, Glance};
use crate::keys::Action;
use crate::text::{clean, fit_middle, width};
use crate::widget::{Block, Document, Pane, clicked, inside, split_columns};

/// From so many columns on, what is selected stands beside the list.
const WIDE: u16 = 140;

/// The list's place, and that of what stands beside it, where there is room for both.
fn places(area: Rect) -> (Rect, Option<Rect>) {
    if area.width < WIDE {
        return (area, None);
    }
    let [list, side] = split_columns(area, area.width * 3 / 5);
    (list, Some(side))
}

/// The list's place.
pub(super) fn list_area(area: Rect) -> Rect {
    places(area).0
}

/// Rows of tables, or of records, that are on the screen.
pub(super) fn rows_in(area: Rect) -> usize {
    usize::from(inside(places(area).0).height.saturating_sub(1))
}

impl DynamoDb {
    /// Which list is on the screen, beside or instead of what is open.
    fn list(&self) -> Place {
        match self.place {
            Place::Table => match self.from {
                Place::Item | Place::Conflict => Place::Items,
                Place::Table => Place::Tables,
                from => from,
            },
            Place::Item => Place::Items,
            place => place,
        }
    }

    /// Whether keys go to what is open, not to a list.
    fn opened(&self) -> bool {
        match self.place {
            Place::Table | Place::Item | Place::Conflict => true,
            Place::Stream => self.stream.as_ref().is_some_and(|stream| stream.open),
            Place::Tables | Place::Items => false,
        }
    }

    /// Whether something is waited for so long that it is said.
    pub(super) fn is_slow(&self, now: u64) -> bool {
        let waits = [
            self.tables.wait.as_ref(),
            self.items.as_ref().and_then(|items| items.wait.as_ref()),
            self.stream.as_ref().and_then(|stream| stream.wait.as_ref()),
        ];
        waits.into_iter().flatten().any(|wait| wait.slow(now, false).is_some())
    }

    /// Makes ready what is drawn in `area`.
    pub(super) fn make_ready(&mut self, area: Rect, glance: &Glance) {
        let (list, side) = places(area);
        let height = rows_in(area);
        let rows = self.tables.len();
        self.tables.cursor.settle(rows, height);
        if let Some(items) = &mut self.items {
            items.arrange(list);
        }
        if let (Place::Stream, Some(stream)) = (self.list(), &mut self.stream) {
            let rows = stream.len();
            stream.cursor.settle(rows, height);
            stream.arrange(inside(side.unwrap_or(area)), glance);
        }
        if let (Place::Conflict, Some(conflict)) = (self.place, &mut self.conflict) {
            conflict.beside.arrange(inside(area), glance.look);
        }
        if side.is_some() || self.opened() {
            self.make_document(glance);
            self.document.arrange(inside(side.unwrap_or(area)), glance.look);
        }
    }

    /// Makes the document anew, where what it shows is another one or has changed.
    fn make_document(&mut self, glance: &Glance) {
        let subject = match (self.place, &self.items) {
            (Place::Tables, _) => {
                self.tables.selected().map(|name| Subject::Table(name.to_owned(), self.tables.version))
            }
            (Place::Table, _) => Some(Subject::Table(self.described.clone(), self.tables.version)),
            (Place::Items | Place::Item, Some(items)) => Some(Subject::Item(items.version, items.selected_place())),
            _ => None,
        };
        if subject == self.subject {
            return;
        }
        match &subject {
            Some(Subject::Table(name, _)) => {
                let facts = self.tables.facts(name);
                let blocks =
                    facts.map(|facts| describe::blocks(facts, glance.is_local(), glance.look)).unwrap_or_default();
                match &self.subject {
                    Some(Subject::Table(before, _)) if before == name => self.document.replace(blocks),
                    _ => self.document = Document::new(blocks),
                }
                self.shown = None;
            }
            Some(Subject::Item(..)) => {
                let keys = self.items.as_ref().map(|items| items.keys.as_slice()).unwrap_or_default();
                let item = self.item().map(|item| value::keys_first(item, keys));
                if self.shown != item {
                    self.document = Document::new(item.clone().map(Block::Json).into_iter().collect());
                    self.shown = item;
                }
            }
            None => {
                self.document = Document::default();
                self.shown = None;
            }
        }
        if !self.searched.is_empty() {
            self.searched.clear();
        }
        self.subject = subject;
    }

    /// Draws everything.
    pub(super) fn show(&self, area: Rect, buffer: &mut Buffer, glance: &Glance) {
        if self.place == Place::Conflict {
            self.draw_conflict(area, buffer, glance);
            return;
        }
        let (list, side) = places(area);
        let opened = self.opened();
        if side.is_some() || !opened {
            match (self.list(), &self.items, &self.stream) {
                (Place::Items, Some(items), _) => items.draw(list, buffer, glance, !opened),
                (Place::Stream, _, Some(stream)) => stream.draw(list, buffer, glance, !opened),
                _ => self.tables.draw(list, buffer, glance, !opened),
            }
        }
        let Some(side) = side.or(opened.then_some(area)) else { return };
        match (self.place, &self.stream) {
            (Place::Stream, Some(stream)) => {
                let title = stream.selected().map_or_else(
                    || "Record".to_owned(),
                    |record| format!("{} {}", record.event, super::stream::key_text(record)),
                );
                let inner = Pane { title, note: String::new(), front: opened }.draw(side, buffer, glance.look);
                if stream.selected().is_some() {
                    stream.beside.draw(inner, buffer, glance.look);
                }
            }
            _ => self.draw_document(side, buffer, glance, opened),
        }
    }

    fn draw_document(&self, area: Rect, buffer: &mut Buffer, glance: &Glance, front: bool) {
        let look = glance.look;
        if matches!(self.place, Place::Tables | Place::Table) {
            let name = self.table().unwrap_or_default();
            let title = if name.is_empty() { "Table".to_owned() } else { format!("Table {name}") };
            let inner = Pane { title, note: String::new(), front }.draw(area, buffer, look);
            match (self.tables.facts(name), self.tables.trouble_of(name)) {
                (Some(_), _) => self.document.draw(inner, buffer, look, front),
                (None, Some(trouble)) => say::trouble(trouble, "r tries again", inner, buffer, look),
                (None, None) => {}
            }
            return;
        }
        let Some(items) = &self.items else { return };
        let item = items.selected();
        let key = item.map(|item| copy::key_text(item, &items.keys)).unwrap_or_default();
        let mut note = String::new();
        if item.is_some() {
            note = format!("{} of {}", items.cursor.at + 1, items.len());
            if self.is_partial() {
                "as the index holds it; r reads all of it".clone_into(&mut note);
            }
        }
        let room = usize::from(area.width).saturating_sub(width(&note) + 10).max(12);
        let title = fit_middle(&clean(&format!("Item {key}"), look.ascii), room, look.signs().cut);
        let inner = Pane { title, note, front }.draw(area, buffer, look);
        self.document.draw(inner, buffer, look, front);
    }

    fn draw_conflict(&self, area: Rect, buffer: &mut Buffer, glance: &Glance) {
        let Some(conflict) = &self.conflict else { return };
        let note = match (&conflict.mine, &conflict.now) {
            (Some(_), _) => "e edits yours again, Esc drops it",
            (None, Some(_)) => "D deletes it all the same, Esc leaves it",
            (None, None) => "Esc goes back",
        };
        let title =
            if conflict.now.is_some() { "Somebody changed this meanwhile" } else { "Somebody deleted this meanwhile" };
        let inner = Pane { title: title.into(), note: note.into(), front: true }.draw(area, buffer, glance.look);
        conflict.beside.draw(inner, buffer, glance.look);
    }

    /// Whether each selected row is one.
    #[cfg(test)]
    pub(crate) fn selection_is_among_the_rows(&self) -> bool {
        let among = |at: usize, rows: usize| at < rows.max(1);
        among(self.tables.cursor.at, self.tables.len())
            && self.items.as_ref().is_none_or(|items| among(items.cursor.at, items.len()))
            && self.stream.as_ref().is_none_or(|stream| among(stream.cursor.at, stream.len()))
    }

    /// Moves where keys go.
    pub(super) fn move_or_read(&mut self, action: Action, desk: &mut Desk<'_>) -> bool {
        let height = rows_in(desk.area);
        match self.place {
            Place::Tables => {
                let rows = self.tables.len();
                self.tables.cursor.act(action, rows, height)
            }
            Place::Items => self.move_items(action, desk),
            Place::Table | Place::Item => self.document.act(action),
            Place::Conflict => self.conflict.as_mut().is_some_and(|conflict| conflict.beside.act(action)),
            Place::Stream => match &mut self.stream {
                Some(stream) if stream.open => stream.beside.act(action),
                Some(stream) => stream.act(action, height),
                None => false,
            },
        }
    }

    /// A click: on a row it selects it, on the selected one it opens it; beside the list it goes there.
    pub(super) fn clicked(&mut self, at: (u16, u16), desk: &mut Desk<'_>) {
        let (list, side) = places(desk.area);
        let beside = side.is_some_and(|side| at.0 >= side.x);
        let opened = self.opened();
        if beside || side.is_none() && opened {
            if !opened {
                self.next(desk);
            } else if matches!(self.place, Place::Table | Place::Item) {
                self.document.click(inside(side.unwrap_or(desk.area)), at);
            }
            return;
        }
        if opened && self.place != Place::Conflict {
            self.back(desk);
        }
        let inner = inside(list);
        let row = match (self.place, &mut self.items, &mut self.stream) {
            (Place::Tables, ..) => {
                let rows = self.tables.len();
                let row = clicked(inner, self.tables.cursor, rows, at);
                row.map(|row| (std::mem::replace(&mut self.tables.cursor.at, row), row))
            }
            (Place::Items, Some(items), _) => {
                let rows = Rect { height: inner.height.saturating_sub(u16::from(inner.height > 4)), ..inner };
                if at.1 == inner.y && inside(list).height > 1 {
                    items.click_heading(at.0.saturating_sub(inner.x), inner.width);
                    return;
                }
                let row = clicked(rows, items.cursor, items.len(), at);
                row.map(|row| (std::mem::replace(&mut items.cursor.at, row), row))
            }
            (Place::Stream, _, Some(stream)) => {
                let row = clicked(inner, stream.cursor, stream.len(), at);
                row.map(|row| (stream.click(row), row))
            }
            _ => None,
        };
        if row.is_some_and(|(before, row)| before == row) && !opened {
            self.open(desk);
        }
    }
}
