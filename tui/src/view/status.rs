//! The second row: the filter, and whether the list goes along; below it the latency of what is shown.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::Pen;
use crate::keys::Scope;
use crate::look::Role;
use crate::state::{Following, State};
use crate::stats::{Summary, heights};
use crate::text::{clean, fit, width};
use footbridge_record::time::duration;

pub(super) fn draw(state: &State, area: Rect, buffer: &mut Buffer) {
    let look = state.look;
    let columns = usize::from(area.width);
    let mut pen = Pen::new(look);
    if let Some(input) = &state.input {
        let (text, _) = typed(state);
        pen.put(Role::Accent, "/").put(Role::Plain, text);
        if let Some(error) = &input.error {
            pen.put(Role::Bad, format!("  {}", clean(error, look.ascii)));
        } else if input.text.is_empty() {
            pen.put(Role::Dim, "service:s3 status:err >100ms table:orders text");
        }
        pen.draw(area, buffer);
        return;
    }
    if let Some(notice) = &state.notice {
        pen.put(Role::Warning, fit(&clean(notice, look.ascii), columns, look.signs().cut)).draw(area, buffer);
        return;
    }
    let (role, going) = going(state);
    pen.put(role, going);
    if state.list.errors_only {
        pen.put(Role::Bad, "  errors only");
    }
    if !state.list.filter_text.is_empty() {
        pen.put(Role::Dim, "  /").put(Role::Accent, clean(&state.list.filter_text, look.ascii));
    }
    if !state.list.filter_text.is_empty() || state.list.errors_only {
        pen.put(Role::Dim, format!("  {} of {}", state.list.shown.len(), state.calls.len()));
    }
    if let Some(pressed) = &state.pressed {
        pen.put(Role::Dim, format!("  {pressed}"));
    }
    pen.draw(area, buffer);
}

/// Whether the list goes along with what is new, in words.
fn going(state: &State) -> (Role, String) {
    let new = |count: usize| if count == 0 { String::new() } else { format!(", {count} new") };
    match (&state.held, state.list.following) {
        (Some(held), _) => {
            let hint = if state.detail.is_none() { " (Space goes on)" } else { "" };
            (Role::Warning, format!("frozen{}{hint}", new(held.len())))
        }
        (None, Following::Yes) => (Role::Good, "following".to_owned()),
        (None, Following::Paused { new: count }) => {
            // In an open call, G goes elsewhere.
            let hint = if state.scope() == Scope::Calls { " (G follows)" } else { "" };
            (Role::Warning, format!("paused{}{hint}", new(count)))
        }
    }
}

/// The typed text, and the column of the cursor after the leading `/`.
fn typed(state: &State) -> (String, usize) {
    let Some(input) = &state.input else { return (String::new(), 0) };
    let ascii = state.look.ascii;
    let room = usize::from(state.size.0).saturating_sub(2);
    let (head, tail) = input.text.split_at(input.at);
    let mut head = clean(head, ascii);
    // What is being typed stays in sight.
    while width(&head) > room && !head.is_empty() {
        head.remove(0);
    }
    let at = width(&head);
    (head + &clean(tail, ascii), at)
}

/// The column of the cursor, while something is typed.
pub(super) fn cursor(state: &State) -> Option<u16> {
    state.input.as_ref()?;
    u16::try_from(typed(state).1 + 1).ok()
}

pub(super) fn draw_summary(state: &State, area: Rect, buffer: &mut Buffer) {
    if state.calls.is_empty() {
        return;
    }
    let mut pen = Pen::new(state.look);
    let summary = &state.stats.all;
    pen.put(Role::Dim, "latency ");
    for (name, value) in [("p50", summary.p50), ("p95", summary.p95), ("p99", summary.p99)] {
        pen.put(Role::Dim, format!(" {name} ")).put(Role::Plain, value.map_or("-".to_owned(), duration));
    }
    pen.put(Role::Plain, "  ");
    let room = usize::from(area.width).saturating_sub(pen.used() + 1).min(80);
    pen.put(Role::Accent, bars(summary, room, state));
    pen.draw(area, buffer);
}

/// The latest durations as bars.
pub(super) fn bars(summary: &Summary, columns: usize, state: &State) -> String {
    heights(&summary.recent, columns).into_iter().map(|height| state.look.signs().bars[height.min(7)]).collect()
}
