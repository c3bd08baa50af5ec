//! Natural JSON ↔ DynamoDB items.
//!
//! Tools take and give plain JSON; only what JSON cannot carry is marked, by an object with the single key shown:
//!
//! | DynamoDB | JSON |
//! |---|---|
//! | `S`, `BOOL`, `NULL`, `L`, `M` | string, `true`/`false`, `null`, array, object |
//! | `N` | a number where it survives as one: an integer below 2^53, or a fraction that a double prints back alike; else `{"$n": "12345678901234567890.5"}` |
//! | `B` | `{"$b": "aGVsbG8="}` (standard base64, padded) |
//! | `SS` | `{"$ss": ["a", "b"]}` |
//! | `NS` | `{"$ns": [1, 2.5, "12345678901234567890.5"]}` (strings where a number would not survive) |
//! | `BS` | `{"$bs": ["aGVsbG8="]}` |
//! | a map whose only key begins with `$`, or that reads as typed JSON (below) | `{"$m": {"$only": 1}}` |
//!
//! Both directions are lossless: what [`from_item`] gives, [`to_item`] reads back as the same item, and the same holds
//! for [`from_attribute`] and [`to_attribute`].
//!
//! # Numbers that arrive already rounded
//! A JSON number is a double in most clients, so `12345678901234567890123` reaches us as `1.2345678901234568e22`.
//! Whole numbers from 2^53 on are therefore refused, with the text to send in their place. A fraction is taken as the double
//! prints it, `0.30000000000000004` too: that is what the client held.
//!
//! # Typed JSON
//! DynamoDB's own notation (`{"pk": {"S": "a"}}`) is accepted for a whole item or key ([`to_item`]): where every value
//! is an object whose single key is a type name. No natural item or key looks like that, because its key attributes are
//! strings, numbers or binary, never maps. A lone value can be either ([`to_expression_value`]), so `{"S": "a"}` is
//! refused there, with both spellings to choose from. A map without key attributes that would read as typed is given,
//! and can be sent, as `{"$m": {…}}`.
//!
//! # Errors
//! [`JsonError`] names the place (`items[3].price`) and what to send.

mod error;
mod natural;
mod number;
mod path;
mod render;
mod typed;

use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;
use serde_json::Value;

pub use error::JsonError;
use path::Path;
pub(crate) use typed::Typed;

/// An item or a key: attribute names to values.
pub type Item = HashMap<String, AttributeValue>;

/// The deepest nesting that is converted, in levels of lists and maps. DynamoDB allows 32 and says so itself; this only
/// bounds the recursion.
pub const MAX_DEPTH: usize = 64;

/// Reads an item or a key from natural or typed JSON.
///
/// `at` begins the path that an error names, such as `items[3]`.
///
/// # Errors
/// [`JsonError`] where `value` is no object, or holds a number, marker or nesting that has no DynamoDB value.
pub fn to_item(value: &Value, at: &str) -> Result<Item, JsonError> {
    natural::item(value, &Path::root(at))
}

/// Reads one value from natural JSON. `{"S": "a"}` is a map here.
///
/// # Errors
/// As [`to_item`].
pub fn to_attribute(value: &Value, at: &str) -> Result<AttributeValue, JsonError> {
    natural::value(value, &Path::root(at))
}

/// Reads one value of an expression or a PartiQL parameter from natural JSON.
///
/// # Errors
/// As [`to_item`]; and an object whose single key is a type name, since it may be typed JSON or a map.
pub fn to_expression_value(value: &Value, at: &str) -> Result<AttributeValue, JsonError> {
    natural::expression_value(value, &Path::root(at))
}

/// Reads `ExpressionAttributeValues` (`{":v": 1}`), each as [`to_expression_value`] does. Whether the names are right is
/// DynamoDB's to say.
///
/// # Errors
/// As [`to_expression_value`]; and where `values` is no object.
pub fn to_expression_values(values: &Value, at: &str) -> Result<Item, JsonError> {
    natural::expression_values(values, &Path::root(at))
}

/// Gives an item or a key as natural JSON, attributes in the order of their names.
///
/// # Errors
/// [`JsonError`] where a value is of a type newer than this program, or nested deeper than [`MAX_DEPTH`].
pub fn from_item(item: &Item) -> Result<Value, JsonError> {
    render::item(item, &Path::root("item"))
}

/// Gives one value as natural JSON.
///
/// # Errors
/// As [`from_item`].
pub fn from_attribute(value: &AttributeValue) -> Result<Value, JsonError> {
    render::value(value, &Path::root("value"))
}

/// Whether a value in plain JSON is one in typed JSON.
pub(crate) fn typed(value: &Value) -> Typed {
    typed::likeness(value)
}

/// Whether an item or a key is in typed JSON.
pub(crate) fn is_typed_item(item: &serde_json::Map<String, Value>) -> bool {
    typed::is_typed(item)
}

/// A typed value in natural JSON.
///
/// # Errors
/// As [`to_item`].
pub(crate) fn untyped(value: &Value) -> Result<Value, JsonError> {
    from_attribute(&typed::value(value, &Path::root("value"))?)
}

/// Whether a text is a number in decimal notation.
pub(crate) fn is_decimal(text: &str) -> bool {
    number::is_decimal(text)
}

/// The digits of a number that may have been rounded on its way.
pub(crate) fn rounded(number: &serde_json::Number) -> Option<String> {
    number::rounded(number)
}

#[cfg(test)]
mod tests;
