//! The notes that the journal leaves where it cut, redacted or veiled a value.

use serde_json::{Map, Value};

/// What stands for a secret.
pub(super) const REDACTED: &str = "[redacted]";

/// A text as recorded: its beginning, and its length in bytes where only that was recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Text<'a> {
    pub(super) head: &'a str,
    pub(super) whole: Option<usize>,
}

impl<'a> Text<'a> {
    pub(super) fn of(text: &'a str) -> Self {
        let cut = text.rsplit_once("… ").and_then(|(head, note)| Some((head, number(note, " bytes]")?)));
        match cut {
            Some((head, bytes)) => Self { head, whole: Some(bytes) },
            None => Self { head: text, whole: None },
        }
    }

    /// Whether two texts may be one, as far as they are recorded.
    pub(super) fn fits(self, other: Self) -> bool {
        let lengths = [self, other].map(|text| text.whole.unwrap_or(text.head.len()));
        let masked = self.head.contains(REDACTED) || other.head.contains(REDACTED);
        match (self.whole, other.whole) {
            (None, None) => self.head == other.head,
            (Some(_), None) => other.head.starts_with(self.head) && (masked || lengths[0] == lengths[1]),
            (None, Some(_)) => other.fits(self),
            (Some(a), Some(b)) => a == b && (self.head.starts_with(other.head) || other.head.starts_with(self.head)),
        }
    }
}

/// The elements that were recorded, and how many more there were.
pub(super) fn elements(array: &[Value]) -> (&[Value], usize) {
    match array.split_last() {
        Some((Value::String(note), head)) => match number(note, " more]") {
            Some(more) => (head, more),
            None => (array, 0),
        },
        _ => (array, 0),
    }
}

/// Whether members are missing from what was recorded.
pub(super) fn lacks_members(object: &Map<String, Value>) -> bool {
    object.get("…").and_then(Value::as_str).is_some_and(|note| number(note, " more]").is_some())
}

/// Whether nothing but notes was recorded.
pub(super) fn is_shape(value: &Value) -> bool {
    leaves(value, &mut |leaf| match leaf {
        Value::String(text) => is_note(text),
        Value::Number(_) => false,
        _ => true,
    }) && !leaves(value, &mut |leaf| !leaf.is_string())
}

/// Whether a value was left out for a note.
pub(super) fn is_omitted(value: &Value) -> bool {
    matches!(value.as_str(), Some(REDACTED | "[nested deeper]"))
}

fn is_note(text: &str) -> bool {
    matches!(text, "[number]" | REDACTED | "[nested deeper]")
        || number(text, " bytes]").is_some()
        || number(text, " more]").is_some()
}

/// The number in `[12 bytes]`.
fn number(note: &str, unit: &str) -> Option<usize> {
    note.strip_prefix('[')?.strip_suffix(unit)?.parse().ok()
}

/// Whether every leaf is so.
fn leaves(value: &Value, is: &mut impl FnMut(&Value) -> bool) -> bool {
    match value {
        Value::Array(elements) => elements.iter().all(|element| leaves(element, is)),
        Value::Object(members) => members.values().all(|member| leaves(member, is)),
        leaf => is(leaf),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn cut_texts_fit_as_far_as_they_go() {
        let fits = |a: &str, b: &str| Text::of(a).fits(Text::of(b)) && Text::of(b).fits(Text::of(a));
        assert!(fits("abc… [6 bytes]", "abcdef") && fits("abc… [6 bytes]", "abcd… [6 bytes]"));
        assert!(!fits("abc… [6 bytes]", "abcdefg") && !fits("abc… [6 bytes]", "abXdef"));
        assert!(!fits("abc… [6 bytes]", "abc… [7 bytes]") && !fits("abc", "abcd"));
        assert!(fits("a [redacted] b… [90 bytes]", "a [redacted] b and so on"));
    }

    #[test]
    fn shapes_are_told_from_answers() {
        assert!(is_shape(&json!({"table": "[4 bytes]", "items": [{"n": "[number]", "b": true}, "[3 more]"]})));
        assert!(!is_shape(&json!({"table": "[4 bytes]", "count": 1})));
        assert!(!is_shape(&json!({"table": "Shop"})) && !is_shape(&json!({})) && !is_shape(&Value::Null));
        assert_eq!(elements(&[json!(1), json!("[4 more]")]), (&[json!(1)][..], 4));
    }
}
