//! Items as a table on the screen: columns of their own, and below them how far one is.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Modifier;

use super::items::{Items, items_text};
use super::say;
use super::shape::{GAP, Placed};
use super::tables::grouped;
use super::value::{self, attribute, brief};
use crate::app::desk::Glance;
use crate::look::{Look, Role};
use crate::text::{clean, fit, fit_middle, pad, pad_left, width};
use crate::widget::{Pane, Pen, inside, row};

/// Rows of items that a list in `area` shows.
pub(super) fn height(area: Rect) -> usize {
    usize::from(body(inside(area)).height)
}

/// Where the items are: below the heading, and above what is said of them where there is room for that.
fn body(inner: Rect) -> Rect {
    let below = u16::from(inner.height > 4);
    Rect { y: inner.y.saturating_add(1), height: inner.height.saturating_sub(1 + below), ..inner }
}

impl Items {
    /// Makes ready what is drawn in `area`: the selected row and column are in sight.
    pub(super) fn arrange(&mut self, area: Rect) {
        let rows = self.len();
        self.cursor.settle(rows, height(area));
        self.column = self.column.min(self.shape.attributes.len().saturating_sub(1));
        self.from = self.shape.settle(usize::from(inside(area).width), self.from, self.column);
    }

    /// A click on the heading, so many columns from its left: selects the column there, or sorts by it once it is.
    pub(super) fn click_heading(&mut self, column: u16, room: u16) {
        let mut from = 0;
        for one in self.shape.layout(usize::from(room), self.from) {
            let to = from + one.wide + GAP;
            if (from..to).contains(&usize::from(column)) {
                if self.column == one.column {
                    self.sort_on();
                }
                self.column = one.column;
                return;
            }
            from = to;
        }
    }

    /// Draws the list.
    pub(super) fn draw(&self, area: Rect, buffer: &mut Buffer, glance: &Glance, front: bool) {
        let look = glance.look;
        let signs = look.signs();
        let note = self.note(signs.dot);
        let room = usize::from(area.width).saturating_sub(width(&note) + 10).max(12);
        let title = fit_middle(&clean(&self.title(), look.ascii), room, signs.cut);
        let inner = Pane { title, note, front }.draw(area, buffer, look);
        if let (Some(trouble), true) = (&self.trouble, self.rows.is_empty()) {
            let remedy = match (self.read.filter.is_empty(), self.read.key.is_some()) {
                (true, false) => "r tries again, Esc goes back",
                (true, true) => "r tries again, Q changes the query, Esc goes back",
                (false, _) => "r tries again, f changes the filter, Q the query, Esc goes back",
            };
            say::trouble(trouble, remedy, inner, buffer, look);
            return;
        }
        if !self.begun {
            say::waiting(self.wait.as_ref(), ("Reading the first page", front), inner, buffer, glance);
            return;
        }
        if self.len() == 0 {
            say::lines(&self.nothing(), inner, buffer, look);
        } else {
            let placed = self.shape.layout(usize::from(inner.width), self.from);
            self.draw_heading(&placed, row(inner, 0), buffer, look, front);
            let body = body(inner);
            for (line, number) in self.cursor.window(self.len(), body.height).enumerate() {
                let place = row(body, line);
                self.draw_row(number, &placed, place, buffer, look);
                if number == self.cursor.at {
                    buffer.set_style(place, look.selected(front));
                }
            }
        }
        if body(inner).height + 1 < inner.height {
            self.draw_below(row(inner, usize::from(inner.height) - 1), buffer, glance, front);
        }
    }

    fn draw_heading(&self, placed: &[Placed], area: Rect, buffer: &mut Buffer, look: Look, front: bool) {
        let signs = look.signs();
        let mut pen = Pen::new(look);
        for (number, one) in placed.iter().enumerate() {
            let attribute = &self.shape.attributes[one.column];
            let sorted = self.sort.as_ref().filter(|(name, _)| *name == attribute.name);
            let sign = match (sorted, look.ascii) {
                (None, _) => "",
                (Some((_, false)), _) => signs.sorted,
                (Some((_, true)), false) => "▼",
                (Some((_, true)), true) => "v",
            };
            let room = one.wide.saturating_sub(if sign.is_empty() { 0 } else { 2 });
            let mut title = fit(&clean(&attribute.name, look.ascii), room, signs.cut);
            if !sign.is_empty() {
                title = format!("{title} {sign}");
            }
            let gap = " ".repeat(if number + 1 == placed.len() { 0 } else { GAP });
            let mut style = look.style(if attribute.key || sorted.is_some() { Role::Accent } else { Role::Heading });
            style = style.add_modifier(Modifier::BOLD);
            let chosen =
                if front && one.column == self.column { style.add_modifier(Modifier::UNDERLINED) } else { style };
            let space = one.wide.saturating_sub(width(&title));
            let (before, after) = if attribute.right() { (space, 0) } else { (0, space) };
            pen.styled(style, " ".repeat(before)).styled(chosen, title).styled(style, " ".repeat(after) + &gap);
        }
        pen.draw(area, buffer);
    }

