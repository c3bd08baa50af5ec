//! Giving entries to the items that a table had before its TTL was enabled, in bounded batches.

use std::ops::Bound;

use super::entry::{add, expires};
use super::registry::{Listed, TimeToLive};
use crate::emulator::dynamodb::key::table_prefix;
use crate::emulator::dynamodb::table::Table;
use crate::emulator::error::AwsError;
use crate::emulator::store::{Read, Table as Rows, Txn, prefix_range};

/// The most items that one write looks at.
const BATCH: usize = 500;

/// Goes on with the table. Where it stands is stored, so that a restart goes on from there.
pub(super) fn fill(txn: &mut Txn<'_>, table: &Table, mut listed: Listed) -> Result<(), AwsError> {
    let from = listed.filled.take().unwrap_or_default();
    let id = listed.id;
    let Some((attribute, _)) = table.row.ttl.as_ref().and_then(TimeToLive::enabled) else { return Ok(()) };
    let (low, high) = prefix_range(&table_prefix(table.row.id));
    let low = if from.is_empty() { low } else { Bound::Excluded(from) };
    let mut entries = Vec::new();
    let mut seen = 0;
    let mut last = None;
    for row in txn.range(Rows::Items, (low, high), false)?.take(BATCH) {
        let row = row?;
        seen += 1;
        if let Some(second) = expires(row.value(), attribute)? {
            entries.push((second, row.key().to_vec()));
        }
        last = Some(row.key().to_vec());
    }
    for (second, key) in entries {
        add(txn, id, second, &key);
    }
    listed.filled = last.filter(|_| seen == BATCH);
    listed.store(txn)
}
