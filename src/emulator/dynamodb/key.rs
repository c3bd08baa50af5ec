//! Keys: schema, checks, and the order-preserving encoding that rows are stored under.

use std::ops::Bound;

use super::value::{Item, Type, Value};
use crate::emulator::error::AwsError;

/// One key attribute: its name and its type (`S`, `N` or `B`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyAttribute {
    /// The attribute's name.
    pub name: String,
    /// `S`, `N` or `B`.
    pub kind: Type,
}

/// The key schema of a table or an index: one partition and at most one sort attribute for tables, up to four of each
/// for a global secondary index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeySchema {
    /// The partition key's attributes.
    pub hash: Vec<KeyAttribute>,
    /// The sort key's attributes.
    pub range: Vec<KeyAttribute>,
}

impl KeySchema {
    /// A simple or composite primary key.
    pub fn new(hash: KeyAttribute, range: Option<KeyAttribute>) -> Self {
        todo!()
    }
    /// Partition attributes, then sort attributes.
    pub fn attributes(&self) -> impl Iterator<Item = &KeyAttribute> {
        self.hash.iter().chain(&self.range)
    }
    /// Whether `name` is part of the key.
    pub fn contains(&self, name: &str) -> bool {
        todo!()
    }
    /// Checks a `Key` parameter (GetItem, UpdateItem, DeleteItem, …): exactly the key attributes, of their types, not
    /// empty, not too long.
    pub fn check_key(&self, key: &Item) -> Result<(), AwsError> {
        todo!()
    }
    /// Checks the key attributes of a whole item (PutItem).
    pub fn check_item(&self, item: &Item) -> Result<(), AwsError> {
        todo!()
    }
    /// The key attributes of `item` alone.
    pub fn extract(&self, item: &Item) -> Item {
        todo!()
    }
    /// The row key of `item`: table id (8 bytes, big-endian), partition key, sort key. `None` where `item` lacks a key
    /// attribute or has one of another type.
    pub fn row_key(&self, table: u64, item: &Item) -> Option<Vec<u8>> {
        todo!()
    }
    /// What every row of the partition of `hash` (values in schema order) starts with.
    pub fn partition_prefix(&self, table: u64, hash: &[&Value]) -> Vec<u8> {
        todo!()
    }
}
/// What every row of a table starts with.
pub fn table_prefix(table: u64) -> Vec<u8> {
    todo!()
}

/// A sort-key condition of a Query.
#[derive(Debug, Clone, PartialEq)]
pub enum SortCondition {
    /// `=`
    Eq(Value),
    /// `<`
    Lt(Value),
    /// `<=`
    Le(Value),
    /// `>`
    Gt(Value),
    /// `>=`
    Ge(Value),
    /// `BETWEEN`, both ends included.
    Between(Value, Value),
    /// `begins_with`
    BeginsWith(Value),
}

/// Row keys from a bound to a bound.
pub type KeyRange = (Bound<Vec<u8>>, Bound<Vec<u8>>);

/// What a Query reads: one partition, and in it the rows that the sort condition allows.
#[derive(Debug, Clone, PartialEq)]
pub struct KeyQuery {
    /// The partition key's values, in schema order.
    pub hash: Vec<Value>,
    /// The leading sort attributes that are fixed by equality (multi-attribute keys only).
    pub fixed: Vec<Value>,
    /// The condition on the next sort attribute.
    pub sort: Option<SortCondition>,
}

impl KeyQuery {
    /// The rows of `table` that answer the query, by row key.
    pub fn range(&self, table: u64) -> KeyRange {
        todo!()
    }
}
