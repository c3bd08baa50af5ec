//! Rows in columns, below a heading.

use footbridge_record::text::visible;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::{Cursor, Pen, row};
use crate::look::{Look, Role};
use crate::text::{clean, fit_middle, pad, pad_left, width};

/// A column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Column<K> {
    /// Which one.
    pub(crate) key: K,
    /// Its heading.
    pub(crate) title: &'static str,
    /// Its width; the one that may grow takes what is left over.
    pub(crate) width: u16,
    /// Whether it takes what is left over.
    pub(crate) grows: bool,
    /// Whether its text stands on the right.
    pub(crate) right: bool,
    /// Lists narrower than this do without it.
    pub(crate) from: u16,
}

/// A cell: text of strangers, and what it is.
#[derive(Debug, Clone)]
pub(crate) struct Cell {
    pub(crate) role: Role,
    pub(crate) text: String,
}

impl Cell {
    pub(crate) fn new(role: Role, text: impl Into<String>) -> Self {
        Self { role, text: text.into() }
    }
}

/// The columns that a list of `width` has room for, with their widths; one space is between them. Those that lists of any
/// width have stay, and may be cut.
pub(crate) fn fitting<K: Copy>(columns: &[Column<K>], width: u16) -> Vec<(Column<K>, usize)> {
    let mut shown: Vec<Column<K>> = columns.iter().filter(|column| width >= column.from).copied().collect();
    let needed = |shown: &[Column<K>]| shown.iter().map(|column| usize::from(column.width) + 1).sum::<usize>();
    // Rather no column than half of one: the last of those that only wide lists have goes first.
    while needed(&shown) > usize::from(width) + 1
        && let Some(least) = shown.iter().map(|column| column.from).max().filter(|from| *from > 0)
    {
        let at = shown.iter().rposition(|column| column.from == least).unwrap_or_default();
        shown.remove(at);
    }
    let used = needed(&shown);
    let left = (usize::from(width) + 1).saturating_sub(used);
    let growing = shown.iter().filter(|column| column.grows).count().max(1);
    shown
        .into_iter()
        .map(|column| {
            let more = if column.grows { left / growing } else { 0 };
            (column, usize::from(column.width) + more)
        })
        .collect()
}

/// The columns no wider than what stands in them, in these rows.
pub(crate) fn snug<K: Copy>(
    columns: &[Column<K>],
    rows: std::ops::Range<usize>,
    cell: impl Fn(usize, K) -> Cell,
) -> Vec<Column<K>> {
    let wanted = |column: &Column<K>| {
        let texts = rows.clone().map(|number| width(&visible(&cell(number, column.key).text)));
        u16::try_from(texts.max().unwrap_or_default().max(width(column.title))).unwrap_or(u16::MAX)
    };
    columns.iter().map(|column| Column { width: column.width.min(wanted(column)), ..*column }).collect()
}

/// How a table is drawn.
pub(crate) struct Table<'a, K> {
    pub(crate) look: Look,
    /// From [`fitting`].
    pub(crate) columns: &'a [(Column<K>, usize)],
    /// Which column rows are sorted by.
    pub(crate) sorted: Option<K>,
    /// Which row is selected, and which are on the screen.
    pub(crate) cursor: Cursor,
    /// How many rows there are.
    pub(crate) rows: usize,
    /// Whether keys go to it.
    pub(crate) front: bool,
}

impl<K: Copy + PartialEq> Table<'_, K> {
    /// Draws the heading in the first row of `area` and below it the rows, whose cells `cell` gives.
    pub(crate) fn draw(&self, area: Rect, buffer: &mut Buffer, cell: impl Fn(usize, K) -> Cell) {
        self.draw_rows(area, buffer, |number| self.row(number, &cell));
    }

    /// The same, where rows are more than cells of one role.
    pub(crate) fn draw_rows<'p>(&self, area: Rect, buffer: &mut Buffer, line: impl Fn(usize) -> Pen<'p>) {
        self.heading().draw(row(area, 0), buffer);
        let body = Rect { y: area.y.saturating_add(1), height: area.height.saturating_sub(1), ..area };
        for (at, number) in self.cursor.window(self.rows, body.height).enumerate() {
            let place = row(body, at);
            line(number).draw(place, buffer);
            if number == self.cursor.at {
                buffer.set_style(place, self.look.selected(self.front));
            }
        }
    }

    fn heading<'p>(&self) -> Pen<'p> {
        let sign = self.look.signs().sorted;
        let mut pen = Pen::new(self.look);
        for (column, width) in self.columns {
            let sorted = self.sorted == Some(column.key);
            let title = match (sorted, column.title) {
                (false, title) => title.to_owned(),
                (true, "") => sign.to_owned(),
                (true, title) => format!("{title} {sign}"),
            };
            let text = if column.right { pad_left(&title, *width, "") } else { pad(&title, *width, "") };
            pen.put(if sorted { Role::Accent } else { Role::Heading }, text + " ");
        }
        pen
    }

    fn row<'p>(&self, number: usize, cell: &impl Fn(usize, K) -> Cell) -> Pen<'p> {
        let cut = self.look.signs().cut;
        let mut pen = Pen::new(self.look);
        for (column, width) in self.columns {
            let Cell { role, text } = cell(number, column.key);
            let text = clean(&text, self.look.ascii);
            let text = if column.right {
                pad_left(&text, *width, cut)
            } else if column.grows {
                pad(&fit_middle(&text, *width, cut), *width, cut)
            } else {
                pad(&text, *width, cut)
            };
            pen.put(role, text + " ");
        }
        pen
    }
}

/// The column whose heading was clicked, in the first row of `area`.
pub(crate) fn clicked_heading<K: Copy>(
    area: Rect,
    columns: &[(Column<K>, usize)],
    (column, line): (u16, u16),
) -> Option<K> {
    if line != area.y || area.height == 0 || column >= area.right() {
        return None;
    }
    let mut at = usize::from(column.checked_sub(area.x)?);
    for (column, width) in columns {
        if at <= *width {
            return Some(column.key);
        }
        at -= width + 1;
    }
    None
}

/// Which row was clicked, of those in `area` below the heading.
pub(crate) fn clicked(area: Rect, cursor: Cursor, rows: usize, (column, line): (u16, u16)) -> Option<usize> {
    let inside = column >= area.x && column < area.right() && line > area.y && line < area.bottom();
    let number = cursor.top + usize::from(line.saturating_sub(area.y + 1));
    (inside && number < rows).then_some(number)
}
