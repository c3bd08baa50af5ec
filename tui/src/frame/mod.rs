//! What stands round every view: which side one is looking at, the tabs, the keys.

mod foot;
mod top;

use ratatui::layout::Rect;

pub(crate) use foot::{draw_keys, draw_line, draw_notice, draw_pressed, footer_keys, key_at};
pub(crate) use top::{draw_top, tab_at};

/// Rows that the top takes: the target, and the tabs where there is room for them.
fn top_rows(height: u16) -> u16 {
    match height {
        0 | 1 => 0,
        2..=7 => 1,
        _ => 2,
    }
}

/// The view's place.
pub(crate) fn body((width, height): (u16, u16)) -> Rect {
    let top = top_rows(height);
    let foot = u16::from(height >= 4);
    Rect { x: 0, y: top, width, height: height.saturating_sub(top + foot) }
}

/// The row of keys; what is being typed stands there even where there is no room for keys.
pub(crate) fn footer((width, height): (u16, u16)) -> Rect {
    Rect { x: 0, y: height.saturating_sub(1), width, height: height.min(1) }
}
