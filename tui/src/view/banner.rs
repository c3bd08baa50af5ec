//! The first row: which side one is looking at. Where it is not the emulator, the whole row says so.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::Pen;
use crate::look::Role;
use crate::model::Target;
use crate::source::Facts;
use crate::state::State;
use crate::text::{clean, fit, fit_middle, width};

pub(super) fn draw(state: &State, area: Rect, buffer: &mut Buffer) {
    let look = state.look;
    let columns = usize::from(area.width);
    let mut pen = Pen::new(look);
    let Some(facts) = &state.facts else {
        pen.put(Role::Dim, " footbridge: opening").draw(area, buffer);
        return;
    };
    let style = look.badge(&facts.target);
    let parts: Vec<String> = parts(facts).iter().map(|part| clean(part, look.ascii)).collect();
    let counts = counts(state);
    // The counts stay while there is room for the side and them; what else there is to say gives way.
    let reserved = if columns >= 50 { width(&counts) + 1 } else { 0 };
    let separator = format!(" {} ", look.signs().dot);
    let badge = fit(&format!(" {} ", badge(&facts.target, look.ascii)), columns, look.signs().cut);
    pen.styled(style, badge);
    if is_local(&facts.target) {
        pen.put(Role::Plain, " ");
    }
    let mut first = true;
    for part in &parts {
        let lead = if first { "" } else { &separator };
        let room = columns.saturating_sub(pen.used() + width(lead) + reserved);
        if room < 8 {
            break;
        }
        let text = format!("{lead}{}", fit_middle(part, room, look.signs().cut));
        if is_local(&facts.target) {
            pen.put(Role::Plain, text)
        } else {
            pen.styled(style, text)
        };
        first = false;
    }
    let gap = columns.saturating_sub(pen.used() + width(&counts));
    let has_room = gap >= 1;
    let fill = " ".repeat(if has_room { gap } else { columns.saturating_sub(pen.used()) });
    if is_local(&facts.target) {
        pen.put(Role::Plain, fill);
    } else {
        pen.styled(style, fill);
    }
    if has_room {
        if is_local(&facts.target) {
            pen.put(Role::Dim, counts)
        } else {
            pen.styled(style, counts)
        };
    }
    pen.draw(area, buffer);
}

fn is_local(target: &Target) -> bool {
    matches!(target, Target::Local { .. })
}

/// The badge: what must be read even where there is room for nothing else.
fn badge(target: &Target, ascii: bool) -> String {
    match target {
        Target::Local { .. } => "LOCAL".to_owned(),
        Target::Aws { account, region } => {
            let account = account.as_deref().unwrap_or("account unknown");
            clean(&format!("AWS {account} {}", region.as_deref().unwrap_or("no region")), ascii)
        }
        Target::Custom { url, .. } => clean(&format!("CUSTOM {url}"), ascii),
    }
}

fn parts(facts: &Facts) -> Vec<String> {
    let mut parts = Vec::new();
    match &facts.target {
        Target::Local { account, region } => parts.extend([account, region].into_iter().flatten().cloned()),
        Target::Custom { region, .. } => parts.extend(region.clone()),
        Target::Aws { .. } => {}
    }
    parts.extend(facts.endpoint.clone());
    parts.push(facts.watched.clone());
    parts
}

fn counts(state: &State) -> String {
    let calls = state.calls.len();
    let bad = state.calls.iter().filter(|(_, call)| call.status().is_bad()).count();
    let word = if calls == 1 { "call" } else { "calls" };
    if bad > 0 { format!("{calls} {word}, {bad} wrong ") } else { format!("{calls} {word} ") }
}
