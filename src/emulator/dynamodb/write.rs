//! The one way by which an item changes.

use super::collection;
use super::index::{self, IndexWrite};
use super::item::Row;
use super::table::{Stats, Table};
use super::{stream, ttl, undo};
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
    /// The item's time was past.
    TimeToLive,
}

/// What a change of an item wrote.
#[derive(Debug, Clone, PartialEq)]
pub struct Written {
    /// The item's size before, as AWS counts it.
    pub old: Option<usize>,
    /// Its size after.
    pub new: Option<usize>,
    /// What it wrote in the table's indexes: those in which it changed something.
    pub indexes: Vec<IndexWrite>,
    /// The size of the item's collection after it, in bytes, where the table has collections.
    pub collection: Option<u64>,
}

impl Written {
    /// Nothing, to this row.
    pub fn unchanged(row: Option<&[u8]>) -> Result<Self, AwsError> {
        let size = row.map(Row::read).transpose()?.map(|row| row.size);
        Ok(Self { old: size, new: size, indexes: Vec::new(), collection: None })
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
    origin: Origin,
) -> Result<Written, AwsError> {
    // What the writer knows of the table may be older than this transaction, and its indexes other ones.
    let table = &*table.current(txn)?;
    let size = |row: Option<&[u8]>| row.map(|row| Row::read(row).map(|row| row.size)).transpose();
    let (before, after) = (size(old)?, size(new.as_deref())?);
    Stats::replace(txn, table.row.id, before, after)?;
    let indexes = index::keep(txn, table, old, new.as_deref())?;
    let collection = collection::grow(txn, table, &key, index::growth(before, after), &indexes)?;
    ttl::keep(txn, table, &key, old, new.as_deref())?;
    stream::record(txn, table, old, new.as_deref(), origin)?;
    undo::note_item(txn, table, &key, old, new.as_deref())?;
    match new {
        Some(row) => txn.put(Rows::Items, key, row),
        None if old.is_some() => txn.delete(Rows::Items, key),
        None => {}
    }
    Ok(Written { old: before, new: after, indexes, collection })
}
