//! A row that is put together piece by piece, from the left.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};

use crate::look::{Look, Role};
use crate::text::{clean, width};

/// A row under way.
pub(crate) struct Pen<'a> {
    look: Look,
    line: Line<'a>,
    used: usize,
}

impl Pen<'_> {
    pub(crate) fn new(look: Look) -> Self {
        Self { look, line: Line::default(), used: 0 }
    }

    /// Text of ours, which is safe to show.
    pub(crate) fn put(&mut self, role: Role, text: impl Into<String>) -> &mut Self {
        self.styled(self.look.style(role), text)
    }

    /// Text of strangers.
    pub(crate) fn quote(&mut self, role: Role, text: &str) -> &mut Self {
        let text = clean(text, self.look.ascii);
        self.put(role, text)
    }

    pub(crate) fn styled(&mut self, style: Style, text: impl Into<String>) -> &mut Self {
        let text = text.into();
        self.used += width(&text);
        self.line.push_span(Span::styled(text, style));
        self
    }

    /// Fills with spaces up to `column`.
    pub(crate) fn to(&mut self, column: usize) -> &mut Self {
        let gap = column.saturating_sub(self.used);
        self.put(Role::Plain, " ".repeat(gap))
    }

    /// Columns used so far.
    pub(crate) fn used(&self) -> usize {
        self.used
    }

    /// Draws the row at the top of `area`, as far as there is room.
    pub(crate) fn draw(&self, area: Rect, buffer: &mut Buffer) {
        let area = area.intersection(buffer.area);
        if area.height > 0 && area.width > 0 {
            buffer.set_line(area.x, area.y, &self.line, area.width);
        }
    }
}

/// The row `number` of `area`; of no height where there is none.
pub(crate) fn row(area: Rect, number: usize) -> Rect {
    let inside = number < usize::from(area.height);
    let number = u16::try_from(number).unwrap_or(u16::MAX);
    Rect { y: area.y.saturating_add(number), height: u16::from(inside), ..area }
}
