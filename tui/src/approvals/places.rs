//! What goes where, at any size.

use ratatui::layout::Rect;

use crate::widget::{inside, split_columns, split_rows};

/// Columns from which the selected request stands beside the list.
const WIDE: u16 = 140;

/// Rows from which it stands below it.
const TALL: u16 = 14;

/// Rows and columns that a request needs for a person to see what it asks for.
pub(super) const ENOUGH: u16 = 8;
pub(super) const WIDE_ENOUGH: u16 = 40;

/// Rows of a request above its text: target and standing.
const HEAD: u16 = 2;

/// Where things go; what there is no room for has no rows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Places {
    /// The requests.
    pub(super) list: Rect,
    /// The selected one.
    pub(super) detail: Rect,
}

/// The places in `area`, where keys go to the request or to the list. They hang on nothing else: what comes and goes does
/// not move what a person looks at.
pub(super) fn places(area: Rect, opened: bool) -> Places {
    if area.width >= WIDE {
        let [list, detail] = split_columns(area, area.width * 2 / 5);
        return Places { list, detail };
    }
    if opened {
        return Places { list: Rect::default(), detail: area };
    }
    if area.height < TALL {
        return Places { list: area, detail: Rect::default() };
    }
    let [list, detail] = split_rows(area, (area.height / 3).clamp(6, 14));
    Places { list, detail }
}

/// The request's head and its text, within its pane.
pub(super) fn parts(detail: Rect) -> [Rect; 2] {
    split_rows(inside(detail), HEAD)
}

/// The request's text.
pub(super) fn document(detail: Rect) -> Rect {
    parts(detail)[1]
}
