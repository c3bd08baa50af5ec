//! Reading a state of the store that no later write changes.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use redb::{ReadTransaction, ReadableTableMetadata as _};

use super::{KeyRange, Read, Row, RowSource, Rows, StoreError, Table, as_slices, is_empty};

/// The store as it stood when the snapshot was taken.
pub struct Snapshot {
    txn: ReadTransaction,
    rows_read: Arc<AtomicU64>,
}

impl std::fmt::Debug for Snapshot {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Snapshot").finish_non_exhaustive()
    }
}

impl Snapshot {
    pub(super) fn new(txn: ReadTransaction, rows_read: Arc<AtomicU64>) -> Self {
        Self { txn, rows_read }
    }
}

impl Snapshot {
    /// How many rows a table has. Reads none of them.
    pub fn count(&self, table: Table) -> Result<u64, StoreError> {
        Ok(self.txn.open_table(table.definition())?.len()?)
    }
}

impl Read for Snapshot {
    fn get(&self, table: Table, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
        let table = self.txn.open_table(table.definition())?;
        Ok(table.get(key)?.map(|value| value.value().to_vec()))
    }

    fn range(&self, table: Table, range: KeyRange, reverse: bool) -> Result<Rows<'_>, StoreError> {
        if is_empty(&range) {
            return Ok(Box::new(std::iter::empty()));
        }
        let rows = self.txn.open_table(table.definition())?.range::<&[u8]>(as_slices(&range))?;
        Ok(stored(rows, reverse, &self.rows_read))
    }
}

/// The rows of a redb range, counted as they are taken.
pub(super) fn stored<'a>(
    mut rows: redb::Range<'a, &'static [u8], &'static [u8]>,
    reverse: bool,
    rows_read: &Arc<AtomicU64>,
) -> Rows<'a> {
    let counter = Arc::clone(rows_read);
    Box::new(std::iter::from_fn(move || {
        let row = if reverse { rows.next_back() } else { rows.next() }?;
        counter.fetch_add(1, Ordering::Relaxed);
        Some(row.map(|(key, value)| Row(RowSource::Stored(key, value))).map_err(StoreError::from))
    }))
}
