//! Deletes everything at once.

use super::blobs::BlobId;
use super::catalogue::{BlobRow, Released};
use super::service::Service;
use crate::emulator::store::{Read, StoreError, Table, Txn};

/// Deletes all buckets, objects and uploads; what it gives is left to do once that is committed.
pub fn clear(txn: &mut Txn<'_>) -> Result<Released, StoreError> {
    let mut released = Released::default();
    let mut rows = Vec::new();
    for row in txn.prefix(Table::Blobs, &[])? {
        let row = row?;
        let Some(id) = BlobId::from_key(row.key()) else { continue };
        // Not yet moved: there is no blob, and the mover finds the rider gone.
        if txn.get(Table::Riders, row.key())?.is_none() {
            rows.push((id, BlobRow { references: 0, ..BlobRow::decode(row.value())? }));
        }
    }
    for table in
        [Table::Buckets, Table::Versions, Table::Noncurrent, Table::Uploads, Table::Parts, Table::Blobs, Table::Riders]
    {
        txn.clear(table);
    }
    for (id, row) in rows {
        txn.put(Table::Blobs, id.key(), row.encode()?);
        released.freed.push(id);
    }
    Ok(released)
}

impl Service {
    /// Starts in the background what a committed [`clear`] has left to do.
    pub fn released(&self, released: Released) {
        self.core().release(released);
    }
}
