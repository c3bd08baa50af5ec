//! Sentences where rows would be: what is waited for, what went wrong, why there is nothing.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::wait::Wait;
use crate::app::desk::Glance;
use crate::ask::Trouble;
use crate::look::{Look, Role};
use crate::text::{clean, split};
use crate::widget::{Pen, row};

/// `text`, safe to show, as rows of at most `columns`, broken at spaces where there are some; of a very long one the beginning.
pub(super) fn wrapped(text: &str, columns: usize, ascii: bool) -> Vec<String> {
    const ROWS: usize = 40;
    let head: String = text.chars().take(columns.saturating_mul(ROWS)).collect();
    let text = clean(&head, ascii);
    let (mut rows, mut rest) = (Vec::new(), text.as_str());
    while rows.len() < ROWS {
        let (head, tail) = split(rest, columns.max(2));
        if tail.is_empty() {
            rows.push(head.to_owned());
            break;
        }
        let (head, tail) = match head.rfind(' ') {
            Some(space) if space > head.len() / 2 && !tail.starts_with(' ') => rest.split_at(space + 1),
            _ => (head, tail),
        };
        if head.is_empty() {
            break;
        }
        rows.push(head.trim_end().to_owned());
        rest = tail.trim_start();
    }
    rows
}

/// Draws lines, wrapped, a little below the top where there is room.
pub(super) fn lines(lines: &[(Role, String)], area: Rect, buffer: &mut Buffer, look: Look) {
    let mut number = usize::from(area.height > 6);
    for (role, line) in lines {
        for text in wrapped(line, usize::from(area.width).saturating_sub(4), look.ascii) {
            let mut pen = Pen::new(look);
            pen.put(Role::Plain, "  ").put(*role, text);
            pen.draw(row(area, number), buffer);
            number += 1;
        }
    }
}

/// Draws what went wrong, and what to do.
pub(super) fn trouble(trouble: &Trouble, remedy: &str, area: Rect, buffer: &mut Buffer, look: Look) {
    let all = [
        (Role::Bad, trouble.code.clone()),
        (Role::Plain, trouble.message.clone()),
        (Role::Plain, String::new()),
        (Role::Dim, remedy.to_owned()),
    ];
    lines(&all, area, buffer, look);
}

/// Draws that an answer is waited for, once that takes long; before, the place stays calm. With what is read goes whether
/// Esc calls it off.
pub(super) fn waiting(
    wait: Option<&Wait>,
    (what, esc): (&str, bool),
    area: Rect,
    buffer: &mut Buffer,
    glance: &Glance,
) {
    let text = match wait {
        None => vec![(Role::Plain, "Nothing was read.".to_owned()), (Role::Dim, "r reads it.".to_owned())],
        Some(wait) => match wait.slow(glance.now, esc) {
            None => return,
            Some(slow) => vec![(Role::Plain, format!("{what}: {slow}."))],
        },
    };
    lines(&text, area, buffer, glance.look);
}
