//! Values of another type than the one wanted, where they can mean only one thing.

use serde_json::{Map, Number, Value};

use super::shape::{Kind, Shape};
use super::work::{Work, place};
use super::{places, whole};
use crate::json as items;
use crate::mcp::error::ToolError;
use crate::mcp::quoted::quoted;

/// Parameters that hold any JSON, though clients are told of an object: what they hold is left as it is.
pub(super) const ANYTHING: [&str; 1] = ["json"];
/// Names of things, in which no quotes and no spaces can stand.
const NAMES: [&str; 5] = ["table", "bucket", "index", "delete_index", "update_index"];
/// How often JSON is encoded as text.
const DEPTH: usize = 3;
/// The largest integer that a double has for itself.
const EXACT: f64 = 9_007_199_254_740_991.0;

/// Makes each member of an object what it is to be.
pub(super) fn fitted(
    work: &mut Work<'_>,
    shape: &Shape,
    map: &mut Map<String, Value>,
    at: &str,
) -> Result<(), ToolError> {
    text_that_is_json(work, shape, map);
    for (name, inner) in &shape.properties {
        let Some(value) = map.get_mut(name) else { continue };
        let at = place(at, name);
        if ANYTHING.contains(&name.as_str()) {
            if let Some(inner) = decoded(value).filter(|inner| inner.is_object() || inner.is_array()) {
                *value = inner;
                work.read(at, "JSON");
            }
            continue;
        }
        if NAMES.contains(&name.as_str())
            && let Value::String(text) = value
        {
            let bare = text.trim().trim_matches(['"', '\'', '`']);
            if bare.len() < text.len() {
                work.read(at.as_str(), quoted(bare));
                *text = bare.to_owned();
            }
        }
        if name == "fields" {
            paths(work, value, &at);
        }
        if places::deletes(shape) && name == "keys" {
            only_text(value, &at)?;
        }
        fit(work, inner, value, &at)?;
    }
    // A list of fields that was no field at all.
    if map.get("fields").is_some_and(Value::is_null) {
        map.shift_remove("fields");
    }
    Ok(())
}

fn fit(work: &mut Work<'_>, shape: &Shape, value: &mut Value, at: &str) -> Result<(), ToolError> {
    match shape.kind {
        Kind::Object => {
            if let Some(inner) = decoded(value).filter(|inner| inner.is_object() || one_object(inner)) {
                *value = inner;
                work.read(at, "JSON");
            }
            if one_object(value)
                && let Value::Array(elements) = value
            {
                *value = elements.pop().unwrap_or_default();
                work.read(at, "one object");
            }
            match (value, &shape.inner) {
                (Value::Object(map), None) if shape.is_closed() => whole::object(work, shape, map, at),
                (Value::Object(map), Some(inner)) => {
                    map.iter_mut().try_for_each(|(name, value)| fit(work, inner, value, &place(at, name)))
                }
                _ => Ok(()),
            }
        }
        Kind::List => list(work, shape, value, at),
        Kind::Text => {
            if let Some(text) = text(shape, value, is_name(at)) {
                *value = Value::String(text);
                work.read(at, "text");
            }
            Ok(())
        }
        Kind::Integer | Kind::Number => {
            if let Some(number) = number(shape.kind, value) {
                *value = Value::Number(number);
                work.read(at, "number");
            }
            Ok(())
        }
        Kind::Flag => {
            if let Some(flag) = flag(value).filter(|_| !value.is_boolean()) {
                *value = Value::Bool(flag);
                work.read(at, "boolean");
            }
            Ok(())
        }
    }
}

fn list(work: &mut Work<'_>, shape: &Shape, value: &mut Value, at: &str) -> Result<(), ToolError> {
    let Some(inner) = shape.inner.as_deref() else { return Ok(()) };
    if let Some(parsed) = decoded(value)
        && (parsed.is_array() || parsed.is_object() && inner.kind == Kind::Object)
    {
        *value = parsed;
        work.read(at, "JSON");
    }
    let single = match value {
        Value::Array(_) | Value::Null => false,
        Value::String(text) if text.is_empty() || text == "null" => false,
        Value::Object(_) => true,
        // A text that is no object stays what it is, so that the error can say what is wanted.
        Value::String(_) => inner.kind != Kind::Object,
        Value::Number(_) => matches!(inner.kind, Kind::Integer | Kind::Number),
        Value::Bool(_) => inner.kind == Kind::Flag,
    };
    if single {
        *value = Value::Array(vec![value.take()]);
        work.read(at, "a list");
    }
    if let Value::Array(elements) = value {
        while let [Value::Array(_)] = elements.as_slice()
            && inner.kind != Kind::List
            && let Some(Value::Array(only)) = elements.pop()
        {
            *elements = only;
            work.read(at, "a list");
        }
        for (index, element) in elements.iter_mut().enumerate() {
            fit(work, inner, element, &format!("{at}[{index}]"))?;
        }
    }
    Ok(())
}

