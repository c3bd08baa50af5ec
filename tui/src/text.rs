//! Makes what strangers wrote safe to show, and as wide as there is room.

use std::fmt::Write as _;

use unicode_segmentation::UnicodeSegmentation as _;
use unicode_width::UnicodeWidthStr as _;

/// `text` with characters that move the cursor, change the reading direction or do not show written as escapes
/// (`\n`, `\u{202e}`); where `ascii`, also everything that is not ASCII.
#[must_use]
pub fn clean(text: &str, ascii: bool) -> String {
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\n' | '\r' | '\t' => shown.extend(c.escape_default()),
            _ if is_treacherous(c) || (ascii && !c.is_ascii()) => {
                // Writing to a String does not fail.
                let _ = write!(shown, "{}", c.escape_unicode());
            }
            _ => shown.push(c),
        }
    }
    shown
}

fn is_treacherous(c: char) -> bool {
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

/// How many columns `text` takes.
#[must_use]
pub fn width(text: &str) -> usize {
    text.width()
}

/// `text` in at most `columns`, its end replaced by `mark` where it was cut.
#[must_use]
pub fn fit(text: &str, columns: usize, mark: &str) -> String {
    if text.width() <= columns {
        return text.to_owned();
    }
    let room = columns.saturating_sub(mark.width());
    let (head, _) = split(text, room);
    if mark.width() > columns { String::new() } else { format!("{head}{mark}") }
}

/// `text` in at most `columns`, with `mark` in its middle where it was cut: of a path, both ends say something.
#[must_use]
pub fn fit_middle(text: &str, columns: usize, mark: &str) -> String {
    let room = columns.saturating_sub(mark.width());
    if text.width() <= columns || room < 4 {
        return fit(text, columns, mark);
    }
    let (head, rest) = split(text, room / 2);
    let mut tail = rest;
    while tail.width() > room - head.width() {
        let first = tail.graphemes(true).next().map_or(tail.len(), str::len);
        tail = &tail[first..];
    }
    format!("{head}{mark}{tail}")
}

/// `text` in exactly `columns`: cut, or filled with spaces on the right.
#[must_use]
pub fn pad(text: &str, columns: usize, mark: &str) -> String {
    let mut text = fit(text, columns, mark);
    text.extend(std::iter::repeat_n(' ', columns.saturating_sub(text.width())));
    text
}

/// `text` in exactly `columns`: cut, or filled with spaces on the left.
#[must_use]
pub fn pad_left(text: &str, columns: usize, mark: &str) -> String {
    let text = fit(text, columns, mark);
    " ".repeat(columns.saturating_sub(text.width())) + &text
}

/// As many whole characters, as people count them, as go into `columns`, and the rest.
#[must_use]
pub fn split(text: &str, columns: usize) -> (&str, &str) {
    let mut used = 0;
    for (at, grapheme) in text.grapheme_indices(true) {
        used += grapheme.width();
        if used > columns {
            return text.split_at(at);
        }
    }
    (text, "")
}

#[cfg(test)]
mod tests {
    use super::{clean, fit, fit_middle, pad, pad_left, split};

    #[test]
    fn a_name_cannot_command_the_terminal() {
        assert_eq!(clean("a\u{1b}[2Jb\u{9b}31m", false), "a\\u{1b}[2Jb\\u{9b}31m");
        assert_eq!(clean("\u{1b}]52;c;cm0gLXJm\u{7}", false), "\\u{1b}]52;c;cm0gLXJm\\u{7}");
        assert_eq!(clean("a\r\nb\tc", false), "a\\r\\nb\\tc");
    }

    #[test]
    fn a_name_cannot_turn_the_reading_direction_or_hide() {
        assert_eq!(clean("gpj.\u{202e}exe", false), "gpj.\\u{202e}exe");
        assert_eq!(clean("pay\u{200b}pal\u{feff}\u{e0041}", false), "pay\\u{200b}pal\\u{feff}\\u{e0041}");
        assert_eq!(clean("naïve – 日本語 🦀", false), "naïve – 日本語 🦀");
    }

    #[test]
    fn ascii_terminals_get_ascii() {
        assert_eq!(clean("naïve", true), "na\\u{ef}ve");
    }

    #[test]
    fn paths_keep_both_ends() {
        assert_eq!(fit_middle("s3://bucket/photos/a.png", 15, "…"), "s3://bu…s/a.png");
        assert_eq!(fit_middle("日本語日本語", 8, "…"), "日…本語");
        assert_eq!(fit_middle("short", 8, "…"), "short");
        assert_eq!(fit_middle("shorter", 4, "…"), "sho…");
    }

    #[test]
    fn text_is_cut_between_characters_that_take_two_columns() {
        assert_eq!(fit("日本語", 5, "…"), "日本…");
        assert_eq!(fit("日本語", 4, "…"), "日…");
        assert_eq!(pad("日本語", 4, "…"), "日… ");
        assert_eq!(pad_left("12", 4, "…"), "  12");
        assert_eq!((fit("abc", 0, "…"), fit("abc", 1, "…")), (String::new(), "…".to_owned()));
        assert_eq!(split("日本", 3), ("日", "本"));
    }
}