    fn draw_row(&self, number: usize, placed: &[Placed], area: Rect, buffer: &mut Buffer, look: Look) {
        let Some(item) = self.row(number) else { return };
        let cut = look.signs().cut;
        let mut pen = Pen::new(look);
        for one in placed {
            let column = &self.shape.attributes[one.column];
            let value = attribute(item, &column.name);
            let text = value.map(|value| clean(&brief(value, one.wide), look.ascii)).unwrap_or_default();
            let is_number = value.is_some_and(|value| value::kind(value) == value::Kind::Number);
            let text =
                if column.right() && is_number { pad_left(&text, one.wide, cut) } else { pad(&text, one.wide, cut) };
            let role =
                if column.key { Role::Accent } else { value.map_or(Role::Dim, |value| value::kind(value).role()) };
            pen.put(role, text).put(Role::Plain, " ".repeat(GAP));
        }
        pen.draw(area, buffer);
    }

    /// Why there is nothing, and what to do.
    fn nothing(&self) -> Vec<(Role, String)> {
        let table = &self.read.table;
        if !self.find.is_empty() {
            let text = format!("None of the {} loaded has \"{}\" in it.", items_text(self.count()), self.find);
            let more =
                if self.next.is_some() { "n reads another page, Esc shows all again." } else { "Esc shows all again." };
            return vec![(Role::Plain, text), (Role::Dim, more.to_owned())];
        }
        let more = if self.next.is_some() { "n reads on, " } else { "" };
        let (text, remedy) = match (&self.read.key, self.read.filter.is_empty(), &self.read.index) {
            (_, false, _) => (
                format!("None of the {} read passes the filter.", items_text(self.scanned)),
                format!("{more}f changes the filter, Q the query."),
            ),
            (Some(_), ..) => ("No item has such a key.".to_owned(), format!("{more}Q changes the query.")),
            (None, _, Some(index)) => (format!("Nothing in {table} is in {index}."), format!("{more}Esc goes back.")),
            (None, ..) => (format!("{table} is empty."), "a puts an item into it; r looks again.".to_owned()),
        };
        vec![(Role::Plain, text), (Role::Dim, remedy)]
    }

    fn count(&self) -> u64 {
        u64::try_from(self.rows.len()).unwrap_or(u64::MAX)
    }

    /// How far one is, or what is under way.
    fn draw_below(&self, area: Rect, buffer: &mut Buffer, glance: &Glance, front: bool) {
        let look = glance.look;
        let signs = look.signs();
        let mut pen = Pen::new(look);
        if let Some(trouble) = &self.trouble {
            let text = format!(" {trouble}; n tries again");
            pen.quote(Role::Bad, &fit(&text, usize::from(area.width), signs.cut));
        } else if let Some(slow) = self.wait.as_ref().and_then(|wait| wait.slow(glance.now, front)) {
            pen.put(Role::Warning, format!(" {slow}"));
        } else if self.len() > 0 {
            let mut parts = Vec::new();
            let place = u64::try_from(self.cursor.at + 1).unwrap_or(u64::MAX);
            if self.find.is_empty() {
                let (place, count) = (place + self.gone, self.count() + self.gone);
                parts.push(format!(
                    "{} of {}{}",
                    grouped(place),
                    grouped(count),
                    if self.next.is_some() { "+" } else { "" }
                ));
            } else {
                parts.push(format!("/{}: {place} of {} in {} loaded", self.find, self.len(), grouped(self.count())));
            }
            if self.gone > 0 {
                parts.push(format!("the first {} let go, r begins anew", grouped(self.gone)));
            }
            if let Some((name, last)) = &self.sort {
                let order = if *last { "falling" } else { "rising" };
                parts.push(format!("{order} by {name}, only what is loaded"));
            }
            if self.next.is_some() {
                parts.push("n reads on".to_owned());
            } else if self.gone == 0 {
                parts.push("all read".to_owned());
            }
            let columns = self.shape.layout(usize::from(area.width), self.from).len();
            let all = self.shape.attributes.len();
            if columns < all {
                let arrows = if look.ascii { "h l" } else { "←→" };
                parts.push(format!("{columns} of {all} columns {arrows}"));
            }
            let text = format!(" {}", parts.join(&format!(" {} ", signs.dot)));
            pen.quote(Role::Dim, &fit(&text, usize::from(area.width), signs.cut));
        }
        pen.draw(area, buffer);
    }
}
