//! DynamoDB's attribute values.

use std::collections::BTreeMap;

use serde_json::Value as Json;

use super::number::Number;
use super::wording::Wording;
use crate::emulator::error::AwsError;

/// An item: attribute names to values.
pub type Item = BTreeMap<String, Value>;

/// One attribute value, of DynamoDB's ten types. Equality is AWS's: numbers by value, sets in any order.
#[derive(Debug, Clone)]
pub enum Value {
    /// A string.
    S(String),
    /// A number.
    N(Number),
    /// Binary.
    B(Vec<u8>),
    /// A Boolean.
    Bool(bool),
    /// Null.
    Null,
    /// A map.
    M(Item),
    /// A list.
    L(Vec<Value>),
    /// A string set.
    Ss(Vec<String>),
    /// A number set.
    Ns(Vec<Number>),
    /// A binary set.
    Bs(Vec<Vec<u8>>),
}

/// A value's type.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Type {
    S,
    N,
    B,
    Bool,
    Null,
    M,
    L,
    Ss,
    Ns,
    Bs,
}

impl Type {
    /// `S`, `N`, … `BS`.
    pub fn name(self) -> &'static str {
        todo!()
    }
    /// From `S`, `N`, … `BS`.
    pub fn from_name(name: &str) -> Option<Self> {
        todo!()
    }
}

impl PartialEq for Value {
    fn eq(&self, other: &Self) -> bool {
        todo!()
    }
}

impl Value {
    /// Its type.
    pub fn kind(&self) -> Type {
        todo!()
    }
    /// Reads DynamoDB JSON with AWS's validation (all but the wrong JSON types, which [`check_shape`] finds first).
    pub fn from_json(json: Json, wording: Wording) -> Result<Self, AwsError> {
        todo!()
    }
    /// Appends DynamoDB JSON.
    pub fn write_json(&self, out: &mut Vec<u8>) {
        todo!()
    }
    /// DynamoDB JSON.
    pub fn to_json(&self) -> Json {
        todo!()
    }
    /// Bytes as AWS counts them.
    pub fn size(&self) -> usize {
        todo!()
    }
}

/// Refuses JSON of a wrong type in one attribute value with AWS's `SerializationException`. AWS deserialises the whole
/// request before it validates anything, so an operation calls this on every value first.
pub fn check_shape(json: &Json) -> Result<(), AwsError> {
    todo!()
}
/// [`check_shape`] for a map of attribute values (`Item`, `Key`, `ExpressionAttributeValues`).
pub fn check_map_shape(json: &Json) -> Result<(), AwsError> {
    todo!()
}
/// Reads a map of attribute values.
pub fn item_from_json(json: Json, wording: Wording) -> Result<Item, AwsError> {
    todo!()
}
/// DynamoDB JSON of an item.
pub fn item_to_json(item: &Item) -> Json {
    todo!()
}
/// Appends an item's DynamoDB JSON.
pub fn write_item(item: &Item, out: &mut Vec<u8>) {
    todo!()
}
/// An item's size in bytes as AWS counts it: names (UTF-8) and values.
pub fn item_size(item: &Item) -> usize {
    todo!()
}
