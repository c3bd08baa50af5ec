//! The pictures of the calls. Nothing here changes anything.

mod columns;
mod detail;
mod empty;
mod latency;
mod list;

pub(super) use columns::{Column, columns};
pub(super) use detail::{chip_at, draw as draw_detail, draw_preview};
pub(super) use empty::draw as draw_empty;
pub(super) use latency::{draw as draw_latency, summary};
pub(super) use list::{Picture, draw as draw_list};

use crate::look::Look;
use crate::text::clean;

/// Bars of these heights.
fn bars(heights: &[usize], look: Look) -> String {
    heights.iter().filter_map(|height| look.signs().bars.get(*height)).copied().collect()
}

/// A part of a row, safe to show: the signs that the record crate puts in are turned into ASCII as well.
fn part(text: &str, look: Look) -> String {
    if look.ascii {
        let signs = look.signs();
        return clean(&text.replace('·', signs.dot).replace('…', signs.cut), true);
    }
    clean(text, false)
}
