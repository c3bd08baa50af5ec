//! What CreateTable and UpdateTable say in structures: keys, indexes, streams, expiry.

use serde_json::{Map, Value, json};

use super::aws::{enabled, has_any, put, structure, take};
use super::names::fold;
use super::shape::{Kind, Shape};
use super::work::{Work, is_empty, refused, shown};
use crate::mcp::error::ToolError;

/// Attribute names and their types, as AttributeDefinitions has them.
type Types = Map<String, Value>;

/// Flattens the structures of a table.
pub(super) fn flat(
    work: &mut Work<'_>,
    shape: &Shape,
    map: &mut Map<String, Value>,
    at: &str,
) -> Result<(), ToolError> {
    let types = if shape.has("table") { take(shape, map, "attributedefinitions", Value::is_array) } else { None };
    let types = types.as_ref().map(types_of).unwrap_or_default();
    if holds_types(shape) {
        let schema = take(shape, map, "keyschema", Value::is_array)
            .map(|schema| ("KeySchema".to_owned(), schema))
            .or_else(|| named_keys(map));
        let listed = map
            .get("keys")
            .and_then(Value::as_array)
            .is_some_and(|keys| !keys.is_empty() && keys.iter().all(Value::is_object));
        let schema =
            schema.or_else(|| listed.then(|| map.shift_remove("keys")).flatten().map(|keys| ("keys".to_owned(), keys)));
        if let Some((name, schema)) = schema {
            let keys = keys_of(&schema, &types).map_err(|keys| untyped(map, keys, &structure(at, &name)))?;
            put(map, "keys", Value::Object(keys));
            work.read(shown(&name), "keys");
        }
    }
    if shape.has("indexes") {
        for name in ["GlobalSecondaryIndexes", "LocalSecondaryIndexes"] {
            let Some(Value::Array(indexes)) = take(shape, map, &fold(name), Value::is_array) else { continue };
            let mut ours = map.get("indexes").and_then(Value::as_object).cloned().unwrap_or_default();
            for index in &indexes {
                let (index_name, index) = index_of(index, &types, name.starts_with('L')).ok_or_else(|| {
                    ToolError::arguments(format!(
                        "{name}: each wants IndexName and a KeySchema of attributes that AttributeDefinitions has"
                    ))
                })?;
                ours.insert(index_name, Value::Object(index));
            }
            if !ours.is_empty() {
                map.insert("indexes".to_owned(), Value::Object(ours));
                work.read(name, "indexes");
            }
        }
    }
    if shape.has("add_index")
        && let Some(Value::Array(updates)) = take(shape, map, "globalsecondaryindexupdates", Value::is_array)
    {
        for update in &updates {
            index_update(map, update, &types)?;
        }
        work.read("GlobalSecondaryIndexUpdates", "index changes");
    }
    if shape.has("stream")
        && let Some(stream) =
            take(shape, map, "streamspecification", |of| has_any(of, &["StreamViewType", "StreamEnabled"]))
                .or_else(|| take(shape, map, "streamviewtype", Value::is_string))
    {
        let view = stream.get("StreamViewType").cloned().filter(|_| enabled(&stream, "StreamEnabled"));
        let off = stream.is_object() && !enabled(&stream, "StreamEnabled");
        if let Some(view) = view.or_else(|| stream.is_string().then(|| stream.clone())) {
            put(map, "stream", view);
        } else if off && shape.has("add_index") {
            put(map, "stream", json!("off"));
        }
        work.read("StreamSpecification", "stream");
    }
    if shape.has("ttl")
        && let Some(ttl) = take(shape, map, "timetolivespecification", |of| has_any(of, &["AttributeName", "Enabled"]))
    {
        if !enabled(&ttl, "Enabled") {
            map.insert("ttl".to_owned(), json!(""));
        } else if let Some(attribute) = ttl.get("AttributeName") {
            put(map, "ttl", attribute.clone());
        }
        work.read("TimeToLiveSpecification", "ttl");
    }
    Ok(())
}

/// A list of indexes as ours by name, and AWS's structures inside those that have names already.
pub(super) fn indexes(
    work: &mut Work<'_>,
    shape: &Shape,
    map: &mut Map<String, Value>,
    at: &str,
) -> Result<(), ToolError> {
    if !shape.has("indexes") {
        return Ok(());
    }
    let Some(Value::Array(list)) = map.get("indexes") else { return Ok(()) };
    let mut ours = Map::new();
    for index in list {
        let (name, index) = index_of(index, &Types::new(), false).ok_or_else(|| {
            ToolError::arguments(format!(
                "{}: want {{\"NAME\": {{\"keys\": {{\"email\": \"S\"}}}}}}",
                structure(at, "indexes")
            ))
        })?;
        ours.insert(name, Value::Object(index));
    }
    if !ours.is_empty() {
        map.insert("indexes".to_owned(), Value::Object(ours));
        work.read("a list of indexes", "indexes by name");
    }
    Ok(())
}

/// Whether `keys` are those of a new table or index: attributes with their types.
fn holds_types(shape: &Shape) -> bool {
    shape.property("keys").is_some_and(|keys| {
        keys.kind == Kind::Object && keys.inner.as_ref().is_some_and(|inner| inner.kind == Kind::Text)
    })
}

fn types_of(definitions: &Value) -> Types {
    let each = definitions.as_array().into_iter().flatten();
    each.filter_map(|of| {
        Some((
            member(of, &["attributename", "name"])?.as_str()?.to_owned(),
            member(of, &["attributetype", "type"])?.clone(),
        ))
    })
    .collect()
}

