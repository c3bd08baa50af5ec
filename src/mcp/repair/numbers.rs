//! Numbers that were rounded on their way: all of them are named at once.

use serde_json::{Map, Value, json};

use super::shape::{Kind, Shape};
use super::types::ANYTHING;
use super::work::{place, refused};
use crate::json as items;
use crate::mcp::error::ToolError;

/// The most that an error names.
const MOST: usize = 10;

/// Refuses numbers that may have been others when they were sent.
pub(super) fn kept(shape: &Shape, arguments: &Map<String, Value>) -> Result<(), ToolError> {
    if !arguments.values().any(rounded) {
        return Ok(());
    }
    let mut send = arguments.clone();
    let mut found = Vec::new();
    closed(shape, &mut send, "", &mut found);
    let named: Vec<_> = found.iter().take(MOST).map(|(at, digits)| format!("{at}: {{\"$n\": \"{digits}\"}}")).collect();
    let named = match found.len() {
        0 => return Ok(()),
        more if more > MOST => format!("{} and {} more", named.join(", "), more - MOST),
        _ => named.join(", "),
    };
    let problem = "may have been rounded on its way, as JSON numbers are doubles for most clients; send all of its digits as a string";
    Err(refused(format!("{named}: each {problem}"), &send))
}

/// Whether a number in it may have been another.
fn rounded(value: &Value) -> bool {
    match value {
        Value::Number(number) => items::rounded(number).is_some(),
        Value::Array(elements) => elements.iter().any(rounded),
        Value::Object(map) => map.values().any(rounded),
        _ => false,
    }
}

fn closed(shape: &Shape, map: &mut Map<String, Value>, at: &str, found: &mut Vec<(String, String)>) {
    for (name, of) in &shape.properties {
        if let Some(value) = map.get_mut(name).filter(|_| !ANYTHING.contains(&name.as_str())) {
            member(of, value, &place(at, name), found);
        }
    }
}

fn member(shape: &Shape, value: &mut Value, at: &str, found: &mut Vec<(String, String)>) {
    match value {
        Value::Object(map) if shape.is_closed() => closed(shape, map, at, found),
        Value::Object(_) if shape.is_open() => any(value, at, found),
        Value::Array(elements) if shape.kind == Kind::List => {
            let Some(inner) = &shape.inner else { return };
            for (index, element) in elements.iter_mut().enumerate() {
                member(inner, element, &format!("{at}[{index}]"), found);
            }
        }
        _ => {}
    }
}

fn any(value: &mut Value, at: &str, found: &mut Vec<(String, String)>) {
    match value {
        Value::Number(number) => {
            if let Some(digits) = items::rounded(number) {
                found.push((at.to_owned(), digits.clone()));
                let marked = [".$n", ".N"].iter().any(|end| at.ends_with(end))
                    || [".$ns[", ".NS["].iter().any(|of| at.contains(of));
                *value = if marked { Value::String(digits) } else { json!({ "$n": digits }) };
            }
        }
        Value::Array(elements) => {
            for (index, element) in elements.iter_mut().enumerate() {
                any(element, &format!("{at}[{index}]"), found);
            }
        }
        Value::Object(map) => map.iter_mut().for_each(|(name, value)| any(value, &place(at, name), found)),
        _ => {}
    }
}
