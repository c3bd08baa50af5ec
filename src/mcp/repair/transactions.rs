//! An operation of a transaction as TransactWriteItems has it: `{"Put": {"TableName": …, "Item": …}}`.

use serde_json::{Map, Value};

use super::names::fold;
use super::shape::Shape;
use super::types::decoded;
use super::work::Work;

/// AWS's operations, ours, and the member that ours has for the item or the key.
const OPERATIONS: [(&str, &str, &str); 5] = [
    ("put", "put", "put"),
    ("update", "update", "key"),
    ("delete", "delete", "delete"),
    ("conditioncheck", "check", "check"),
    ("check", "check", "check"),
];

/// Makes one of AWS's operations one of ours.
pub(super) fn flat(work: &mut Work<'_>, shape: &Shape, map: &mut Map<String, Value>) {
    if !OPERATIONS.iter().all(|(_, ours, _)| shape.has(ours)) {
        return;
    }
    if let Some((name, inner, target)) = nested(map) {
        map.shift_remove(&name);
        for (member, value) in inner {
            let content = matches!(fold(&member).as_str(), "item" | "key");
            map.insert(if content { target.to_owned() } else { member }, value);
        }
        work.read(name, "an operation");
    } else if let Some((name, target)) = tagged(map) {
        map.shift_remove(&name);
        let content = map.keys().find(|member| matches!(fold(member).as_str(), "item" | "key")).cloned();
        if let Some(value) = content.and_then(|member| map.shift_remove(&member)) {
            map.insert(target.to_owned(), value);
        }
        work.read(name, target);
    }
}

/// `{"Put": {…}}`: an operation with its table inside it.
fn nested(map: &Map<String, Value>) -> Option<(String, Map<String, Value>, &'static str)> {
    if map.keys().any(|name| matches!(fold(name).as_str(), "table" | "tablename")) {
        return None;
    }
    map.iter().find_map(|(name, value)| {
        let (_, _, target) = OPERATIONS.iter().find(|(theirs, _, _)| fold(name) == *theirs)?;
        let Value::Object(inner) = decoded(value).unwrap_or_else(|| value.clone()) else { return None };
        let has = |wanted: &[&str]| inner.keys().any(|name| wanted.contains(&fold(name).as_str()));
        (has(&["table", "tablename"]) && has(&["item", "key"])).then(|| (name.clone(), inner, *target))
    })
}

/// `{"type": "put", "table": …, "item": …}`.
fn tagged(map: &Map<String, Value>) -> Option<(String, &'static str)> {
    map.iter().find_map(|(name, value)| {
        let tag = matches!(fold(name).as_str(), "type" | "op" | "operation" | "action" | "kind");
        let word = value.as_str().map(fold).filter(|_| tag)?;
        let (_, _, target) = OPERATIONS.iter().find(|(theirs, _, _)| word == *theirs)?;
        Some((name.clone(), *target))
    })
}
