//! What goes where, at any size.

use ratatui::layout::Rect;

use crate::state::{Pane, State};

/// Rows from which the latencies have a table of their own beside the calls.
const TALL: u16 = 30;

/// Rows of that table, its heading among them.
const LATENCIES: u16 = 9;

/// Where things go; what there is no room for has no rows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Areas {
    /// What one looks at: LOCAL, AWS or CUSTOM.
    pub banner: Rect,
    /// Filter and following.
    pub status: Rect,
    /// All latencies on one line.
    pub summary: Rect,
    /// The calls, their heading in the first row.
    pub calls: Rect,
    /// The latency of each tool.
    pub latencies: Rect,
    /// The keys.
    pub footer: Rect,
}

/// The areas of the screen.
#[must_use]
pub fn areas(state: &State) -> Areas {
    let (width, height) = state.size;
    let mut rest = Rect::new(0, 0, width, height);
    let mut areas = Areas::default();
    if height >= 2 {
        areas.banner = take_top(&mut rest, 1);
    }
    if height >= 4 {
        areas.footer = take_bottom(&mut rest, 1);
    }
    // While a filter is typed, its line comes before everything else.
    if height >= 6 || state.input.is_some() {
        areas.status = take_top(&mut rest, 1);
    }
    if height >= 10 && state.detail.is_none() {
        areas.summary = take_top(&mut rest, 1);
    }
    if height >= TALL && state.detail.is_none() {
        areas.latencies = take_bottom(&mut rest, LATENCIES);
        areas.calls = rest;
    } else if state.pane == Pane::Latency && state.detail.is_none() {
        areas.latencies = rest;
    } else {
        areas.calls = rest;
    }
    areas
}

/// Rows that calls have, below their heading.
#[must_use]
pub fn list_rows(state: &State) -> usize {
    usize::from(areas(state).calls.height.saturating_sub(1))
}

/// Rows that tools have in the table of latencies, below its heading.
#[must_use]
pub fn latency_rows(state: &State) -> usize {
    usize::from(areas(state).latencies.height.saturating_sub(1))
}

/// Columns and rows of an open call's text, below its two headings.
#[must_use]
pub fn detail_size(state: &State) -> (usize, usize) {
    let body = detail_body(areas(state).calls);
    // The first two columns show the cursor and what folds.
    (usize::from(body.width.saturating_sub(4)), usize::from(body.height))
}

/// Where an open call's text goes within the place of the calls.
#[must_use]
pub fn detail_body(calls: Rect) -> Rect {
    let mut rest = calls;
    take_top(&mut rest, 2);
    rest
}

fn take_top(rest: &mut Rect, rows: u16) -> Rect {
    let rows = rows.min(rest.height);
    let taken = Rect { height: rows, ..*rest };
    (rest.y, rest.height) = (rest.y + rows, rest.height - rows);
    taken
}

fn take_bottom(rest: &mut Rect, rows: u16) -> Rect {
    let rows = rows.min(rest.height);
    rest.height -= rows;
    Rect { y: rest.y + rest.height, height: rows, ..*rest }
}
