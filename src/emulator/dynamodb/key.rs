//! Keys: schema, checks, and the order-preserving encoding that rows are stored under.

mod check;
mod encoding;
mod partition;
mod range;

pub use encoding::table_prefix;
pub use range::{KeyQuery, KeyRange, SortCondition};

use super::value::{Item, Type, Value};

/// The largest partition key value, in bytes.
pub const MAX_HASH_SIZE: usize = 2048;
/// The largest sort key value, in bytes.
pub const MAX_RANGE_SIZE: usize = 1024;

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
    #[must_use]
    pub fn new(hash: KeyAttribute, range: Option<KeyAttribute>) -> Self {
        Self { hash: vec![hash], range: range.into_iter().collect() }
    }

    /// Partition attributes, then sort attributes.
    pub fn attributes(&self) -> impl Iterator<Item = &KeyAttribute> {
        self.hash.iter().chain(&self.range)
    }

    /// Whether `name` is part of the key.
    #[must_use]
    pub fn contains(&self, name: &str) -> bool {
        self.attributes().any(|attribute| attribute.name == name)
    }

    /// The key attributes of `item` alone.
    #[must_use]
    pub fn extract(&self, item: &Item) -> Item {
        of(self.attributes(), item)
    }

    /// The partition key's attributes of `item` alone.
    #[must_use]
    pub fn partition(&self, item: &Item) -> Item {
        of(self.hash.iter(), item)
    }
}

fn of<'k>(attributes: impl Iterator<Item = &'k KeyAttribute>, item: &Item) -> Item {
    attributes
        .filter_map(|attribute| item.get_key_value(&attribute.name))
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect()
}

impl KeyAttribute {
    /// A key attribute of type `S`, `N` or `B`.
    #[must_use]
    pub fn new(name: impl Into<String>, kind: Type) -> Self {
        Self { name: name.into(), kind }
    }

    /// The attribute's value in `item`, if it is there with the schema's type.
    fn value<'a>(&self, item: &'a Item) -> Option<&'a Value> {
        item.get(&self.name).filter(|value| value.kind() == self.kind)
    }
}
