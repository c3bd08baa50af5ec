//! AWS's structures, which are flat here.

use serde_json::{Map, Value};

use super::names::fold;
use super::shape::Shape;
use super::types::{decoded, flag};
use super::work::{Work, is_empty, place, refused, shown};
use super::{definitions, transactions};
use crate::mcp::error::ToolError;

/// What is read here, folded.
const STRUCTURES: [&str; 19] = [
    "requestitems",
    "delete",
    "keyschema",
    "attributedefinitions",
    "globalsecondaryindexes",
    "localsecondaryindexes",
    "globalsecondaryindexupdates",
    "provisionedthroughput",
    "streamspecification",
    "timetolivespecification",
    "select",
    "exclusivestartkey",
    "lastevaluatedkey",
    "order",
    "sortorder",
    "consistentread",
    "partitionkey",
    "sortkey",
    "hashkey",
];
/// Words for an order, and whether it is downwards.
const ORDERS: [(&str, bool); 4] = [("desc", true), ("descending", true), ("asc", false), ("ascending", false)];

/// Whether a name is that of a structure.
pub(super) fn known(_: &Shape, name: &str) -> bool {
    STRUCTURES.contains(&fold(name).as_str())
}

/// The value of one of AWS's members, which is taken out where it has the form that is wanted. Text that is JSON counts
/// as what it holds.
pub(super) fn take(
    shape: &Shape,
    map: &mut Map<String, Value>,
    folded: &str,
    fits: impl Fn(&Value) -> bool,
) -> Option<Value> {
    let (name, value) = map.iter().find(|(name, _)| fold(name) == folded && !shape.has(name))?;
    let value = decoded(value).unwrap_or_else(|| value.clone());
    if !fits(&value) {
        return None;
    }
    let name = name.clone();
    map.shift_remove(&name);
    Some(value)
}

/// Whether a value is an object with one of these members.
pub(super) fn has_any(value: &Value, names: &[&str]) -> bool {
    names.iter().any(|name| value.get(name).is_some())
}

/// Puts a value under a name of ours, where none stands there.
pub(super) fn put(map: &mut Map<String, Value>, name: &str, value: Value) {
    if map.get(name).is_none_or(is_empty) {
        map.insert(name.to_owned(), value);
    }
}

/// Structures of which members are left under AWS's names.
pub(super) fn before_names(
    work: &mut Work<'_>,
    shape: &Shape,
    map: &mut Map<String, Value>,
    at: &str,
) -> Result<(), ToolError> {
    if !shape.is_closed() {
        return Ok(());
    }
    transactions::flat(work, shape, map);
    definitions::flat(work, shape, map, at)?;
    if shape.has("table") && !shape.has("operations") {
        request_items(work, shape, map)?;
    }
    if shape.has("keys")
        && shape.has("prefix")
        && let Some(delete) = take(shape, map, "delete", |delete| has_any(delete, &["Objects"]))
    {
        put(map, "keys", delete["Objects"].clone());
        work.read("Delete", "keys");
    }
    if shape.has("read")
        && shape.has("write")
        && let Some(units) = take(shape, map, "provisionedthroughput", |units| {
            has_any(units, &["ReadCapacityUnits", "WriteCapacityUnits"])
        })
    {
        for (theirs, ours) in [("ReadCapacityUnits", "read"), ("WriteCapacityUnits", "write")] {
            if let Some(number) = units.get(theirs) {
                put(map, ours, number.clone());
            }
        }
        work.read("ProvisionedThroughput", "read and write");
    }
    reading(work, shape, map)
}

