//! Values of items, which come as natural JSON: what kind each is, how it reads in a cell, and how DynamoDB writes it.

use std::cmp::Ordering;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value, json};

use crate::look::Role;

/// What kind a value is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    Null,
    Bool,
    Number,
    Text,
    Binary,
    Set,
    List,
    Map,
}

impl Kind {
    /// How a value of this kind looks in a cell.
    pub(super) fn role(self) -> Role {
        match self {
            Self::Null | Self::Binary => Role::Dim,
            Self::Bool => Role::Other,
            Self::Number => Role::Number,
            Self::Text => Role::Plain,
            Self::Set => Role::Text,
            Self::List | Self::Map => Role::Name,
        }
    }
}

/// What an object says that stands for something JSON does not have: its only name, such as `$b`, and what that holds.
fn marker(value: &Value) -> Option<(&str, &Value)> {
    let members = value.as_object().filter(|members| members.len() == 1)?;
    let (name, inner) = members.iter().next()?;
    name.starts_with('$').then_some((name.as_str(), inner))
}

/// What kind `value` is.
pub(super) fn kind(value: &Value) -> Kind {
    match value {
        Value::Null => Kind::Null,
        Value::Bool(_) => Kind::Bool,
        Value::Number(_) => Kind::Number,
        Value::String(_) => Kind::Text,
        Value::Array(_) => Kind::List,
        Value::Object(_) => match marker(value) {
            Some(("$n", _)) => Kind::Number,
            Some(("$b", _)) => Kind::Binary,
            Some(("$ss" | "$ns" | "$bs", _)) => Kind::Set,
            _ => Kind::Map,
        },
    }
}

/// The members of `value`, where it is a map and no set, number or binary.
pub(super) fn members(value: &Value) -> Option<&Map<String, Value>> {
    match marker(value) {
        Some(("$m", inner)) => inner.as_object(),
        Some(("$n" | "$b" | "$ss" | "$ns" | "$bs", _)) => None,
        _ => value.as_object(),
    }
}

/// A text that is written no further than there is room for it.
struct Brief {
    text: String,
    room: usize,
}

impl Brief {
    fn full(&self) -> bool {
        self.room == 0
    }

    fn put(&mut self, text: &str) {
        let mut taken = 0;
        for c in text.chars().take(self.room) {
            self.text.push(c);
            taken += 1;
        }
        self.room -= taken;
    }

    fn value(&mut self, value: &Value, quoted: bool) {
        match (value, marker(value)) {
            (_, Some(("$m", inner))) => self.map(inner.as_object()),
            (_, Some(("$n", Value::String(digits)))) => self.put(digits),
            (_, Some(("$n", other))) => self.put(&other.to_string()),
            (_, Some(("$b", Value::String(base64)))) => self.binary(base64),
            (_, Some(("$ss" | "$ns", Value::Array(elements)))) => self.list(elements, ["{", "}"], |brief, element| {
                // A number that JSON does not carry is a string in such a set.
                if let Value::String(text) = element { brief.put(text) } else { brief.value(element, false) }
            }),
            (_, Some(("$bs", Value::Array(elements)))) => self.list(elements, ["{", "}"], |brief, element| {
                if let Value::String(base64) = element { brief.binary(base64) } else { brief.value(element, true) }
            }),
            (Value::String(text), _) if quoted => {
                self.put("\"");
                self.put(text);
                self.put("\"");
            }
            (Value::String(text), _) => self.put(text),
            (Value::Array(elements), _) => self.list(elements, ["[", "]"], |brief, element| brief.value(element, true)),
            (Value::Object(members), _) => self.map(Some(members)),
            (other, _) => self.put(&other.to_string()),
        }
    }

    fn binary(&mut self, base64: &str) {
        // What is longer than this would not be read as text anyhow.
        let text = (base64.len() <= 96).then(|| STANDARD.decode(base64).ok()).flatten();
        let printable = text.filter(|bytes| !bytes.is_empty() && bytes.iter().all(|b| (0x20..0x7f).contains(b)));
        match printable.and_then(|bytes| String::from_utf8(bytes).ok()) {
            Some(text) => self.put(&format!("b\"{text}\"")),
            None => self.put(&footbridge_record::time::bytes(bytes_of(base64))),
        }
    }

    fn list(&mut self, elements: &[Value], [open, close]: [&str; 2], each: impl Fn(&mut Self, &Value)) {
        self.put(open);
        for (number, element) in elements.iter().enumerate() {
            if self.full() {
                return;
            }
            self.put(if number == 0 { "" } else { ", " });
            each(self, element);
        }
        self.put(close);
    }

    fn map(&mut self, members: Option<&Map<String, Value>>) {
        self.put("{");
        for (number, (name, value)) in members.into_iter().flatten().enumerate() {
            if self.full() {
                return;
            }
            self.put(if number == 0 { "" } else { ", " });
            self.put(name);
            self.put(": ");
            self.value(value, true);
        }
        self.put("}");
    }
}

