//! The list of calls.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::columns::{Column, fitting};
use super::{Pen, row, window};
use crate::look::Role;
use crate::model::{Call, Status};
use crate::state::{Pane, State};
use crate::text::{clean, fit, fit_middle, pad, pad_left, width};
use footbridge_record::time;

pub(super) fn draw(state: &State, area: Rect, buffer: &mut Buffer) {
    let columns = fitting(state, usize::from(area.width));
    heading(state, &columns).draw(row(area, 0), buffer);
    let rows = Rect { y: area.y.saturating_add(1), height: area.height.saturating_sub(1), ..area };
    let shown = &state.list.shown;
    if shown.is_empty() {
        let mut pen = Pen::new(state.look);
        pen.put(Role::Dim, "No call passes the filter; Esc drops it").draw(row(rows, 0), buffer);
    }
    for (line, number) in window(shown.len(), state.list.top, rows.height).enumerate() {
        let Some(call) = state.calls.get(shown[number]) else { continue };
        let place = row(rows, line);
        write(state, call, &columns).draw(place, buffer);
        if number == state.list.selected && state.pane == Pane::Calls {
            buffer.set_style(place, state.look.selected());
        }
    }
}

fn heading<'a>(state: &State, columns: &[(Column, usize)]) -> Pen<'a> {
    let signs = state.look.signs();
    let mut pen = Pen::new(state.look);
    for (column, columns) in columns {
        let sorted = column.sort() == Some(state.list.sort);
        let title = match (sorted, column.title()) {
            (false, title) => title.to_owned(),
            (true, "") => signs.sorted.to_owned(),
            (true, title) => format!("{title} {}", signs.sorted),
        };
        let text = if column.is_right() { pad_left(&title, *columns, "") } else { pad(&title, *columns, "") };
        pen.put(if sorted { Role::Accent } else { Role::Dim }, text + " ");
    }
    pen
}

fn write<'a>(state: &State, call: &Call, columns: &[(Column, usize)]) -> Pen<'a> {
    let look = state.look;
    let cut = look.signs().cut;
    let mut pen = Pen::new(look);
    for (column, columns) in columns {
        let (role, text) = cell(state, call, *column, *columns);
        let text = clean(&text, look.ascii);
        if *column == Column::Resource {
            last(&mut pen, state, call, &text, *columns);
            continue;
        }
        let text = if column.is_right() { pad_left(&text, *columns, cut) } else { pad(&text, *columns, cut) };
        pen.put(role, text + " ");
    }
    pen
}

/// What it was about and, where it went wrong, why: whatever of the two is short leaves its room to the other. A call
/// that goes elsewhere than the banner says has a badge of its own.
fn last(pen: &mut Pen<'_>, state: &State, call: &Call, resource: &str, columns: usize) {
    let look = pen.look;
    let cut = look.signs().cut;
    let mut columns = columns;
    if state.facts.as_ref().is_some_and(|facts| facts.target.word() != call.target.word()) {
        let badge = fit(&format!(" {} ", call.target.word().to_uppercase()), columns, cut);
        columns = columns.saturating_sub(width(&badge) + 1);
        pen.styled(look.badge(&call.target), badge).put(Role::Plain, " ");
    }
    let Some((code, message)) = call.failure() else {
        pen.put(Role::Plain, fit_middle(resource, columns, cut));
        return;
    };
    // The code comes before the resource, and that before the sentence.
    let code = clean(code, look.ascii);
    let room = columns.saturating_sub(width(&code) + 2);
    let resource = if room < 12 { String::new() } else { fit_middle(resource, room, cut) };
    let is_roomy = columns > width(&resource) + width(&code) + 16;
    let why = if is_roomy { format!("{code}: {}", clean(message, look.ascii)) } else { code };
    let gap = if resource.is_empty() { "" } else { "  " };
    let left = columns.saturating_sub(width(&resource) + gap.len());
    pen.put(Role::Plain, resource + gap).put(look.role(call.status()), fit(&why, left, cut));
}

fn cell(state: &State, call: &Call, column: Column, columns: usize) -> (Role, String) {
    let status = call.status();
    match column {
        Column::Time => {
            let text = time::of_day(call.at, state.offset);
            (Role::Dim, if columns < 12 { text.chars().take(8).collect() } else { text })
        }
        Column::Status => (state.look.role(status), state.look.glyph(status).to_owned()),
        Column::Name => {
            // Operations of AWS's services bear the same names in several of them.
            let plain = call.name.starts_with(&call.service) || call.service.is_empty();
            let name = if plain { call.name.clone() } else { format!("{} {}", call.service, call.name) };
            (if status.is_bad() { Role::Bad } else { Role::Plain }, name)
        }
        Column::Latency => {
            let role = if status == Status::Running { Role::Accent } else { Role::Plain };
            (role, call.elapsed(state.now).map_or("-".to_owned(), time::duration))
        }
        Column::Store => (Role::Dim, call.store.clone()),
        Column::Client => {
            let name = if call.client.name.is_empty() { call.client.door.word() } else { &call.client.name };
            (Role::Dim, name.to_owned())
        }
        Column::Resource => (Role::Plain, resources(call, columns)),
        Column::AwsCalls => {
            let count = call.end.as_ref().map_or(0, |end| end.aws_calls.len());
            (Role::Dim, if count == 0 { String::new() } else { count.to_string() })
        }
    }
}

/// The resources, in full where there is room; else the first and how many more.
fn resources(call: &Call, columns: usize) -> String {
    let all = call.resources.join(" ");
    match call.resources.as_slice() {
        [first, rest @ ..] if !rest.is_empty() && width(&all) > columns => format!("{first} +{}", rest.len()),
        _ => all,
    }
}
