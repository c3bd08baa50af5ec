//! What differs between two items, or two texts: in a line, in a list, and beside each other.

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
pub(crate) struct Change {
    /// Where: `address.city`.
    pub(super) path: String,
    pub(super) old: Option<Value>,
    pub(super) new: Option<Value>,
}

/// What differs from `old` to `new`. Maps are looked into; lists and sets are replaced whole.
pub(crate) fn changes(old: &Value, new: &Value) -> Vec<Change> {
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
pub(crate) fn lines(changes: &[Change], most: usize, columns: usize, look: Look) -> Vec<Pieces> {
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
    rows: Vec<Pieces>,
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
            let [left, right] = self.items.each_ref().map(Option::as_ref);
            self.rows = beside([left, right], &self.keys, size.0, look);
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
        let columns = half(usize::from(area.width));
        let mut pen = Pen::new(look);
        for (number, title) in self.titles.iter().enumerate() {
            pen.to(number * (columns + 3)).quote(Role::Heading, &fit(&format!(" {title}"), columns, look.signs().cut));
        }
        pen.draw(area, buffer);
        let body = Rect { y: area.y.saturating_add(1), height: area.height.saturating_sub(1), ..area };
        for (line, number) in self.cursor.window(self.rows.len(), body.height).enumerate() {
            let mut pen = Pen::new(look);
            for (role, text) in &self.rows[number] {
                pen.put(*role, text.clone());
            }
            pen.draw(row(body, line), buffer);
        }
    }
}

/// Columns that each of two has of so many.
fn half(columns: usize) -> usize {
    (columns.saturating_sub(3) / 2).max(4)
}

/// Two items, or two texts, beside each other in rows of `columns`, safe to show. Of items the `keys` come first, then what
/// differs, then all else; of texts the lines in their order.
pub(crate) fn beside(sides: [Option<&Value>; 2], keys: &[String], columns: usize, look: Look) -> Vec<Pieces> {
    let columns = half(columns);
    let is_text = sides.iter().flatten().all(|value| value.is_string());
    let pairs = if is_text { of_texts(sides, columns, look) } else { of_items(sides, keys, columns, look) };
    pairs.into_iter().map(|pair| pair.row(columns, look)).collect()
}

impl Pair {
    /// Both in a row, each of so many columns.
    fn row(self, columns: usize, look: Look) -> Pieces {
        let Self { differs, sides } = self;
        let bar = if look.ascii { "|" } else { "│" };
        let (mut row, mut used) = (Pieces::new(), 0);
        for (side, (pieces, mark)) in sides.into_iter().zip([(Role::Bad, "-"), (Role::Good, "+")]).enumerate() {
            if side == 1 {
                row.push((Role::Plain, " ".repeat((columns + 1_usize).saturating_sub(used))));
                row.push((Role::Border, format!("{bar} ")));
            }
            let Some(pieces) = pieces else { continue };
            let (role, mark) = mark;
            row.push((role, if differs { mark } else { " " }.to_owned()));
            used = 1;
            for (of, text) in pieces {
                used += width(&text);
                row.push((if differs { role } else { of }, text));
            }
        }
        row
    }
}

/// The lines of two texts, those that both have beside each other.
fn of_texts(sides: [Option<&Value>; 2], columns: usize, look: Look) -> Vec<Pair> {
    let [left, right] = sides.map(|side| side.and_then(Value::as_str).unwrap_or_default().lines().collect::<Vec<_>>());
    let same = in_both(&left, &right);
    let mut pairs = Vec::new();
    let (mut from, ends) = ([0, 0], [left.len(), right.len()]);
    for [a, b] in same.into_iter().chain([ends]) {
        let (gone, come) = (folded(&left[from[0]..a], columns, look), folded(&right[from[1]..b], columns, look));
        let most = gone.len().max(come.len());
        let (mut gone, mut come) = (gone.into_iter(), come.into_iter());
        pairs.extend((0..most).map(|_| Pair { differs: true, sides: [gone.next(), come.next()] }));
        if a < left.len() && b < right.len() {
            let line = folded(&left[a..=a], columns, look).into_iter();
            pairs.extend(line.map(|line| Pair { differs: false, sides: [Some(line.clone()), Some(line)] }));
        }
        from = [a + 1, b + 1];
    }
    pairs
}