/// A member by one of its folded names.
fn member<'v>(of: &'v Value, names: &[&str]) -> Option<&'v Value> {
    of.as_object()?
        .iter()
        .find(|(name, value)| names.contains(&fold(name).as_str()) && !is_empty(value))
        .map(|(_, v)| v)
}

/// `partition_key` and `sort_key`, or `hash_key` and `range_key`, as a key schema; with the name that came first.
fn named_keys(map: &mut Map<String, Value>) -> Option<(String, Value)> {
    const ROLES: [(&str, &[&str]); 2] = [("HASH", &["partitionkey", "hashkey"]), ("RANGE", &["sortkey", "rangekey"])];
    let (mut schema, mut first) = (Vec::new(), None);
    for (role, names) in ROLES {
        let of = |map: &Map<String, Value>, ending: &str| {
            map.keys().find(|name| names.iter().any(|known| fold(name) == format!("{known}{ending}"))).cloned()
        };
        let Some(name) = of(map, "") else { continue };
        let value = map.shift_remove(&name)?;
        first = first.or(Some(name));
        let kind = of(map, "type").and_then(|name| map.shift_remove(&name));
        let attribute = member(&value, &["attributename", "name"]).cloned().unwrap_or_else(|| value.clone());
        let kind = kind.or_else(|| member(&value, &["attributetype", "type"]).cloned());
        schema.push(json!({ "AttributeName": attribute, "KeyType": role, "AttributeType": kind }));
    }
    first.map(|first| (first, Value::Array(schema)))
}

/// The attributes of a key schema with their types, the hash key first; those without a type are given as text.
fn keys_of(schema: &Value, types: &Types) -> Result<Map<String, Value>, Map<String, Value>> {
    let mut elements: Vec<_> = schema.as_array().into_iter().flatten().collect();
    let is_range = |of: &Value| {
        member(of, &["keytype", "role"])
            .and_then(Value::as_str)
            .map(fold)
            .is_some_and(|role| matches!(role.as_str(), "range" | "sort"))
    };
    elements.sort_by_key(|element| is_range(element));
    let (mut keys, mut whole) = (Map::new(), true);
    for element in elements {
        let Some(name) = member(element, &["attributename", "name"]).and_then(Value::as_str) else { continue };
        let kind = types.get(name).or_else(|| member(element, &["attributetype", "type"]));
        whole &= kind.is_some();
        keys.insert(name.to_owned(), kind.cloned().unwrap_or_else(|| json!("S")));
    }
    if whole && !keys.is_empty() { Ok(keys) } else { Err(keys) }
}

fn untyped(map: &Map<String, Value>, keys: Map<String, Value>, at: &str) -> ToolError {
    let mut send = map.clone();
    send.insert("keys".to_owned(), Value::Object(keys));
    refused(format!("{at}: each key attribute wants its type, S, N or B"), &send)
}

/// An index as AWS has it, or in a list of ours.
fn index_of(index: &Value, types: &Types, local: bool) -> Option<(String, Map<String, Value>)> {
    let name = member(index, &["indexname", "name"])?.as_str()?.to_owned();
    let mut ours = Map::new();
    let keys = match member(index, &["keyschema"]) {
        Some(schema) => Value::Object(keys_of(schema, types).ok()?),
        None => member(index, &["keys"])?.clone(),
    };
    ours.insert("keys".to_owned(), keys);
    match member(index, &["projection", "project"]) {
        Some(projection) if projection.is_object() => {
            let kind = projection.get("ProjectionType").and_then(Value::as_str).map(fold).unwrap_or_default();
            let project = match kind.as_str() {
                "keysonly" => json!(["keys_only"]),
                "include" => projection.get("NonKeyAttributes").cloned().unwrap_or_else(|| json!([])),
                _ => json!(["all"]),
            };
            ours.insert("project".to_owned(), project);
        }
        Some(projection) => drop(ours.insert("project".to_owned(), projection.clone())),
        None => {}
    }
    if local {
        ours.insert("local".to_owned(), Value::Bool(true));
    }
    for name in ["local", "hash"] {
        if let Some(value) = index.get(name) {
            ours.insert(name.to_owned(), value.clone());
        }
    }
    Some((name, ours))
}

fn index_update(map: &mut Map<String, Value>, update: &Value, types: &Types) -> Result<(), ToolError> {
    let wrong =
        || ToolError::arguments("GlobalSecondaryIndexUpdates: want Create, Update or Delete with its IndexName");
    let one = |map: &mut Map<String, Value>, name: &str, value: Value| {
        if map.contains_key(name) {
            return Err(ToolError::arguments(format!("{name}: one index is changed a call")));
        }
        map.insert(name.to_owned(), value);
        Ok(())
    };
    if let Some(create) = update.get("Create") {
        let (name, mut index) = index_of(create, types, false).ok_or_else(wrong)?;
        index.insert("name".to_owned(), Value::String(name));
        return one(map, "add_index", Value::Object(index));
    }
    let (ours, inner) = match (update.get("Delete"), update.get("Update")) {
        (Some(inner), _) => ("delete_index", inner),
        (_, Some(inner)) => ("update_index", inner),
        _ => return Err(wrong()),
    };
    one(map, ours, inner.get("IndexName").cloned().ok_or_else(wrong)?)?;
    if let Some(units) = inner.get("ProvisionedThroughput") {
        map.insert("ProvisionedThroughput".to_owned(), units.clone());
    }
    Ok(())
}
