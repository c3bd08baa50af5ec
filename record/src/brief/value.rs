//! Values in a few columns.

use serde_json::{Map, Value};

/// The most columns of one value.
const VALUE: usize = 24;

/// The most attributes of an item that are shown.
const ATTRIBUTES: usize = 4;

/// Levels of nesting that are shown.
const DEPTH: usize = 4;

/// A text of bounded width that takes no more once it is full.
struct Short {
    text: String,
    left: usize,
    full: bool,
}

impl Short {
    fn new(columns: usize) -> Self {
        Self { text: String::new(), left: columns, full: false }
    }

    fn push(&mut self, text: &str) {
        for c in text.chars() {
            if self.full {
                return;
            }
            let wide = columns(c);
            if wide > self.left {
                self.full = true;
                // One column is made free for the mark.
                while self.left == 0
                    && let Some(last) = self.text.pop()
                {
                    self.left += columns(last);
                }
                self.text.push('…');
                return;
            }
            self.left -= wide;
            self.text.push(c);
        }
    }
}

/// How many columns a character takes, nearly: those of East Asia take two.
fn columns(c: char) -> usize {
    match c {
        '\u{1100}'..='\u{115f}'
        | '\u{2e80}'..='\u{a4cf}'
        | '\u{ac00}'..='\u{d7a3}'
        | '\u{f900}'..='\u{faff}'
        | '\u{fe30}'..='\u{fe6f}'
        | '\u{ff00}'..='\u{ff60}'
        | '\u{1f300}'..='\u{1faff}'
        | '\u{20000}'..='\u{3fffd}' => 2,
        _ => 1,
    }
}

/// `text` in at most so many columns.
pub(super) fn cut(text: &str, columns: usize) -> String {
    let mut short = Short::new(columns);
    short.push(text);
    short.text
}

/// `text` without breaks of lines: they are written `\n`.
pub(super) fn line(text: &str) -> String {
    if !text.contains(['\n', '\r', '\t']) {
        return text.to_owned();
    }
    text.replace('\n', "\\n").replace('\r', "\\r").replace('\t', "\\t")
}

/// A text in a few columns: in quotes where it would not be told from what stands beside it.
pub(super) fn text(text: &str) -> String {
    let mut short = Short::new(VALUE);
    put_text(&mut short, text);
    short.text
}

/// A value in a few columns. `typed` says that it is DynamoDB's typed JSON where it looks so.
pub(super) fn value(value: &Value, typed: bool) -> String {
    let mut short = Short::new(VALUE);
    put(&mut short, value, typed, 0);
    short.text
}

/// The first attributes of an item or a key: `pk=a1 sk=7 …`.
pub(super) fn item(item: &Value, is_tool: bool) -> String {
    match item {
        Value::Object(members) => attributes(members, is_typed_item(members, is_tool)),
        other => value(other, false),
    }
}

fn attributes(members: &Map<String, Value>, typed: bool) -> String {
    let mut shown: Vec<String> = members
        .iter()
        .take(ATTRIBUTES)
        .map(|(name, of)| if name == "…" { name.clone() } else { format!("{}={}", text(name), value(of, typed)) })
        .collect();
    if members.len() > ATTRIBUTES {
        shown.push("…".to_owned());
    }
    shown.join(" ")
}

/// Whether the values of an item are DynamoDB's typed JSON: always at the endpoint, and where all look so from a tool.
pub(super) fn is_typed_item(members: &Map<String, Value>, is_tool: bool) -> bool {
    !is_tool || (!members.is_empty() && members.values().all(|value| typed_value(value).is_some()))
}

fn put(out: &mut Short, value: &Value, typed: bool, depth: usize) {
    if out.full {
        return;
    }
    if depth > DEPTH {
        return out.push("…");
    }
    let typed_value = if typed { typed_value(value) } else { marked(value) };
    match (typed_value, value) {
        (Some(("NULL", _)), _) | (None, Value::Null) => out.push("null"),
        (Some(("SS" | "NS" | "BS", Value::Array(elements))), _) => list(out, elements, "{}", false, depth),
        (Some(("L", Value::Array(elements))), _) => list(out, elements, "[]", true, depth),
        (Some(("M", Value::Object(members))), _) => map(out, members, true, depth),
        (Some((_, inner)), _) => put(out, inner, false, depth + 1),
        (None, Value::Bool(is)) => out.push(if *is { "true" } else { "false" }),
        (None, Value::Number(number)) => out.push(&number.to_string()),
        (None, Value::String(text)) => put_text(out, text),
        (None, Value::Array(elements)) => list(out, elements, "[]", typed, depth),
        (None, Value::Object(members)) => map(out, members, typed, depth),
    }
}

fn list(out: &mut Short, elements: &[Value], brackets: &str, typed: bool, depth: usize) {
    out.push(&brackets[..1]);
    for (index, element) in elements.iter().enumerate() {
        if out.full {
            return;
        }
        if index > 0 {
            out.push(",");
        }
        put(out, element, typed, depth + 1);
    }
    out.push(&brackets[1..]);
}

