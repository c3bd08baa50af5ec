//! NDJSON: a value a line, each on one row; one of them opens.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use serde_json::Value;

use crate::json::Pieces;
use crate::look::{Look, Role};
use crate::text::{clean, split, width};
use crate::widget::{Cursor, Pen, row};

/// Lines longer than this are shown as text.
const LONG: usize = 64 * 1024;

/// Where each line is.
#[derive(Debug, Default)]
pub(super) struct Lines {
    lines: Vec<(usize, usize)>,
    next: usize,
}

impl Lines {
    /// Takes what `source` has beyond what was taken; the last line only at the end, since it may go on.
    pub(super) fn feed(&mut self, source: &[u8], end: bool) {
        while self.next < source.len() {
            let rest = &source[self.next..];
            let stop = match rest.iter().position(|byte| *byte == b'\n') {
                Some(at) => self.next + at,
                None if end => source.len(),
                None => return,
            };
            if !source[self.next..stop].trim_ascii().is_empty() {
                self.lines.push((self.next, stop));
            }
            self.next = stop + 1;
        }
    }

    pub(super) fn len(&self) -> usize {
        self.lines.len()
    }

    fn bytes<'a>(&self, source: &'a [u8], number: usize) -> &'a [u8] {
        self.lines.get(number).and_then(|(start, end)| source.get(*start..*end)).unwrap_or_default().trim_ascii()
    }

    /// The value of a line, where it is one.
    pub(super) fn value(&self, source: &[u8], number: usize) -> Option<Value> {
        serde_json::from_slice(self.bytes(source, number)).ok()
    }

    pub(super) fn text(&self, source: &[u8], number: usize) -> String {
        String::from_utf8_lossy(self.bytes(source, number)).into_owned()
    }

    pub(super) fn draw(
        &self,
        source: &[u8],
        cursor: Cursor,
        area: Rect,
        target: &mut (&mut Buffer, Look),
        front: bool,
    ) {
        let (buffer, look) = (&mut *target.0, target.1);
        let room = usize::from(area.width).saturating_sub(1);
        for (at, number) in cursor.window(self.len(), area.height).enumerate() {
            let bytes = self.bytes(source, number);
            let mut pieces = Pieces::new();
            if let Ok(value) = serde_json::from_slice(&bytes[..bytes.len().min(LONG)]) {
                inline(&value, room, look, &mut pieces);
            } else {
                let head = &bytes[..bytes.len().min(room * 4)];
                pieces.push((Role::Warning, clean(&String::from_utf8_lossy(head), look.ascii)));
            }
            let mut pen = Pen::new(look);
            pen.put(Role::Plain, " ");
            for (role, text) in pieces {
                let left = room.saturating_sub(pen.used());
                if width(&text) > left {
                    pen.put(role, split(&text, left).0).put(Role::Dim, look.signs().cut);
                    break;
                }
                pen.put(role, text);
            }
            let place = row(area, at);
            pen.draw(place, buffer);
            if number == cursor.at {
                buffer.set_style(place, look.selected(front));
            }
        }
    }
}

/// `value` on one line; about as much of it as goes into `room` columns.
fn inline(value: &Value, room: usize, look: Look, pieces: &mut Pieces) {
    let mut writer = Inline { room, look, pieces, used: 0 };
    writer.value(value);
}

struct Inline<'a> {
    room: usize,
    look: Look,
    pieces: &'a mut Pieces,
    used: usize,
}

impl Inline<'_> {
    fn put(&mut self, role: Role, text: String) {
        self.used += width(&text);
        self.pieces.push((role, text));
    }

    fn is_full(&self) -> bool {
        self.used > self.room
    }

    fn string(&mut self, role: Role, text: &str) {
        let end = text.char_indices().nth(self.room + 1).map_or(text.len(), |(end, _)| end);
        self.put(role, format!("\"{}\"", clean(&text[..end], self.look.ascii)));
    }

    fn value(&mut self, value: &Value) {
        match value {
            Value::Object(members) => {
                self.put(Role::Dim, "{".into());
                for (number, (name, value)) in members.iter().enumerate() {
                    if self.is_full() {
                        return;
                    }
                    if number > 0 {
                        self.put(Role::Dim, ", ".into());
                    }
                    self.string(Role::Name, name);
                    self.put(Role::Dim, ": ".into());
                    self.value(value);
                }
                self.put(Role::Dim, "}".into());
            }
            Value::Array(items) => {
                self.put(Role::Dim, "[".into());
                for (number, value) in items.iter().enumerate() {
                    if self.is_full() {
                        return;
                    }
                    if number > 0 {
                        self.put(Role::Dim, ", ".into());
                    }
                    self.value(value);
                }
                self.put(Role::Dim, "]".into());
            }
            Value::String(text) => self.string(Role::Text, text),
            other => self.put(Role::Number, other.to_string()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Lines;

    #[test]
    fn each_line_is_a_value_or_not() {
        let source = b"{\"a\": 1}\r\n\n not json\n[2]";
        let mut lines = Lines::default();
        lines.feed(source, false);
        assert_eq!(lines.len(), 2);
        lines.feed(source, true);
        assert_eq!(lines.len(), 3);
        assert_eq!(lines.value(source, 0), Some(serde_json::json!({"a": 1})));
        assert_eq!((lines.value(source, 1), lines.value(source, 9)), (None, None));
        assert_eq!((lines.text(source, 1), lines.text(source, 2)), ("not json".to_owned(), "[2]".to_owned()));
    }
}
