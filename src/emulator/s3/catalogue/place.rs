//! Rows of versions that are put, moved and taken away as they are, by whoever brings an earlier state back.

use super::{Change, Content, Placed, Upload, Version, key_prefix, split_key};
use crate::emulator::s3::span::Span;
use crate::emulator::store::{Read as _, StoreError, Table};

impl Change<'_, '_> {
    /// Puts the row of a version, whose blobs are held already, at `order`; `newest` says whether no other of its key is
    /// newer.
    pub fn place(
        &mut self,
        bucket: u64,
        key: &str,
        order: u64,
        version: &Version,
        newest: bool,
    ) -> Result<(), StoreError> {
        let table = if newest && !version.is_marker() { Table::Versions } else { Table::Noncurrent };
        self.put(table, Placed::key_at(bucket, key, order), version.encode()?);
        // What is written later is newer.
        self.raise_sequence(order)
    }

    /// Deletes the rows of up to `most` versions of a bucket in `span`, with their blobs; whether there may be more.
    pub fn drop_versions(&mut self, bucket: u64, span: &Span, most: usize) -> Result<bool, StoreError> {
        let mut left = most;
        for table in [Table::Versions, Table::Noncurrent] {
            let rows = self.range(table, span.range(bucket), false)?.take(left);
            let rows: Vec<_> = rows
                .map(|row| row.and_then(|row| Ok((row.key().to_vec(), Version::decode(row.value())?.content))))
                .collect::<Result<_, StoreError>>()?;
            left -= rows.len();
            for (row, content) in rows {
                self.delete(table, row);
                self.let_go(&content)?;
            }
            if left == 0 {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Gives the versions in `span` of one bucket to another, which has none there.
    pub fn move_versions(&mut self, from: u64, to: u64, span: &Span) -> Result<(), StoreError> {
        for table in [Table::Versions, Table::Noncurrent] {
            let rows = self.range(table, span.range(from), false)?;
            let rows: Vec<_> = rows
                .map(|row| row.map(|row| (row.key().to_vec(), row.value().to_vec())))
                .collect::<Result<_, StoreError>>()?;
            for (row, value) in rows {
                let (key, place) = split_key(&row)?;
                let moved = [key_prefix(to, &key).as_slice(), place].concat();
                self.put(table, moved, value);
                self.delete(table, row);
            }
        }
        Ok(())
    }

    /// Deletes up to `most` open uploads of a bucket; whether there may be more.
    pub fn drop_uploads(&mut self, bucket: u64, most: usize) -> Result<bool, StoreError> {
        let rows = self.prefix(Table::Uploads, &bucket.to_be_bytes())?.take(most);
        let rows: Vec<_> = rows
            .map(|row| row.and_then(|row| Ok((row.key().to_vec(), Upload::decode(row.value())?))))
            .collect::<Result<_, StoreError>>()?;
        let more = rows.len() == most;
        for (row, upload) in rows {
            Upload::drop_parts(self, &upload.id, |_| false)?;
            self.delete(Table::Uploads, row);
        }
        Ok(more)
    }

    /// Lets go of what a version was made of.
    pub fn let_go(&mut self, content: &Content) -> Result<(), StoreError> {
        match content {
            Content::Blob(id) => self.release(*id),
            Content::Parts(upload) => Upload::drop_parts(self, upload, |_| false),
            Content::Marker => Ok(()),
        }
    }
}
