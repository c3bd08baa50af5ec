//! Expressions as other languages write them: their operators, literals where DynamoDB wants placeholders, a missing
//! `SET`, objects in place of conditions.

use serde_json::{Map, Value};

use super::names::fold;
use super::objects;
use super::placeholders::Placeholders;
use super::reader::Reader;
use super::shape::Shape;
use super::types;
use super::work::{Work, place};
use crate::mcp::error::ToolError;
use crate::mcp::tokens::Grammar;

/// The parameters that are conditions.
const CONDITIONS: [&str; 3] = ["key_condition", "filter", "condition"];
/// The longest expression that DynamoDB takes, in bytes.
const LONGEST: usize = 4096;

/// Reads the expressions of an object that has values for them.
pub(super) fn read(
    work: &mut Work<'_>,
    shape: &Shape,
    map: &mut Map<String, Value>,
    at: &str,
) -> Result<(), ToolError> {
    if !(shape.has("values") && shape.has("names")) {
        return Ok(());
    }
    key_object(work, shape, map, at);
    let mut placeholders = Placeholders::of(map);
    for (name, grammar) in
        CONDITIONS.iter().map(|name| (*name, Grammar::Condition)).chain([("update", Grammar::Update)])
    {
        if !shape.has(name) {
            continue;
        }
        let place = place(at, name);
        if let Some(Value::Object(members)) = map.get(name) {
            let text = objects::expression(members, grammar, &mut placeholders);
            let text = text.map_err(|problem| {
                let error = ToolError::arguments(format!("{place}: {problem}"));
                error.hint(format!("write it as text, such as {}.", objects::example(name)))
            })?;
            work.read(&place, "an expression");
            map.insert(name.to_owned(), Value::String(text));
        }
        let Some(Value::String(text)) = map.get(name) else { continue };
        if text.len() > LONGEST {
            let size = text.len();
            let problem = "Expression size has exceeded the maximum allowed size; expression size:";
            let hint =
                format!("DynamoDB takes {LONGEST} bytes; long texts go into values, and many changes into many calls.");
            return Err(ToolError::arguments(format!("{place}: {problem} {size}")).hint(hint));
        }
        let read = Reader::new(grammar, &mut placeholders).read(text);
        let (out, did) = read.map_err(|problem| ToolError::arguments(format!("{place}: {problem}")))?;
        if out != *text {
            for (what, to) in did {
                work.read(what, to);
            }
            map.insert(name.to_owned(), Value::String(out));
        }
    }
    placeholders.back(map);
    Ok(())
}

/// `{"key": {"pk": "a"}}` of a query.
fn key_object(work: &mut Work<'_>, shape: &Shape, map: &mut Map<String, Value>, at: &str) {
    if !shape.has("key_condition") || map.contains_key("key_condition") {
        return;
    }
    let key = map.iter().find(|(name, value)| {
        !shape.has(name) && matches!(fold(name).as_str(), "key" | "keys") && (value.is_object() || value.is_string())
    });
    let Some((name, key)) = key.map(|(name, key)| (name.clone(), types::decoded(key).unwrap_or_else(|| key.clone())))
    else {
        return;
    };
    if key.as_object().is_some_and(|key| !key.is_empty()) {
        map.shift_remove(&name);
        map.insert("key_condition".to_owned(), key);
        work.read(place(at, &name), "key_condition");
    }
}
