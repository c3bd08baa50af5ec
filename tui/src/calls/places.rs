//! What goes where, at any size.

use ratatui::layout::Rect;

use super::document::Part;
use crate::widget::{inside, split_columns, split_rows};

/// Columns from which the selected call stands beside the list.
pub(super) const WIDE: u16 = 140;

/// Columns from which request and response stand beside each other.
pub(super) const BOTH: u16 = 120;

/// Rows from which the latencies have a pane of their own below the calls.
const TALL: u16 = 26;

/// Where things go; what there is no room for has no rows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Places {
    /// The calls.
    pub(super) list: Rect,
    /// The latency of each tool.
    pub(super) latency: Rect,
    /// The selected call.
    pub(super) preview: Rect,
}

/// The places in `area`, with so many tools, where keys go to the latencies or not.
pub(super) fn places(area: Rect, tools: usize, in_latency: bool) -> Places {
    if tools == 0 {
        return Places { list: area, ..Places::default() };
    }
    if area.height < TALL && in_latency {
        return Places { latency: area, ..Places::default() };
    }
    let (left, preview) = if area.width >= WIDE {
        let [left, preview] = split_columns(area, area.width - area.width * 3 / 7);
        (left, preview)
    } else {
        (area, Rect::default())
    };
    if area.height < TALL {
        return Places { list: left, preview, latency: Rect::default() };
    }
    // Borders and heading.
    let wanted = u16::try_from(tools).unwrap_or(u16::MAX).saturating_add(3);
    let most = if in_latency { area.height * 2 / 3 } else { area.height / 3 };
    let [list, latency] = split_rows(left, area.height - wanted.min(most));
    Places { list, latency, preview }
}

/// Rows of a list below its heading.
pub(super) fn rows(area: Rect) -> usize {
    usize::from(inside(area).height.saturating_sub(1))
}

/// An open call: its head, and the place of each part that is shown.
pub(super) fn detail(area: Rect, part: Part) -> (Rect, [Rect; 4]) {
    let head = if area.height >= 14 { 4 } else { area.height.min(1) };
    let [head, body] = split_rows(area, head);
    let mut parts = [Rect::default(); 4];
    if area.width >= BOTH && matches!(part, Part::Request | Part::Response) {
        [parts[0], parts[1]] = split_columns(body, body.width / 2);
    } else {
        parts[part.number()] = body;
    }
    (head, parts)
}
