//! An open call: which part is shown, where the cursor is, what is folded.

use std::collections::HashMap;

use crate::calls::Key;
use crate::json::{Flipped, Line, Pieces};
use crate::text::{split, width};

/// A part of a call's detail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Part {
    /// What was asked.
    Request,
    /// What came.
    Response,
    /// The AWS calls that a tool made.
    AwsCalls,
    /// When, and how long what took.
    Timing,
}

impl Part {
    /// All of them, in order.
    pub const ALL: [Self; 4] = [Self::Request, Self::Response, Self::AwsCalls, Self::Timing];

    /// Its heading.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Request => "Request",
            Self::Response => "Response",
            Self::AwsCalls => "AWS calls",
            Self::Timing => "Timing",
        }
    }

    /// The part so many places on.
    #[must_use]
    pub fn step(self, by: usize) -> Self {
        let at = Self::ALL.iter().position(|part| *part == self).unwrap_or_default();
        Self::ALL[(at + by) % Self::ALL.len()]
    }
}

/// An open call.
#[derive(Debug)]
pub struct Detail {
    /// Which one.
    pub key: Key,
    /// The part that is shown.
    pub part: Part,
    /// The row under the cursor.
    pub row: usize,
    /// The first row on the screen.
    pub top: usize,
    /// Whether long lines go on below.
    pub wrap: bool,
    flipped: HashMap<Part, Flipped>,
}

/// A row on the screen, of a line that may take several.
#[derive(Debug, PartialEq)]
pub struct Row {
    /// Columns that it is set in.
    pub indent: usize,
    /// What it says.
    pub pieces: Pieces,
    /// The part of the document that folds here.
    pub part: Option<usize>,
}

impl Detail {
    /// Opens a call at its request, or at what came where it went wrong.
    #[must_use]
    pub fn new(key: Key, part: Part) -> Self {
        Self { key, part, row: 0, top: 0, wrap: true, flipped: HashMap::new() }
    }

    /// What is folded or unfolded of the part that is shown.
    pub fn flipped(&mut self) -> &mut Flipped {
        self.flipped.entry(self.part).or_default()
    }

    /// The same, for looking.
    #[must_use]
    pub fn flips(&self) -> Flipped {
        self.flipped.get(&self.part).cloned().unwrap_or_default()
    }

    /// Shows another part, from its beginning.
    pub fn show(&mut self, part: Part) {
        (self.part, self.row, self.top) = (part, 0, 0);
    }

    /// Puts the cursor on row `to`, or as near as there are rows, and in sight.
    pub fn go(&mut self, to: usize, rows: usize, height: usize) {
        let height = height.max(1);
        self.row = to.min(rows.saturating_sub(1));
        self.top = self.top.min(rows.saturating_sub(height));
        self.top = self.top.clamp((self.row + 1).saturating_sub(height), self.row);
    }
}

/// Lines as rows of at most `columns`: wrapped, or left to be cut where they are drawn.
#[must_use]
pub fn rows(lines: Vec<Line>, columns: usize, wrap: bool) -> Vec<Row> {
    let mut rows = Vec::new();
    for Line { indent, pieces, part } in lines {
        // Deep nesting must leave room for something.
        let indent = indent.min(columns / 2);
        let room = columns.saturating_sub(indent).max(2);
        let mut row = Row { indent, pieces: Vec::new(), part };
        let mut used = 0;
        for (role, text) in pieces {
            let mut rest = text.as_str();
            while wrap && used + width(rest) > room {
                let (head, tail) = at_a_space(rest, split(rest, room.saturating_sub(used)));
                if !head.is_empty() {
                    row.pieces.push((role, head.to_owned()));
                } else if used == 0 {
                    break;
                }
                rows.push(std::mem::replace(&mut row, Row { indent, pieces: Vec::new(), part: None }));
                (rest, used) = (tail, 0);
            }
            used += width(rest);
            row.pieces.push((role, rest.to_owned()));
        }
        rows.push(row);
    }
    rows
}

/// Moves the end of a line back to a space, where one is near.
fn at_a_space<'a>(text: &'a str, (head, tail): (&'a str, &'a str)) -> (&'a str, &'a str) {
    match head.rfind(' ') {
        Some(space) if space > head.len() / 2 => text.split_at(space + 1),
        _ => (head, tail),
    }
}

#[cfg(test)]
mod tests {
    use super::rows;
    use crate::json::Line;
    use crate::look::Role;

    #[test]
    fn long_lines_go_on_below_in_the_same_column() {
        let line = Line {
            indent: 2,
            pieces: vec![(Role::Name, "ab: ".into()), (Role::Text, "日本語です".into())],
            part: Some(7),
        };
        let texts = |wrap| {
            let rows = rows(vec![line.clone()], 10, wrap);
            rows.iter()
                .map(|row| (row.part, row.pieces.iter().map(|(_, text)| text.as_str()).collect::<String>()))
                .collect::<Vec<_>>()
        };
        assert_eq!(texts(true), [(Some(7), "ab: 日本".into()), (None, "語です".into())]);
        assert_eq!(texts(false), [(Some(7), "ab: 日本語です".into())]);
    }

    #[test]
    fn no_room_is_no_endless_loop() {
        let line = Line { indent: 40, pieces: vec![(Role::Text, "日本".into())], part: None };
        assert!(!rows(vec![line.clone()], 0, true).is_empty());
        assert!(!rows(vec![line], 1, true).is_empty());
    }
}
