//! Text and JSON to read: lines that wrap, parts that fold, and what a search found.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use serde_json::Value;

use super::{Cursor, Pen, row};
use crate::json::{self, Flipped, Line, Pieces};
use crate::keys::Action;
use crate::look::{Look, Role};
use crate::text::{clean, pad, split, width};

/// A piece of a document.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Block {
    /// A line, its text already safe to show.
    Line(Line),
    /// JSON, whose parts fold.
    Json(Value),
}

impl Block {
    /// A line of one role.
    pub(crate) fn say(role: Role, text: &str, look: Look) -> Self {
        Self::Line(Line { indent: 0, pieces: vec![(role, clean(text, look.ascii))], part: None })
    }

    /// A name and a value beside it.
    pub(crate) fn fact(name: &str, role: Role, value: &str, look: Look) -> Self {
        const NAMES: usize = 12;
        let pieces = vec![
            (Role::Dim, pad(&clean(name, look.ascii), NAMES, look.signs().cut) + " "),
            (role, clean(value, look.ascii)),
        ];
        Self::Line(Line { indent: 0, pieces, part: None })
    }

    /// A line with nothing on it.
    pub(crate) fn blank() -> Self {
        Self::Line(Line { indent: 0, pieces: Vec::new(), part: None })
    }
}

/// A row on the screen, of a line that may take several.
#[derive(Debug, PartialEq)]
struct Row {
    indent: usize,
    pieces: Pieces,
    /// The block, and the part of it that folds here.
    part: Option<(usize, usize)>,
}

/// What is read, and where one is in it.
#[derive(Debug, Default)]
pub(crate) struct Document {
    blocks: Vec<Block>,
    flipped: Vec<Flipped>,
    pub(crate) cursor: Cursor,
    cut: bool,
    search: String,
    /// The rows for so many columns; made anew where that, folding or wrapping changed.
    rows: Vec<Row>,
    arranged: Option<(usize, usize, Look)>,
}

impl Document {
    /// A document of these blocks, from its beginning.
    pub(crate) fn new(blocks: Vec<Block>) -> Self {
        let flipped = vec![Flipped::default(); blocks.len()];
        Self { blocks, flipped, ..Self::default() }
    }

    /// Other blocks in its place, at the same row where there is one; folding stays where the blocks are as many.
    pub(crate) fn replace(&mut self, blocks: Vec<Block>) {
        if self.blocks == blocks {
            return;
        }
        if self.flipped.len() != blocks.len() {
            self.flipped = vec![Flipped::default(); blocks.len()];
        }
        self.blocks = blocks;
        self.arranged = None;
    }

    /// Makes the rows for a place of this size.
    pub(crate) fn arrange(&mut self, area: Rect, look: Look) {
        let size = (usize::from(area.width), usize::from(area.height), look);
        if self.arranged != Some(size) {
            // The first two columns show what folds.
            let columns = size.0.saturating_sub(2);
            self.rows.clear();
            for (block, flipped) in self.blocks.iter().zip(&self.flipped).enumerate().map(|(n, (b, f))| ((n, b), f)) {
                let (number, block) = block;
                match block {
                    Block::Line(line) => wrap(&mut self.rows, number, line.clone(), columns, !self.cut),
                    Block::Json(value) => {
                        for line in json::lines(value, flipped, look) {
                            wrap(&mut self.rows, number, line, columns, !self.cut);
                        }
                    }
                }
            }
            self.arranged = Some(size);
        }
        self.cursor.settle(self.rows.len(), size.1);
    }

    fn height(&self) -> usize {
        self.arranged.map_or(1, |(_, height, _)| height)
    }

    /// Does what `action` says. Whether it is one that a document knows.
    pub(crate) fn act(&mut self, action: Action) -> bool {
        let height = self.height();
        match action {
            Action::Fold => self.fold(),
            Action::FoldAll => self.fold_all(),
            Action::Wrap => {
                self.cut = !self.cut;
                self.arranged = None;
            }
            Action::NextMatch => self.jump(true),
            Action::PreviousMatch => self.jump(false),
            action => return self.cursor.act(action, self.rows.len(), height),
        }
        true
    }

