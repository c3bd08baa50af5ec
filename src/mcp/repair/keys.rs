//! Keys of the wrong type: a number for a key of type S, digits for one of type N.
//!
//! Which type a key has, only the table knows. It is asked once, where AWS has refused a call for it.

use std::collections::{BTreeMap, HashSet};

use aws_sdk_dynamodb::types::ScalarAttributeType;
use serde_json::{Map, Value, json};

use super::work::place;
use crate::json as items;
use crate::mcp::context::Context;
use crate::mcp::error::ToolError;
use crate::mcp::teach;
use crate::mcp::tokens::{self, Kind};

/// What AWS says of a key of the wrong type, in reads, writes and conditions.
const REFUSALS: [&str; 3] =
    ["key element does not match the schema", "Type mismatch for", "does not match schema type"];
/// Parameters that are a key or an item, or a list of them.
const KEYS: [&str; 6] = ["key", "keys", "items", "put", "delete", "check"];

/// The most items or keys of a call that is made again.
const MOST: usize = 100;

/// Key attributes, of the table and of its indexes, with their types.
type Types = BTreeMap<String, ScalarAttributeType>;

/// Whether a call may be refused for its keys, so that its arguments are kept until it was made.
pub(in crate::mcp) fn has_keys(arguments: &Map<String, Value>) -> bool {
    // Of many items no copy is kept.
    let long = |name: &str| arguments.get(name).and_then(Value::as_array).is_some_and(|list| list.len() > MOST);
    if long("items") || long("keys") {
        return false;
    }
    arguments.contains_key("operations")
        || arguments.contains_key("table")
            && (arguments.contains_key("key_condition") || KEYS.iter().any(|name| arguments.contains_key(*name)))
}

/// Gives keys the type that the table has for them, where AWS refused them; what was done is told, nothing if nothing was.
pub(in crate::mcp) async fn mended(
    context: &Context,
    error: &ToolError,
    arguments: &mut Map<String, Value>,
) -> Option<String> {
    let about_keys = matches!(error.code.as_str(), "ValidationException" | "TransactionCanceledException")
        && REFUSALS.iter().any(|refusal| error.message.contains(refusal));
    if !about_keys || !may_be_another(arguments) {
        return None;
    }
    let described = Box::pin(teach::describe(context, table(arguments)?)).await?;
    let definitions = described.attribute_definitions().iter();
    let types: Types = definitions.map(|of| (of.attribute_name().to_owned(), of.attribute_type().clone())).collect();
    let mut done = Vec::new();
    retyped(arguments, &types, "", &mut done);
    let first = done.first()?;
    let more = if done.len() > 1 { format!(" and {} more", done.len() - 1) } else { String::new() };
    Some(format!("read {first}{more}, the type of the table's key"))
}

/// Whether any key has a value that another type has too: only then is it worth asking for the types.
fn may_be_another(arguments: &Map<String, Value>) -> bool {
    fn digits(value: &Value) -> bool {
        match value {
            Value::Number(_) => true,
            Value::String(text) => items::is_decimal(text),
            Value::Array(elements) => elements.iter().any(digits),
            Value::Object(map) => map.values().any(digits),
            _ => false,
        }
    }
    let named = KEYS.iter().chain(["values", "operations"].iter());
    named.filter_map(|name| arguments.get(*name)).any(digits)
}

/// The one table that a call is about.
fn table(arguments: &Map<String, Value>) -> Option<&str> {
    if let Some(table) = arguments.get("table") {
        return table.as_str();
    }
    let mut tables = arguments.get("operations")?.as_array()?.iter().map(|operation| operation["table"].as_str());
    let first = tables.next()??;
    tables.all(|table| table == Some(first)).then_some(first)
}

fn retyped(arguments: &mut Map<String, Value>, types: &Types, at: &str, done: &mut Vec<String>) {
    for name in KEYS {
        match arguments.get_mut(name) {
            Some(Value::Object(key)) => attributes(key, types, &place(at, name), done),
            Some(Value::Array(keys)) => {
                for (index, key) in keys.iter_mut().enumerate() {
                    if let Value::Object(key) = key {
                        attributes(key, types, &format!("{}[{index}]", place(at, name)), done);
                    }
                }
            }
            _ => {}
        }
    }
    condition(arguments, types, at, done);
    if let Some(Value::Array(operations)) = arguments.get_mut("operations") {
        for (index, operation) in operations.iter_mut().enumerate() {
            if let Value::Object(operation) = operation {
                retyped(operation, types, &format!("operations[{index}]"), done);
            }
        }
    }
}

fn attributes(item: &mut Map<String, Value>, types: &Types, at: &str, done: &mut Vec<String>) {
    for (name, wanted) in types {
        if let Some(value) = item.get_mut(name) {
            attribute(value, wanted, &place(at, name), done);
        }
    }
}

