//! The picture of a state. Nothing here changes anything.

mod banner;
mod calls;
mod columns;
mod detail;
mod empty;
mod footer;
mod latency;
pub mod layout;
pub mod pages;
mod status;

use ratatui::Frame;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};

use crate::look::{Look, Role};
use crate::state::State;
use crate::text::width;

/// Draws `state`.
pub fn draw(state: &State, frame: &mut Frame<'_>) {
    let size = frame.area();
    if size.width < state.size.0 || size.height < state.size.1 {
        // The terminal became smaller just now; the event that says so is on its way.
        return;
    }
    let areas = layout::areas(state);
    let buffer = frame.buffer_mut();
    banner::draw(state, areas.banner, buffer);
    status::draw(state, areas.status, buffer);
    footer::draw(state, areas.footer, buffer);
    if state.help.is_some() {
        pages::draw(state, pages::area(state), buffer);
    } else if state.detail.is_some() {
        detail::draw(state, areas.calls, buffer);
    } else {
        status::draw_summary(state, areas.summary, buffer);
        if state.calls.is_empty() && areas.calls.height > 0 {
            empty::draw(state, areas.calls, buffer);
        } else {
            calls::draw(state, areas.calls, buffer);
        }
        latency::draw(state, areas.latencies, buffer);
    }
    if let Some(column) = status::cursor(state)
        && areas.status.height > 0
        && column < areas.status.width
    {
        frame.set_cursor_position((areas.status.x + column, areas.status.y));
    }
}

/// A row that is put together piece by piece, from the left.
struct Pen<'a> {
    look: Look,
    line: Line<'a>,
    used: usize,
}

impl Pen<'_> {
    fn new(look: Look) -> Self {
        Self { look, line: Line::default(), used: 0 }
    }

    /// Text that is safe to show.
    fn put(&mut self, role: Role, text: impl Into<String>) -> &mut Self {
        let style = self.look.style(role);
        self.styled(style, text)
    }

    fn styled(&mut self, style: Style, text: impl Into<String>) -> &mut Self {
        let text = text.into();
        self.used += width(&text);
        self.line.push_span(Span::styled(text, style));
        self
    }

    /// Columns used so far.
    fn used(&self) -> usize {
        self.used
    }

    /// Draws the row at the top of `area`, as far as there is room.
    fn draw(&self, area: Rect, buffer: &mut Buffer) {
        if area.height > 0 && area.width > 0 {
            buffer.set_line(area.x, area.y, &self.line, area.width);
        }
    }
}

/// The row `number` of `area`.
fn row(area: Rect, number: usize) -> Rect {
    let number = u16::try_from(number).unwrap_or(u16::MAX);
    Rect { y: area.y.saturating_add(number), height: u16::from(number < area.height), ..area }
}

/// What is visible of so many rows from `top` on, in an area of `height` rows.
fn window(rows: usize, top: usize, height: u16) -> std::ops::Range<usize> {
    top.min(rows)..top.saturating_add(usize::from(height)).min(rows)
}
