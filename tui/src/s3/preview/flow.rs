//! Text as rows: made safe to show, wrapped or not, growing at its end.

use std::borrow::Cow;

use footbridge_record::text::clean;

use crate::text::split;

/// A tab goes to the next column that this divides.
const TAB: usize = 4;

/// Text, and where its rows are in it.
#[derive(Debug, Default)]
pub(super) struct Flow {
    text: String,
    /// Bytes of the source that are taken.
    taken: usize,
    rows: Vec<(usize, usize)>,
    /// The columns that lines wrap at; `None` where they do not.
    columns: Option<usize>,
    arranged: bool,
    ascii: bool,
}

impl Flow {
    pub(super) fn new(ascii: bool) -> Self {
        Self { ascii, ..Self::default() }
    }

    /// Takes what `source` has beyond what was taken; at the end also a character that was cut.
    pub(super) fn feed(&mut self, source: &[u8], end: bool) {
        let rest = source.get(self.taken..).unwrap_or_default();
        let mut used = 0;
        let mut plain = String::with_capacity(rest.len());
        for chunk in rest.utf8_chunks() {
            plain.push_str(chunk.valid());
            used += chunk.valid().len();
            let broken = chunk.invalid();
            if !broken.is_empty() && (end || used + broken.len() < rest.len()) {
                plain.push('\u{fffd}');
                used += broken.len();
            }
        }
        // A line break may be on its way.
        if !end && plain.ends_with('\r') {
            plain.pop();
            used -= 1;
        }
        self.taken += used;
        for piece in plain.split_inclusive('\n') {
            let (line, ends) = match piece.strip_suffix('\n') {
                Some(line) => (line.strip_suffix('\r').unwrap_or(line), true),
                None => (piece, false),
            };
            let line = if line.contains('\t') { Cow::Owned(self.without_tabs(line)) } else { Cow::Borrowed(line) };
            self.text.push_str(&clean(&line, self.ascii));
            if ends {
                self.text.push('\n');
            }
        }
        if self.arranged {
            self.wrap();
        }
    }

    fn without_tabs(&self, line: &str) -> String {
        let mut column = match self.text.rfind('\n') {
            Some(at) => self.text.len() - at - 1,
            None => self.text.len(),
        };
        let mut out = String::with_capacity(line.len() + TAB);
        for c in line.chars() {
            if c == '\t' {
                let gap = TAB - column % TAB;
                out.extend(std::iter::repeat_n(' ', gap));
                column += gap;
            } else {
                out.push(c);
                column += 1;
            }
        }
        out
    }

    /// Makes the rows for so many columns; `None` where lines are not wrapped.
    pub(super) fn arrange(&mut self, columns: Option<usize>) {
        if !self.arranged || self.columns != columns {
            self.rows.clear();
            (self.columns, self.arranged) = (columns, true);
            self.wrap();
        }
    }

    /// Goes on from the last row, which may have grown.
    fn wrap(&mut self) {
        let mut at = self.rows.pop().map_or(0, |(start, _)| start);
        let text = &self.text;
        while at < text.len() {
            let end = text[at..].find('\n').map_or(text.len(), |to| at + to);
            match self.columns {
                Some(columns) => wrap_line(text, at, end, columns.max(1), &mut self.rows),
                None => self.rows.push((at, end)),
            }
            at = end + 1;
        }
        // After a line break a line begins, which may stay empty.
        if self.rows.is_empty() {
            self.rows.push((0, 0));
        }
    }

    pub(super) fn len(&self) -> usize {
        self.rows.len()
    }

    pub(super) fn row(&self, number: usize) -> &str {
        self.rows.get(number).map_or("", |(start, end)| &self.text[*start..*end])
    }

    /// The next row, from `number` on or back, that holds `needle`, in lower case.
    pub(super) fn find(&self, needle: &str, number: usize, onwards: bool) -> Option<usize> {
        let lower = self.text.to_ascii_lowercase();
        let (start, end) = *self.rows.get(number)?;
        let at = if onwards {
            let from = end.min(lower.len());
            lower[from..].find(needle).map(|at| from + at).or_else(|| lower.find(needle))
        } else {
            lower[..start].rfind(needle).or_else(|| lower.rfind(needle))
        }?;
        Some(self.rows.partition_point(|(start, _)| *start <= at).saturating_sub(1))
    }
}

