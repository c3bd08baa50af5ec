//! DynamoDB's attribute values.

use std::collections::BTreeMap;

use super::number::Number;

/// An item: attribute names to values.
pub type Item = BTreeMap<String, Value>;

/// One attribute value, of DynamoDB's ten types.
#[derive(Debug, Clone, PartialEq)]
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