/// Text as the JSON that it holds, also where it was encoded more than once.
pub(super) fn decoded(value: &Value) -> Option<Value> {
    let mut text = value.as_str()?.trim().to_owned();
    for _ in 0..DEPTH {
        if !text.starts_with(['{', '[', '"']) {
            return None;
        }
        match serde_json::from_str(&text).ok()? {
            Value::String(inner) => inner.trim().clone_into(&mut text),
            parsed => return Some(parsed),
        }
    }
    None
}

/// A list with one object in it.
fn one_object(value: &Value) -> bool {
    matches!(value.as_array().map(Vec::as_slice), Some([Value::Object(_)]))
}

fn one(value: &Value) -> &Value {
    match value.as_array().map(Vec::as_slice) {
        Some([only]) => only,
        _ => value,
    }
}

/// Keys of objects to be deleted: a number among them may be another key than the text of its digits, and a list as text
/// may be a key.
fn only_text(value: &Value, at: &str) -> Result<(), ToolError> {
    let parsed = decoded(value);
    let number = |value: &Value| matches!(value, Value::Number(_) | Value::Bool(_));
    let found = match parsed.as_ref().unwrap_or(value) {
        Value::Array(elements) => elements.iter().find(|element| number(element)),
        value => Some(value).filter(|value| number(value)),
    };
    let Some(found) = found else { return Ok(()) };
    let problem = format!("{at}: a key is text, and {found} is none");
    Err(ToolError::arguments(problem).hint(format!("send {} if that is the key.", Value::from(found.to_string()))))
}

/// Whether a place is that of an object's key.
fn is_name(at: &str) -> bool {
    ["key", "prefix"].contains(&at) || at.starts_with("keys[")
}

/// The text that another value means. One of a name is not made of a fraction: `1.0` may be `1` or `1.0`.
fn text(shape: &Shape, value: &Value, name: bool) -> Option<String> {
    match one(value) {
        Value::String(text) if !shape.words.is_empty() && text.trim().len() < text.len() => {
            Some(text.trim().to_owned())
        }
        Value::String(text) if value.is_array() && !text.is_empty() => Some(text.clone()),
        Value::Number(number) if number.is_f64() => {
            let text = number.to_string();
            (!name && !text.ends_with(".0") && !text.contains('e')).then_some(text)
        }
        Value::Number(number) => items::rounded(number).is_none().then(|| number.to_string()),
        Value::Bool(flag) => Some(flag.to_string()),
        // `{"Key": "a.txt"}` among the objects of a DeleteObjects.
        Value::Object(map) if map.len() == 1 => {
            map.get("Key").or_else(|| map.get("key")).and_then(Value::as_str).map(str::to_owned)
        }
        _ => None,
    }
}

/// The whole number of a fraction that has no other part.
fn whole_number(number: &Number) -> Option<Number> {
    let float = number.as_f64().filter(|float| number.is_f64() && float.fract() == 0.0 && float.abs() <= EXACT)?;
    format!("{float:.0}").parse::<i64>().ok().map(Number::from)
}

fn number(kind: Kind, value: &Value) -> Option<Number> {
    let parsed = match one(value) {
        Value::Number(number) => number.clone(),
        Value::String(text) => {
            let text = text.trim();
            let digits = text.starts_with(|first: char| first.is_ascii_digit() || first == '-');
            digits.then(|| serde_json::from_str::<Number>(text).ok()).flatten()?
        }
        _ => return None,
    };
    let parsed = match kind {
        Kind::Integer => whole_number(&parsed).unwrap_or(parsed),
        _ => parsed,
    };
    (*value != Value::Number(parsed.clone())).then_some(parsed)
}

/// What a flag says, written as one or as its word.
pub(super) fn flag(value: &Value) -> Option<bool> {
    match one(value) {
        Value::Bool(flag) => Some(*flag),
        Value::String(text) if text.trim().eq_ignore_ascii_case("true") => Some(true),
        Value::String(text) if text.trim().eq_ignore_ascii_case("false") => Some(false),
        _ => None,
    }
}

/// A ProjectionExpression, `a, b.c`, as the list of its paths.
fn paths(work: &mut Work<'_>, value: &mut Value, at: &str) {
    if value.is_string() && decoded(value).is_some() {
        return;
    }
    let text = match value {
        Value::String(text) => text,
        Value::Array(elements) => match elements.as_slice() {
            [Value::String(text)] if text == "*" => text,
            _ => return,
        },
        _ => return,
    };
    if text.trim() == "*" {
        *value = Value::Null;
        work.read(at, "all");
    } else if text.contains(',') {
        let paths = text.trim().trim_matches(['[', ']']).split(',').map(str::trim).filter(|path| !path.is_empty());
        *value = paths.map(|path| path.trim_matches(['"', '\''])).collect::<Vec<_>>().into();
        work.read(at, "a list");
    }
}

/// An object or a list as an object's text is its JSON.
fn text_that_is_json(work: &mut Work<'_>, shape: &Shape, map: &mut Map<String, Value>) {
    if shape.has("text")
        && shape.has("json")
        && !map.contains_key("json")
        && map.get("text").is_some_and(|text| text.is_object() || text.is_array())
        && let Some(content) = map.shift_remove("text")
    {
        map.insert("json".to_owned(), content);
        work.read("text", "json");
    }
}
