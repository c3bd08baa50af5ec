//! An index as reads and writes of items need it, and its entries.

use std::borrow::Cow;

use super::row::{IndexRow, Projected};
use crate::emulator::dynamodb::item;
use crate::emulator::dynamodb::key::KeySchema;
use crate::emulator::dynamodb::value::Item;

/// An index as reads and writes of items need it.
#[derive(Debug, Clone)]
pub struct Index {
    /// Its row.
    pub row: IndexRow,
    /// Its own key schema, which conditions are about.
    pub key: KeySchema,
    /// The key schema of its rows: its own key attributes, then those of the table's that are not among them.
    pub rows: KeySchema,
}

/// What an index holds of one item.
#[derive(Debug, PartialEq, Eq)]
pub struct Entry {
    /// The entry's row key.
    pub key: Vec<u8>,
    /// Its row, of the same form as an item's.
    pub row: Vec<u8>,
}

impl Index {
    /// The index with this row and key schema on a table with that one.
    #[must_use]
    pub fn new(row: IndexRow, key: KeySchema, table: &KeySchema) -> Self {
        let mut rows = key.clone();
        rows.range.extend(table.attributes().filter(|part| !key.contains(&part.name)).cloned());
        Self { row, key, rows }
    }

    /// Whether its entries hold this attribute.
    #[must_use]
    pub fn projects(&self, attribute: &str) -> bool {
        self.rows.contains(attribute)
            || match &self.row.projection {
                Projected::All => true,
                Projected::KeysOnly => false,
                Projected::Include(names) => names.iter().any(|name| name == attribute),
            }
    }

    /// What it holds of the item whose stored row is `row`; nothing of one that lacks a key attribute, or has one of
    /// another type or that no key may have.
    #[must_use]
    pub fn entry(&self, item: &Item, row: &[u8]) -> Option<Entry> {
        self.key.check_values(item).ok()?;
        let key = self.rows.row_key(self.row.id, item)?;
        let row = match self.project(item) {
            Cow::Borrowed(_) => row.to_vec(),
            Cow::Owned(projected) => item::encode(&projected),
        };
        Some(Entry { key, row })
    }

    /// What it projects of an item.
    fn project<'i>(&self, item: &'i Item) -> Cow<'i, Item> {
        if self.row.projection == Projected::All {
            return Cow::Borrowed(item);
        }
        let shown = item.iter().filter(|(name, _)| self.projects(name));
        Cow::Owned(shown.map(|(name, value)| (name.clone(), value.clone())).collect())
    }
}