/// What says how to read.
fn reading(work: &mut Work<'_>, shape: &Shape, map: &mut Map<String, Value>) -> Result<(), ToolError> {
    if shape.has("count")
        && map
            .iter()
            .any(|(name, value)| fold(name) == "select" && value.as_str().map(fold).as_deref() == Some("count"))
    {
        take(shape, map, "select", Value::is_string);
        put(map, "count", Value::Bool(true));
        work.read("Select COUNT", "count");
    }
    if shape.has("descending") {
        for name in ["order", "sortorder", "sortdirection"] {
            let said =
                map.iter().find(|(other, _)| fold(other) == name).and_then(|(_, value)| value.as_str()).map(fold);
            if let Some((_, down)) = ORDERS.iter().find(|(known, _)| said.as_deref() == Some(*known)) {
                take(shape, map, name, Value::is_string);
                put(map, "descending", Value::Bool(*down));
                work.read(name, "descending");
            }
        }
    }
    if shape.has("cursor") {
        for name in ["exclusivestartkey", "lastevaluatedkey"] {
            match take(shape, map, name, |_| true) {
                None => {}
                Some(value) if is_empty(&value) => {}
                // What was a text that is no JSON may be one of our own cursors.
                Some(Value::String(text)) => put(map, "cursor", Value::String(text)),
                Some(_) => {
                    let problem = format!(
                        "{}: a page goes on with the cursor that the one before it gave, not with a key",
                        if name.starts_with('e') { "ExclusiveStartKey" } else { "LastEvaluatedKey" }
                    );
                    return Err(refused(problem, map));
                }
            }
        }
    }
    Ok(())
}

/// Words of one of ours that AWS's SDKs have another for.
pub(super) fn after_names(
    work: &mut Work<'_>,
    shape: &Shape,
    map: &mut Map<String, Value>,
    at: &str,
) -> Result<(), ToolError> {
    if let Some(of) = shape.property("method")
        && let Some(Value::String(word)) = map.get_mut("method")
    {
        let bare = fold(word);
        // `generate_presigned_url("get_object")`.
        if let Some(known) = bare.strip_suffix("object").filter(|bare| of.words.iter().any(|known| known == bare)) {
            work.read(shown(word), known);
            known.to_owned().clone_into(word);
        }
    }
    definitions::indexes(work, shape, map, at)
}

/// `{"RequestItems": {"orders": …}}` of a BatchGetItem or a BatchWriteItem.
fn request_items(work: &mut Work<'_>, shape: &Shape, map: &mut Map<String, Value>) -> Result<(), ToolError> {
    let one = |tables: &Value| tables.as_object().is_some_and(|tables| !tables.is_empty());
    let Some(Value::Object(tables)) = take(shape, map, "requestitems", one) else { return Ok(()) };
    if tables.len() > 1 {
        let names: Vec<_> = tables.keys().map(|name| shown(name)).collect();
        let error =
            ToolError::arguments(format!("RequestItems: one call is about one table, not {}", names.join(", ")));
        return Err(error.hint(format!("call {} once for each.", work.facts.tool)));
    }
    let Some((table, asked)) = tables.into_iter().next() else { return Ok(()) };
    put(map, "table", Value::String(table));
    match asked {
        Value::Object(asked) => asked.into_iter().for_each(|(name, value)| put(map, &name, value)),
        Value::Array(requests) => writes(shape, map, requests)?,
        other => put(map, if shape.has("items") { "items" } else { "keys" }, other),
    }
    work.read("RequestItems", "table and what stands in it");
    Ok(())
}

fn writes(shape: &Shape, map: &mut Map<String, Value>, requests: Vec<Value>) -> Result<(), ToolError> {
    let (mut items, mut keys) = (Vec::new(), Vec::new());
    for mut request in requests {
        if let Some(item) = request.pointer_mut("/PutRequest/Item") {
            items.push(item.take());
        } else if let Some(key) = request.pointer_mut("/DeleteRequest/Key") {
            keys.push(key.take());
        } else {
            return Err(ToolError::arguments(
                "RequestItems: want {\"PutRequest\": {\"Item\": …}} or {\"DeleteRequest\": {\"Key\": …}}",
            ));
        }
    }
    let (ours, wanted, others, other) = if shape.has("items") {
        ("items", items, keys, "dynamodb_delete_items deletes")
    } else {
        ("keys", keys, items, "dynamodb_put_items puts")
    };
    put(map, ours, Value::Array(wanted));
    if others.is_empty() {
        return Ok(());
    }
    Err(refused(format!("RequestItems: {other} the other {}", others.len()), map))
}

/// Whether a table of AWS's says that something is on.
pub(super) fn enabled(value: &Value, name: &str) -> bool {
    value.get(name).and_then(flag).unwrap_or(true)
}

/// The place of a structure that is wrong.
pub(super) fn structure(at: &str, name: &str) -> String {
    place(at, name)
}
