//! What stands where there are no calls: how to make some.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::app::desk::Glance;
use crate::look::Role;
use crate::text::{clean, split};
use crate::widget::{Pane, Pen, row};

pub(in crate::calls) fn draw(busy: &str, area: Rect, buffer: &mut Buffer, glance: &Glance) {
    let look = glance.look;
    let pane = Pane { title: "Calls".into(), note: busy.to_owned(), front: true };
    let inner = pane.draw(area, buffer, look);
    let Some(facts) = &glance.facts else { return };
    let mut number = 0;
    let mut say = |role, text: &str| {
        let mut pen = Pen::new(look);
        pen.put(Role::Plain, " ").put(role, text);
        pen.draw(row(inner, number), buffer);
        number += 1;
    };
    say(Role::Plain, "");
    say(Role::Heading, &format!("No calls yet in {}", clean(&facts.watched, look.ascii)));
    for hint in &facts.hints {
        say(Role::Plain, "");
        say(Role::Dim, &clean(&hint.title, look.ascii));
        // Nothing of it may be missing: it goes on below where it is too long.
        let room = usize::from(inner.width).saturating_sub(3).max(8);
        for text in hint.paste.lines() {
            let text = clean(text, look.ascii);
            let mut rest = text.as_str();
            while !rest.is_empty() {
                let (head, tail) = split(rest, room);
                say(Role::Accent, &format!("  {head}"));
                rest = tail;
            }
        }
    }
    if !facts.hints.is_empty() {
        say(Role::Plain, "");
        let mut pen = Pen::new(look);
        pen.put(Role::Accent, " y").put(Role::Dim, " copies the first of these");
        pen.draw(row(inner, number), buffer);
    }
}
