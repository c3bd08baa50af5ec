//! A line of text while it is typed: the usual keys of editing.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use crate::text::{clean, end, width};

/// A line under the cursor.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct LineEdit {
    /// What stands there.
    pub(crate) text: String,
    /// Where the cursor is, in bytes.
    at: usize,
}

impl LineEdit {
    /// With the cursor at the end of `text`.
    pub(crate) fn new(text: impl Into<String>) -> Self {
        let text = text.into();
        Self { at: text.len(), text }
    }

    /// Types a pasted text; line breaks become spaces.
    pub(crate) fn paste(&mut self, text: &str) {
        let line: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
        self.text.insert_str(self.at, &line);
        self.at += line.len();
    }

    /// Takes a key of editing. Whether it is one.
    pub(crate) fn press(&mut self, pressed: &KeyEvent) -> bool {
        let plain = !pressed.modifiers.intersects(KeyModifiers::CONTROL | KeyModifiers::ALT);
        let before = self.text[..self.at].chars().next_back().map_or(0, char::len_utf8);
        let after = self.text[self.at..].chars().next().map_or(0, char::len_utf8);
        match pressed.code {
            KeyCode::Left => self.at -= before,
            KeyCode::Right => self.at += after,
            KeyCode::Home => self.at = 0,
            KeyCode::End => self.at = self.text.len(),
            KeyCode::Char('a') if !plain => self.at = 0,
            KeyCode::Char('e') if !plain => self.at = self.text.len(),
            KeyCode::Backspace => {
                self.at -= before;
                self.text.drain(self.at..self.at + before);
            }
            KeyCode::Delete => {
                self.text.drain(self.at..self.at + after);
            }
            KeyCode::Char('u') if !plain => {
                self.text.drain(..self.at);
                self.at = 0;
            }
            KeyCode::Char('w') if !plain => {
                let head = self.text[..self.at].trim_end();
                let keep = head.rfind(' ').map_or(0, |at| at + 1);
                self.text.drain(keep..self.at);
                self.at = keep;
            }
            KeyCode::Char(c) if plain => {
                self.text.insert(self.at, c);
                self.at += c.len_utf8();
            }
            _ => return false,
        }
        true
    }

    /// The text for `room` columns, safe to show, and the column of the cursor in it: what is being typed stays in sight.
    pub(crate) fn shown(&self, room: usize, ascii: bool) -> (String, usize) {
        let (head, tail) = self.text.split_at(self.at);
        let head = clean(head, ascii);
        let head = end(&head, room.saturating_sub(1)).to_owned();
        let at = width(&head);
        (head + &clean(tail, ascii), at)
    }
}

/// A line to be typed below a view.
#[derive(Debug, Clone)]
pub(crate) struct Prompt {
    /// What the view knows it by.
    pub(crate) tag: &'static str,
    /// What stands before it: `/`, `:`, `download to`.
    pub(crate) mark: String,
    /// What it begins with.
    pub(crate) text: String,
    /// What stands there while it is empty.
    pub(crate) hint: String,
}

/// A prompt being typed into.
#[derive(Debug, Clone)]
pub(crate) struct Typing {
    pub(crate) prompt: Prompt,
    pub(crate) line: LineEdit,
    /// What is wrong with it.
    pub(crate) complaint: Option<String>,
}

impl Typing {
    pub(crate) fn new(prompt: Prompt) -> Self {
        Self { line: LineEdit::new(prompt.text.clone()), prompt, complaint: None }
    }
}

#[cfg(test)]
mod tests {
    use super::LineEdit;
    use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

    fn typed(line: &mut LineEdit, keys: &[KeyCode]) {
        for code in keys {
            line.press(&KeyEvent::new(*code, KeyModifiers::NONE));
        }
    }

    #[test]
    fn it_edits_between_whole_characters() {
        let mut line = LineEdit::new("日本");
        typed(&mut line, &[KeyCode::Left, KeyCode::Char('é'), KeyCode::Left, KeyCode::Left, KeyCode::Delete]);
        assert_eq!(line.text, "é本");
        typed(&mut line, &[KeyCode::End, KeyCode::Backspace, KeyCode::Backspace, KeyCode::Backspace]);
        assert_eq!(line.text, "");
        line.paste("two\nlines");
        line.press(&KeyEvent::new(KeyCode::Char('w'), KeyModifiers::CONTROL));
        assert_eq!(line.text, "two ");
    }

    #[test]
    fn what_is_typed_stays_in_sight() {
        let line = LineEdit::new("0123456789");
        assert_eq!(line.shown(5, false), ("6789".to_owned(), 4));
    }
}