/// Which lines both have in the same order, as many as there are: their numbers in each.
fn in_both(left: &[&str], right: &[&str]) -> Vec<[usize; 2]> {
    /// Comparing each with each is slow beyond so many.
    const MOST: usize = 1 << 20;
    let head = left.iter().zip(right).take_while(|(a, b)| a == b).count();
    let (a, b) = (&left[head..], &right[head..]);
    let tail = a.iter().rev().zip(b.iter().rev()).take_while(|(a, b)| a == b).count();
    let (a, b) = (&a[..a.len() - tail], &b[..b.len() - tail]);
    let mut same: Vec<[usize; 2]> = (0..head).map(|at| [at, at]).collect();
    if a.len() * b.len() <= MOST {
        // How many lines the rests of both have in common, from each pair of places on.
        let wide = b.len() + 1;
        let mut common = vec![0_u32; (a.len() + 1) * wide];
        for i in (0..a.len()).rev() {
            for j in (0..b.len()).rev() {
                let (down, along) = (common[(i + 1) * wide + j], common[i * wide + j + 1]);
                let both = common[(i + 1) * wide + j + 1] + 1;
                common[i * wide + j] = if a[i] == b[j] { both } else { down.max(along) };
            }
        }
        let (mut i, mut j) = (0, 0);
        while i < a.len() && j < b.len() {
            if a[i] == b[j] {
                same.push([head + i, head + j]);
                (i, j) = (i + 1, j + 1);
            } else if common[(i + 1) * wide + j] >= common[i * wide + j + 1] {
                i += 1;
            } else {
                j += 1;
            }
        }
    }
    same.extend((0..tail).map(|at| [head + a.len() + at, head + b.len() + at]));
    same
}

/// Lines as rows of at most `columns`, safe to show.
fn folded(lines: &[&str], columns: usize, look: Look) -> Vec<Pieces> {
    let room = columns.saturating_sub(1).max(3);
    let mut rows = Vec::new();
    for line in lines {
        let line = clean(line, look.ascii);
        let mut rest = line.as_str();
        loop {
            let (head, tail) = split(rest, room);
            rows.push(vec![(Role::Plain, head.to_owned())]);
            if tail.is_empty() || head.is_empty() {
                break;
            }
            rest = tail;
        }
    }
    rows
}

/// Two items, attribute by attribute, the rows of one as many as those of the other.
fn of_items(items: [Option<&Value>; 2], keys: &[String], columns: usize, look: Look) -> Vec<Pair> {
    let members = |side: usize| items[side].and_then(value::members);
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
        if let (true, Some(Value::String(old)), Some(Value::String(new))) = (differs, left, right)
            && (old.contains('\n') || new.contains('\n'))
        {
            let title =
                vec![(Role::Name, fit(&format!("\"{}\":", clean(name, look.ascii)), columns, look.signs().cut))];
            rows.push(Pair { differs: false, sides: [Some(title.clone()), Some(title)] });
            rows.extend(of_texts([left, right], columns, look));
            continue;
        }
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

    use super::{beside, changes, lines, summary};
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

    #[test]
    fn texts_are_held_against_each_other_line_by_line() {
        let shown = |old: &str, new: &str| -> Vec<String> {
            let rows = beside([Some(&json!(old)), Some(&json!(new))], &[], 23, LOOK);
            rows.iter().map(|row| row.iter().map(|(_, text)| text.as_str()).collect()).collect()
        };
        assert_eq!(
            shown("a\nb\nc\nd", "a\nx\nc\ny\nd\u{1b}"),
            [" a         |  a", "-b         | +x", " c         |  c", "-d         | +y", "           | +d\\u{1b}",]
        );
        assert_eq!(
            shown("", "one line that is long"),
            ["           | +one line ", "           | +that is l", "           | +ong"]
        );
        assert_eq!(shown("gone", ""), ["-gone      | "]);
    }
}
