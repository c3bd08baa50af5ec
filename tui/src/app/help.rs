//! The help page: the keys of where one is, then those of everywhere else, and what the filter and the signs mean.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::calls;
use crate::json::Pieces;
use crate::keys::{self, Action, Scope, shown};
use crate::look::{Look, Role};
use crate::row::Standing;
use crate::text::{clean, pad, width};
use crate::widget::{Cursor, Pane, Pen, row};

const KEYS: usize = 20;

/// The page, open over a view.
#[derive(Debug)]
pub(super) struct Help {
    lines: Vec<Pieces>,
    cursor: Cursor,
}

impl Help {
    /// The page for someone who is in `scope`.
    pub(super) fn of(scope: Scope, look: Look) -> Self {
        Self { lines: lines(scope, look), cursor: Cursor::default() }
    }

    /// Scrolls. Whether `action` is one that does.
    pub(super) fn act(&mut self, action: Action, place: Rect) -> bool {
        let height = usize::from(crate::widget::inside(place).height);
        let rows = self.lines.len();
        // The page has no selected row: what moves is its top.
        self.cursor.at = match action {
            Action::Down | Action::PageDown => (self.cursor.top + height).saturating_sub(1),
            _ => self.cursor.top,
        };
        self.cursor.act(action, rows, height)
    }

    pub(super) fn draw(&self, place: Rect, buffer: &mut Buffer, look: Look) {
        let all = self.lines.len();
        let rows = usize::from(crate::widget::inside(place).height);
        let last = (self.cursor.top + rows).min(all);
        let note = if all > rows { format!("{}-{last} of {all}", self.cursor.top + 1) } else { String::new() };
        let inner = Pane { title: "Keys".to_owned(), note, front: true }.draw(place, buffer, look);
        for (number, line) in self.cursor.window(all, inner.height).enumerate() {
            let mut pen = Pen::new(look);
            pen.put(Role::Plain, " ");
            for (role, text) in &self.lines[line] {
                pen.put(*role, text.clone());
            }
            pen.draw(row(inner, number), buffer);
        }
    }
}

fn lines(here: Scope, look: Look) -> Vec<Pieces> {
    let mut lines = Vec::new();
    let mut said = Vec::new();
    let first = Scope::ALL.into_iter().filter(|(scope, _)| *scope == here);
    let others = Scope::ALL.into_iter().filter(|(scope, _)| *scope != here);
    for (scope, title) in first.chain(others) {
        let mut of_scope = Vec::new();
        for binding in keys::of(scope) {
            // What holds in several places is said at the first.
            if said.contains(&std::ptr::from_ref(binding)) {
                continue;
            }
            said.push(std::ptr::from_ref(binding));
            let keys: Vec<_> = binding.keys.iter().map(|keys| shown(keys, look.ascii)).collect();
            of_scope.push(pair(&keys.join(" "), binding.help));
        }
        section(&mut lines, title, of_scope);
    }
    let fields = calls::FIELDS.iter().map(|(field, help)| pair(field, help)).collect();
    section(
        &mut lines,
        "Filter of calls: terms that must all hold; - turns one round, \"\" keep words together",
        fields,
    );
    let signs = Standing::ALL.map(|standing| {
        vec![(look.role(standing), pad(look.glyph(standing), KEYS, "")), (Role::Plain, standing.word().to_owned())]
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
    let gap = if width(left) > KEYS { left.to_owned() } else { pad(left, KEYS, "") };
    vec![(Role::Accent, gap), (Role::Plain, format!(" {}", clean(right, false)))]
}
