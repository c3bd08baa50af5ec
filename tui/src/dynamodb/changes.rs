//! What differs between two items: in a line, in a list, and beside each other.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use serde_json::Value;

use super::value::{self, brief_quoted};
use crate::json::{self, Flipped, Pieces};
use crate::keys::Action;
use crate::look::{Look, Role};
use crate::text::{clean, fit, pad, split, width};
use crate::widget::{Cursor, Pen, row};

/// Something that differs.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Change {
    /// Where: `address.city`.
    pub(super) path: String,
    pub(super) old: Option<Value>,
    pub(super) new: Option<Value>,
}

/// What differs from `old` to `new`. Maps are looked into; lists and sets are replaced whole.
pub(super) fn changes(old: &Value, new: &Value) -> Vec<Change> {
    let mut found = Vec::new();
    look_into("", old, new, &mut found);
    found
}

fn look_into(path: &str, old: &Value, new: &Value, found: &mut Vec<Change>) {
    let (Some(before), Some(after)) = (value::members(old), value::members(new)) else {
        found.push(Change { path: path.to_owned(), old: Some(old.clone()), new: Some(new.clone()) });
        return;
    };
    let added = after.keys().filter(|name| !before.contains_key(*name));
    for name in before.keys().chain(added) {
        let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
        match (before.get(name), after.get(name)) {
            (Some(old), Some(new)) if old == new => {}
            (Some(old), Some(new)) => look_into(&path, old, new, found),
            (old, new) => found.push(Change { path, old: old.cloned(), new: new.cloned() }),
        }
    }
}

/// The sign of a change, and what it is.
fn sign(change: &Change) -> (Role, &'static str) {
    match (&change.old, &change.new) {
        (None, _) => (Role::Good, "+"),
        (_, None) => (Role::Bad, "-"),
        _ => (Role::Write, "~"),
    }
}

/// An arrow from what was to what will be.
pub(super) fn arrow(ascii: bool) -> &'static str {
    if ascii { "->" } else { "→" }
}

/// Changes as lines of at most `columns`, safe to show: `~ total  12.5 → 13`.
pub(super) fn lines(changes: &[Change], most: usize, columns: usize, look: Look) -> Vec<Pieces> {
    let cut = look.signs().cut;
    let path = |change: &Change| clean(&change.path, look.ascii);
    let names = changes.iter().take(most).map(|change| width(&path(change))).max().unwrap_or_default().min(24);
    let room = columns.saturating_sub(names + 8).max(8);
    let side = |value: &Value, room: usize| {
        (value::kind(value).role(), fit(&clean(&brief_quoted(value, room), look.ascii), room, cut))
    };
    let each = |change: &Change| {
        let (role, mark) = sign(change);
        let mut line = vec![(role, format!("{mark} ")), (Role::Name, pad(&path(change), names, cut) + "  ")];
        match (&change.old, &change.new) {
            (Some(old), Some(new)) => {
                line.push(side(old, room / 2));
                line.push((Role::Dim, format!(" {} ", arrow(look.ascii))));
                line.push(side(new, room / 2));
            }
            (old, new) => line.extend(old.as_ref().or(new.as_ref()).map(|value| side(value, room))),
        }
        line
    };
    let mut lines: Vec<Pieces> = changes.iter().take(most).map(each).collect();
    if changes.len() > most {
        lines.push(vec![(Role::Dim, format!("  and {} more", changes.len() - most))]);
    }
    lines
}

/// Changes in a line: `total 12.5 → 13, + note`.
pub(super) fn summary(changes: &[Change], look: Look) -> String {
    let each = |change: &Change| match (&change.old, &change.new) {
        (Some(old), Some(new)) => {
            format!("{} {} {} {}", change.path, brief_quoted(old, 24), arrow(look.ascii), brief_quoted(new, 24))
        }
        _ => format!("{}{}", sign(change).1, change.path),
    };
    changes.iter().take(12).map(each).collect::<Vec<_>>().join(", ")
}

