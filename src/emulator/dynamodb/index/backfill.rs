//! Makes the entries of a new index, in the background and in bounded batches.
//!
//! From its creation on every write keeps the index, so what is left to do is to add the entries of the items that were
//! there. One batch reads and writes in one transaction: what it adds is what the item is at that moment, and adding
//! what a write has added already changes nothing.

use std::ops::Bound;

use super::keep::add;
use super::row::IndexStatus;
use crate::emulator::dynamodb::error;
use crate::emulator::dynamodb::key::table_prefix;
use crate::emulator::dynamodb::table::{Table, TableName};
use crate::emulator::error::AwsError;
use crate::emulator::store::{Read, StoreError, Table as Rows, Txn, prefix_range};

/// The most items of one batch.
pub const BATCH: usize = 500;
/// A batch ends once its items have so many bytes.
const BATCH_BYTES: usize = 1024 * 1024;
/// What keys of the rows that name an index to backfill start with, in [`Rows::Meta`]; the index's id follows. Their
/// value is the row key of its table and then the key of the last item that was done.
const QUEUE: &[u8] = b"dynamodb/backfill/";

/// Notes inside the index's own creation that it is to be backfilled.
pub fn enqueue(txn: &mut Txn<'_>, table: &TableName, index: u64) {
    txn.put(Rows::Meta, queue_key(index), table.row_key());
}

/// Notes inside the index's own deletion that no more is to be done.
pub fn dequeue(txn: &mut Txn<'_>, index: u64) {
    txn.delete(Rows::Meta, queue_key(index));
}

/// An index that is to be backfilled.
pub fn first_queued(rows: &impl Read) -> Result<Option<u64>, StoreError> {
    let first = rows.prefix(Rows::Meta, QUEUE)?.next().transpose()?;
    let id = first.and_then(|row| row.key()[QUEUE.len()..].try_into().ok());
    Ok(id.map(u64::from_be_bytes))
}

/// Adds the entries of up to `most` items; whether there may be more. Makes the index active when there are none.
pub fn run_batch(txn: &mut Txn<'_>, id: u64, most: usize) -> Result<bool, AwsError> {
    let Some(job) = txn.get(Rows::Meta, &queue_key(id))? else { return Ok(false) };
    let (name, after) = TableName::of_row_key(&job).ok_or_else(|| error::damaged("an index to backfill"))?;
    let stored = txn.get(Rows::Tables, &name.row_key())?;
    let table = stored.map(|stored| Table::decode(name, stored)).transpose()?;
    let found = table.as_ref().and_then(|table| {
        let index = table.indexes.iter().find(|index| index.row.id == id)?;
        (index.row.status == IndexStatus::Creating).then_some((table, index))
    });
    let Some((table, index)) = found else {
        dequeue(txn, id);
        return Ok(false);
    };
    let (low, high) = prefix_range(&table_prefix(table.row.id));
    let low = if after.is_empty() { low } else { Bound::Excluded(after.to_vec()) };
    let (mut batch, mut bytes) = (Vec::new(), 0);
    for row in txn.range(Rows::Items, (low, high), false)? {
        let row = row?;
        bytes += row.value().len();
        batch.push((row.key().to_vec(), row.value().to_vec()));
        if batch.len() == most || bytes >= BATCH_BYTES {
            break;
        }
    }
    for (_, row) in &batch {
        add(txn, index, row)?;
    }
    if let Some((last, _)) = batch.last() {
        txn.put(Rows::Meta, queue_key(id), [table.name.row_key(), last.clone()].concat());
        return Ok(true);
    }
    let mut row = table.row.clone();
    row.indexes.iter_mut().filter(|index| index.id == id).for_each(|index| index.status = IndexStatus::Active);
    Table::store(txn, table.name.clone(), &row)?;
    dequeue(txn, id);
    Ok(false)
}

fn queue_key(index: u64) -> Vec<u8> {
    [QUEUE, &index.to_be_bytes()].concat()
}
