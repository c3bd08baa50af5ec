//! The help page, from the table of keys and the filter's fields.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::{Pen, layout, row, window};
use crate::filter::FIELDS;
use crate::json::Pieces;
use crate::keys::{BINDINGS, Scope, shown};
use crate::look::Role;
use crate::model::Status;
use crate::state::State;
use crate::text::pad;

const KEYS: usize = 20;

/// Where the page goes: over everything between the banner and the footer.
#[must_use]
pub fn area(state: &State) -> Rect {
    let areas = layout::areas(state);
    let top = areas.status.bottom().max(areas.banner.bottom());
    let bottom = if areas.footer.height > 0 { areas.footer.y } else { state.size.1 };
    Rect::new(0, top, state.size.0, bottom.saturating_sub(top))
}

/// Rows of the page.
#[must_use]
pub fn help_rows(state: &State) -> usize {
    usize::from(area(state).height)
}

/// The page's lines.
#[must_use]
pub fn help_lines(state: &State) -> Vec<Pieces> {
    let look = state.look;
    let mut lines = Vec::new();
    let scopes = [
        ("Calls", Scope::Calls),
        ("Latency of each tool", Scope::Latency),
        ("An open call", Scope::Detail),
        ("This page", Scope::Help),
    ];
    let mut said = Vec::new();
    for (title, scope) in scopes {
        let mut of_scope = Vec::new();
        for (number, binding) in BINDINGS.iter().enumerate() {
            // What holds in several places is said at the first.
            if binding.scopes.contains(&scope) && !said.contains(&number) {
                said.push(number);
                let keys: Vec<_> = binding.keys.iter().map(|keys| shown(keys, look.ascii)).collect();
                of_scope.push(pair(&keys.join(" "), binding.help));
            }
        }
        section(&mut lines, title, of_scope);
    }
    let fields = FIELDS.iter().map(|(field, help)| pair(field, help)).collect();
    section(
        &mut lines,
        "Filter: terms that must all hold; - before one turns it round, \"\" keep words together",
        fields,
    );
    let states = [Status::Running, Status::Ok, Status::Error, Status::Refused, Status::Abandoned, Status::Lost];
    let signs = states.map(|status| {
        vec![(look.role(status), pad(look.glyph(status), KEYS, "")), (Role::Plain, status.word().to_owned())]
    });
    section(&mut lines, "Signs", signs.into());
    lines
}

fn section(lines: &mut Vec<Pieces>, title: &str, of_section: Vec<Pieces>) {
    if of_section.is_empty() {
        return;
    }
    if !lines.is_empty() {
        lines.push(Vec::new());
    }
    lines.push(vec![(Role::Heading, title.to_owned())]);
    lines.extend(of_section);
}

fn pair(left: &str, right: &str) -> Pieces {
    vec![(Role::Accent, pad(left, KEYS, "")), (Role::Plain, format!(" {right}"))]
}

pub(super) fn draw(state: &State, area: Rect, buffer: &mut Buffer) {
    let lines = help_lines(state);
    for (number, line) in window(lines.len(), state.help.unwrap_or_default(), area.height).enumerate() {
        let mut pen = Pen::new(state.look);
        for (role, text) in &lines[line] {
            pen.put(*role, text.clone());
        }
        pen.draw(row(area, number), buffer);
    }
}