/// How many bytes a text in base64 stands for.
fn bytes_of(base64: &str) -> u64 {
    let padding = base64.bytes().rev().take_while(|b| *b == b'=').count();
    u64::try_from((base64.len() / 4 * 3).saturating_sub(padding)).unwrap_or(u64::MAX)
}

/// `value` on one line, of at most `room` characters and one more that tells that it goes on. Not yet safe to show.
pub(super) fn brief(value: &Value, room: usize) -> String {
    let mut brief = Brief { text: String::new(), room: room.saturating_add(1) };
    if matches!(value, Value::String(text) if text.is_empty()) {
        return "\"\"".to_owned();
    }
    brief.value(value, false);
    brief.text
}

/// As [`brief`], strings in quotation marks: beside a name, or an arrow.
pub(super) fn brief_quoted(value: &Value, room: usize) -> String {
    let mut brief = Brief { text: String::new(), room: room.saturating_add(1) };
    brief.value(value, true);
    brief.text
}

/// A key's value as a person types it where a key is asked for: the text, the digits, base64.
pub(super) fn typed_text(value: &Value) -> String {
    match (value, marker(value)) {
        (Value::String(text), _) | (_, Some(("$n" | "$b", Value::String(text)))) => text.clone(),
        (_, Some(("$n", number))) => number.to_string(),
        (other, _) => other.to_string(),
    }
}

/// `value` as DynamoDB has it: `{"S": "a"}`.
pub(super) fn typed(value: &Value) -> Value {
    let digits = |value: &Value| match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    match (value, marker(value)) {
        (_, Some(("$n", number))) => json!({ "N": digits(number) }),
        (_, Some(("$b", base64))) => json!({ "B": base64 }),
        (_, Some(("$ss", elements))) => json!({ "SS": elements }),
        (_, Some(("$ns", Value::Array(elements)))) => json!({ "NS": elements.iter().map(digits).collect::<Vec<_>>() }),
        (_, Some(("$bs", elements))) => json!({ "BS": elements }),
        (Value::Null, _) => json!({ "NULL": true }),
        (Value::Bool(flag), _) => json!({ "BOOL": flag }),
        (Value::Number(number), _) => json!({ "N": number.to_string() }),
        (Value::String(text), _) => json!({ "S": text }),
        (Value::Array(elements), _) => json!({ "L": elements.iter().map(typed).collect::<Vec<_>>() }),
        (Value::Object(_), _) => json!({ "M": typed_item(value) }),
    }
}

/// An item, or a map, as DynamoDB has it: `{"pk": {"S": "a"}}`.
pub(super) fn typed_item(item: &Value) -> Value {
    let each = |(name, value): (&String, &Value)| (name.clone(), typed(value));
    // What is in `$m` is no marker, even where it looks like one.
    Value::Object(members(item).into_iter().flatten().map(each).collect())
}

/// Which of two values comes first in a sorted column: no value last, then by kind, then as DynamoDB orders that kind.
pub(super) fn compare(left: Option<&Value>, right: Option<&Value>) -> Ordering {
    let (Some(left), Some(right)) = (left, right) else { return left.is_none().cmp(&right.is_none()) };
    let number = |value: &Value| typed_text(value).parse::<f64>().unwrap_or(f64::NAN);
    kind(left).cmp(&kind(right)).then_with(|| match (left, right) {
        (Value::String(left), Value::String(right)) => left.cmp(right),
        (Value::Bool(left), Value::Bool(right)) => left.cmp(right),
        _ if kind(left) == Kind::Number => number(left).total_cmp(&number(right)),
        _ => brief(left, 200).cmp(&brief(right, 200)),
    })
}

/// Whether `value`, a name in it or a text in it has `wanted` in it, which is lower case.
pub(super) fn contains(value: &Value, wanted: &str) -> bool {
    match value {
        Value::String(text) => text_contains(text, wanted),
        Value::Array(elements) => elements.iter().any(|element| contains(element, wanted)),
        Value::Object(members) => {
            members.iter().any(|(name, value)| text_contains(name, wanted) || contains(value, wanted))
        }
        other => other.to_string().contains(wanted),
    }
}

/// Whether `wanted`, in lower case, stands in `text`, case aside.
pub(super) fn text_contains(text: &str, wanted: &str) -> bool {
    if !text.is_ascii() {
        return text.to_lowercase().contains(wanted);
    }
    let (text, wanted) = (text.as_bytes(), wanted.as_bytes());
    let Some(first) = wanted.first() else { return true };
    text.windows(wanted.len()).any(|part| part[0].to_ascii_lowercase() == *first && part.eq_ignore_ascii_case(wanted))
}

