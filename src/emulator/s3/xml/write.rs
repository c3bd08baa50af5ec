//! Writing documents.

use std::fmt::{Display, Write as _};

/// The namespace of S3's documents.
const NAMESPACE: &str = "http://s3.amazonaws.com/doc/2006-03-01/";

/// The first line of every document, errors too.
pub(in crate::emulator::s3) const DECLARATION: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";

/// A document that is being written.
#[derive(Debug)]
pub(in crate::emulator::s3) struct Document {
    text: String,
    root: &'static str,
}

impl Document {
    /// A document with this root, still empty.
    pub(in crate::emulator::s3) fn new(root: &'static str) -> Self {
        Self { text: format!("{DECLARATION}<{root} xmlns=\"{NAMESPACE}\">"), root }
    }

    /// The document, ended.
    pub(in crate::emulator::s3) fn finish(mut self) -> String {
        let _ = write!(self.text, "</{}>", self.root);
        self.text
    }

    /// Text of the element that is open.
    pub(in crate::emulator::s3) fn content(&mut self, text: &str) {
        escape(&mut self.text, text, Quotes::Escaped);
    }

    /// An element with text.
    pub(in crate::emulator::s3) fn text(&mut self, name: &str, text: &str) {
        self.inside(name, |inside| inside.content(text));
    }

    /// An element with text, where there is some.
    pub(in crate::emulator::s3) fn maybe(&mut self, name: &str, text: Option<&str>) {
        if let Some(text) = text {
            self.text(name, text);
        }
    }

    /// An element with a number, or `true` or `false`.
    pub(in crate::emulator::s3) fn value(&mut self, name: &str, value: impl Display) {
        let _ = write!(self.text, "<{name}>{value}</{name}>");
    }

    /// An element with others inside.
    pub(in crate::emulator::s3) fn inside(&mut self, name: &str, write: impl FnOnce(&mut Self)) {
        self.inside_with(name, "", write);
    }

    /// An element with attributes, given as they are written, and others inside.
    pub(in crate::emulator::s3) fn inside_with(&mut self, name: &str, attributes: &str, write: impl FnOnce(&mut Self)) {
        let _ = write!(self.text, "<{name}{attributes}>");
        write(self);
        let _ = write!(self.text, "</{name}>");
    }
}

/// Writes an element with text.
pub(in crate::emulator::s3) fn element(xml: &mut String, name: &str, text: &str, quotes: Quotes) {
    // Writing to a String cannot fail.
    let _ = write!(xml, "<{name}>");
    escape(xml, text, quotes);
    let _ = write!(xml, "</{name}>");
}

/// How a quotation mark is written: AWS's documents escape it, its errors do not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::emulator::s3) enum Quotes {
    /// As an entity.
    Escaped,
    /// As it is.
    Plain,
}

/// Control characters as character references, as AWS sends them: parsers refuse them bare, and read a bare carriage
/// return as a line feed.
fn escape(xml: &mut String, text: &str, quotes: Quotes) {
    for character in text.chars() {
        match character {
            '&' => xml.push_str("&amp;"),
            '<' => xml.push_str("&lt;"),
            '>' => xml.push_str("&gt;"),
            '"' if quotes == Quotes::Escaped => xml.push_str("&quot;"),
            control if control < ' ' => {
                let _ = write!(xml, "&#x{:X};", u32::from(control));
            }
            other => xml.push(other),
        }
    }
}
