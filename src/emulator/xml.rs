//! Text in XML.

use std::borrow::Cow;

/// The text with what XML 1.0 reserves written as entities, and what it forbids left out.
pub(crate) fn escape(text: &str) -> Cow<'_, str> {
    let plain = |c: char| !matches!(c, '<' | '>' | '&' | '"' | '\'' | '\r' | '\u{fffe}' | '\u{ffff}') && c >= ' ';
    if text.chars().all(|c| plain(c) || matches!(c, '\t' | '\n')) {
        return Cow::Borrowed(text);
    }
    let mut escaped = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        match c {
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '&' => escaped.push_str("&amp;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&apos;"),
            '\r' => escaped.push_str("&#13;"),
            c if plain(c) || matches!(c, '\t' | '\n') => escaped.push(c),
            _ => {}
        }
    }
    Cow::Owned(escaped)
}
