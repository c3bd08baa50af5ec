//! The one way by which an item changes.

use super::item::Row;
use super::table::{Stats, Table};
use crate::emulator::error::AwsError;
use crate::emulator::store::{Read, Table as Rows, Txn};

/// The stored row of an item, or `None`. Reads what this transaction has written.
pub fn load(txn: &Txn<'_>, key: &[u8]) -> Result<Option<Vec<u8>>, AwsError> {
    Ok(txn.get(Rows::Items, key)?)
}

/// When an item changes, and on whose behalf.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Origin {
    /// Milliseconds since the Unix epoch.
    pub millis: u64,
    /// Whose change it is.
    pub by: By,
}

/// Whose change it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    /// A request's.
    Caller,
}

/// What a change of an item wrote.
#[derive(Debug, Clone, PartialEq)]
pub struct Written {
    /// The item's size before, as AWS counts it.
    pub old: Option<usize>,
    /// Its size after.
    pub new: Option<usize>,
}

impl Written {
    /// Nothing, to this row.
    pub fn unchanged(row: Option<&[u8]>) -> Result<Self, AwsError> {
        let size = row.map(Row::read).transpose()?.map(|row| row.size);
        Ok(Self { old: size, new: size })
    }
}

/// Replaces the row `old` at `key` by `new`: an insert, an update or a deletion. Every write of an item passes here with
/// both images; what follows from a change of an item hangs here.
pub fn change(
    txn: &mut Txn<'_>,
    table: &Table,
    key: Vec<u8>,
    old: Option<&[u8]>,
    new: Option<Vec<u8>>,
    _origin: Origin,
) -> Result<Written, AwsError> {
    let size = |row: Option<&[u8]>| row.map(|row| Row::read(row).map(|row| row.size)).transpose();
    let written = Written { old: size(old)?, new: size(new.as_deref())? };
    let count = |size: Option<usize>| (u64::from(size.is_some()), size.unwrap_or(0) as u64);
    let ((items_before, before), (items_after, after)) = (count(written.old), count(written.new));
    let stats = Stats::load(txn, table.row.id)?;
    let updated = Stats {
        items: (stats.items + items_after).saturating_sub(items_before),
        bytes: (stats.bytes + after).saturating_sub(before),
    };
    if updated != stats {
        updated.store(txn, table.row.id);
    }
    match new {
        Some(row) => txn.put(Rows::Items, key, row),
        None if old.is_some() => txn.delete(Rows::Items, key),
        None => {}
    }
    Ok(written)
}
