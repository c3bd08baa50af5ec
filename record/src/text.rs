//! Makes what strangers wrote safe to show: on a terminal, in a log, in a message.

use std::borrow::Cow;
use std::fmt::Write;

/// `text` with characters that move the cursor, change the reading direction or do not show written as escapes
/// (`\n`, `\u{202e}`). Borrowed where there are none.
#[must_use]
pub fn visible(text: &str) -> Cow<'_, str> {
    let Some(first) = text.find(is_treacherous) else { return Cow::Borrowed(text) };
    let mut shown = text[..first].to_owned();
    for c in text[first..].chars() {
        match c {
            '\n' | '\r' | '\t' => shown.extend(c.escape_default()),
            _ if is_treacherous(c) => {
                // Writing to a String does not fail.
                let _ = write!(shown, "{}", c.escape_unicode());
            }
            _ => shown.push(c),
        }
    }
    Cow::Owned(shown)
}

/// [`visible`], and in ASCII alone where `ascii`: everything else is an escape then.
#[must_use]
pub fn clean(text: &str, ascii: bool) -> Cow<'_, str> {
    if !ascii || text.is_ascii() {
        return visible(text);
    }
    let escaped = text.chars().map(|c| if c.is_ascii() { c.to_string() } else { c.escape_unicode().to_string() });
    Cow::Owned(visible(&escaped.collect::<String>()).into_owned())
}

/// [`visible`], with line breaks and tabs left as they are.
#[must_use]
pub fn visible_lines(text: &str) -> Cow<'_, str> {
    if !text.contains(['\n', '\t']) {
        return visible(text);
    }
    let pieces = text.split_inclusive(['\n', '\t']).map(|piece| match piece.strip_suffix(['\n', '\t']) {
        Some(inner) => visible(inner).into_owned() + &piece[inner.len()..],
        None => visible(piece).into_owned(),
    });
    Cow::Owned(pieces.collect())
}

/// The JSON `text` on one line, with such characters as JSON escapes them. They stand nowhere but in strings.
#[must_use]
pub fn visible_json(text: &str) -> Cow<'_, str> {
    if !text.contains(is_treacherous) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        if is_treacherous(c) {
            for unit in c.encode_utf16(&mut [0; 2]) {
                // Writing to a String does not fail.
                let _ = write!(shown, "\\u{unit:04x}");
            }
        } else {
            shown.push(c);
        }
    }
    Cow::Owned(shown)
}

/// [`visible`], cut after `most` characters of `text`, with `…` in place of what is left out.
#[must_use]
pub fn brief(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        Some((end, _)) => visible(&text[..end]).into_owned() + "…",
        None => visible(text).into_owned(),
    }
}

/// Whether `c` moves the cursor, changes the reading direction or does not show.
#[must_use]
pub fn is_treacherous(c: char) -> bool {
    c.is_control()
        || matches!(c,
            // Soft hyphen, Mongolian vowel separator, Hangul fillers: no width.
            '\u{ad}' | '\u{180e}' | '\u{115f}' | '\u{1160}' | '\u{3164}' | '\u{ffa0}'
            // Arabic letter mark and the other marks, embeddings, overrides and isolates of direction.
            | '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}'
            // Zero-width spaces and joiners, invisible operators, the byte order mark.
            | '\u{200b}'..='\u{200d}' | '\u{2060}'..='\u{2065}' | '\u{206a}'..='\u{206f}' | '\u{feff}'
            // Line and paragraph separators, annotations, selectors of variations, tags.
            | '\u{2028}' | '\u{2029}' | '\u{fff9}'..='\u{fffb}' | '\u{fe00}'..='\u{fe0f}' | '\u{e0000}'..='\u{e01ef}')
}

#[cfg(test)]
mod tests {
    use super::{brief, clean, visible, visible_json, visible_lines};
    use std::borrow::Cow;

    #[test]
    fn clean_text_is_borrowed() {
        for text in ["", "users/ada", "naïve – 日本語 🦀"] {
            assert!(matches!(visible(text), Cow::Borrowed(same) if same == text));
        }
    }

    #[test]
    fn ascii_terminals_get_ascii() {
        assert_eq!(clean("naïve\n", true), "na\\u{ef}ve\\n");
        assert_eq!(clean("naïve", false), "naïve");
    }

    #[test]
    fn terminal_escapes_are_shown() {
        assert_eq!(visible("a\u{1b}[2Jb"), "a\\u{1b}[2Jb");
        assert_eq!(visible("\u{9b}31m"), "\\u{9b}31m");
        assert_eq!(visible("\u{1b}]52;c;cm0gLXJm\u{7}"), "\\u{1b}]52;c;cm0gLXJm\\u{7}");
        assert_eq!(visible("a\r\nb\tc\u{7}"), "a\\r\\nb\\tc\\u{7}");
    }

    #[test]
    fn lines_stay_lines() {
        assert_eq!(visible_lines("a\x1b[2J\n\tb\r\n"), "a\\u{1b}[2J\n\tb\\r\n");
        assert!(matches!(visible_lines("one"), Cow::Borrowed("one")));
    }

    #[test]
    fn json_means_the_same() {
        let value = serde_json::json!({ "\u{9b}31m": "a\u{1b}\u{e0041}\u{202e}\u{7f}é" });
        let text = value.to_string();
        let shown = visible_json(&text);
        assert!(!shown.contains(super::is_treacherous), "{shown}");
        assert_eq!(serde_json::from_str::<serde_json::Value>(&shown).unwrap(), value);
    }

    #[test]
    fn long_text_is_cut_between_characters() {
        assert_eq!((brief("äöü", 3).as_str(), brief("äöü", 2).as_str()), ("äöü", "äö…"));
        assert_eq!(brief("\u{1b}x", 1), "\\u{1b}…");
    }

    #[test]
    fn direction_overrides_are_shown() {
        assert_eq!(visible("gpj.\u{202e}exe"), "gpj.\\u{202e}exe");
        assert_eq!(visible("\u{2066}x\u{2069}"), "\\u{2066}x\\u{2069}");
    }

    #[test]
    fn characters_without_width_are_shown() {
        assert_eq!(visible("pay\u{200b}pal\u{feff}"), "pay\\u{200b}pal\\u{feff}");
        assert_eq!(visible("\u{e0041}\u{fe0f}"), "\\u{e0041}\\u{fe0f}");
    }
}
