//! Text as wide as there is room, in columns of a terminal.

use unicode_segmentation::UnicodeSegmentation as _;
use unicode_width::UnicodeWidthStr as _;

/// `text` safe to show, and in ASCII where that is all there is.
#[must_use]
pub fn clean(text: &str, ascii: bool) -> String {
    footbridge_record::text::clean(text, ascii).into_owned()
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
    use super::{fit, fit_middle, pad, pad_left, split};

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
