//! The last row: the keys that hold here, or what is being typed, or what a person should read.

use ratatui::Frame;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::footer;
use crate::app::dialog::show_cursor;
use crate::app::typing::LineEdit;
use crate::keys::{self, Action, Scope, shown};
use crate::look::{Look, Role};
use crate::text::{clean, fit, width};
use crate::widget::Pen;

/// A key of the footer.
pub(crate) struct FooterKey {
    pub(crate) keys: String,
    pub(crate) label: &'static str,
    action: Action,
}

/// The keys that the footer shows in `scope`, in order.
pub(crate) fn footer_keys(scope: Scope, look: Look) -> Vec<FooterKey> {
    keys::of(scope)
        .filter(|binding| !binding.label.is_empty())
        .filter_map(|binding| {
            let keys = shown(binding.keys.first()?, look.ascii);
            Some(FooterKey { keys, label: binding.label, action: binding.action })
        })
        .collect()
}

/// Where each key goes: its first column and width; those that there is no room for are left out. The last two, help and
/// quit, stay longest.
fn places(texts: &[(String, &str)], room: usize) -> Vec<(usize, usize, usize)> {
    let wide = |(keys, label): &(String, &str)| width(keys) + width(label) + 3;
    let mut shown: Vec<usize> = (0..texts.len()).collect();
    let needed = |shown: &[usize]| shown.iter().map(|at| wide(&texts[*at])).sum::<usize>();
    while needed(&shown) > room + 2 && shown.len() > 2 {
        shown.remove(shown.len() - 3);
    }
    let mut column = 0;
    shown
        .into_iter()
        .map(|at| {
            let place = (at, column, wide(&texts[at]));
            column += place.2;
            place
        })
        .collect()
}

/// Draws keys with what they do.
pub(crate) fn draw_keys<'a>(
    keys: impl Iterator<Item = (String, &'a str)>,
    area: Rect,
    buffer: &mut Buffer,
    look: Look,
) {
    let texts: Vec<_> = keys.collect();
    let mut pen = Pen::new(look);
    for (at, _, _) in places(&texts, usize::from(area.width)) {
        let (keys, label) = &texts[at];
        pen.put(Role::Accent, keys.clone()).put(Role::Plain, format!(" {label}  "));
    }
    pen.draw(area, buffer);
}

/// The key of the footer at this place.
pub(crate) fn key_at((column, row): (u16, u16), size: (u16, u16), scope: Scope, look: Look) -> Option<Action> {
    let area = footer(size);
    if row != area.y || size.1 < 4 {
        return None;
    }
    let keys = footer_keys(scope, look);
    let texts: Vec<_> = keys.iter().map(|key| (key.keys.clone(), key.label)).collect();
    let column = usize::from(column);
    let hit = places(&texts, usize::from(area.width))
        .into_iter()
        .find(|(_, from, wide)| (*from..from + wide).contains(&column));
    hit.map(|(at, _, _)| keys[at].action)
}

/// Keys that wait for another, at the right.
pub(crate) fn draw_pressed(pressed: Option<&str>, area: Rect, buffer: &mut Buffer, look: Look) {
    let Some(pressed) = pressed else { return };
    let text = format!(" {} ", shown(pressed, look.ascii));
    let wide = u16::try_from(width(&text)).unwrap_or(area.width).min(area.width);
    let mut pen = Pen::new(look);
    pen.put(Role::Warning, text);
    pen.draw(Rect { x: area.right() - wide, width: wide, ..area }, buffer);
}

/// Something that a person should read.
pub(crate) fn draw_notice(notice: &str, area: Rect, buffer: &mut Buffer, look: Look) {
    let mut pen = Pen::new(look);
    let text = clean(notice, look.ascii);
    pen.put(Role::Warning, fit(&text, usize::from(area.width), look.signs().cut));
    pen.draw(area, buffer);
}

/// A line being typed after `mark`, and what is wrong with it.
pub(crate) fn draw_line(
    mark: &str,
    line: &LineEdit,
    hint: &str,
    complaint: Option<&str>,
    area: Rect,
    frame: &mut Frame<'_>,
    look: Look,
) {
    let mark = clean(mark, look.ascii);
    let columns = usize::from(area.width);
    // What is wrong must be read; of the line, what is being typed stays in sight.
    let complaint = complaint.map(|complaint| fit(&clean(complaint, look.ascii), columns * 2 / 3, look.signs().cut));
    let reserved = complaint.as_ref().map_or(0, |complaint| width(complaint) + 2);
    let room = columns.saturating_sub(width(&mark) + reserved);
    let (text, at) = line.shown(room, look.ascii);
    let mut pen = Pen::new(look);
    let column = width(&mark) + at;
    pen.put(Role::Accent, mark);
    if text.is_empty() {
        pen.put(Role::Dim, format!(" {}", fit(&clean(hint, look.ascii), room.saturating_sub(1), look.signs().cut)));
    } else {
        pen.put(Role::Plain, fit(&text, room, ""));
    }
    if let Some(complaint) = complaint {
        pen.put(Role::Bad, "  ").put(Role::Bad, complaint);
    }
    pen.draw(area, frame.buffer_mut());
    show_cursor(area, column, frame);
}
