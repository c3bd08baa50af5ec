//! An item as a text to edit, and that text read again.

use std::fmt::Write as _;

use serde_json::{Map, Value, json};

use super::value::{Kind, attribute, keys_first, kind, typed_text};
use crate::ask::KeyPart;

/// An item being written by hand.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Draft {
    pub(super) table: String,
    /// The item as it was seen; `None` for a new one.
    pub(super) seen: Option<Value>,
    /// The text that one began with.
    pub(super) begun: String,
    /// The text as it stands.
    pub(super) text: String,
}

impl Draft {
    pub(super) fn new(table: String, seen: Option<Value>, text: String) -> Self {
        Self { table, seen, begun: text.clone(), text }
    }
}

/// What is wrong with a text, and where.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Wrong {
    /// From 0 on, as the editor counts.
    pub(super) line: usize,
    /// `None` where the whole line is meant.
    pub(super) column: Option<usize>,
    pub(super) text: String,
}

/// `item` as a text to edit: keys first, nothing in it that commands a terminal.
pub(super) fn text_of(item: &Value, keys: &[String], ascii: bool) -> String {
    let mut text = String::new();
    pretty(&keys_first(item, keys), 0, &mut text);
    // Line breaks stand only between the strings, where they may stay.
    let lines = text.lines().map(|line| footbridge_record::text::visible_json(line).into_owned());
    let text = lines.collect::<Vec<_>>().join("\n");
    if ascii && !text.is_ascii() { escaped(&text) } else { text }
}

/// Writes `value`, set in by `depth`: what is short on one line, so that an item is seen whole.
fn pretty(value: &Value, depth: usize, out: &mut String) {
    const SHORT: usize = 60;
    let compact = spaced(value, SHORT);
    let (open, close) = match (value, compact) {
        (_, Some(compact)) if depth > 0 => return out.push_str(&compact),
        (Value::Object(members), _) if !members.is_empty() => ('{', '}'),
        (Value::Array(elements), _) if !elements.is_empty() => ('[', ']'),
        _ => return out.push_str(&value.to_string()),
    };
    out.push(open);
    let each: Box<dyn Iterator<Item = (Option<&String>, &Value)>> = match value {
        Value::Object(members) => Box::new(members.iter().map(|(name, value)| (Some(name), value))),
        _ => Box::new(value.as_array().into_iter().flatten().map(|value| (None, value))),
    };
    for (number, (name, value)) in each.enumerate() {
        out.push_str(if number == 0 { "\n" } else { ",\n" });
        out.push_str(&"  ".repeat(depth + 1));
        if let Some(name) = name {
            out.push_str(&json!(name).to_string());
            out.push_str(": ");
        }
        pretty(value, depth + 1, out);
    }
    out.push('\n');
    out.push_str(&"  ".repeat(depth));
    out.push(close);
}

/// `value` on one line, with spaces, where it is no longer than `most`.
fn spaced(value: &Value, most: usize) -> Option<String> {
    let parts: Vec<String> = match value {
        Value::Array(elements) if elements.len() <= most => {
            elements.iter().map(|element| spaced(element, most)).collect::<Option<_>>()?
        }
        Value::Object(members) if members.len() <= most => {
            let each = |(name, value): (&String, &Value)| Some(format!("{}: {}", json!(name), spaced(value, most)?));
            members.iter().map(each).collect::<Option<_>>()?
        }
        Value::Array(_) | Value::Object(_) => return None,
        Value::String(text) if text.len() > most => return None,
        other => return Some(other.to_string()).filter(|text| text.len() <= most),
    };
    let inner = parts.join(", ");
    let text = if value.is_array() { format!("[{inner}]") } else { format!("{{{inner}}}") };
    (text.len() <= most).then_some(text)
}

/// `json` with what is not ASCII as JSON escapes it; it stands nowhere but in strings.
fn escaped(json: &str) -> String {
    let mut out = String::with_capacity(json.len());
    for c in json.chars() {
        if c.is_ascii() {
            out.push(c);
            continue;
        }
        for unit in c.encode_utf16(&mut [0; 2]) {
            // Writing to a String does not fail.
            let _ = write!(out, "\\u{unit:04x}");
        }
    }
    out
}

/// A new item to begin with.
pub(super) fn template(keys: &[KeyPart]) -> String {
    let each = |key: &KeyPart| {
        let value = match key.kind.as_str() {
            "N" => json!(0),
            "B" => json!({ "$b": "" }),
            _ => json!(""),
        };
        (key.name.clone(), value)
    };
    let item: Map<String, Value> = keys.iter().map(each).collect();
    serde_json::to_string_pretty(&item).unwrap_or_default()
}

