//! The one way by which an item changes.

use super::item::Row;
use super::table::{Stats, Table};
use crate::emulator::error::AwsError;
use crate::emulator::store::{Read, Table as Rows, Txn};

/// The stored row of an item, or `None`. Reads what this transaction has written.
pub fn load(txn: &Txn<'_>, key: &[u8]) -> Result<Option<Vec<u8>>, AwsError> {
    Ok(txn.get(Rows::Items, key)?)
}

/// Replaces the row `old` at `key` by `new`: an insert, an update or a deletion. Every write of an item passes here with
/// both images; what follows from a change of an item hangs here.
pub fn change(
    txn: &mut Txn<'_>,
    table: &Table,
    key: Vec<u8>,
    old: Option<&[u8]>,
    new: Option<Vec<u8>>,
) -> Result<(), AwsError> {
    let size = |row: Option<&[u8]>| row.map(|row| Row::read(row).map(|row| row.size as u64)).transpose();
    let (before, after) = (size(old)?, size(new.as_deref())?);
    let stats = Stats::load(txn, table.row.id)?;
    let updated = Stats {
        items: (stats.items + u64::from(after.is_some())).saturating_sub(u64::from(before.is_some())),
        bytes: (stats.bytes + after.unwrap_or(0)).saturating_sub(before.unwrap_or(0)),
    };
    if updated != stats {
        updated.store(txn, table.row.id);
    }
    match new {
        Some(row) => txn.put(Rows::Items, key, row),
        None if old.is_some() => txn.delete(Rows::Items, key),
        None => {}
    }
    Ok(())
}
