//! A call in full: over the whole view, or beside the list.

use footbridge_record::time;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::part as text_of;
use crate::app::desk::Glance;
use crate::ask::Trouble;
use crate::calls::detail::{Detail, Known, Preview};
use crate::calls::document::{self, Part};
use crate::calls::places;
use crate::look::Role;
use crate::row::Row;
use crate::text::{clean, fit, fit_middle, width};
use crate::widget::{Pane, Pen, inside, row};

/// The parts' names in the head: first column, width, part and text.
fn chips(detail: &Detail) -> Vec<(usize, Part, String)> {
    let mut at = 0;
    Part::ALL
        .into_iter()
        .map(|part| {
            let title = if part == Part::Response && detail.replayed.is_some() { "Replayed" } else { part.title() };
            let count = match part {
                Part::AwsCalls if detail.row.made_count > 0 => format!(" {}", detail.row.made_count),
                _ => String::new(),
            };
            let text = format!(" {title}{count} ");
            let chip = (at, part, text);
            at += width(&chip.2) + 1;
            chip
        })
        .collect()
}

/// The part whose name was clicked.
pub(in crate::calls) fn chip_at(detail: &Detail, area: Rect, (column, line): (u16, u16)) -> Option<Part> {
    let (head, _) = places::detail(area, detail.part);
    if head.height < 4 || line != head.bottom().saturating_sub(1) {
        return None;
    }
    let column = usize::from(column.checked_sub(head.x)?).checked_sub(1)?;
    chips(detail).into_iter().find(|(at, _, text)| (*at..at + width(text)).contains(&column)).map(|(_, part, _)| part)
}

pub(in crate::calls) fn draw(
    detail: &Detail,
    trouble: Option<&Trouble>,
    area: Rect,
    buffer: &mut Buffer,
    glance: &Glance,
) {
    let look = glance.look;
    let (head, parts) = places::detail(area, detail.part);
    title(&detail.row, usize::from(head.width), glance).draw(row(head, 0), buffer);
    if head.height >= 4 {
        facts(detail, usize::from(head.width), glance).draw(row(head, 1), buffer);
        let mut pen = Pen::new(look);
        let resources: Vec<&str> = detail.row.resources().collect();
        let text = fit_middle(
            &clean(&resources.join("  "), look.ascii),
            usize::from(head.width).saturating_sub(3),
            look.signs().cut,
        );
        pen.put(Role::Plain, "   ").put(Role::Dim, text);
        pen.draw(row(head, 2), buffer);
        let mut pen = Pen::new(look);
        pen.put(Role::Plain, " ");
        for (_, part, text) in chips(detail) {
            if part == detail.part {
                let style = look.style(Role::Front).add_modifier(ratatui::style::Modifier::REVERSED);
                pen.styled(style, text);
            } else {
                pen.put(Role::Plain, text);
            }
            pen.put(Role::Plain, " ");
        }
        pen.draw(row(head, 3), buffer);
    }
    for (part, place) in Part::ALL.into_iter().zip(parts) {
        if place.height == 0 || place.width == 0 {
            continue;
        }
        let front = part == detail.part;
        let Some(documents) = &detail.documents else {
            let inner = Pane { title: part.title().into(), note: String::new(), front }.draw(place, buffer, look);
            let mut pen = Pen::new(look);
            match trouble {
                Some(trouble) => pen.put(Role::Plain, " ").quote(Role::Bad, &trouble.to_string()),
                None => pen.put(Role::Dim, " fetching"),
            };
            pen.draw(inner, buffer);
            continue;
        };
        let document = &documents[part.number()];
        let height = usize::from(inside(place).height);
        let mut note = Vec::new();
        if !document.wraps() {
            note.push("cut at the edge".to_owned());
        }
        if document.len() > height {
            note.push(format!("{}/{}", document.cursor.at + 1, document.len()));
        }
        let title = if part == Part::Response && detail.replayed.is_some() { "Replayed" } else { part.title() };
        let pane = Pane { title: title.into(), note: note.join("  "), front };
        let inner = pane.draw(place, buffer, look);
        document.draw(inner, buffer, look, front);
    }
}

