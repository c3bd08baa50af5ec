//! The last row: the keys that hold here, as many as there is room for.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::Pen;
use crate::keys::{BINDINGS, shown};
use crate::look::Role;
use crate::state::State;
use crate::text::width;

pub(super) fn draw(state: &State, area: Rect, buffer: &mut Buffer) {
    let mut pen = Pen::new(state.look);
    if state.input.is_some() {
        pen.put(Role::Plain, "Enter").put(Role::Dim, " keep  ").put(Role::Plain, "Esc").put(Role::Dim, " take back");
        pen.draw(area, buffer);
        return;
    }
    let scope = state.scope();
    let here = || BINDINGS.iter().filter(|binding| binding.scopes.contains(&scope) && !binding.label.is_empty());
    let texts: Vec<_> =
        here().filter_map(|b| b.keys.first().map(|keys| (shown(keys, state.look.ascii), b.label))).collect();
    let room = usize::from(area.width);
    let mut needed: usize = texts.iter().map(|(keys, label)| width(keys) + width(label) + 3).sum();
    // Help and quit come last and stay longest.
    let mut drop = 0;
    while needed > room + 2 && drop + 2 < texts.len() {
        let (keys, label) = &texts[texts.len() - 3 - drop];
        needed -= width(keys) + width(label) + 3;
        drop += 1;
    }
    let dropped = texts.len().saturating_sub(2 + drop)..texts.len().saturating_sub(2);
    for (number, (keys, label)) in texts.iter().enumerate() {
        if !dropped.contains(&number) {
            pen.put(Role::Plain, keys.clone()).put(Role::Dim, format!(" {label}  "));
        }
    }
    pen.draw(area, buffer);
}
