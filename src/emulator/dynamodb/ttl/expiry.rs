//! Deleting the items whose time is past, in bounded batches.

use std::ops::Bound;
use std::sync::Arc;

use super::entry::{HEAD, entry_key};
use super::filling::fill;
use super::registry::Listed;
use crate::clock::Clock;
use crate::emulator::dynamodb::table::{Catalogue, Table};
use crate::emulator::dynamodb::write::{self, By, Origin};
use crate::emulator::error::AwsError;
use crate::emulator::store::{KeyRange, Read, Store, Table as Rows, Txn};

/// The most items that one write deletes.
const BATCH: usize = 100;
/// An item that should have gone longer ago than five years, in seconds, stays (developer guide, "Using time to live").
const OLDEST: u64 = 5 * 365 * 24 * 60 * 60;

/// Deletes every item whose time is past; whether there are tables with TTL at all.
pub async fn expire(store: &Store, catalogue: &Arc<Catalogue>, clock: &Arc<dyn Clock>) -> Result<bool, AwsError> {
    let tables = Listed::all(&store.read()?)?;
    for Listed { id, .. } in &tables {
        let id = *id;
        // Looks before anything is written, so that a table with nothing due costs no commit.
        while is_due(&store.read()?, catalogue, id, clock.millis())? {
            let (catalogue, now) = (Arc::clone(catalogue), clock.millis());
            store.write(move |txn| step(txn, &catalogue, id, now)).await?;
        }
    }
    Ok(!tables.is_empty())
}

/// Whether [`step`] has something to do for these entries.
fn is_due(rows: &impl Read, catalogue: &Catalogue, id: u64, now: u64) -> Result<bool, AwsError> {
    let Some(listed) = Listed::load(rows, id)? else { return Ok(false) };
    let waits = listed.filled.is_some() || listed.table(rows, catalogue)?.is_none();
    Ok(waits || rows.range(Rows::Items, due(id, now), false)?.next().transpose()?.is_some())
}

/// The entries of items that are to go.
fn due(id: u64, now: u64) -> KeyRange {
    // An item goes once its second is less than now.
    let (newest, oldest) = (now.div_ceil(1000), (now / 1000).saturating_sub(OLDEST));
    (Bound::Included(entry_key(id, oldest, &[])), Bound::Excluded(entry_key(id, newest, &[])))
}

fn step(txn: &mut Txn<'_>, catalogue: &Catalogue, id: u64, now: u64) -> Result<(), AwsError> {
    let Some(listed) = Listed::load(txn, id)? else { return Ok(()) };
    match listed.table(txn, catalogue)? {
        // Its table went without it.
        None => {
            listed.delete(txn);
            Ok(())
        }
        Some(table) if listed.filled.is_some() => fill(txn, &table, listed),
        Some(table) => delete(txn, &table, id, now),
    }
}

/// An entry says what the item says now, for both change in one write: nothing that was updated meanwhile is deleted.
fn delete(txn: &mut Txn<'_>, table: &Table, id: u64, now: u64) -> Result<(), AwsError> {
    let rows = txn.range(Rows::Items, due(id, now), false)?.take(BATCH);
    let entries: Vec<_> = rows.map(|row| Ok(row?.key().to_vec())).collect::<Result<_, AwsError>>()?;
    let origin = Origin { millis: now, by: By::TimeToLive };
    for entry in entries {
        let key = entry[HEAD..].to_vec();
        if let Some(old) = write::load(txn, &key)? {
            write::change(txn, table, key, Some(&old), None, origin)?;
        }
        txn.delete(Rows::Items, entry);
    }
    Ok(())
}