    /// Scrolls by so many rows, the cursor with them where it would go out of sight.
    pub(crate) fn scroll(&mut self, rows: usize, onwards: bool) {
        let (count, height) = (self.rows.len(), self.height());
        let last = count.saturating_sub(height);
        let top = self.cursor.top;
        self.cursor.top = if onwards { (top + rows).min(last) } else { top.saturating_sub(rows) };
        self.cursor.at = self.cursor.at.clamp(self.cursor.top, self.cursor.top + height.saturating_sub(1));
        self.cursor.settle(count, height);
    }

    /// A click at this place, of a document in `area`: it goes to that row; on the row where one is it folds.
    pub(crate) fn click(&mut self, area: Rect, (_, line): (u16, u16)) {
        let number = self.cursor.top + usize::from(line.saturating_sub(area.y));
        if line < area.y || line >= area.bottom() || number >= self.rows.len() {
            return;
        }
        if self.cursor.at == number {
            self.fold();
        }
        self.cursor.at = number;
    }

    /// Whether long lines are wrapped.
    pub(crate) fn wraps(&self) -> bool {
        !self.cut
    }

    /// How many rows there are.
    pub(crate) fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there is nothing in it.
    pub(crate) fn is_empty(&self) -> bool {
        self.blocks.is_empty()
    }

    /// Searches for `text`, case aside, and goes to the first match from here on. How many rows match.
    pub(crate) fn search(&mut self, text: &str) -> usize {
        self.search = text.to_lowercase();
        let found = self.rows.iter().filter(|row| self.matches(row)).count();
        if found > 0 && !self.rows.get(self.cursor.at).is_some_and(|row| self.matches(row)) {
            self.jump(true);
        }
        found
    }

    fn matches(&self, row: &Row) -> bool {
        !self.search.is_empty() && text_of(row).to_lowercase().contains(&self.search)
    }

    fn jump(&mut self, onwards: bool) {
        let (count, at) = (self.rows.len(), self.cursor.at);
        let steps = 1..=count;
        let place = |step: usize| if onwards { (at + step) % count } else { (at + count - step) % count };
        if let Some(to) = steps.map(place).find(|to| self.matches(&self.rows[*to])) {
            self.cursor.go(to, count, self.height());
        }
    }

    fn fold(&mut self) {
        let Some((block, part)) = self.rows.get(self.cursor.at).and_then(|row| row.part) else { return };
        let flipped = &mut self.flipped[block];
        if !flipped.remove(&part) {
            flipped.insert(part);
        }
        self.arranged = None;
    }

    /// Unfolds everything; where nothing is folded, folds everything below the outermost.
    fn fold_all(&mut self) {
        let parts: Vec<_> = self
            .blocks
            .iter()
            .map(|block| match block {
                Block::Json(value) => json::parts(value),
                Block::Line(_) => (Vec::new(), Vec::new()),
            })
            .collect();
        let all_open = parts.iter().zip(&self.flipped).all(|((open, folded), flipped)| {
            folded.iter().all(|part| flipped.contains(part)) && !open.iter().any(|part| flipped.contains(part))
        });
        for ((open, folded), flipped) in parts.into_iter().zip(&mut self.flipped) {
            *flipped = if all_open { open } else { folded }.into_iter().collect();
        }
        self.arranged = None;
    }

    /// Draws the rows that are on the screen.
    pub(crate) fn draw(&self, area: Rect, buffer: &mut Buffer, look: Look, front: bool) {
        let signs = look.signs();
        for (line, number) in self.cursor.window(self.rows.len(), area.height).enumerate() {
            let one = &self.rows[number];
            let mut pen = Pen::new(look);
            pen.put(Role::Accent, if number == self.cursor.at && front { signs.pointer } else { " " });
            pen.put(Role::Plain, " ".repeat(1 + one.indent));
            let found = self.matches(one);
            for (role, text) in &one.pieces {
                if found { self.mark(&mut pen, *role, text) } else { drop_mut(pen.put(*role, text.clone())) }
            }
            pen.draw(row(area, line), buffer);
        }
    }

    /// Writes `text` with what the search found in it marked.
    fn mark(&self, pen: &mut Pen<'_>, role: Role, text: &str) {
        // Lower case may have other lengths; then the whole piece is marked.
        let lower = text.to_lowercase();
        if lower.len() != text.len() {
            pen.put(if lower.contains(&self.search) { Role::Match } else { role }, text);
            return;
        }
        let mut from = 0;
        while let Some(at) = lower[from..].find(&self.search).map(|at| at + from) {
            let to = at + self.search.len();
            if !text.is_char_boundary(at) || !text.is_char_boundary(to) {
                break;
            }
            pen.put(role, &text[from..at]).put(Role::Match, &text[at..to]);
            from = to;
        }
        pen.put(role, &text[from..]);
    }
}