/// A row of two texts beside each other.
#[derive(Debug, PartialEq)]
struct Pair {
    /// Whether the two differ here.
    differs: bool,
    sides: [Option<Pieces>; 2],
}

/// Two items beside each other.
#[derive(Debug, Default)]
pub(super) struct Beside {
    pub(super) titles: [String; 2],
    items: [Option<Value>; 2],
    keys: Vec<String>,
    rows: Vec<Pair>,
    cursor: Cursor,
    arranged: Option<(usize, usize, Look)>,
}

impl Beside {
    /// `left` and `right`: keys first, then what differs, then all else.
    pub(super) fn new(titles: [&str; 2], left: Option<Value>, right: Option<Value>, keys: &[String]) -> Self {
        let (titles, keys) = (titles.map(str::to_owned), keys.to_vec());
        Self { titles, items: [left, right], keys, ..Self::default() }
    }

    /// Makes the rows for a place of this size.
    pub(super) fn arrange(&mut self, area: Rect, look: Look) {
        let size = (usize::from(area.width), usize::from(area.height).saturating_sub(1), look);
        if self.arranged != Some(size) {
            self.rows = rows(&self.items, &self.keys, (size.0.saturating_sub(3) / 2).max(4), look);
            self.arranged = Some(size);
        }
        self.cursor.top = self.cursor.top.min(self.rows.len().saturating_sub(size.1.max(1)));
    }

    /// Scrolls. Whether `action` is one that does.
    pub(super) fn act(&mut self, action: Action) -> bool {
        let height = self.arranged.map_or(1, |(_, height, _)| height);
        // There is no selected row: what moves is the top.
        self.cursor.at = match action {
            Action::Down | Action::PageDown => (self.cursor.top + height).saturating_sub(1),
            _ => self.cursor.top,
        };
        self.cursor.act(action, self.rows.len(), height)
    }

    /// Draws both.
    pub(super) fn draw(&self, area: Rect, buffer: &mut Buffer, look: Look) {
        let columns = (usize::from(area.width).saturating_sub(3) / 2).max(4);
        let mut pen = Pen::new(look);
        for (number, title) in self.titles.iter().enumerate() {
            pen.to(number * (columns + 3)).quote(Role::Heading, &fit(&format!(" {title}"), columns, look.signs().cut));
        }
        pen.draw(area, buffer);
        let body = Rect { y: area.y.saturating_add(1), height: area.height.saturating_sub(1), ..area };
        let bar = if look.ascii { "|" } else { "│" };
        for (line, number) in self.cursor.window(self.rows.len(), body.height).enumerate() {
            let one = &self.rows[number];
            let mut pen = Pen::new(look);
            for (side, pieces) in one.sides.iter().enumerate() {
                let (role, mark) = [(Role::Bad, "-"), (Role::Good, "+")][side];
                pen.to(side * (columns + 3));
                if side == 1 {
                    pen.to(columns + 1).put(Role::Border, bar).put(Role::Plain, " ");
                }
                let Some(pieces) = pieces else { continue };
                pen.put(role, if one.differs { mark } else { " " });
                for (of, text) in pieces {
                    pen.put(if one.differs { role } else { *of }, text.clone());
                }
            }
            pen.draw(row(body, line), buffer);
        }
    }
}

