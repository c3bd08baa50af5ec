//! Changes of a table that change nothing or cannot be.

use serde_json::Value;

use super::case::{Case, Lesson};
use crate::mcp::quoted::quoted;

/// A change of nothing.
pub(super) fn nothing(_: &Case<'_>) -> Option<Lesson> {
    let hint = "say what to change: add_index, delete_index, update_index with read and write, stream, ttl, billing, read \
                and write, or deletion_protection.";
    Some(hint.to_owned().into())
}

/// Expiry that is on, or off, already.
pub(super) fn expires_already(case: &Case<'_>) -> Option<Lesson> {
    let off = case.error.message.contains("disabled");
    let hint =
        if off { "items do not expire: nothing is to be done." } else { "items expire by it: nothing is to be done." };
    Some(hint.to_owned().into())
}

/// Expiry by another attribute.
pub(super) fn expires_otherwise(case: &Case<'_>) -> Option<Lesson> {
    let wanted = case.asked.get("ttl").and_then(Value::as_str)?;
    let hint = format!(
        "items expire by {}. First ttl: \"\", and an hour later ttl: {}, as AWS takes one change an hour.",
        quoted(case.rest()),
        quoted(wanted)
    );
    Some(hint.into())
}

/// A local index of a table without a range key.
pub(super) fn local_without_range(_: &Case<'_>) -> Option<Lesson> {
    let hint = "leave local out: a global index wants no range key of the table.";
    Some(hint.to_owned().into())
}
