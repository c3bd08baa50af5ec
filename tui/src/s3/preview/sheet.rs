//! Rows and columns of CSV or TSV: where each row begins is known, and what is on the screen is read from there.

use csv::{ByteRecord, ReaderBuilder};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::look::{Look, Role};
use crate::text::{clean, fit, pad, pad_left, width};
use crate::widget::{Cursor, Pen, row};

/// Rows that the widths of columns are taken from.
const SAMPLE: usize = 200;

/// The widest that a column is, the last one aside.
const WIDEST: usize = 40;

/// Cells of a row that are shown.
const CELLS: usize = 1000;

/// A column.
#[derive(Debug, Clone)]
struct Column {
    name: String,
    width: usize,
    /// Whether there are only numbers in it.
    numbers: bool,
}

/// Rows and columns.
#[derive(Debug)]
pub(super) struct Sheet {
    delimiter: u8,
    /// Where each row begins.
    starts: Vec<usize>,
    /// Where the next row begins.
    next: usize,
    columns: Vec<Column>,
    /// Whether the first row names the columns.
    named: bool,
    sampled: bool,
}

impl Sheet {
    pub(super) fn new(delimiter: u8) -> Self {
        Self { delimiter, starts: Vec::new(), next: 0, columns: Vec::new(), named: false, sampled: false }
    }

    /// Takes what `source` has beyond what was taken; the last row only at the end, since it may go on.
    pub(super) fn feed(&mut self, source: &[u8], end: bool, look: Look) {
        if self.next == 0 && source.starts_with(b"\xef\xbb\xbf") {
            self.next = 3;
        }
        let from = self.next;
        let mut reader = self.reader(source.get(from..).unwrap_or_default());
        let mut record = ByteRecord::new();
        while let Ok(true) = reader.read_byte_record(&mut record) {
            let place = |at: u64| from + usize::try_from(at).unwrap_or_default();
            let stop = place(reader.position().byte());
            if stop >= source.len() && !end {
                break;
            }
            self.starts.push(record.position().map_or(from, |position| place(position.byte())));
            self.next = stop;
        }
        if !self.sampled && (self.starts.len() >= SAMPLE || end || !self.starts.is_empty()) {
            self.sample(source, look);
            self.sampled = self.starts.len() >= SAMPLE;
        }
    }