/// The rows of two items, attribute by attribute, those of one as many as those of the other.
fn rows(items: &[Option<Value>; 2], keys: &[String], columns: usize, look: Look) -> Vec<Pair> {
    let members = |side: usize| items[side].as_ref().and_then(value::members);
    let mut names: Vec<&String> = members(0).into_iter().flatten().map(|(name, _)| name).collect();
    for (name, _) in members(1).into_iter().flatten() {
        if !members(0).is_some_and(|before| before.contains_key(name)) {
            names.push(name);
        }
    }
    let place = |name: &&String| {
        let key = keys.iter().position(|key| key == *name).unwrap_or(keys.len());
        let [left, right] = [0, 1].map(|side| members(side).and_then(|members| members.get(*name)));
        (key, left == right)
    };
    names.sort_by_key(place);
    let mut rows = Vec::new();
    for name in names {
        let [left, right] = [0, 1].map(|side| members(side).and_then(|members| members.get(name)));
        let differs = left != right;
        let [left, right] = [left, right].map(|value| value.map(|value| texts(name, value, differs, columns, look)));
        let (left, right) = (left.unwrap_or_default(), right.unwrap_or_default());
        let same: Vec<bool> = (0..left.len().max(right.len()))
            .map(|at| left.len() == right.len() && left.get(at) == right.get(at))
            .collect();
        let (mut left, mut right) = (left.into_iter(), right.into_iter());
        for same in same {
            rows.push(Pair { differs: differs && !same, sides: [left.next(), right.next()] });
        }
    }
    rows
}

/// A named value as rows of at most `columns`, all of it where it `differs`.
fn texts(name: &str, value: &Value, differs: bool, columns: usize, look: Look) -> Vec<Pieces> {
    /// Of a line that goes on and on, so many rows are enough to tell one from another.
    const ROWS: usize = 60;
    let whole = Value::Object([(name.to_owned(), value.clone())].into_iter().collect());
    let flipped: Flipped = if differs { json::parts(&whole).1.into_iter().collect() } else { Flipped::default() };
    let lines = json::lines(&whole, &flipped, look);
    let room = columns.saturating_sub(1).max(3);
    let mut rows = Vec::new();
    // The first and the last are the braces round it.
    for line in lines.iter().skip(1).take(lines.len().saturating_sub(2)) {
        let indent = line.indent.saturating_sub(2).min(room / 2);
        let mut row: Pieces = vec![(Role::Plain, " ".repeat(indent))];
        let (mut used, first) = (indent, rows.len());
        'line: for (role, text) in &line.pieces {
            let mut rest = text.as_str();
            loop {
                let (head, tail) = split(rest, room.saturating_sub(used));
                row.push((*role, head.to_owned()));
                used += width(head);
                if tail.is_empty() {
                    break;
                }
                if rows.len() - first >= ROWS || used == indent {
                    break 'line;
                }
                rows.push(std::mem::replace(&mut row, vec![(Role::Plain, " ".repeat(indent))]));
                (rest, used) = (tail, indent);
            }
        }
        rows.push(row);
    }
    rows
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{changes, lines, summary};
    use crate::look::{Look, Theme};

    const LOOK: Look = Look { theme: Theme::None, ascii: true };

    #[test]
    fn maps_are_looked_into_and_all_else_is_replaced() {
        let old =
            json!({"pk": "a", "total": 12.5, "to": {"city": "Oslo", "zip": 1}, "tags": {"$ss": ["x"]}, "gone": null});
        let new = json!({"pk": "a", "total": 13, "to": {"city": "Bergen", "zip": 1}, "tags": {"$ss": ["x", "y"]}, "note": "new"});
        let found = changes(&old, &new);
        let text = |most| -> Vec<String> {
            let lines = lines(&found, most, 60, LOOK);
            lines.iter().map(|line| line.iter().map(|(_, text)| text.as_str()).collect()).collect()
        };
        assert_eq!(
            text(9),
            [
                "~ total    12.5 -> 13",
                "~ to.city  \"Oslo\" -> \"Bergen\"",
                "~ tags     {x} -> {x, y}",
                "- gone     null",
                "+ note     \"new\"",
            ]
        );
        assert_eq!(text(1), ["~ total  12.5 -> 13", "  and 4 more"]);
        assert!(summary(&found, LOOK).starts_with("total 12.5 -> 13, to.city"));
        assert!(changes(&old, &old).is_empty());
    }
}
