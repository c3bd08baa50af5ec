//! Keys that do not fit their table: which, and how the table's key is.

use std::collections::BTreeMap;
use std::fmt;

use aws_sdk_dynamodb::types::{AttributeValue, KeySchemaElement, KeyType, TableDescription};
use serde_json::{Map, Value};

use super::case::{Case, Lesson};
use super::near::nearest;
use crate::json;
use crate::mcp::quoted::{self, quoted};

/// The most bytes of a key that was sent.
const SENT: usize = 160;

/// Key attributes with their types, the hash key first. Displays as `dynamodb_create_table` takes them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Schema(pub(super) Vec<(String, String)>);

impl Schema {
    /// The table's own key.
    pub(super) fn of_table(table: &TableDescription) -> Self {
        Self::of(table, table.key_schema())
    }

    /// The key of the table or one of its indexes.
    pub(super) fn of(table: &TableDescription, schema: &[KeySchemaElement]) -> Self {
        let kind = |name: &str| {
            let definitions = table.attribute_definitions();
            let known = definitions.iter().find(|of| of.attribute_name() == name);
            known.map_or_else(|| "?".to_owned(), |of| of.attribute_type().as_str().to_owned())
        };
        let of = |role: KeyType| schema.iter().filter(move |element| *element.key_type() == role);
        let elements = of(KeyType::Hash).chain(of(KeyType::Range));
        Self(elements.map(|e| (e.attribute_name().to_owned(), kind(e.attribute_name()))).collect())
    }

    pub(super) fn hash(&self) -> Option<&str> {
        self.0.first().map(|(name, _)| name.as_str())
    }

    pub(super) fn range(&self) -> Option<&str> {
        self.0.get(1).map(|(name, _)| name.as_str())
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.kind(name).is_some()
    }

    pub(super) fn kind(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, kind)| kind.as_str())
    }
}

impl fmt::Display for Schema {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let members: Vec<_> = self.0.iter().map(|(name, kind)| format!("{}: {}", quoted(name), quoted(kind))).collect();
        write!(f, "{{{}}}", members.join(", "))
    }
}

/// The keys that a call sent, each with where it stood; and whether they are whole items.
fn sent<'a>(case: &'a Case<'_>) -> Vec<(String, &'a Map<String, Value>, bool)> {
    let (part, at) = case.part();
    let mut all = Vec::new();
    for name in ["key", "keys", "items", "item", "put", "delete", "check"] {
        let whole = matches!(name, "items" | "item" | "put");
        match part.get(name) {
            Some(Value::Object(key)) => all.push((format!("{at}{name}"), key, whole)),
            Some(Value::Array(keys)) => {
                let keys = keys.iter().enumerate().filter_map(|(place, key)| Some((place, key.as_object()?)));
                all.extend(keys.map(|(place, key)| (format!("{at}{name}[{place}]"), key, whole)));
            }
            _ => {}
        }
    }
    all
}

/// A key that does not fit: the first that was sent, and the table's.
pub(super) async fn wrong(case: &Case<'_>) -> Option<Lesson> {
    let sent = sent(case);
    let table = case.table()?;
    let Some(described) = case.described().await else {
        let (place, key, whole) = sent.first()?;
        let which = if *whole { "the item is" } else { "sent was" };
        let key = shown(key);
        return Some(
            format!(
                "{which} {place} {key}; dynamodb_describe_table shows the key of {} with its types.",
                quoted(table)
            )
            .into(),
        );
    };
    let schema = Schema::of_table(&described);
    let found = sent.iter().find_map(|(place, key, whole)| Some((place, key, fault(key, &schema, *whole)?)));
    let rule = format!("the key of {} is {schema}", quoted(table));
    Some(
        match found {
            Some((place, key, fault)) => format!("{rule}; {place} is {}: {fault}.", shown(key)),
            None => format!("{rule}."),
        }
        .into(),
    )
}

/// What is wrong with a key, or with the key in an item.
fn fault(key: &Map<String, Value>, schema: &Schema, whole: bool) -> Option<String> {
    let values = json::to_item(&Value::Object(key.clone()), "key").ok()?;
    for (name, kind) in &schema.0 {
        let Some(value) = values.get(name) else {
            let like = nearest(name, key.keys().map(String::as_str).filter(|other| !schema.has(other)));
            let like = like.map_or(String::new(), |like| format!(" (not {})", quoted(like)));
            return Some(format!("{} is missing{like}", quoted(name)));
        };
        if let Some(wrong) = wrong_value(name, kind, value, key.get(name)) {
            return Some(wrong);
        }
    }
    let beside: Vec<_> = key.keys().filter(|name| !schema.has(name)).map(|name| quoted(name)).collect();
    (!whole && !beside.is_empty()).then(|| format!("{} is no part of it", beside.join(", ")))
}