fn attribute(value: &mut Value, wanted: &ScalarAttributeType, at: &str, done: &mut Vec<String>) {
    let other = match (wanted, &*value) {
        (ScalarAttributeType::S, Value::Number(number)) if number.is_i64() || number.is_u64() => {
            json!(number.to_string())
        }
        (ScalarAttributeType::N, Value::String(text)) if items::is_decimal(text) => number(text),
        // Typed JSON, where the whole item is.
        (ScalarAttributeType::S, Value::Object(map)) if map.len() == 1 => match map.get("N") {
            Some(Value::String(digits)) => json!({ "S": digits }),
            _ => return,
        },
        (ScalarAttributeType::N, Value::Object(map)) if map.len() == 1 => match map.get("S") {
            Some(Value::String(text)) if items::is_decimal(text) => json!({ "N": text }),
            _ => return,
        },
        _ => return,
    };
    *value = other;
    done.push(format!("{at} as {}", wanted.as_str()));
}

/// The number of these digits, all of them kept.
fn number(text: &str) -> Value {
    let plain = serde_json::from_str::<serde_json::Number>(text).ok();
    match plain.filter(|number| items::rounded(number).is_none() && number.to_string() == text) {
        Some(number) => Value::Number(number),
        None => json!({ "$n": text }),
    }
}

/// Values that a key condition compares with a key, and that nothing else uses: an update would store the other type.
fn condition(arguments: &mut Map<String, Value>, types: &Types, at: &str, done: &mut Vec<String>) {
    let text = |name: &str| arguments.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    let condition = text("key_condition");
    let others = ["filter", "update", "condition"].map(text);
    let elsewhere: HashSet<_> = others.iter().flat_map(|text| tokens::all(text)).map(|token| token.text).collect();
    let names = arguments.get("names").and_then(Value::as_object).cloned().unwrap_or_default();
    let Some(Value::Object(values)) = arguments.get_mut("values") else { return };
    let mut attribute_name = String::new();
    for token in tokens::all(&condition) {
        let bare = token.text.trim_start_matches(['#', ':']);
        match token.kind {
            Kind::Name if types.contains_key(token.text) => token.text.clone_into(&mut attribute_name),
            Kind::Placeholder if token.text.starts_with('#') => {
                let given = names.get(token.text).or_else(|| names.get(bare)).and_then(Value::as_str);
                given.unwrap_or_default().clone_into(&mut attribute_name);
            }
            Kind::Placeholder if !elsewhere.contains(token.text) => {
                let name = if values.contains_key(token.text) { token.text } else { bare };
                if let (Some(wanted), Some(value)) = (types.get(&attribute_name), values.get_mut(name)) {
                    attribute(value, wanted, &place(&place(at, "values"), name), done);
                }
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn done(arguments: &Value) -> (Value, Vec<String>) {
        let types = Types::from([
            ("pk".into(), ScalarAttributeType::S),
            ("sk".into(), ScalarAttributeType::N),
            ("bin".into(), ScalarAttributeType::B),
        ]);
        let mut arguments = arguments.as_object().cloned().unwrap();
        let mut done = Vec::new();
        retyped(&mut arguments, &types, "", &mut done);
        (Value::Object(arguments), done)
    }

    #[test]
    fn keys_get_the_type_that_the_table_has() {
        let (mended, told) = done(&json!({ "keys": [{ "pk": 5, "sk": "7" }, { "pk": "a", "sk": 1 }] }));
        assert_eq!(mended, json!({ "keys": [{ "pk": "5", "sk": 7 }, { "pk": "a", "sk": 1 }] }));
        assert_eq!(told, ["keys[0].pk as S", "keys[0].sk as N"]);
        let (mended, _) = done(&json!({ "operations": [{ "put": { "pk": { "N": "5" }, "sk": { "S": "7" } } }] }));
        assert_eq!(mended, json!({ "operations": [{ "put": { "pk": { "S": "5" }, "sk": { "N": "7" } } }] }));
        let (mended, _) = done(&json!({ "key": { "sk": "12345678901234567890" } }));
        assert_eq!(mended, json!({ "key": { "sk": { "$n": "12345678901234567890" } } }));
    }

    #[test]
    fn what_has_more_than_one_spelling_is_left() {
        for left in [
            json!({ "keys": [{ "pk": 1.5, "sk": "seven" }] }),
            json!({ "key": { "pk": true, "other": 5 } }),
            json!({ "key": { "bin": "5" } }),
        ] {
            assert_eq!(done(&left), (left, vec![]));
        }
    }

    #[test]
    fn values_of_a_key_condition_get_the_type_of_their_key() {
        let given = |values: Value| json!({ "key_condition": "#p = :p AND sk BETWEEN :a AND b", "names": { "p": "pk" }, "values": values });
        let (mended, told) = done(&given(json!({ "p": 5, ":a": "1" })));
        assert_eq!((mended, told.len()), (given(json!({ "p": "5", ":a": 1 })), 2));
        let shared = json!({ "key_condition": "pk = :p", "filter": "n = :p", "values": { ":p": 5 } });
        assert_eq!(done(&shared), (shared, vec![]));
        let stored = json!({ "key_condition": "pk = :p", "update": "SET label = :p", "values": { ":p": 5 } });
        assert_eq!(done(&stored), (stored, vec![]));
    }
}
