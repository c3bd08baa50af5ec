//! Item collections: on a table with local secondary indexes, the items of one partition key together with their entries in
//! those indexes. Such a table has the size of each collection in a row of its own, so that a write knows it without
//! looking at the others.

use serde_json::{Map, Value as Json, json};

use super::index::IndexWrite;
use super::prepared::Done;
use super::request::Request;
use super::table::Table;
use super::value::item_to_json;
use crate::emulator::error::AwsError;
use crate::emulator::store::{Read, Table as Rows, Txn};

/// The most bytes of a collection: 10 GB (Developer Guide, "Item collections in local secondary indexes").
const LIMIT: u64 = 10 * GB;
const GB: u64 = 1024 * 1024 * 1024;

/// Counts what a change of the item at `key` did to its collection: the item itself grew by `grown` bytes, and indexes
/// as they tell. The collection's size afterwards, or nothing where the table has no collections.
pub fn grow(
    txn: &mut Txn<'_>,
    table: &Table,
    key: &[u8],
    grown: i64,
    indexes: &[IndexWrite],
) -> Result<Option<u64>, AwsError> {
    if !table.has_collections() {
        return Ok(None);
    }
    let row = table.schema.partition_of(key);
    let stored = txn.get(Rows::TableStats, row)?;
    let before = stored.and_then(|bytes| bytes.try_into().ok()).map_or(0, u64::from_be_bytes);
    let local = indexes.iter().filter(|write| write.local).map(|write| write.grown);
    let grown = grown + local.sum::<i64>();
    let after = before.saturating_add_signed(grown);
    if grown > 0 && after > LIMIT {
        return Err(AwsError::new(400, "ItemCollectionSizeLimitExceededException", "Collection size exceeded."));
    }
    match after {
        0 if before > 0 => txn.delete(Rows::TableStats, row.to_vec()),
        _ if after != before => txn.put(Rows::TableStats, row.to_vec(), after.to_be_bytes().to_vec()),
        _ => {}
    }
    Ok(Some(after))
}

impl Table {
    /// Whether its items form collections.
    #[must_use]
    pub fn has_collections(&self) -> bool {
        self.indexes.iter().any(|index| index.row.local)
    }
}

/// `ItemCollectionMetrics` of a request, where it asks for them.
#[derive(Debug, Default)]
pub struct Metrics {
    wanted: bool,
    tables: Vec<(String, Vec<Json>)>,
}

impl Metrics {
    /// None yet, of what the request asks for.
    #[must_use]
    pub fn of(request: &Request) -> Self {
        let wanted = request.text("ReturnItemCollectionMetrics") == Some("SIZE");
        Self { wanted, tables: Vec::new() }
    }

    /// Adds the collection that a write changed. The last word on a collection counts.
    pub fn add(&mut self, done: &Done) {
        let Some(bytes) = done.written.collection.filter(|_| self.wanted) else { return };
        let key = item_to_json(&done.partition);
        let name = &done.table.name.name;
        let at = self.tables.iter().position(|(known, _)| known == name).unwrap_or_else(|| {
            self.tables.push((name.clone(), Vec::new()));
            self.tables.len() - 1
        });
        let of_table = &mut self.tables[at].1;
        of_table.retain(|shown| shown["ItemCollectionKey"] != key);
        of_table.push(json!({"ItemCollectionKey": key, "SizeEstimateRangeGB": range(bytes)}));
    }

    /// The metrics of the one item that a request wrote.
    #[must_use]
    pub fn single(self) -> Option<Json> {
        self.tables.into_iter().next().and_then(|(_, mut shown)| shown.pop())
    }

    /// The metrics by table.
    #[must_use]
    pub fn by_table(self) -> Option<Map<String, Json>> {
        let tables: Map<_, _> = self.tables.into_iter().map(|(name, shown)| (name, Json::Array(shown))).collect();
        Some(tables).filter(|tables| !tables.is_empty())
    }
}

/// The whole gigabytes between which the size lies.
fn range(bytes: u64) -> [f64; 2] {
    // At most a little over ten.
    let lower = u32::try_from(bytes / GB).unwrap_or(u32::MAX);
    [f64::from(lower), f64::from(lower) + 1.0]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_estimate_is_a_range_of_one_gigabyte() {
        assert_eq!((range(0), range(GB - 1)), ([0.0, 1.0], [0.0, 1.0]));
        assert_eq!((range(GB), range(LIMIT - 1)), ([1.0, 2.0], [9.0, 10.0]));
    }
}
