//! What stands where there are no calls: how to make some.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::{Pen, row};
use crate::look::{Look, Role};
use crate::state::State;
use crate::text::{clean, split};

pub(super) fn draw(state: &State, area: Rect, buffer: &mut Buffer) {
    for (number, pen) in lines(state).iter().take(usize::from(area.height)).enumerate() {
        pen.draw(row(area, number), buffer);
    }
}

fn lines<'a>(state: &State) -> Vec<Pen<'a>> {
    let Some(facts) = &state.facts else { return Vec::new() };
    let look = state.look;
    let watched = clean(&facts.watched, look.ascii);
    let mut lines = vec![line(look, Role::Plain, ""), line(look, Role::Heading, &format!("No calls yet in {watched}"))];
    for hint in &facts.hints {
        lines.push(line(look, Role::Plain, ""));
        lines.push(line(look, Role::Dim, &clean(&hint.title, look.ascii)));
        // Nothing of it may be missing: it goes on below where it is too long.
        let room = usize::from(state.size.0).saturating_sub(3).max(8);
        for text in hint.paste.lines() {
            let text = clean(text, look.ascii);
            let mut rest = text.as_str();
            while !rest.is_empty() {
                let (head, tail) = split(rest, room);
                lines.push(line(look, Role::Accent, &format!("  {head}")));
                rest = tail;
            }
        }
    }
    lines
}

fn line<'a>(look: Look, role: Role, text: &str) -> Pen<'a> {
    let mut pen = Pen::new(look);
    pen.put(Role::Plain, " ").put(role, text);
    pen
}
