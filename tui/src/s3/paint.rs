//! What S3's views draw alike: sentences where rows would be, times, counts.

use footbridge_record::time;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::level::Asked;
use crate::app::desk::Glance;
use crate::ask::Trouble;
use crate::json::Line;
use crate::look::{Look, Role};
use crate::text::{clean, pad, split};
use crate::widget::{Block, Pen, row};

/// Sentences where rows would be, an empty row above each.
pub(super) fn say(area: Rect, buffer: &mut Buffer, look: Look, lines: &[(Role, &str)]) {
    let columns = usize::from(area.width).saturating_sub(4);
    let mut at = usize::from(area.height > 4);
    for (role, text) in lines {
        let text = clean(text, look.ascii);
        for line in wrapped(&text, columns) {
            let mut pen = Pen::new(look);
            pen.put(Role::Plain, "  ").put(*role, line);
            pen.draw(row(area, at), buffer);
            at += 1;
        }
        at += usize::from(area.height > 8);
    }
}

/// `text` in lines of at most `columns`, broken at spaces where that can be.
pub(super) fn wrapped(text: &str, columns: usize) -> Vec<&str> {
    let mut lines = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let (head, tail) = split(rest, columns.max(2));
        let end = if tail.is_empty() { head.len() } else { head.rfind(' ').map_or(head.len(), |at| at + 1) };
        if end == 0 {
            break;
        }
        lines.push(rest[..end].trim_end());
        rest = &rest[end..];
    }
    lines
}

/// Names and values below each other, the names in `names` columns.
pub(super) fn facts(pairs: &[(String, String)], role: Role, names: usize, look: Look) -> Vec<Block> {
    let line = |(name, value): &(String, String)| {
        let name = pad(&clean(name, look.ascii), names, look.signs().cut) + "  ";
        let pieces = vec![(Role::Dim, name), (role, clean(value, look.ascii))];
        Block::Line(Line { indent: 0, pieces, part: None })
    };
    pairs.iter().map(line).collect()
}

/// Why there is nothing to see, and what to do.
pub(super) fn trouble(trouble: &Trouble, area: Rect, buffer: &mut Buffer, look: Look, hint: &str) {
    let lines = [(Role::Bad, trouble.code.as_str()), (Role::Plain, trouble.message.as_str()), (Role::Dim, hint)];
    say(area, buffer, look, &lines);
}

/// That an answer is slow, once it is.
pub(super) fn wait(what: &str, asked: Asked, area: Rect, buffer: &mut Buffer, glance: &Glance) {
    if let Some(took) = asked.slow(glance.now) {
        let text = format!("{} {what}, {} so far; Esc calls it off", spinner(glance), seconds(took));
        say(area, buffer, glance.look, &[(Role::Accent, &text)]);
    }
}

/// `1.2s`.
pub(super) fn seconds(millis: u64) -> String {
    format!("{}.{}s", millis / 1000, millis / 100 % 10)
}

/// A sign that turns.
pub(super) fn spinner(glance: &Glance) -> &'static str {
    const SIGNS: [&str; 10] = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"];
    let step = usize::try_from(glance.now / 100).unwrap_or_default();
    if glance.look.ascii { ["|", "/", "-", "\\"][step % 4] } else { SIGNS[step % SIGNS.len()] }
}

/// `1,234,567`.
pub(super) fn count(number: impl TryInto<u64>) -> String {
    let digits = number.try_into().unwrap_or(u64::MAX).to_string();
    let mut out = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// `1 object`, `2,000 objects`.
pub(super) fn of(number: usize, noun: &str) -> String {
    format!("{} {noun}{}", count(number as u64), if number == 1 { "" } else { "s" })
}

/// `2026-11-22 10:20`, and the seconds where there is room for them.
pub(super) fn stamp(millis: u64, offset: i32, seconds: bool) -> String {
    time::full(millis, offset).chars().take(if seconds { 19 } else { 16 }).collect()
}

#[cfg(test)]
mod tests {
    use super::{count, of, wrapped};

    #[test]
    fn figures_are_easy_to_read() {
        assert_eq!(
            (count(0_u64), count(999_u64), count(1_000_000_u64)),
            ("0".into(), "999".into(), "1,000,000".into())
        );
        assert_eq!((of(1, "folder"), of(0, "object")), ("1 folder".to_owned(), "0 objects".to_owned()));
        assert_eq!(wrapped("a sentence of words", 10), ["a", "sentence", "of words"]);
        assert_eq!(wrapped("0123456789", 4), ["0123", "4567", "89"]);
    }
}