    fn reader<'a>(&self, source: &'a [u8]) -> csv::Reader<&'a [u8]> {
        ReaderBuilder::new().has_headers(false).flexible(true).delimiter(self.delimiter).from_reader(source)
    }

    /// At most `count` rows from the one that begins at `start`.
    fn read(&self, source: &[u8], start: usize, count: usize) -> Vec<Vec<String>> {
        let mut reader = self.reader(source.get(start..).unwrap_or_default());
        let mut record = ByteRecord::new();
        let mut rows = Vec::new();
        while rows.len() < count && matches!(reader.read_byte_record(&mut record), Ok(true)) {
            rows.push(record.iter().take(CELLS).map(|cell| String::from_utf8_lossy(cell).into_owned()).collect());
        }
        rows
    }

    fn sample(&mut self, source: &[u8], look: Look) {
        let Some(start) = self.starts.first().copied() else { return };
        let rows = self.read(source, start, SAMPLE.min(self.starts.len()));
        let is_number = |cell: &str| cell.trim().parse::<f64>().is_ok();
        let Some(first) = rows.first() else { return };
        self.named = rows.len() > 1 && first.iter().all(|cell| !cell.trim().is_empty() && !is_number(cell));
        let count = rows.iter().map(Vec::len).max().unwrap_or_default();
        let body = &rows[usize::from(self.named)..];
        self.columns = (0..count)
            .map(|number| {
                let name = match first.get(number).filter(|_| self.named) {
                    Some(name) => clean(name, look.ascii),
                    None => (number + 1).to_string(),
                };
                let cells = || body.iter().filter_map(|row| row.get(number)).filter(|cell| !cell.is_empty());
                let widest = cells().map(|cell| width(&clean(head(cell), look.ascii))).max().unwrap_or_default();
                let numbers = cells().next().is_some() && cells().all(|cell| is_number(cell));
                Column { width: widest.max(width(&name)).clamp(1, WIDEST), name, numbers }
            })
            .collect();
    }

    /// Makes the columns as wide as these rows need; none becomes narrower, so that nothing jumps.
    pub(super) fn widen(&mut self, source: &[u8], rows: std::ops::Range<usize>, look: Look) {
        let Some(start) = self.starts.get(rows.start + usize::from(self.named)).copied() else { return };
        for cells in self.read(source, start, rows.len()) {
            for (column, cell) in self.columns.iter_mut().zip(&cells) {
                column.width = column.width.max(width(&clean(head(cell), look.ascii)).min(WIDEST));
            }
        }
    }

    /// Rows, that of the names aside.
    pub(super) fn len(&self) -> usize {
        self.starts.len() - usize::from(self.named)
    }

    /// How far it can be moved to the left.
    pub(super) fn columns(&self) -> usize {
        self.columns.len()
    }

    /// The names and values of a row.
    pub(super) fn record(&self, source: &[u8], number: usize) -> Vec<(String, String)> {
        let Some(start) = self.starts.get(number + usize::from(self.named)) else { return Vec::new() };
        let row = self.read(source, *start, 1).pop().unwrap_or_default();
        let name =
            |number: usize| self.columns.get(number).map_or_else(|| (number + 1).to_string(), |c| c.name.clone());
        row.into_iter().enumerate().map(|(number, value)| (name(number), value)).collect()
    }

    pub(super) fn text(&self, source: &[u8], number: usize) -> String {
        let cells = self.record(source, number).into_iter().map(|(_, value)| value);
        cells.collect::<Vec<_>>().join(" ")
    }

    /// Draws the names and the rows on the screen, from column `left` on.
    pub(super) fn draw(
        &self,
        source: &[u8],
        cursor: Cursor,
        left: usize,
        area: Rect,
        target: &mut (&mut Buffer, Look),
        front: bool,
    ) {
        let (buffer, look) = (&mut *target.0, target.1);
        let cut = look.signs().cut;
        let columns = self.columns.get(left.min(self.columns.len())..).unwrap_or_default();
        let room = usize::from(area.width);
        let line = |cells: &dyn Fn(usize) -> Option<String>, role: Option<Role>| {
            let mut pen = Pen::new(look);
            pen.put(Role::Plain, " ");
            for (number, column) in columns.iter().enumerate() {
                let left_over = room.saturating_sub(pen.used());
                if left_over == 0 {
                    break;
                }
                let last = number + 1 == columns.len();
                let wide = if last && !column.numbers { left_over } else { column.width.min(left_over) };
                let cell = cells(left + number).unwrap_or_default();
                let text =
                    if column.numbers { pad_left(&fit(&cell, wide, cut), wide, cut) } else { pad(&cell, wide, cut) };
                let kind = if column.numbers { Role::Number } else { Role::Plain };
                pen.put(role.unwrap_or(kind), text).put(Role::Plain, "  ");
            }
            pen
        };
        line(&|number| self.columns.get(number).map(|column| column.name.clone()), Some(Role::Heading))
            .draw(row(area, 0), buffer);
        let body = Rect { y: area.y.saturating_add(1), height: area.height.saturating_sub(1), ..area };
        let window = cursor.window(self.len(), body.height);
        let Some(start) = self.starts.get(window.start + usize::from(self.named)) else { return };
        for (at, cells) in self.read(source, *start, window.len()).into_iter().enumerate() {
            let place = row(body, at);
            let cell = |number: usize| cells.get(number).map(|cell| clean(head(cell), look.ascii));
            line(&cell, None).draw(place, buffer);
            if window.start + at == cursor.at {
                buffer.set_style(place, look.selected(front));
            }
        }
    }
}

/// As much of a cell as a screen could show.
fn head(cell: &str) -> &str {
    cell.char_indices().nth(400).map_or(cell, |(end, _)| &cell[..end])
}

#[cfg(test)]
mod tests {
    use super::Sheet;
    use crate::look::{Look, Theme};

    const LOOK: Look = Look { theme: Theme::None, ascii: false };

    #[test]
    fn quoted_cells_hold_what_they_quote_and_pieces_make_the_same_rows() {
        let source = b"\xef\xbb\xbfid,note\r\n1,\"a, \"\"b\"\"\nc\"\r\n2,plain,more\r\n3,\"never closed, \r\n4,x";
        let mut whole = Sheet::new(b',');
        whole.feed(source, true, LOOK);
        assert_eq!(whole.len(), 3);
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        assert_eq!(whole.record(source, 0), [pair("id", "1"), pair("note", "a, \"b\"\nc")]);
        assert_eq!(whole.record(source, 1)[2], pair("3", "more"));
        assert_eq!(whole.record(source, 2)[1], pair("note", "never closed, \r\n4,x"));
        for at in 0..source.len() {
            let mut pieces = Sheet::new(b',');
            pieces.feed(&source[..at], false, LOOK);
            pieces.feed(source, true, LOOK);
            assert_eq!(pieces.starts, whole.starts, "cut at {at}");
        }
    }

    #[test]
    fn rows_without_names_are_counted_from_the_first() {
        let source = b"1\t2\n3\t\xff\n";
        let mut sheet = Sheet::new(b'\t');
        sheet.feed(source, true, LOOK);
        assert_eq!((sheet.len(), sheet.columns()), (2, 2));
        assert_eq!(sheet.record(source, 1)[1], ("2".to_owned(), "\u{fffd}".to_owned()));
        assert!(sheet.record(source, 2).is_empty());
    }
}