fn map(out: &mut Short, members: &Map<String, Value>, typed: bool, depth: usize) {
    out.push("{");
    for (index, (name, value)) in members.iter().enumerate() {
        if out.full {
            return;
        }
        if index > 0 {
            out.push(" ");
        }
        put_text(out, name);
        out.push("=");
        put(out, value, typed, depth + 1);
    }
    out.push("}");
}

/// A text, of which only as much is looked at as can be shown.
fn put_text(out: &mut Short, text: &str) {
    if is_note(text) {
        return out.push(text);
    }
    let cut = text.rsplit_once("… ").filter(|(_, note)| number(note, " bytes]").is_some());
    let head = cut.map_or(text, |(head, _)| head);
    let shown: String = head.chars().take(VALUE + 1).collect();
    if shown.is_empty() || shown.contains(|c: char| c.is_whitespace() || c == '"') {
        out.push("\"");
        out.push(&line(&shown));
        if cut.is_none() {
            return out.push("\"");
        }
    } else {
        out.push(&shown);
    }
    if cut.is_some() {
        out.push("…");
    }
}

/// The type and the inside of a typed value: `{"S": "a"}`.
fn typed_value(value: &Value) -> Option<(&str, &Value)> {
    let members = value.as_object().filter(|members| members.len() == 1)?;
    let (kind, inner) = members.iter().next()?;
    let fits = match kind.as_str() {
        "S" | "N" | "B" => inner.is_string(),
        "BOOL" | "NULL" => inner.is_boolean(),
        "SS" | "NS" | "BS" | "L" => inner.is_array(),
        "M" => inner.is_object(),
        _ => false,
    };
    // A note may stand in the place of anything.
    (fits
        || (matches!(kind.as_str(), "BOOL" | "NULL" | "SS" | "NS" | "BS" | "L" | "M")
            && inner.as_str().is_some_and(is_note)))
    .then_some((kind.as_str(), inner))
}

/// What JSON cannot carry, as tools write it: `{"$n": "1"}`.
fn marked(value: &Value) -> Option<(&str, &Value)> {
    let members = value.as_object().filter(|members| members.len() == 1)?;
    let (mark, inner) = members.iter().next()?;
    let kind = match mark.as_str() {
        "$n" => "N",
        "$b" => "B",
        "$ss" => "SS",
        "$ns" => "NS",
        "$bs" => "BS",
        _ => return None,
    };
    Some((kind, inner))
}

/// Whether the journal left a note in the place of a value.
pub(super) fn is_note(text: &str) -> bool {
    matches!(text, "[number]" | "[redacted]" | "[nested deeper]" | "[more]")
        || number(text, " bytes]").is_some()
        || number(text, " more]").is_some()
}

/// The number in `[12 more]`.
pub(super) fn more_of(value: &Value) -> Option<u64> {
    value.as_str().and_then(|note| number(note, " more]"))
}

fn number(note: &str, unit: &str) -> Option<u64> {
    note.strip_prefix('[')?.strip_suffix(unit)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn values_are_short_whatever_their_form() {
        for (given, typed, shown) in [
            (json!({"S": "a1"}), true, "a1"),
            (json!({"N": "7"}), true, "7"),
            (json!({"BOOL": true}), true, "true"),
            (json!({"NULL": true}), true, "null"),
            (json!({"SS": ["a", "b"]}), true, "{a,b}"),
            (json!({"L": [{"N": "1"}, {"S": "x y"}]}), true, "[1,\"x y\"]"),
            (json!({"M": {"a": {"N": "1"}, "b": {"M": {}}}}), true, "{a=1 b={}}"),
            (json!({"S": "[12 bytes]"}), true, "[12 bytes]"),
            (json!("[redacted]"), true, "[redacted]"),
            (json!({"S": "a1"}), false, "{S=a1}"),
            (json!({"$n": "12345678901234567890"}), false, "12345678901234567890"),
            (json!({"$ss": ["a"]}), false, "{a}"),
            (json!(12.5), false, "12.5"),
            (json!(""), false, "\"\""),
            (json!("two\nlines"), false, "\"two\\nlines\""),
            (json!("abcdefghijklmnopqrstuvwxyz"), false, "abcdefghijklmnopqrstuvw…"),
            (json!("abc… [9000 bytes]"), false, "abc…"),
            (json!("日本語日本語日本語日本語日"), false, "日本語日本語日本語日本…"),
        ] {
            assert_eq!(value(&given, typed), shown, "{given}");
        }
    }

    #[test]
    fn a_tools_item_is_typed_only_where_all_of_it_is() {
        assert_eq!(item(&json!({"pk": {"S": "a"}, "n": {"N": "1"}}), true), "pk=a n=1");
        assert_eq!(item(&json!({"pk": "a", "size": {"S": "x"}}), true), "pk=a size={S=x}");
        assert_eq!(item(&json!({"a": 1, "b": 2, "c": 3, "d": 4, "e": 5}), true), "a=1 b=2 c=3 d=4 …");
        assert_eq!(item(&json!("[3 more]"), true), "[3 more]");
    }
}
