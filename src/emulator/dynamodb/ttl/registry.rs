//! Which tables have TTL: their settings, and the list of them that the background work goes by.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::emulator::dynamodb::error;
use crate::emulator::dynamodb::sweep::Sweeper;
use crate::emulator::dynamodb::table::{Catalogue, Table, TableName, TableRow};
use crate::emulator::error::AwsError;
use crate::emulator::store::{Read, Table as Rows, Txn};

/// What the keys of the list start with, in [`Rows::Meta`]; the id of the entries follows.
const LIST: &[u8] = b"dynamodb/ttl/";

/// A table's TTL settings, as its row holds them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TimeToLive {
    /// The attribute, while TTL is enabled.
    pub attribute: Option<String>,
    /// What the entries are stored under; never used again after it.
    pub id: u64,
    /// When the settings last changed, in milliseconds since the Unix epoch.
    pub changed: u64,
}

impl TimeToLive {
    /// The attribute and the id of the entries, while TTL is enabled.
    #[must_use]
    pub fn enabled(&self) -> Option<(&str, u64)> {
        self.attribute.as_deref().map(|attribute| (attribute, self.id))
    }
}

/// A table on the list.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Listed {
    /// The id of its entries.
    pub(super) id: u64,
    account: String,
    region: String,
    table: String,
    /// The items up to this key have their entries; `None` once all have.
    pub(super) filled: Option<Vec<u8>>,
}

impl Listed {
    /// The table, while these entries are its.
    pub(super) fn table(&self, rows: &impl Read, catalogue: &Catalogue) -> Result<Option<Arc<Table>>, AwsError> {
        let name = TableName { account: self.account.clone(), region: self.region.clone(), name: self.table.clone() };
        let is_its = |table: &Arc<Table>| {
            let enabled = table.row.ttl.as_ref().and_then(TimeToLive::enabled);
            enabled.is_some_and(|(_, id)| id == self.id)
        };
        Ok(catalogue.load(rows, &name)?.filter(is_its))
    }

    pub(super) fn load(rows: &impl Read, id: u64) -> Result<Option<Self>, AwsError> {
        let stored = rows.get(Rows::Meta, &list_key(id))?;
        stored.map(|stored| Self::decode(&stored)).transpose()
    }

    /// Every table with TTL.
    pub(super) fn all(rows: &impl Read) -> Result<Vec<Self>, AwsError> {
        rows.prefix(Rows::Meta, LIST)?.map(|row| Self::decode(row?.value())).collect()
    }

    pub(super) fn store(&self, txn: &mut Txn<'_>) -> Result<(), AwsError> {
        let stored = serde_json::to_vec(self).map_err(|_| error::damaged("a table's TTL"))?;
        txn.put(Rows::Meta, list_key(self.id), stored);
        Ok(())
    }

    pub(super) fn delete(&self, txn: &mut Txn<'_>) {
        txn.delete(Rows::Meta, list_key(self.id));
    }

    fn decode(stored: &[u8]) -> Result<Self, AwsError> {
        serde_json::from_slice(stored).map_err(|_| error::damaged("a table's TTL"))
    }
}

/// Enables TTL on the table with this row, which the caller stores. Entries of items that are there already follow in
/// the background.
pub fn enable(
    txn: &mut Txn<'_>,
    table: &TableName,
    row: &mut TableRow,
    attribute: String,
    now: u64,
) -> Result<(), AwsError> {
    let id = txn.next_sequence()?;
    let TableName { account, region, name } = table.clone();
    Listed { id, account, region, table: name, filled: Some(Vec::new()) }.store(txn)?;
    row.ttl = Some(TimeToLive { attribute: Some(attribute), id, changed: now });
    Ok(())
}

/// Disables TTL on the table with this row, which the caller stores.
pub fn disable(txn: &mut Txn<'_>, row: &mut TableRow, now: u64) {
    forget(txn, row);
    if let Some(ttl) = &mut row.ttl {
        ttl.attribute = None;
        ttl.changed = now;
    }
}

/// Takes a table that is being deleted, or whose TTL is disabled, off the list; its entries are left to the sweeper.
pub fn forget(txn: &mut Txn<'_>, row: &TableRow) {
    if let Some((_, id)) = row.ttl.as_ref().and_then(TimeToLive::enabled) {
        txn.delete(Rows::Meta, list_key(id));
        Sweeper::enqueue(txn, id);
    }
}

fn list_key(id: u64) -> Vec<u8> {
    [LIST, &id.to_be_bytes()].concat()
}