fn wrong_value(name: &str, kind: &str, value: &AttributeValue, sent: Option<&Value>) -> Option<String> {
    let name = quoted(name);
    match (kind, value) {
        ("S", AttributeValue::S(text)) if text.is_empty() => Some(format!("{name} must not be empty")),
        ("S", AttributeValue::S(_)) | ("N", AttributeValue::N(_)) | ("B", AttributeValue::B(_)) => None,
        ("N", AttributeValue::S(text)) if text.trim().parse::<f64>().is_ok() => {
            Some(format!("{name} is a number: send {}", text.trim()))
        }
        ("S", AttributeValue::N(number)) => Some(format!("{name} is text: send {}", quoted(number))),
        ("B", _) => Some(format!(r#"{name} is binary: send {{"$b": base64}}"#)),
        _ => {
            let want = if kind == "N" { "a number" } else { "text" };
            let have = sent.map_or(String::new(), |sent| format!(", not {}", short(&sent.to_string())));
            Some(format!("{name} is {want}{have}"))
        }
    }
}

/// A key as it was sent, on one line.
fn shown(key: &Map<String, Value>) -> String {
    short(&Value::Object(key.clone()).to_string())
}

fn short(json: &str) -> String {
    quoted::short_json(json, SENT)
}

/// An item whose attribute is an index's key, and of another type.
pub(super) fn wrong_for_index(case: &Case<'_>) -> Option<Lesson> {
    // status Expected: S Actual: N IndexName: by_status
    let (name, rest) = case.rest().split_once(" Expected: ")?;
    let (expected, rest) = rest.split_once(" Actual: ")?;
    let index = rest.split_once("IndexName: ").map_or("an index", |(_, index)| index);
    let want = match expected {
        "N" => "a number",
        "S" => "text",
        _ => "binary",
    };
    let name = quoted(name);
    Some(
        format!(
            "{name} is a key of index {}, which wants {want}: send that, or leave {name} out of the item.",
            quoted(index.trim())
        )
        .into(),
    )
}

/// The same key more than once.
pub(super) fn twice(case: &Case<'_>) -> Option<Lesson> {
    let mut places: BTreeMap<String, String> = BTreeMap::new();
    let operations = case.asked.get("operations").and_then(Value::as_array);
    let keys: Vec<(String, String)> = match operations {
        Some(operations) => {
            let of = |(at, operation): (usize, &Value)| {
                let key = ["put", "key", "delete", "check"].iter().find_map(|name| operation.get(*name))?;
                Some((format!("operations[{at}]"), format!("{} {key}", operation.get("table")?)))
            };
            operations.iter().enumerate().filter_map(of).collect()
        }
        None => sent(case).into_iter().map(|(at, key, _)| (at, Value::Object(key.clone()).to_string())).collect(),
    };
    for (place, key) in keys {
        if let Some(first) = places.get(&key) {
            return Some(format!("{first} and {place} are the same item: send it once.").into());
        }
        places.insert(key, place);
    }
    let what = if operations.is_some() { "operation of each item" } else { "item of each key" };
    Some(format!("one call takes one {what}.").into())
}

/// An update of a key attribute.
pub(super) fn part_of_the_key(_: &Case<'_>) -> Option<Lesson> {
    let hint = "an item's key cannot change: dynamodb_transact_write puts the item under its new key and deletes the old \
                one, both or none.";
    Some(hint.to_owned().into())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_fault_of_a_key_is_named() {
        let schema = Schema(vec![("customer".into(), "S".into()), ("order_no".into(), "N".into())]);
        assert_eq!(schema.to_string(), r#"{"customer": "S", "order_no": "N"}"#);
        for (key, says) in [
            (json!({"customer": "ann"}), r#""order_no" is missing"#),
            (json!({"customer": "ann", "orderNo": 1}), r#""order_no" is missing (not "orderNo")"#),
            (json!({"customer": "ann", "order_no": "1"}), r#""order_no" is a number: send 1"#),
            (json!({"customer": {"S": "ann"}, "order_no": {"S": "1"}}), r#""order_no" is a number: send 1"#),
            (json!({"customer": 7, "order_no": 1}), r#""customer" is text: send "7""#),
            (json!({"customer": "", "order_no": 1}), r#""customer" must not be empty"#),
            (json!({"customer": ["ann"], "order_no": 1}), r#""customer" is text, not ["ann"]"#),
            (json!({"customer": "ann", "order_no": 1, "total": 5}), r#""total" is no part of it"#),
        ] {
            assert_eq!(fault(key.as_object().unwrap(), &schema, false).unwrap(), says, "{key}");
        }
        let item = json!({"customer": "ann", "order_no": 1, "total": 5});
        assert_eq!(fault(item.as_object().unwrap(), &schema, true), None);
    }
}
