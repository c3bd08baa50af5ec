//! Searching in a preview.

use super::{Preview, View, hex};
use crate::app::desk::Desk;
use crate::keys::Action;

impl Preview {
    /// Searches for `text` from here on.
    pub(in crate::s3) fn search(&mut self, text: &str, desk: &mut Desk<'_>) {
        self.searched = text.to_lowercase();
        if let View::Json(document) | View::Image(document) = &mut self.view {
            let found = document.search(text);
            self.cursor = document.cursor;
            if found == 0 && !text.is_empty() {
                desk.complain("not in what is loaded");
            }
            return;
        }
        if self.searched.is_empty() || self.holds(self.cursor.at) {
            return;
        }
        if !self.jump(true, desk) {
            desk.complain("not in what is loaded");
        }
    }

    fn holds(&self, number: usize) -> bool {
        self.row_text(number).to_lowercase().contains(&self.searched)
    }

    fn row_text(&self, number: usize) -> String {
        match &self.view {
            View::Lines(lines) => lines.text(self.body(), number),
            View::Table(sheet) => sheet.text(self.body(), number),
            View::Text(flow) => flow.row(number).to_owned(),
            View::Hex => {
                let per_row = hex::per_row(self.area.width);
                let line = self.held.chunks(per_row).nth(number).unwrap_or_default();
                let text: String = line.iter().map(|byte| char::from(*byte)).collect();
                let bytes: Vec<_> = line.iter().map(|byte| format!("{byte:02x}")).collect();
                format!("{text} {}", bytes.join(" "))
            }
            _ => String::new(),
        }
    }

    /// To the next match. Whether there is one.
    pub(super) fn jump(&mut self, onwards: bool, desk: &mut Desk<'_>) -> bool {
        let (count, at) = (self.len(), self.cursor.at);
        let to = match &mut self.view {
            View::Json(document) | View::Image(document) => {
                let done = document.act(if onwards { Action::NextMatch } else { Action::PreviousMatch });
                self.cursor = document.cursor;
                return done;
            }
            View::Text(flow) => flow.find(&self.searched.clone(), at, onwards),
            _ => {
                let place = |step: usize| if onwards { (at + step) % count } else { (at + count - step) % count };
                (1..=count).map(place).find(|to| self.holds(*to))
            }
        };
        let Some(to) = to else {
            desk.say("Not in what is loaded");
            return false;
        };
        let height = self.height();
        self.cursor.go(to, count, height);
        true
    }

    /// Whether a search marks something.
    pub(in crate::s3) fn end_search(&mut self) -> bool {
        let searched = !self.searched.is_empty();
        self.searched.clear();
        if let View::Json(document) | View::Image(document) = &mut self.view {
            document.search("");
        }
        searched
    }
}
