//! How a preview is drawn, and what is said round it.

use std::fmt::Write as _;

use footbridge_record::time;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::flow::{self, Flow};
use super::kind::Form;
use super::{HELD, JSON, Preview, View, held, hex};
use crate::look::{Look, Role};
use crate::widget::{Pen, row};

impl Preview {
    /// What stands at the right of the pane's title.
    pub(in crate::s3) fn note(&self, look: Look) -> String {
        let Some(form) = self.form() else { return String::new() };
        let dot = look.signs().dot;
        let mut note = if self.inflate.is_some() && form != Form::Hex { "gzip, ".to_owned() } else { String::new() };
        note += form.word();
        if self.len() > self.height() {
            let (at, all) = (self.cursor.at + 1, self.len());
            let more = if self.is_whole() { "" } else { "+" };
            // Writing to a String does not fail.
            let _ = write!(note, " {dot} {at} of {all}{more}");
        }
        note
    }

    /// What is said below, where not everything is shown.
    pub(super) fn foot_text(&self) -> String {
        let Some(total) = self.total.filter(|_| !self.held.is_empty()) else { return String::new() };
        let here = held(&self.held);
        let of = format!("{} of {}", time::bytes(here), time::bytes(total));
        if let Some(why) = self.inflate.as_ref().and_then(|inflate| inflate.ended) {
            return format!("{why}; d writes the whole object to a file");
        }
        if matches!(self.view, View::Image(_)) || here >= total {
            return if self.cut { "cut where the JSON breaks off; p shows the text".to_owned() } else { String::new() };
        }
        let on = if self.local { "more comes as you go on" } else { "n fetches more" };
        match here {
            _ if here >= HELD => format!("the first {of}; d writes the whole object to a file"),
            _ if self.is_json() && self.held.len() >= JSON => {
                format!("the first {} as JSON; p shows the text", time::bytes(held(&self.held[..JSON])))
            }
            _ if self.cut => format!("the first {of}, closed where it is cut; {on}"),
            _ => format!("the first {of}; {on}"),
        }
    }

    pub(in crate::s3) fn draw(&self, area: Rect, buffer: &mut Buffer, look: Look, front: bool) {
        let foot = self.foot().min(area.height);
        let room = Rect { height: area.height - foot, ..area };
        if foot > 0 {
            let mut pen = Pen::new(look);
            match &self.trouble {
                Some(trouble) => pen.put(Role::Bad, " ").quote(Role::Bad, &trouble.to_string()),
                None => pen.put(Role::Dim, format!(" {}", self.foot_text())),
            };
            pen.draw(row(area, usize::from(room.height)), buffer);
        }
        let target = &mut (&mut *buffer, look);
        match &self.view {
            View::Nothing => {}
            View::Image(document) | View::Json(document) => document.draw(room, target.0, look, front),
            View::Lines(lines) => lines.draw(self.body(), self.cursor, room, target, front),
            View::Table(sheet) if sheet.len() == 0 => {
                let mut pen = Pen::new(look);
                pen.put(Role::Dim, " No whole row is here; p shows it in another form");
                pen.draw(room, target.0);
            }
            View::Table(sheet) => sheet.draw(self.body(), self.cursor, self.left, room, target, front),
            View::Text(flow) => self.draw_text(flow, room, target, front),
            View::Hex => hex::draw(&self.held, hex::per_row(area.width), self.cursor, room, target, front),
        }
    }

    fn draw_text(&self, flow: &Flow, area: Rect, target: &mut (&mut Buffer, Look), front: bool) {
        let (buffer, look) = (&mut *target.0, target.1);
        let columns = usize::from(area.width).saturating_sub(1);
        for (at, number) in self.cursor.window(flow.len(), area.height).enumerate() {
            let mut pen = Pen::new(look);
            let here = front && number == self.cursor.at;
            pen.put(Role::Accent, if here { look.signs().pointer } else { " " });
            let (text, more) = flow::part(flow.row(number), self.left, columns);
            let lower = text.to_ascii_lowercase();
            let mut from = 0;
            while let Some(found) = lower[from..].find(&self.searched).filter(|_| !self.searched.is_empty()) {
                let (start, end) = (from + found, from + found + self.searched.len());
                pen.put(Role::Plain, &text[from..start]).put(Role::Match, &text[start..end]);
                from = end;
            }
            pen.put(Role::Plain, &text[from..]);
            let place = row(area, at);
            pen.draw(place, buffer);
            if more && area.width > 0 {
                let mut pen = Pen::new(look);
                pen.put(Role::Dim, look.signs().cut);
                pen.draw(Rect { x: place.right() - 1, width: 1, ..place }, buffer);
            }
        }
    }
}