/// A pen is handed on by reference; nothing comes of it here.
fn drop_mut<T>(_: T) {}

fn text_of(row: &Row) -> String {
    row.pieces.iter().map(|(_, text)| text.as_str()).collect()
}

/// A line as rows of at most `columns`: wrapped, or left to be cut where they are drawn.
fn wrap(rows: &mut Vec<Row>, block: usize, line: Line, columns: usize, wraps: bool) {
    let Line { indent, pieces, part } = line;
    // Deep nesting must leave room for something.
    let indent = indent.min(columns / 2);
    let room = columns.saturating_sub(indent).max(2);
    let mut row = Row { indent, pieces: Vec::new(), part: part.map(|part| (block, part)) };
    let mut used = 0;
    for (role, text) in pieces {
        let mut rest = text.as_str();
        // Never the width of all that is left: a text of 400 KB has thousands of rows.
        while wraps && !split(rest, room.saturating_sub(used)).1.is_empty() {
            let (head, tail) = at_a_space(rest, split(rest, room.saturating_sub(used)));
            if !head.is_empty() {
                row.pieces.push((role, head.to_owned()));
            } else if used == 0 {
                break;
            }
            rows.push(std::mem::replace(&mut row, Row { indent, pieces: Vec::new(), part: None }));
            (rest, used) = (tail, 0);
        }
        used += if wraps { width(rest) } else { 0 };
        row.pieces.push((role, rest.to_owned()));
    }
    rows.push(row);
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
    use ratatui::layout::Rect;
    use serde_json::json;

    use super::{Block, Document, text_of};
    use crate::json::Line;
    use crate::keys::Action;
    use crate::look::{Look, Role, Theme};

    const LOOK: Look = Look { theme: Theme::None, ascii: false };

    fn shown(document: &mut Document, columns: u16, height: u16) -> Vec<String> {
        document.arrange(Rect::new(0, 0, columns, height), LOOK);
        document.rows.iter().map(text_of).collect()
    }

    #[test]
    fn long_lines_go_on_below_in_the_same_column() {
        let line = Line {
            indent: 2,
            pieces: vec![(Role::Name, "ab: ".into()), (Role::Text, "日本語です".into())],
            part: Some(7),
        };
        let mut document = Document::new(vec![Block::Line(line)]);
        assert_eq!(shown(&mut document, 12, 9), ["ab: 日本", "語です"]);
        assert!(document.act(Action::Wrap));
        assert_eq!(shown(&mut document, 12, 9), ["ab: 日本語です"]);
    }

    #[test]
    fn no_room_is_no_endless_loop() {
        for columns in 0..4 {
            let line = Line { indent: 40, pieces: vec![(Role::Text, "日本".into())], part: None };
            assert!(!shown(&mut Document::new(vec![Block::Line(line)]), columns, 0).is_empty());
        }
    }

    #[test]
    fn a_search_goes_round_and_finds_whatever_the_case() {
        let mut document = Document::new(vec![Block::Json(json!({"a": "Tea", "b": "coffee", "c": "TEA"}))]);
        shown(&mut document, 40, 9);
        assert_eq!(document.search("tea"), 2);
        assert_eq!(document.cursor.at, 1);
        document.act(Action::NextMatch);
        assert_eq!(document.cursor.at, 3);
        document.act(Action::NextMatch);
        assert_eq!(document.cursor.at, 1);
        document.act(Action::PreviousMatch);
        assert_eq!(document.cursor.at, 3);
        assert_eq!(document.search("milk"), 0);
    }

    #[test]
    fn everything_folds_and_unfolds() {
        let mut document = Document::new(vec![Block::Json(json!({"a": {"b": 1}, "c": [1, 2]}))]);
        assert_eq!(shown(&mut document, 40, 9).len(), 9);
        document.act(Action::FoldAll);
        assert_eq!(shown(&mut document, 40, 9).len(), 4);
        document.act(Action::FoldAll);
        assert_eq!(shown(&mut document, 40, 9).len(), 9);
        document.act(Action::Down);
        document.act(Action::Fold);
        assert_eq!(shown(&mut document, 40, 9).len(), 7);
    }
}
