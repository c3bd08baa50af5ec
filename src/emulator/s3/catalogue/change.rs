//! A write to the catalogue: a store transaction that also keeps count of the blobs that rows refer to.

use super::{BlobRow, Placed};
use crate::emulator::s3::blobs::BlobId;
use crate::emulator::s3::ingest::Stored;
use crate::emulator::s3::undo;
use crate::emulator::store::{KeyRange, Read, Rows, StoreError, Table, Txn};

/// What a committed change leaves to do in the background.
#[derive(Debug, Default)]
pub struct Released {
    /// Blobs that nothing refers to any more.
    pub freed: Vec<BlobId>,
    /// Blobs whose bytes ride in the store until they are moved.
    pub riding: Vec<BlobId>,
    /// Blobs that were written and that rows name now.
    pub named: Vec<BlobId>,
    /// The sequence when it last named a new body; `None` where it named none.
    pub newest: Option<u64>,
}

/// A change under way.
#[derive(Debug)]
pub struct Change<'a, 't> {
    txn: &'a mut Txn<'t>,
    released: Released,
}

impl Read for Change<'_, '_> {
    fn get(&self, table: Table, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
        self.txn.get(table, key)
    }

    fn range(&self, table: Table, range: KeyRange, reverse: bool) -> Result<Rows<'_>, StoreError> {
        self.txn.range(table, range, reverse)
    }
}

impl<'a, 't> Change<'a, 't> {
    /// A change inside `txn`.
    pub fn new(txn: &'a mut Txn<'t>) -> Self {
        Self { txn, released: Released::default() }
    }

    /// What is left to do once the transaction is committed.
    pub fn finish(self) -> Released {
        self.released
    }

    /// Writes a row.
    pub fn put(&mut self, table: Table, key: Vec<u8>, value: Vec<u8>) {
        self.txn.put(table, key, value);
    }

    /// Deletes a row.
    pub fn delete(&mut self, table: Table, key: Vec<u8>) {
        self.txn.delete(table, key);
    }

    /// The transaction, for what belongs to no catalogue and is in the same commit.
    pub fn beside(&mut self) -> &mut Txn<'t> {
        self.txn
    }

    /// Sees to it that the store's sequence goes on after `least`.
    pub fn raise_sequence(&mut self, least: u64) -> Result<(), StoreError> {
        self.txn.raise_sequence(least).map(drop)
    }

    /// The next number of the store's sequence.
    pub fn next_sequence(&mut self) -> Result<u64, StoreError> {
        self.txn.next_sequence()
    }

    /// The one function that every write of an object version passes: `old` goes, `new` comes, both of `key`. With the
    /// same order, `new` is `old` amended.
    ///
    /// The blobs of `new` are held already, also one that `old` has too; those of `old` are released unless it is amended.
    pub fn replace(
        &mut self,
        bucket: u64,
        key: &str,
        old: Option<&Placed>,
        new: Option<&Placed>,
    ) -> Result<(), StoreError> {
        let noted = self.txn.notes()?;
        if let Some(old) = old {
            self.txn.delete(old.table(), old.row_key(bucket, key));
            // What is noted keeps them, so that it can be taken back.
            if !noted && new.is_none_or(|new| new.order != old.order) {
                self.let_go(&old.version.content)?;
            }
        }
        match new {
            Some(new) if old.is_some_and(|old| old.order == new.order) => {
                self.txn.put(new.table(), new.row_key(bucket, key), new.version.encode()?);
            }
            Some(new) => {
                if let Some(current) = Placed::current(self, bucket, key)? {
                    self.txn.delete(Table::Versions, current.row_key(bucket, key));
                    self.txn.put(Table::Noncurrent, current.row_key(bucket, key), current.version.encode()?);
                }
                self.txn.put(new.table(), new.row_key(bucket, key), new.version.encode()?);
            }
            // Where the newest version is gone, the next becomes current, if it is an object.
            None => {
                let newest = Placed::newest(self, bucket, key)?;
                if let Some(next) = newest.filter(|next| next.table() == Table::Noncurrent && !next.version.is_marker())
                {
                    self.txn.delete(Table::Noncurrent, next.row_key(bucket, key));
                    self.txn.put(Table::Versions, next.row_key(bucket, key), next.version.encode()?);
                }
            }
        }
        if noted && (old.is_some() || new.is_some()) {
            undo::note_version(self, bucket, key, old, new)?;
        }
        Ok(())
    }

    /// Takes a body that was stored for this change: its bytes ride along where it has no blob yet.
    pub fn hold(&mut self, stored: &Stored) -> Result<BlobId, StoreError> {
        let id = stored.blob();
        // So that the database's sequence tells whether it knows of this body.
        self.released.newest = Some(self.next_sequence()?);
        let row = BlobRow { references: 1, size: stored.size, crc64: stored.crc64.crc() };
        self.txn.put(Table::Blobs, id.key(), row.encode()?);
        if let Some(bytes) = stored.rider() {
            self.txn.put(Table::Riders, id.key(), bytes.to_vec());
            self.released.riding.push(id);
        } else {
            self.released.named.push(id);
        }
        Ok(id)
    }

    /// Takes a blob once more for a further row; `false` where nothing refers to it any longer, and it may be swept.
    pub fn share(&mut self, id: BlobId) -> Result<bool, StoreError> {
        let Some(row) = BlobRow::find(self, id)?.filter(|row| row.references > 0) else { return Ok(false) };
        let references = row.references.saturating_add(1);
        self.txn.put(Table::Blobs, id.key(), BlobRow { references, ..row }.encode()?);
        Ok(true)
    }

    /// Lets go of a blob that a deleted row referred to.
    pub fn release(&mut self, id: BlobId) -> Result<(), StoreError> {
        let Some(row) = BlobRow::find(self, id)? else {
            return Err(StoreError::Damaged { table: "blobs", what: format!("no row of {id:?}") });
        };
        let left = row.references.saturating_sub(1);
        if left > 0 {
            self.txn.put(Table::Blobs, id.key(), BlobRow { references: left, ..row }.encode()?);
        } else if self.get(Table::Riders, &id.key())?.is_some() {
            // Never moved: there is no blob yet, and the mover finds the row gone.
            self.txn.delete(Table::Riders, id.key());
            self.txn.delete(Table::Blobs, id.key());
        } else {
            self.txn.put(Table::Blobs, id.key(), BlobRow { references: 0, ..row }.encode()?);
            self.released.freed.push(id);
        }
        Ok(())
    }
}