/// What it was: `✓ Query orders pk=a1 · 20 items`.
fn title(call: &Row, columns: usize, glance: &Glance) -> Pen<'static> {
    let look = glance.look;
    let cut = look.signs().cut;
    let mut pen = Pen::new(look);
    let (effect, sign) = look.effect(call.effect);
    pen.put(look.role(call.standing), format!(" {} ", look.glyph(call.standing)));
    if sign != " " {
        pen.put(effect, format!("{sign} "));
    }
    let style = look.style(look.service(&call.subject.service)).add_modifier(ratatui::style::Modifier::BOLD);
    pen.styled(style, text_of(&call.subject.title, look));
    let room = columns.saturating_sub(pen.used() + 1);
    let on = fit_middle(&text_of(call.on(), look), room, cut);
    pen.put(Role::Plain, format!(" {on}"));
    let room = columns.saturating_sub(pen.used() + 1);
    if room > 8 {
        pen.put(Role::Name, format!(" {}", fit(&text_of(call.asked(), look), room, cut)));
    }
    let room = columns.saturating_sub(pen.used() + 3);
    if room > 8 && !call.came().is_empty() {
        let role = if call.standing.is_bad() { look.role(call.standing) } else { Role::Plain };
        pen.put(Role::Dim, format!(" {} ", look.signs().dot));
        pen.put(role, fit(&text_of(call.came(), look), room, cut));
    }
    pen
}

/// How it went, when, by whom, to where.
fn facts(detail: &Detail, columns: usize, glance: &Glance) -> Pen<'static> {
    let look = glance.look;
    let call = &detail.row;
    let dot = format!(" {} ", look.signs().dot);
    let mut pen = Pen::new(look);
    pen.put(Role::Plain, "   ").put(look.role(call.standing), call.standing.word());
    let took = call.elapsed(glance.now).map_or(String::new(), time::duration);
    let clock: String = time::of_day(call.at, glance.offset);
    let service = clean(&call.subject.service, look.ascii);
    let mut parts = vec![took, clock, text_of(&document::by(call), look), format!("to {}", call.origin.target)];
    if detail.replayed.is_some() {
        parts.insert(0, "made again".to_owned());
    }
    if !call.origin.store.is_empty() {
        parts.push(format!("store {}", clean(&call.origin.store, look.ascii)));
    }
    parts.push(if service.is_empty() {
        clean(&call.subject.name, look.ascii)
    } else {
        format!("{service} {}", clean(&call.subject.name, look.ascii))
    });
    for part in parts.into_iter().filter(|part| !part.is_empty()) {
        if pen.used() + width(&dot) + width(&part) > columns {
            break;
        }
        pen.put(Role::Dim, dot.clone()).put(Role::Plain, part);
    }
    pen
}

/// The selected call, beside the list.
pub(in crate::calls) fn draw_preview(
    selected: Option<&Row>,
    preview: &Preview,
    known: Option<&Known>,
    area: Rect,
    buffer: &mut Buffer,
    glance: &Glance,
) {
    if area.width == 0 {
        return;
    }
    let look = glance.look;
    let Some(call) = selected else {
        Pane { title: "Call".into(), ..Pane::default() }.draw(area, buffer, look);
        return;
    };
    let title = format!("{} {} {}", look.glyph(call.standing), call.subject.title, call.on());
    let document = &preview.document;
    let height = usize::from(inside(area).height);
    let note = match (known, document.len() > height) {
        (Some(Ok(_)), true) => format!(
            "{}-{} of {}",
            document.cursor.top + 1,
            (document.cursor.top + height).min(document.len()),
            document.len()
        ),
        _ => String::new(),
    };
    let inner = Pane { title, note, front: false }.draw(area, buffer, look);
    match known {
        Some(Ok(_)) => document.draw(inner, buffer, look, false),
        Some(Err(trouble)) => {
            let mut pen = Pen::new(look);
            pen.put(Role::Plain, " ").quote(Role::Bad, &trouble.to_string());
            pen.draw(inner, buffer);
        }
        None => {
            // What the row has, until the rest is there.
            let lines = [(Role::Name, call.asked()), (Role::Plain, call.came()), (Role::Dim, "fetching")];
            for (number, (role, text)) in lines.into_iter().filter(|(_, text)| !text.is_empty()).enumerate() {
                let mut pen = Pen::new(look);
                pen.put(Role::Plain, "  ").put(role, text_of(text, look));
                pen.draw(row(inner, number), buffer);
            }
        }
    }
}
