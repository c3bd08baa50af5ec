//! What is asked of a person over a view: yes or no, one of several, a form, a text of many lines.

use std::cell::Cell;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::widgets::{Clear, Widget as _};
use ratatui_textarea::TextArea;

use super::typing::LineEdit;
use crate::json::Pieces;
use crate::look::{Look, Role};
use crate::text::{clean, fit, pad, split, width};
use crate::widget::{Pane, Pen, row};

/// What came of a dialog or of a line being typed, under its tag.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Told {
    /// Yes.
    Yes(&'static str),
    /// The entry of a menu.
    Choice(&'static str, usize),
    /// The values of a form's fields.
    Form(&'static str, Vec<String>),
    /// A choice of a form was made, at this field: the view may open the form anew, with other fields.
    Changed(&'static str, usize, Vec<String>),
    /// A line or a text.
    Text(&'static str, String),
    /// A line as it stands, after each key.
    Typing(&'static str, String),
    /// It was dropped.
    Dropped(&'static str),
}

/// A dialog.
#[derive(Debug)]
pub(crate) enum Dialog {
    /// Yes or no.
    Confirm(Confirm),
    /// One of several.
    Menu(Menu),
    /// Fields to fill in.
    Form(Form),
    /// A text of many lines.
    Editor(Box<Editor>),
}

/// Yes or no. Where a word is to be typed, only that is a yes.
#[derive(Debug, Default)]
pub(crate) struct Confirm {
    pub(crate) tag: &'static str,
    pub(crate) title: String,
    /// What will be done, to what.
    pub(crate) lines: Vec<String>,
    /// What of it changes, a line each, safe to show.
    pub(crate) changes: Vec<Pieces>,
    /// What must be typed, such as a bucket's name.
    pub(crate) word: Option<String>,
    pub(crate) typed: LineEdit,
    /// How many rows are above those in sight, where not all have room.
    pub(crate) above: Cell<usize>,
}

/// One of several.
#[derive(Debug, Default)]
pub(crate) struct Menu {
    pub(crate) tag: &'static str,
    pub(crate) title: String,
    /// A key and what it chooses.
    pub(crate) entries: Vec<(char, String)>,
    pub(crate) at: usize,
}

/// A field of a form.
#[derive(Debug, Clone, Default)]
pub(crate) struct Field {
    pub(crate) label: String,
    pub(crate) line: LineEdit,
    /// What stands there while it is empty.
    pub(crate) hint: String,
    /// What it may be; left and right go through them. Empty where anything may be typed.
    pub(crate) choices: Vec<String>,
}

impl Field {
    /// A field that takes any text.
    pub(crate) fn text(label: impl Into<String>, value: impl Into<String>, hint: impl Into<String>) -> Self {
        Self { label: label.into(), line: LineEdit::new(value), hint: hint.into(), choices: Vec::new() }
    }

    /// A field that is one of these; `value` is what it begins with.
    pub(crate) fn choice(label: impl Into<String>, value: impl Into<String>, choices: Vec<String>) -> Self {
        Self { label: label.into(), line: LineEdit::new(value), hint: String::new(), choices }
    }

    fn step(&mut self, by: isize) {
        let at = self.choices.iter().position(|choice| *choice == self.line.text).unwrap_or_default();
        let count = self.choices.len();
        let to = (at + count).saturating_add_signed(by) % count.max(1);
        if let Some(choice) = self.choices.get(to) {
            self.line = LineEdit::new(choice.clone());
        }
    }
}

/// Fields to fill in.
#[derive(Debug, Default)]
pub(crate) struct Form {
    pub(crate) tag: &'static str,
    pub(crate) title: String,
    pub(crate) fields: Vec<Field>,
    pub(crate) at: usize,
    /// What is wrong with what was filled in.
    pub(crate) complaint: Option<String>,
}

/// A text of many lines.
#[derive(Debug)]
pub(crate) struct Editor {
    pub(crate) tag: &'static str,
    pub(crate) title: String,
    pub(crate) area: TextArea<'static>,
    /// What is wrong with the text.
    pub(crate) complaint: Option<String>,
    /// The text that it began with.
    before: String,
    /// Whether it was said that something would be lost.
    warned: bool,
}

impl Editor {
    pub(crate) fn new(tag: &'static str, title: impl Into<String>, text: &str) -> Self {
        let area = TextArea::from(text.lines().map(str::to_owned));
        Self { tag, title: title.into(), area, complaint: None, before: text.to_owned(), warned: false }
    }

    /// `text` is what would be lost nothing of: what stands there was typed before.
    pub(crate) fn began_with(&mut self, text: &str) {
        text.clone_into(&mut self.before);
    }

    /// Whether something is in it that was typed.
    pub(super) fn is_changed(&self) -> bool {
        self.text() != self.before
    }

    /// The text as it stands.
    pub(crate) fn text(&self) -> String {
        self.area.lines().join("\n")
    }
}

/// What a key came to in a dialog.
pub(super) enum Pressed {
    /// It stays open.
    Open,
    /// It stays open unless the view that is told of this opens another.
    Told(Told),
    /// It is closed, and this is what came of it.
    Closed(Told),
    /// The key does nothing here.
    Nothing,
}

impl Dialog {
    fn tag(&self) -> &'static str {
        match self {
            Self::Confirm(one) => one.tag,
            Self::Menu(one) => one.tag,
            Self::Form(one) => one.tag,
            Self::Editor(one) => one.tag,
        }
    }

    /// Takes a key.
    pub(super) fn press(&mut self, pressed: &KeyEvent) -> Pressed {
        if pressed.code == KeyCode::Esc {
            let dropped = if let Self::Editor(one) = self { one.may_be_dropped() } else { true };
            return if dropped { Pressed::Closed(Told::Dropped(self.tag())) } else { Pressed::Open };
        }
        match self {
            Self::Confirm(one) => one.press(pressed),
            Self::Menu(one) => one.press(pressed),
            Self::Form(one) => one.press(pressed),
            Self::Editor(one) => one.press(pressed),
        }
    }

    /// Takes a pasted text.
    pub(super) fn paste(&mut self, text: &str) {
        match self {
            Self::Confirm(one) if one.word.is_some() => one.typed.paste(text),
            Self::Form(form) => {
                if let Some(field) = form.fields.get_mut(form.at).filter(|field| field.choices.is_empty()) {
                    field.line.paste(text);
                }
            }
            Self::Editor(editor) => {
                editor.area.insert_str(text);
            }
            Self::Confirm(_) | Self::Menu(_) => {}
        }
    }

    /// The keys that hold in it, for the footer: names of keys, and what they do.
    pub(super) fn keys(&self) -> &'static [(&'static str, &'static str)] {
        match self {
            Self::Confirm(Confirm { word: Some(_), .. }) => &[("Enter", "do it"), ("Esc", "leave it")],
            Self::Confirm(_) => &[("y", "do it"), ("n", "leave it")],
            Self::Menu(_) => &[("Enter", "choose"), ("Esc", "close")],
            Self::Form(_) => &[("Enter", "go"), ("Tab", "next field"), ("left right", "choose"), ("Esc", "close")],
            Self::Editor(_) => &[("Ctrl-S", "save"), ("Ctrl-U", "undo"), ("Ctrl-R", "redo"), ("Esc", "drop it")],
        }
    }
}

impl Confirm {
    fn press(&mut self, pressed: &KeyEvent) -> Pressed {
        let above = self.above.get();
        // How far one can go is known where it is drawn.
        match pressed.code {
            KeyCode::Up => self.above.set(above.saturating_sub(1)),
            KeyCode::Down => self.above.set(above + 1),
            KeyCode::PageUp => self.above.set(above.saturating_sub(10)),
            KeyCode::PageDown => self.above.set(above + 10),
            _ => return self.decide(pressed),
        }
        Pressed::Open
    }

    fn decide(&mut self, pressed: &KeyEvent) -> Pressed {
        let Some(word) = &self.word else {
            return match pressed.code {
                KeyCode::Char('y' | 'Y') => Pressed::Closed(Told::Yes(self.tag)),
                KeyCode::Char('n' | 'N' | 'q') => Pressed::Closed(Told::Dropped(self.tag)),
                _ => Pressed::Nothing,
            };
        };
        if pressed.code != KeyCode::Enter {
            return if self.typed.press(pressed) { Pressed::Open } else { Pressed::Nothing };
        }
        if self.typed.text == *word { Pressed::Closed(Told::Yes(self.tag)) } else { Pressed::Open }
    }
}

impl Menu {
    fn press(&mut self, pressed: &KeyEvent) -> Pressed {
        // An entry's key is that entry's, also where it moves elsewhere.
        if let KeyCode::Char(key) = pressed.code
            && let Some(at) = self.entries.iter().position(|(known, _)| *known == key)
        {
            return Pressed::Closed(Told::Choice(self.tag, at));
        }
        match pressed.code {
            KeyCode::Up | KeyCode::Char('k') => self.at = self.at.saturating_sub(1),
            KeyCode::Down | KeyCode::Char('j') => self.at = (self.at + 1).min(self.entries.len().saturating_sub(1)),
            KeyCode::Enter => return Pressed::Closed(Told::Choice(self.tag, self.at)),
            _ => return Pressed::Nothing,
        }
        Pressed::Open
    }
}

impl Form {
    fn values(&self) -> Vec<String> {
        self.fields.iter().map(|field| field.line.text.clone()).collect()
    }

    fn press(&mut self, pressed: &KeyEvent) -> Pressed {
        let last = self.fields.len().saturating_sub(1);
        match pressed.code {
            KeyCode::Enter => return Pressed::Closed(Told::Form(self.tag, self.values())),
            KeyCode::Tab | KeyCode::Down => self.at = if self.at == last { 0 } else { self.at + 1 },
            KeyCode::BackTab | KeyCode::Up => self.at = self.at.checked_sub(1).unwrap_or(last),
            code => {
                let Some(field) = self.fields.get_mut(self.at) else { return Pressed::Nothing };
                match code {
                    KeyCode::Left | KeyCode::Right | KeyCode::Char(' ') if !field.choices.is_empty() => {
                        field.step(if code == KeyCode::Left { -1 } else { 1 });
                        return Pressed::Told(Told::Changed(self.tag, self.at, self.values()));
                    }
                    _ if field.choices.is_empty() && field.line.press(pressed) => {}
                    _ => return Pressed::Nothing,
                }
            }
        }
        Pressed::Open
    }
}

impl Editor {
    /// Whether nothing would be lost, or that was said; else it is said now.
    fn may_be_dropped(&mut self) -> bool {
        if self.warned || !self.is_changed() {
            return true;
        }
        self.warned = true;
        self.complaint = Some("Esc again drops what you changed; Ctrl-S saves it".to_owned());
        false
    }

    fn press(&mut self, pressed: &KeyEvent) -> Pressed {
        if pressed.code == KeyCode::Char('s') && pressed.modifiers.contains(KeyModifiers::CONTROL) {
            return Pressed::Closed(Told::Text(self.tag, self.text()));
        }
        if std::mem::take(&mut self.warned) {
            self.complaint = None;
        }
        self.area.input(*pressed);
        Pressed::Open
    }
}

impl Dialog {
    /// Draws it in the middle of `place`.
    pub(super) fn draw(&self, place: Rect, frame: &mut Frame<'_>, look: Look) {
        let (columns, rows) = self.size(place, look);
        let area = Rect {
            x: place.x + place.width.saturating_sub(columns) / 2,
            y: place.y + place.height.saturating_sub(rows) / 2,
            width: columns.min(place.width),
            height: rows.min(place.height),
        };
        Clear.render(area, frame.buffer_mut());
        let title = match self {
            Self::Confirm(one) => &one.title,
            Self::Menu(one) => &one.title,
            Self::Form(one) => &one.title,
            Self::Editor(one) => &one.title,
        };
        let note = match self {
            Self::Editor(_) => "Ctrl-S saves, Esc drops it",
            _ => "",
        };
        let pane = Pane { title: title.clone(), note: note.to_owned(), front: true };
        let inner = pane.draw_over(area, frame.buffer_mut(), look);
        match self {
            Self::Confirm(one) => one.draw(inner, frame, look),
            Self::Menu(one) => one.draw(inner, frame, look),
            Self::Form(one) => one.draw(inner, frame, look),
            Self::Editor(one) => one.draw(inner, frame, look),
        }
    }

    fn size(&self, place: Rect, look: Look) -> (u16, u16) {
        let wide = |texts: &mut dyn Iterator<Item = usize>| texts.max().unwrap_or_default() + 6;
        let (columns, rows) = match self {
            Self::Confirm(one) => {
                let changes = one.changes.iter().map(|line| line.iter().map(|(_, text)| width(text)).sum());
                let lines = one.lines.iter().map(|line| width(&clean(line, look.ascii)));
                let columns = wide(&mut lines.chain(changes)).max(44).min(usize::from(place.width));
                (columns, one.rows(columns.saturating_sub(2), look).len() + 4)
            }
            Self::Menu(one) => {
                (wide(&mut one.entries.iter().map(|(_, text)| width(text) + 4)).max(30), one.entries.len() + 2)
            }
            Self::Form(one) => (usize::from(place.width).min(88), one.fields.len() + 4),
            Self::Editor(_) => {
                (usize::from(place.width).saturating_sub(4), usize::from(place.height).saturating_sub(2))
            }
        };
        let fit = |wanted: usize, most: u16| u16::try_from(wanted).unwrap_or(most).min(most);
        (fit(columns, place.width), fit(rows, place.height))
    }
}

impl Confirm {
    /// What is in it, in rows of so many columns: what one says yes to is there to the last character.
    fn rows(&self, columns: usize, look: Look) -> Vec<Pieces> {
        let room = columns.saturating_sub(2).max(2);
        let mut rows = Vec::new();
        for line in &self.lines {
            let line = clean(line, look.ascii);
            let mut rest = line.as_str();
            loop {
                let (head, tail) = split(rest, room);
                let space = head.rfind(' ').filter(|space| !tail.is_empty() && *space > head.len() / 2);
                let (head, tail) = space.map_or((head, tail), |space| rest.split_at(space + 1));
                rows.push(vec![(Role::Plain, head.to_owned())]);
                if tail.is_empty() || head.is_empty() {
                    break;
                }
                rest = tail;
            }
        }
        rows.extend(self.changes.iter().cloned());
        rows
    }

    fn draw(&self, area: Rect, frame: &mut Frame<'_>, look: Look) {
        let columns = usize::from(area.width);
        let rows = self.rows(columns, look);
        let height = usize::from(area.height);
        let room = rows.len().min(height.saturating_sub(2));
        let above = self.above.get().min(rows.len() - room);
        self.above.set(above);
        for (number, line) in rows.iter().skip(above).take(room).enumerate() {
            let mut pen = Pen::new(look);
            pen.put(Role::Plain, " ");
            for (role, text) in line {
                pen.put(*role, text.clone());
            }
            pen.draw(row(area, number), frame.buffer_mut());
        }
        if rows.len() > room {
            let mut pen = Pen::new(look);
            let of = format!(" rows {} to {} of {}: Up and Down show the others", above + 1, above + room, rows.len());
            pen.put(Role::Dim, of);
            pen.draw(row(area, room), frame.buffer_mut());
        }
        let place = row(area, (room + 1).min(height.saturating_sub(1)));
        let mut pen = Pen::new(look);
        if let Some(word) = &self.word {
            let mark = format!(" type {} to do it: ", clean(word, look.ascii));
            let (text, at) = self.typed.shown(columns.saturating_sub(width(&mark)), look.ascii);
            let column = width(&mark) + at;
            pen.put(Role::Warning, mark).put(Role::Accent, text);
            show_cursor(place, column, frame);
        } else {
            pen.put(Role::Accent, " y").put(Role::Plain, " do it   ");
            pen.put(Role::Accent, "n").put(Role::Plain, " leave it");
        }
        pen.draw(place, frame.buffer_mut());
    }
}

impl Menu {
    fn draw(&self, area: Rect, frame: &mut Frame<'_>, look: Look) {
        let top = (self.at + 1).saturating_sub(usize::from(area.height));
        for (number, (key, text)) in self.entries.iter().enumerate().skip(top) {
            let mut pen = Pen::new(look);
            pen.put(Role::Accent, format!(" {key} ")).quote(Role::Plain, text);
            let place = row(area, number - top);
            pen.draw(place, frame.buffer_mut());
            if number == self.at {
                frame.buffer_mut().set_style(place, look.selected(true));
            }
        }
    }
}

impl Form {
    fn draw(&self, area: Rect, frame: &mut Frame<'_>, look: Look) {
        let labels = self.fields.iter().map(|field| width(&field.label)).max().unwrap_or_default().min(24);
        let rows = usize::from(area.height).saturating_sub(2).max(1);
        let top = (self.at + 1).saturating_sub(rows);
        for (number, field) in self.fields.iter().enumerate().skip(top).take(rows) {
            let here = number == self.at;
            let place = row(area, number - top);
            let room = usize::from(area.width).saturating_sub(labels + 6);
            let mut pen = Pen::new(look);
            pen.put(Role::Accent, if here { look.signs().pointer } else { " " });
            pen.put(
                if here { Role::Heading } else { Role::Dim },
                pad(&clean(&field.label, look.ascii), labels, look.signs().cut),
            );
            pen.put(Role::Plain, "  ");
            let (text, at) = field.line.shown(room, look.ascii);
            if here {
                show_cursor(place, pen.used() + at, frame);
            }
            if text.is_empty() {
                pen.quote(Role::Dim, &fit(&field.hint, room, look.signs().cut));
            } else if field.choices.is_empty() {
                pen.put(Role::Plain, text);
            } else {
                pen.put(Role::Dim, "< ").put(Role::Accent, text).put(Role::Dim, " >");
            }
            pen.draw(place, frame.buffer_mut());
        }
        if let Some(complaint) = &self.complaint {
            let mut pen = Pen::new(look);
            pen.put(Role::Bad, " ").quote(Role::Bad, complaint);
            pen.draw(row(area, usize::from(area.height).saturating_sub(1)), frame.buffer_mut());
        }
    }
}

impl Editor {
    fn draw(&self, area: Rect, frame: &mut Frame<'_>, look: Look) {
        let below = u16::from(self.complaint.is_some());
        let text = Rect { height: area.height.saturating_sub(below), ..area };
        frame.render_widget(&self.area, text);
        if let Some(complaint) = &self.complaint {
            let mut pen = Pen::new(look);
            pen.quote(Role::Bad, complaint);
            pen.draw(Rect { y: text.bottom(), height: below, ..area }, frame.buffer_mut());
        }
    }
}

/// The terminal's cursor, at `column` of `place`.
pub(crate) fn show_cursor(place: Rect, column: usize, frame: &mut Frame<'_>) {
    let column = u16::try_from(column).unwrap_or(u16::MAX);
    if place.height > 0 && column < place.width {
        frame.set_cursor_position((place.x + column, place.y));
    }
}
