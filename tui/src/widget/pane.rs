//! A titled box.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Color, Modifier, Style};
use ratatui::symbols::border;
use ratatui::widgets::{Block, Borders, Widget as _};

use super::{Pen, row};
use crate::look::{Look, Role};
use crate::text::{clean, fit, fit_middle, width};

/// Below so many columns or rows there is no room for borders: a list needs its heading and a row.
const NARROW: u16 = 16;
const LOW: u16 = 4;

/// Over something else a frame sets it off as long as there is a row within.
const LEAST: u16 = 3;

const ASCII: border::Set<'_> = border::Set {
    top_left: "+",
    top_right: "+",
    bottom_left: "+",
    bottom_right: "+",
    vertical_left: "|",
    vertical_right: "|",
    horizontal_top: "-",
    horizontal_bottom: "-",
};

/// A titled box.
#[derive(Debug, Clone, Default)]
pub(crate) struct Pane {
    /// What it shows.
    pub(crate) title: String,
    /// What stands at the right of the title, where there is room.
    pub(crate) note: String,
    /// Whether keys go to it.
    pub(crate) front: bool,
}

/// What is within a pane that takes `area`: where there is little room, only the row of its title goes off.
pub(crate) fn inside(area: Rect) -> Rect {
    within(area, LOW)
}

fn within(area: Rect, low: u16) -> Rect {
    if area.width < NARROW || area.height < low {
        let top = area.height.min(1);
        return Rect { y: area.y + top, height: area.height - top, ..area };
    }
    Rect { x: area.x + 1, y: area.y + 1, width: area.width - 2, height: area.height - 2 }
}

impl Pane {
    /// Draws the box, and gives what is within.
    pub(crate) fn draw(&self, area: Rect, buffer: &mut Buffer, look: Look) -> Rect {
        self.draw_round(inside(area), area, buffer, look)
    }

    /// The same, where it stands over something else.
    pub(crate) fn draw_over(&self, area: Rect, buffer: &mut Buffer, look: Look) -> Rect {
        self.draw_round(within(area, LEAST), area, buffer, look)
    }

    fn draw_round(&self, inner: Rect, area: Rect, buffer: &mut Buffer, look: Look) -> Rect {
        let role = if self.front { Role::Front } else { Role::Border };
        let bordered = inner.x > area.x;
        let set = if look.ascii { ASCII } else { border::ROUNDED };
        // Without room for all of it, the edge that bears the title stays.
        let borders = if bordered { Borders::ALL } else { Borders::TOP };
        Block::new().borders(borders).border_set(set).border_style(look.style(role)).render(area, buffer);
        let gap = if bordered { 2 } else { area.width.min(1) };
        let (left, room) = (area.x + gap, area.width.saturating_sub(2 * gap));
        let columns = usize::from(room);
        let cut = look.signs().cut;
        let title = fit_middle(&clean(&self.title, look.ascii), columns.saturating_sub(2), cut);
        let mut pen = Pen::new(look);
        // The border's colour does not shine through: a title is to be read.
        let style = if self.front { look.style(Role::Front) } else { Style::new().fg(Color::Reset) };
        let style = style.remove_modifier(Modifier::DIM).add_modifier(Modifier::BOLD);
        pen.styled(style, format!(" {title} "));
        pen.draw(Rect { x: left, width: room, height: area.height.min(1), ..area }, buffer);
        let left_over = columns.saturating_sub(pen.used() + 1);
        if !self.note.is_empty() && left_over > 6 {
            let note = fit(&clean(&self.note, look.ascii), left_over - 2, cut);
            let mut pen = Pen::new(look);
            pen.put(Role::Dim, format!(" {note} "));
            let taken = u16::try_from(width(&note) + 2).unwrap_or(room).min(room);
            pen.draw(Rect { x: left + room - taken, width: taken, ..row(area, 0) }, buffer);
        }
        inner
    }
}

/// `area` in two beside each other, the left of so many columns.
pub(crate) fn split_columns(area: Rect, left: u16) -> [Rect; 2] {
    let left = left.min(area.width);
    [Rect { width: left, ..area }, Rect { x: area.x + left, width: area.width - left, ..area }]
}

/// `area` in two below each other, the upper of so many rows.
pub(crate) fn split_rows(area: Rect, upper: u16) -> [Rect; 2] {
    let upper = upper.min(area.height);
    [Rect { height: upper, ..area }, Rect { y: area.y + upper, height: area.height - upper, ..area }]
}

#[cfg(test)]
mod tests {
    use ratatui::buffer::Buffer;
    use ratatui::layout::Rect;

    use super::{Pane, inside};
    use crate::look::{Look, Theme};

    const LOOK: Look = Look { theme: Theme::None, ascii: false };

    /// The rows of a pane of this size, and what is within it.
    fn drawn(columns: u16, rows: u16, over: bool) -> (Vec<String>, Rect) {
        let area = Rect::new(0, 0, columns, rows);
        let mut buffer = Buffer::empty(area);
        let pane = Pane { title: "Log".into(), note: String::new(), front: true };
        let inner = if over { pane.draw_over(area, &mut buffer, LOOK) } else { pane.draw(area, &mut buffer, LOOK) };
        let row = |y| (0..columns).map(|x| buffer[(x, y)].symbol()).collect();
        ((0..rows).map(row).collect(), inner)
    }

    #[test]
    fn a_small_pane_keeps_its_frame_and_a_smaller_one_the_edge_with_its_title() {
        let (rows, inner) = drawn(16, 4, false);
        assert_eq!(rows, ["╭─ Log ────────╮", "│              │", "│              │", "╰──────────────╯"]);
        assert_eq!(inner, Rect::new(1, 1, 14, 2));
        let (rows, inner) = drawn(16, 3, false);
        assert_eq!(rows[0], "─ Log ──────────");
        assert_eq!(inner, Rect::new(0, 1, 16, 2));
        assert_eq!(inner, inside(Rect::new(0, 0, 16, 3)));
        let (rows, inner) = drawn(16, 3, true);
        assert_eq!(rows[1], "│              │", "over something else there is always a frame");
        assert_eq!(inner, Rect::new(1, 1, 14, 1));
        for (columns, rows) in [(1, 1), (2, 9), (9, 1), (9, 0), (0, 9)] {
            drawn(columns, rows, false);
            drawn(columns, rows, true);
        }
    }
}
