//! An open call.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::{Pen, layout, row, window};
use crate::look::Role;
use crate::state::{Part, State, detail_rows};
use crate::text::clean;
use footbridge_record::time;

pub(super) fn draw(state: &State, area: Rect, buffer: &mut Buffer) {
    let Some(detail) = &state.detail else { return };
    let Some(call) = state.calls.get(detail.key) else { return };
    let look = state.look;
    let mut title = Pen::new(look);
    title.put(look.role(call.status()), format!("{} ", look.glyph(call.status())));
    title.put(Role::Heading, clean(&call.name, look.ascii));
    title.put(Role::Plain, format!("  {}", clean(&call.resources.join(" "), look.ascii)));
    let took = call.elapsed(state.now).map_or(String::new(), time::duration);
    title.put(Role::Dim, format!("  {} {took}", call.status().word()));
    title.draw(row(area, 0), buffer);
    let mut parts = Pen::new(look);
    for part in Part::ALL {
        if part == detail.part {
            parts.styled(look.selected(), format!(" {} ", part.title()));
        } else {
            parts.put(Role::Dim, format!(" {} ", part.title()));
        }
    }
    parts.draw(row(area, 1), buffer);
    let body = layout::detail_body(area);
    let rows = detail_rows(state).unwrap_or_default();
    let flips = detail.flips();
    for (line, number) in window(rows.len(), detail.top, body.height).enumerate() {
        let shown = &rows[number];
        let mut pen = Pen::new(look);
        let at_cursor = number == detail.row;
        pen.put(Role::Accent, if at_cursor { look.signs().pointer } else { " " });
        let is_folded = shown.pieces.len() > 1 && shown.pieces.iter().any(|(role, _)| *role == Role::Dim);
        let sign = match (shown.part, is_folded) {
            (None, _) => " ",
            (Some(_), true) => look.signs().folded,
            (Some(_), false) => look.signs().open,
        };
        pen.put(if flips.is_empty() { Role::Dim } else { Role::Accent }, sign);
        pen.put(Role::Plain, " ".repeat(shown.indent));
        for (role, text) in &shown.pieces {
            pen.put(*role, text.clone());
        }
        pen.draw(row(body, line), buffer);
    }
    if rows.len() > usize::from(body.height) {
        let mut pen = Pen::new(look);
        let text = format!("{}/{}", detail.row + 1, rows.len());
        let columns = u16::try_from(text.len()).unwrap_or(u16::MAX).min(area.width);
        let place = Rect { x: area.x + area.width - columns, width: columns, ..row(area, 1) };
        pen.put(Role::Dim, text).draw(place, buffer);
    }
}
