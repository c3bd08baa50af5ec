//! Text as wide as there is room, in columns of a terminal.

use std::borrow::Cow;
use std::fmt::Write as _;

use footbridge_record::text::is_treacherous;
use unicode_segmentation::UnicodeSegmentation as _;
use unicode_width::UnicodeWidthStr as _;

/// `text` safe to show, and in ASCII where that is all there is.
#[must_use]
pub fn clean(text: &str, ascii: bool) -> String {
    footbridge_record::text::clean(text, ascii).into_owned()
}

/// `text` as one word of any POSIX shell, whatever is in it but NUL, which no word can hold.
#[must_use]
pub fn shell_word(text: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./:=@%+,".contains(c);
    // zsh takes `=ls` for the path of `ls`.
    if !text.is_empty() && !text.starts_with('=') && text.chars().all(plain) {
        return text.to_owned();
    }
    let is_printed = |c: char| is_treacherous(c) && c != '\n';
    let (mut word, mut rest) = (String::new(), text);
    while !rest.is_empty() || word.is_empty() {
        // In single quotes nothing means anything but a single quote, which stands between them.
        let (quoted, after) = rest.split_at(rest.find(is_printed).unwrap_or(rest.len()));
        if !quoted.is_empty() || text.is_empty() {
            let _ = write!(word, "'{}'", quoted.replace('\'', r"'\''"));
        }
        // A terminal must not be given what commands it, even quoted: the shell makes it of its bytes.
        let (printed, after) = after.split_at(after.find(|c| !is_printed(c)).unwrap_or(after.len()));
        if !printed.is_empty() {
            word += "\"$(printf '";
            for byte in printed.bytes() {
                // Writing to a String does not fail.
                let _ = write!(word, "\\{byte:03o}");
            }
            word += "')\"";
        }
        rest = after;
    }
    word
}

/// `text` for the clipboard: line breaks and tabs stay, and any other control character is an escape, since a terminal
/// that it is pasted into would obey it.
#[must_use]
pub fn pasteable(text: &str) -> Cow<'_, str> {
    let commands = |c: char| c.is_control() && !matches!(c, '\n' | '\t');
    if !text.contains(commands) {
        return Cow::Borrowed(text);
    }
    let escaped = |c: char| match c {
        '\r' => "\\r".to_owned(),
        c if commands(c) => c.escape_unicode().to_string(),
        c => c.to_string(),
    };
    Cow::Owned(text.chars().map(escaped).collect())
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
    let tail = end(rest, room - head.width());
    format!("{head}{mark}{tail}")
}

/// As much of the end of `text` as goes into `columns`.
#[must_use]
pub fn end(text: &str, columns: usize) -> &str {
    let (mut used, mut from) = (0, text.len());
    for (at, grapheme) in text.grapheme_indices(true).rev() {
        used += grapheme.width();
        if used > columns {
            break;
        }
        from = at;
    }
    &text[from..]
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
    use super::{fit, fit_middle, pad, pad_left, pasteable, shell_word, split};

    #[test]
    fn a_shell_takes_a_text_as_one_word_and_a_terminal_as_none_of_its_own() {
        for (text, word) in [
            ("s3://b/plain-1.txt", "s3://b/plain-1.txt"),
            ("", "''"),
            ("it's $HOME", r"'it'\''s $HOME'"),
            ("$(rm -rf ~)`x`\\", "'$(rm -rf ~)`x`\\'"),
            ("#comment", "'#comment'"),
            ("*?[", "'*?['"),
            ("~", "'~'"),
            ("=ls", "'=ls'"),
            ("a\u{1b}[2J'\\\n", "'a'\"$(printf '\\033')\"'[2J'\\''\\\n'"),
            ("\u{202e}", "\"$(printf '\\342\\200\\256')\""),
        ] {
            assert_eq!(shell_word(text), word);
        }
    }

    #[test]
    #[cfg(unix)]
    fn a_shell_reads_what_was_meant() {
        let bare = [
            "it's",
            "a  b",
            "$HOME `id` \\ \"x\"",
            "!x",
            "-n",
            "日本 {a,b} ~",
            "%s %",
            "'; touch x; '",
            "'$(touch x)\n\n",
        ];
        let strange = ["", "\u{1b}[201~", "\u{202e}", "\u{7f}\u{9b}\r\t", "\u{feff}\n"];
        let texts = bare.iter().flat_map(|text| {
            strange
                .iter()
                .flat_map(move |odd| [format!("{odd}{text}"), format!("{text}{odd}"), format!("{odd}{text}{odd}0")])
        });
        for text in texts {
            let word = shell_word(&text);
            assert_eq!(word.find(|c: char| c != '\n' && footbridge_record::text::is_treacherous(c)), None, "{word:?}");
            let script = format!("printf '%s' {word}");
            // Whatever else ran would not be found, and the shell would say so.
            let output = std::process::Command::new("/bin/sh").args(["-c", &script]).env("PATH", "").output().unwrap();
            assert_eq!(String::from_utf8(output.stdout).unwrap(), text, "{word}");
            assert_eq!(String::from_utf8(output.stderr).unwrap(), "", "{word}");
        }
    }

    #[test]
    fn the_clipboard_gets_no_control_character_but_lines_and_tabs() {
        assert_eq!(pasteable("a\n\tb\u{202e}"), "a\n\tb\u{202e}");
        assert_eq!(pasteable("\u{1b}[201~rm\r\u{9b}\u{7f}"), "\\u{1b}[201~rm\\r\\u{9b}\\u{7f}");
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