/// `item` with the attributes named in `keys` first, and the others by name.
pub(super) fn keys_first(item: &Value, keys: &[String]) -> Value {
    let Some(attributes) = members(item) else { return item.clone() };
    let mut names: Vec<&String> = attributes.keys().filter(|name| !keys.contains(name)).collect();
    names.sort();
    let first = keys.iter().filter(|key| attributes.contains_key(*key));
    let all = first.chain(names).filter_map(|name| Some((name.clone(), attributes.get(name)?.clone())));
    Value::Object(all.collect())
}

/// The value of `name` in `item`.
pub(super) fn attribute<'a>(item: &'a Value, name: &str) -> Option<&'a Value> {
    members(item)?.get(name)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{Kind, brief, brief_quoted, compare, contains, keys_first, kind, typed_item, typed_text};

    #[test]
    fn each_kind_reads_as_what_it_is() {
        for (value, of, text) in [
            (json!("a\nb"), Kind::Text, "a\nb"),
            (json!(""), Kind::Text, "\"\""),
            (json!(12.5), Kind::Number, "12.5"),
            (json!({"$n": "12345678901234567890.5"}), Kind::Number, "12345678901234567890.5"),
            (json!({"$b": "aGVsbG8="}), Kind::Binary, "b\"hello\""),
            (json!({"$b": "AAEC"}), Kind::Binary, "3 B"),
            (json!({"$ss": ["a", "b"]}), Kind::Set, "{a, b}"),
            (json!({"$ns": [1, "12345678901234567890"]}), Kind::Set, "{1, 12345678901234567890}"),
            (json!({"$bs": ["aGk=", "AA=="]}), Kind::Set, "{b\"hi\", 1 B}"),
            (json!({"$m": {"$b": 1}}), Kind::Map, "{$b: 1}"),
            (json!({"city": "Oslo", "zip": [1, null]}), Kind::Map, "{city: \"Oslo\", zip: [1, null]}"),
            (json!([true, "x"]), Kind::List, "[true, \"x\"]"),
            (Value::Null, Kind::Null, "null"),
        ] {
            assert_eq!((kind(&value), brief(&value, 60).as_str()), (of, text), "{value}");
        }
        assert_eq!(brief_quoted(&json!("x"), 9), "\"x\"");
    }

    #[test]
    fn what_is_endless_is_read_no_further_than_it_is_shown() {
        assert_eq!(brief(&json!("x".repeat(400_000)), 10).len(), 11);
        let mut deep = json!(1);
        for _ in 0..500 {
            deep = json!([deep]);
        }
        assert_eq!(brief(&deep, 10), "[".repeat(11));
    }

    #[test]
    fn typed_json_is_dynamodbs() {
        let item = json!({"s": "a", "n": 1.5, "big": {"$n": "12345678901234567890"}, "b": {"$b": "aGk="}, "t": true, "z": null,
            "ss": {"$ss": ["a"]}, "ns": {"$ns": [1, "2"]}, "bs": {"$bs": ["aGk="]}, "l": [1], "m": {"x": "y"}, "e": {"$m": {"$b": 1}}});
        assert_eq!(
            typed_item(&item),
            json!({"s": {"S": "a"}, "n": {"N": "1.5"}, "big": {"N": "12345678901234567890"}, "b": {"B": "aGk="},
                "t": {"BOOL": true}, "z": {"NULL": true}, "ss": {"SS": ["a"]}, "ns": {"NS": ["1", "2"]}, "bs": {"BS": ["aGk="]},
                "l": {"L": [{"N": "1"}]}, "m": {"M": {"x": {"S": "y"}}}, "e": {"M": {"$b": {"N": "1"}}}})
        );
        assert_eq!((typed_text(&json!(7)), typed_text(&json!({"$b": "aGk="}))), ("7".to_owned(), "aGk=".to_owned()));
    }

    #[test]
    fn columns_sort_by_kind_and_value() {
        let mut values =
            [Some(json!("b")), None, Some(json!(10)), Some(json!({"$n": "9"})), Some(json!("a")), Some(json!(true))];
        values.sort_by(|left, right| compare(left.as_ref(), right.as_ref()));
        let shown: Vec<_> = values.iter().map(|value| value.as_ref().map(|value| brief(value, 9))).collect();
        let shown: Vec<_> = shown.iter().map(|text| text.as_deref().unwrap_or("-")).collect();
        assert_eq!(shown, ["true", "9", "10", "a", "b", "-"]);
    }

    #[test]
    fn names_and_texts_are_found_whatever_their_case() {
        let item = json!({"Name": "Grüße", "list": [{"n": 42}]});
        for wanted in ["name", "grüsse", "grüße", "42", "GRÜ"] {
            assert_eq!(contains(&item, wanted), matches!(wanted, "name" | "grüße" | "42"), "{wanted}");
        }
    }

    #[test]
    fn keys_come_first() {
        let item = keys_first(&json!({"b": 1, "a": 2, "pk": 3, "sk": 4}), &["pk".into(), "sk".into()]);
        assert_eq!(item.to_string(), r#"{"pk":3,"sk":4,"a":2,"b":1}"#);
    }
}
