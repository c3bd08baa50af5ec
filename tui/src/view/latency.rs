//! How long each tool and operation takes.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::{Pen, row, status, window};
use crate::look::Role;
use crate::state::{Pane, State};
use crate::text::{clean, pad};
use footbridge_record::time::duration;

const NAME: usize = 24;

pub(super) fn draw(state: &State, area: Rect, buffer: &mut Buffer) {
    if area.height == 0 || state.stats.tools.is_empty() {
        return;
    }
    let mut pen = Pen::new(state.look);
    let role = if state.pane == Pane::Latency { Role::Accent } else { Role::Dim };
    pen.put(role, pad("LATENCY OF", NAME, ""));
    for title in ["CALLS", "WRONG", "P50", "P95", "P99"] {
        pen.put(Role::Dim, format!(" {title:>7}"));
    }
    pen.put(Role::Dim, "  LATEST").draw(row(area, 0), buffer);
    let rows = Rect { y: area.y + 1, height: area.height - 1, ..area };
    let top = (state.tool + 1).saturating_sub(usize::from(rows.height));
    for (line, number) in window(state.stats.tools.len(), top, rows.height).enumerate() {
        let place = row(rows, line);
        one(state, number).draw(place, buffer);
        if number == state.tool && state.pane == Pane::Latency {
            buffer.set_style(place, state.look.selected());
        }
    }
}

fn one<'a>(state: &State, number: usize) -> Pen<'a> {
    let look = state.look;
    let (name, summary) = &state.stats.tools[number];
    let mut pen = Pen::new(look);
    pen.put(Role::Plain, pad(&clean(name, look.ascii), NAME, look.signs().cut));
    pen.put(Role::Plain, format!(" {:>7}", summary.calls));
    let wrong = if summary.bad == 0 { String::new() } else { summary.bad.to_string() };
    pen.put(Role::Bad, format!(" {wrong:>7}"));
    for value in [summary.p50, summary.p95, summary.p99] {
        pen.put(Role::Plain, format!(" {:>7}", value.map_or("-".to_owned(), duration)));
    }
    let room = usize::from(state.size.0).saturating_sub(pen.used() + 3).min(60);
    pen.put(Role::Plain, "  ").put(Role::Accent, status::bars(summary, room, state));
    pen
}
