//! DynamoDB's typed JSON inside plain JSON.
//!
//! A whole item or key in it is read as such anyway. A single value is, where it came under AWS's own name, where it is only
//! compared, where it cannot be mistaken (`{"BOOL": true}`), or where another one beside it cannot. `{"N": "5"}` beside plain
//! values may be a number or a map, and is refused.

use serde_json::{Map, Value, json};

use super::shape::{Kind, Shape};
use super::types::ANYTHING;
use super::work::{Work, place, shown};
use crate::json::{self as items, Typed};
use crate::mcp::error::ToolError;

/// Makes typed values plain where they cannot be maps.
pub(super) fn plain(
    work: &mut Work<'_>,
    shape: &Shape,
    map: &mut Map<String, Value>,
    at: &str,
) -> Result<(), ToolError> {
    let updates = map.contains_key("update");
    let mut doubtful = None;
    for (name, of) in &shape.properties {
        let at = place(at, name);
        let theirs = work.from_aws.contains(&at);
        let changed = match map.get_mut(name) {
            _ if ANYTHING.contains(&name.as_str()) => false,
            // Nothing that is compared is a map with the name of a type, but it may be one that is stored.
            Some(Value::Object(values)) if name == "values" => members(values, theirs || !updates),
            Some(Value::Object(item)) if of.is_open() => {
                doubtful = doubtful.or_else(|| doubt(item, theirs, &at));
                item_members(item, theirs)
            }
            Some(Value::Array(list)) if of.kind == Kind::List && of.inner.as_ref().is_some_and(|of| of.is_open()) => {
                let mut changed = false;
                for (index, element) in list.iter_mut().enumerate() {
                    let Value::Object(item) = element else { continue };
                    if doubtful.is_none() {
                        doubtful = doubt(item, theirs, &format!("{at}[{index}]"));
                    }
                    changed |= item_members(item, theirs);
                }
                changed
            }
            _ => false,
        };
        if changed {
            work.read(at, "typed JSON");
        }
    }
    doubtful.map_or(Ok(()), Err)
}

/// Whether a value is typed and no map of directions, sizes or the like: `{"BOOL": true}`.
pub(super) fn surely(value: &Value) -> bool {
    items::typed(value) == Typed::Surely && value.get("N").is_none()
}

/// The error for an item in which a number may be a map: `{"pk": "a", "to": {"N": "5"}}`.
fn doubt(item: &Map<String, Value>, theirs: bool, at: &str) -> Option<ToolError> {
    if theirs || !in_part(item) || item.values().any(surely) {
        return None;
    }
    let number = |value: &Value| items::typed(value) != Typed::No && value.get("N").is_some_and(Value::is_string);
    let (name, value) = item.iter().find(|(_, value)| number(value))?;
    let digits = value["N"].as_str().unwrap_or_default();
    let problem = format!("{}: {{\"N\": {}}} may be the number or a map", place(at, name), json!(shown(digits)));
    let plain = items::untyped(value).unwrap_or_default();
    Some(
        ToolError::arguments(problem)
            .hint(format!("send {plain} for the number, or {} for the map.", json!({ "$m": { "N": digits } }))),
    )
}

/// Whether some of an item is not typed: one that is wholly typed is left to be read so.
fn in_part(item: &Map<String, Value>) -> bool {
    !item.values().all(|value| items::typed(value) != Typed::No)
}

fn item_members(item: &mut Map<String, Value>, sure: bool) -> bool {
    in_part(item) && members(item, sure)
}

fn members(map: &mut Map<String, Value>, sure: bool) -> bool {
    if !sure && !map.values().any(surely) {
        return false;
    }
    let mut changed = false;
    for value in map.values_mut().filter(|value| items::typed(value) != Typed::No) {
        if let Ok(plain) = items::untyped(value) {
            // A map that would read as typed again.
            *value = if items::typed(&plain) == Typed::No { plain } else { json!({ "$m": plain }) };
            changed = true;
        }
    }
    changed
}