/// The rows of the line from `at` to `end`.
fn wrap_line(text: &str, mut at: usize, end: usize, columns: usize, rows: &mut Vec<(usize, usize)>) {
    let plain = text[at..end].is_ascii();
    loop {
        let rest = &text[at..end];
        let head = if plain { rest.len().min(columns) } else { split(rest, columns).0.len() };
        if head == rest.len() {
            rows.push((at, end));
            return;
        }
        // What is wider than the place goes there all the same.
        let head = if head == 0 { rest.chars().next().map_or(1, char::len_utf8) } else { head };
        let head = match rest[..head].rfind(' ') {
            Some(space) if space > head / 2 => space + 1,
            _ => head,
        };
        rows.push((at, at + head));
        at += head;
    }
}

/// The part of a row from column `left` on that goes into `columns`, and whether it goes on after that. A character takes a
/// few bytes at most, however much is put on top of it.
pub(super) fn part(row: &str, left: usize, columns: usize) -> (String, bool) {
    let rest = if left == 0 {
        row
    } else if row.is_ascii() {
        row.get(left..).unwrap_or_default()
    } else {
        split(row, left).1
    };
    let (head, tail) = split(rest, columns);
    let most = columns.saturating_mul(4);
    (head.chars().take(most).collect(), !tail.is_empty())
}

#[cfg(test)]
mod tests {
    use super::{Flow, part};

    fn rows(flow: &Flow) -> Vec<&str> {
        (0..flow.len()).map(|number| flow.row(number)).collect()
    }

    #[test]
    fn text_that_comes_in_pieces_reads_as_if_it_came_at_once() {
        let source = "tab\there\r\nü日本 and a line that is long\n\u{1b}[2J\u{202e}\n\nend".as_bytes();
        for columns in [None, Some(9)] {
            let mut whole = Flow::new(false);
            whole.arrange(columns);
            whole.feed(source, true);
            for at in 0..source.len() {
                let mut pieces = Flow::new(false);
                pieces.arrange(columns);
                pieces.feed(&source[..at], false);
                pieces.feed(source, true);
                assert_eq!(rows(&pieces), rows(&whole), "cut at {at}");
            }
        }
        let mut flow = Flow::new(false);
        flow.feed(source, true);
        flow.arrange(None);
        assert_eq!(rows(&flow), ["tab here", "ü日本 and a line that is long", "\\u{1b}[2J\\u{202e}", "", "end"]);
        flow.arrange(Some(10));
        assert_eq!(rows(&flow)[1..5], ["ü日本 and ", "a line ", "that is ", "long"]);
    }

    #[test]
    fn bytes_that_are_no_text_are_shown_as_such() {
        let mut flow = Flow::new(true);
        flow.feed(b"a\xffb\xc3", true);
        flow.arrange(Some(80));
        assert_eq!(rows(&flow), ["a\\u{fffd}b\\u{fffd}"]);
    }

    #[test]
    fn a_search_goes_round() {
        let mut flow = Flow::new(false);
        flow.feed(b"one\nTwo\nthree two\n", true);
        flow.arrange(None);
        assert_eq!(
            (flow.find("two", 0, true), flow.find("two", 1, true), flow.find("two", 2, true)),
            (Some(1), Some(2), Some(1))
        );
        assert_eq!((flow.find("two", 1, false), flow.find("four", 0, true)), (Some(2), None));
    }

    #[test]
    fn a_part_of_a_row_begins_where_it_is_asked() {
        assert_eq!(part("0123456789", 3, 4), ("3456".to_owned(), true));
        assert_eq!(part("0123", 9, 4), (String::new(), false));
        assert_eq!(part("日本語", 2, 4), ("本語".to_owned(), false));
    }
}