/// Reads an item of a table with these keys.
///
/// # Errors
/// [`Wrong`] where the text is no such item.
pub(super) fn parse(text: &str, keys: &[KeyPart]) -> Result<Value, Wrong> {
    let item: Value = serde_json::from_str(text).map_err(|error| {
        let said = error.to_string();
        let said = said.rsplit_once(" at line").map_or(said.as_str(), |(said, _)| said).to_owned();
        let (line, column) = (error.line().saturating_sub(1), error.column().saturating_sub(1));
        Wrong { line, column: Some(column), text: format!("line {}, column {}: {said}", line + 1, column + 1) }
    })?;
    if let Some((line, column, digits)) = long_number(text) {
        let text =
            format!("line {}: {digits} has more digits than JSON carries; write {{\"$n\": \"{digits}\"}}", line + 1);
        return Err(Wrong { line, column: Some(column), text });
    }
    let wrong = |text: String| Wrong { line: 0, column: None, text };
    if !item.is_object() {
        return Err(wrong("an item is an object, such as {\"pk\": \"a\", \"total\": 1}".to_owned()));
    }
    for key in keys {
        let value = attribute(&item, &key.name);
        let (fits, such) = match key.kind.as_str() {
            "N" => (value.is_some_and(|value| kind(value) == Kind::Number), "a number"),
            "B" => (value.is_some_and(|value| kind(value) == Kind::Binary), "binary, {\"$b\": base64}"),
            _ => (value.is_some_and(|value| kind(value) == Kind::Text), "a string"),
        };
        let at = text.lines().position(|line| line.contains(&format!("\"{}\"", key.name)));
        let wrong = |text: String| Wrong { line: at.unwrap_or_default(), column: None, text };
        if value.is_none() {
            return Err(wrong(format!("the key {} is missing: {such}", key.name)));
        }
        if !fits {
            return Err(wrong(format!("the key {} must be {such}", key.name)));
        }
        if value.map(typed_text).is_some_and(|text| text.is_empty()) {
            return Err(wrong(format!("the key {} is still empty", key.name)));
        }
    }
    Ok(item)
}

/// The first number outside strings that JSON does not carry with all its digits: line, column and digits.
fn long_number(text: &str) -> Option<(usize, usize, String)> {
    for (number, line) in text.lines().enumerate() {
        let (mut quoted, mut escaped) = (false, false);
        let mut from = None;
        for (at, c) in line.char_indices().chain([(line.len(), '\n')]) {
            let part = c.is_ascii_digit() || "+-.eE".contains(c);
            if quoted {
                quoted = escaped || c != '"';
                escaped = c == '\\' && !escaped;
                continue;
            }
            match (from, part) {
                (None, true) if c.is_ascii_digit() || c == '-' => from = Some(at),
                (Some(begin), false) => {
                    let digits = &line[begin..at];
                    if !survives(digits) {
                        return Some((number, line[..begin].chars().count(), digits.to_owned()));
                    }
                    from = None;
                }
                _ => {}
            }
            quoted = c == '"';
        }
    }
    None
}

fn survives(digits: &str) -> bool {
    if let Ok(whole) = digits.parse::<i64>() {
        return whole.unsigned_abs() < 1 << 53;
    }
    let mantissa = digits.split(['e', 'E']).next().unwrap_or_default();
    let significant: String = mantissa.chars().filter(char::is_ascii_digit).collect();
    let significant = significant.trim_start_matches('0');
    let significant = if mantissa.contains('.') { significant.trim_end_matches('0') } else { significant };
    significant.len() <= 15
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{parse, template, text_of};
    use crate::ask::KeyPart;

    fn keys() -> Vec<KeyPart> {
        let key = |name: &str, kind: &str| KeyPart { name: name.into(), kind: kind.into(), range: kind == "N" };
        vec![key("pk", "S"), key("sk", "N")]
    }

    fn wrong(text: &str) -> String {
        let wrong = parse(text, &keys()).unwrap_err();
        format!("{}:{} {}", wrong.line, wrong.column.map_or("end".to_owned(), |column| column.to_string()), wrong.text)
    }

    #[test]
    fn it_is_said_where_a_text_is_wrong() {
        assert_eq!(wrong("{\n  \"pk\": \"a\"\n  \"sk\": 1\n}"), "2:2 line 3, column 3: expected `,` or `}`");
        assert_eq!(wrong("[]"), "0:end an item is an object, such as {\"pk\": \"a\", \"total\": 1}");
        assert_eq!(wrong("{\n \"pk\": \"a\"}"), "0:end the key sk is missing: a number");
        assert_eq!(wrong("{\n \"pk\": 7,\n \"sk\": 1}"), "1:end the key pk must be a string");
        assert_eq!(wrong("{\n \"pk\": \"\",\n \"sk\": 1}"), "1:end the key pk is still empty");
    }

    #[test]
    fn a_number_that_json_would_round_is_refused_with_what_to_write() {
        let text = "{\"pk\": \"12345678901234567890 \\\" 1\", \"sk\": 1,\n  \"n\": 12345678901234567890}";
        assert_eq!(
            wrong(text),
            "1:7 line 2: 12345678901234567890 has more digits than JSON carries; write {\"$n\": \"12345678901234567890\"}"
        );
        for fine in ["9007199254740991", "0.1", "123456789.012345", "1.50000000000000000000", "-1e10"] {
            assert!(parse(&format!("{{\"pk\": \"a\", \"sk\": {fine}}}"), &keys()).is_ok(), "{fine}");
        }
        for long in ["9007199254740993", "0.12345678901234567"] {
            assert!(wrong(&format!("{{\"pk\": \"a\", \"sk\": {long}}}")).contains("more digits"), "{long}");
        }
    }

    #[test]
    fn a_text_to_edit_commands_no_terminal_and_reads_as_the_same_item() {
        let item = json!({"b": "\u{1b}[2J\u{202e}é\n", "pk": "a", "sk": 1});
        for ascii in [false, true] {
            let text = text_of(&item, &["pk".into(), "sk".into()], ascii);
            assert!(!text.contains(['\u{1b}', '\u{202e}']) && text.starts_with("{\n  \"pk\""), "{text}");
            assert_eq!(ascii, text.is_ascii());
            assert_eq!(parse(&text, &keys()).unwrap(), item);
        }
        assert_eq!(template(&keys()), "{\n  \"pk\": \"\",\n  \"sk\": 0\n}");
    }
}
