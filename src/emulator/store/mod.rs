//! The only user of redb: ordered byte tables with group commit and snapshots.
//!
//! One writer thread batches all waiting writes into one durable commit. Each operation reads inside the batch's
//! transaction and computes its whole write set; only then is the set applied, so a refused operation leaves nothing.
//! Readers use MVCC snapshots and never wait for the writer.

mod error;
pub mod key;
pub mod log;
mod schema;
mod snapshot;
mod txn;
mod writer;

#[cfg(test)]
mod tests;

use std::fs::File;
use std::ops::Bound;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

pub use error::StoreError;
pub use schema::{SCHEMA, Table};
pub use snapshot::Snapshot;
pub use txn::{Txn, last_sequence};
pub use writer::Store;

/// Lower and upper bound of a range of keys.
pub type KeyRange = (Bound<Vec<u8>>, Bound<Vec<u8>>);

/// Rows in key order (or in reverse), read one at a time as they are asked for.
pub type Rows<'a> = Box<dyn Iterator<Item = Result<Row<'a>, StoreError>> + 'a>;

/// Where the rows are kept.
#[derive(Debug, Clone)]
pub enum Medium {
    /// In this file, durable.
    File(PathBuf),
    /// In memory, gone with the process.
    Memory,
}

/// What reads have in common: a snapshot's and those inside a write.
pub trait Read {
    /// The value of `key`, or `None`.
    fn get(&self, table: Table, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError>;

    /// The rows of `range`; `reverse` starts at its end. Reads one row of the store for each row taken.
    fn range(&self, table: Table, range: KeyRange, reverse: bool) -> Result<Rows<'_>, StoreError>;

    /// The rows whose keys start with `prefix`.
    fn prefix(&self, table: Table, prefix: &[u8]) -> Result<Rows<'_>, StoreError> {
        self.range(table, prefix_range(prefix), false)
    }
}

/// One row.
#[derive(Debug)]
pub struct Row<'a>(RowSource<'a>);

enum RowSource<'a> {
    Stored(redb::AccessGuard<'a, &'static [u8]>, redb::AccessGuard<'a, &'static [u8]>),
    Pending(Vec<u8>, Vec<u8>),
}

impl std::fmt::Debug for RowSource<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Stored(key, value) => write!(f, "{:02x?} = {} bytes", key.value(), value.value().len()),
            Self::Pending(key, value) => write!(f, "{key:02x?} = {} bytes, pending", value.len()),
        }
    }
}

impl Row<'_> {
    /// The row's key.
    #[must_use]
    pub fn key(&self) -> &[u8] {
        match &self.0 {
            RowSource::Stored(key, _) => key.value(),
            RowSource::Pending(key, _) => key,
        }
    }

    /// The row's value.
    #[must_use]
    pub fn value(&self) -> &[u8] {
        match &self.0 {
            RowSource::Stored(_, value) => value.value(),
            RowSource::Pending(_, value) => value,
        }
    }
}

/// Counts that tests and the health answer look at.
#[derive(Debug, Default, Clone)]
pub struct Counters {
    /// Durable commits made.
    pub commits: Arc<AtomicU64>,
    /// Rows that range reads took from the store.
    pub rows_read: Arc<AtomicU64>,
}

/// The range of all keys that start with `prefix`.
#[must_use]
pub fn prefix_range(prefix: &[u8]) -> KeyRange {
    let end = key::after_prefix(prefix).map_or(Bound::Unbounded, Bound::Excluded);
    (Bound::Included(prefix.to_vec()), end)
}

/// Whether no key can lie in `range`.
fn is_empty(range: &KeyRange) -> bool {
    match range {
        (Bound::Included(low), Bound::Included(high)) => low > high,
        (Bound::Included(low) | Bound::Excluded(low), Bound::Excluded(high) | Bound::Included(high)) => low >= high,
        _ => false,
    }
}

fn as_slices(range: &KeyRange) -> (Bound<&[u8]>, Bound<&[u8]>) {
    (range.0.as_ref().map(Vec::as_slice), range.1.as_ref().map(Vec::as_slice))
}

/// Whether `path` still leads to the open `file`.
#[cfg(unix)]
pub(crate) fn same_file(file: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    let (Ok(open), Ok(there)) = (file.metadata(), std::fs::metadata(path)) else { return false };
    (open.dev(), open.ino()) == (there.dev(), there.ino())
}

/// Whether `path` still leads to the open `file`: elsewhere the name of an open file is not given out again.
#[cfg(not(unix))]
pub(crate) fn same_file(_file: &File, path: &Path) -> bool {
    path.exists()
}
