//! Object rows: `bucket id, key, order → Version`. Rows of one key stand newest first.
//!
//! The newest version of a key stands in a table of its own where it is an object, so that listing objects costs the
//! same however many versions and delete markers lie beside them.

use std::collections::BTreeMap;
use std::ops::Bound;

use serde::{Deserialize, Serialize};

use super::{NULL_VERSION, VersionId, decode, encode};
use crate::emulator::error::AwsError;
use crate::emulator::s3::blobs::BlobId;
use crate::emulator::s3::checksum::Checksum;
use crate::emulator::s3::error;
use crate::emulator::store::{KeyRange, Read, StoreError, Table, key as store_key};

/// One version of an object.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Version {
    /// Its version id; the catalogue gives it.
    pub id: String,
    /// Where the null version of its key lay when it was written, if there was one and this is not it. What lies there
    /// still is the null version; the catalogue keeps this.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub null_order: Option<u64>,
    /// When it was written, in milliseconds since the Unix epoch.
    pub modified: u64,
    /// Its length in bytes.
    pub size: u64,
    /// Its entity tag, without quotes.
    pub etag: String,
    /// Where its bytes are.
    pub content: Content,
    /// The headers that come back as they were given, by lower-case name.
    pub headers: BTreeMap<String, String>,
    /// User metadata, without `x-amz-meta-`, by lower-case name.
    pub metadata: BTreeMap<String, String>,
    /// Its tags, by key.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<(String, String)>,
    /// Its checksum.
    pub checksum: Option<Checksum>,
    /// Its storage class.
    pub storage_class: String,
    /// How many parts it was uploaded in; 0 where it was not a multipart upload.
    pub parts: u32,
    /// Whether its parts' checksums are shown: its upload was begun with an algorithm.
    pub part_checksums: bool,
    /// The owner's canonical user id.
    pub owner: String,
}

/// Where the bytes of a version are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Content {
    /// In one blob.
    Blob(BlobId),
    /// In the parts that the upload of this id left.
    Parts(String),
    /// Nowhere: it is a delete marker.
    Marker,
}

/// A version and its place among the versions of its key.
#[derive(Debug, Clone)]
pub struct Placed {
    /// The store's sequence number of its write.
    pub order: u64,
    /// The version.
    pub version: Version,
    /// Whether its row stands among the versions that are not current.
    noncurrent: bool,
}

impl Version {
    /// The version as a row's value.
    pub fn encode(&self) -> Result<Vec<u8>, StoreError> {
        encode("versions", self)
    }

    /// A version from a row's value.
    pub fn decode(row: &[u8]) -> Result<Self, StoreError> {
        decode("versions", row)
    }

    /// A delete marker.
    #[must_use]
    pub fn marker(owner: &str, modified: u64) -> Self {
        Self {
            id: String::new(),
            null_order: None,
            modified,
            size: 0,
            etag: String::new(),
            content: Content::Marker,
            headers: BTreeMap::new(),
            metadata: BTreeMap::new(),
            tags: Vec::new(),
            checksum: None,
            storage_class: String::new(),
            parts: 0,
            part_checksums: false,
            owner: owner.to_owned(),
        }
    }

    /// Whether it is a delete marker.
    #[must_use]
    pub fn is_marker(&self) -> bool {
        self.content == Content::Marker
    }

    /// The entity tag as headers and XML show it.
    #[must_use]
    pub fn quoted_etag(&self) -> String {
        format!("\"{}\"", self.etag)
    }
}

impl Placed {
    /// A version that is written at `order`, newer than any other of its key.
    #[must_use]
    pub fn new(order: u64, version: Version) -> Self {
        Self { order, version, noncurrent: false }
    }

    /// The newest version of `key`, which may be a delete marker, if it has any.
    pub fn newest(read: &impl Read, bucket: u64, key: &str) -> Result<Option<Self>, StoreError> {
        match Self::current(read, bucket, key)? {
            Some(current) => Ok(Some(current)),
            None => Self::first(read, Table::Noncurrent, bucket, key),
        }
    }

    /// The newest version of `key` where that is an object.
    pub fn current(read: &impl Read, bucket: u64, key: &str) -> Result<Option<Self>, StoreError> {
        Self::first(read, Table::Versions, bucket, key)
    }

    /// The version of `key` with this id, which may be a delete marker.
    pub fn of_id(read: &impl Read, bucket: u64, key: &str, id: &VersionId) -> Result<Option<Self>, StoreError> {
        match id {
            VersionId::Null => Self::null(read, bucket, key, Self::newest(read, bucket, key)?.as_ref()),
            VersionId::Made { order, text } => {
                Ok(Self::at(read, bucket, key, *order)?.filter(|placed| placed.version.id == *text))
            }
        }
    }

    /// The null version of the key whose newest version is `newest`.
    pub(super) fn null(
        read: &impl Read,
        bucket: u64,
        key: &str,
        newest: Option<&Self>,
    ) -> Result<Option<Self>, StoreError> {
        match newest {
            Some(newest) if newest.version.id == NULL_VERSION => Ok(Some(newest.clone())),
            Some(newest) => match newest.version.null_order {
                Some(order) => Self::at(read, bucket, key, order),
                None => Ok(None),
            },
            None => Ok(None),
        }
    }

    /// The version that a request asks for: that of an id, or the newest; a delete marker too.
    ///
    /// Errors: `InvalidArgument` where the id is none, `NoSuchVersion`, `NoSuchKey`.
    pub fn find(read: &impl Read, bucket: u64, key: &str, version_id: Option<&str>) -> Result<Self, AwsError> {
        match version_id {
            None => Self::newest(read, bucket, key)?.ok_or_else(|| error::no_such_key(key)),
            Some(text) => {
                let found = Self::of_id(read, bucket, key, &VersionId::parse(text)?)?;
                found.ok_or_else(|| error::no_such_version(key, text))
            }
        }
    }

    /// The object that a request asks for by `method`: as [`find`](Self::find), and a delete marker is AWS's error.
    pub fn asked(
        read: &impl Read,
        bucket: u64,
        key: &str,
        version_id: Option<&str>,
        method: &str,
    ) -> Result<Self, AwsError> {
        let found = Self::find(read, bucket, key, version_id)?;
        match version_id {
            _ if !found.version.is_marker() => Ok(found),
            None => Err(error::marked(error::no_such_key(key), &found.version)),
            Some(_) => Err(error::delete_marker(method, &found.version)),
        }
    }

    /// The table that its row is in.
    pub(super) fn table(&self) -> Table {
        if self.noncurrent || self.version.is_marker() { Table::Noncurrent } else { Table::Versions }
    }

    /// The newest of the versions of `key` that are not current.
    pub fn newest_other(read: &impl Read, bucket: u64, key: &str) -> Result<Option<Self>, StoreError> {
        Self::first(read, Table::Noncurrent, bucket, key)
    }

    /// The newest version of `key` that was written before `order`, of those that are not current.
    pub fn newest_before(read: &impl Read, bucket: u64, key: &str, order: u64) -> Result<Option<Self>, StoreError> {
        let prefix = key_prefix(bucket, key);
        for row in read.prefix(Table::Noncurrent, &prefix)? {
            let row = row?;
            let found = Self::decode(Table::Noncurrent, &row.key()[prefix.len()..], row.value())?;
            if found.order < order {
                return Ok(Some(found));
            }
        }
        Ok(None)
    }

    fn first(read: &impl Read, table: Table, bucket: u64, key: &str) -> Result<Option<Self>, StoreError> {
        let prefix = key_prefix(bucket, key);
        let row = read.prefix(table, &prefix)?.next().transpose()?;
        row.map(|row| Self::decode(table, &row.key()[prefix.len()..], row.value())).transpose()
    }

    /// The version of `key` that was written at `order`.
    pub fn at(read: &impl Read, bucket: u64, key: &str, order: u64) -> Result<Option<Self>, StoreError> {
        let row_key = Self::key_at(bucket, key, order);
        for table in [Table::Versions, Table::Noncurrent] {
            if let Some(row) = read.get(table, &row_key)? {
                let noncurrent = table == Table::Noncurrent;
                return Ok(Some(Self { order, version: Version::decode(&row)?, noncurrent }));
            }
        }
        Ok(None)
    }

    /// A version from a row of `table`; `place` is what follows the key in the row's key.
    pub fn decode(table: Table, place: &[u8], value: &[u8]) -> Result<Self, StoreError> {
        let noncurrent = table == Table::Noncurrent;
        Ok(Self { order: order_of(place)?, version: Version::decode(value)?, noncurrent })
    }

    pub(super) fn row_key(&self, bucket: u64, key: &str) -> Vec<u8> {
        Self::key_at(bucket, key, self.order)
    }

    /// The key of the row of the version that was written at `order`.
    pub fn key_at(bucket: u64, key: &str, order: u64) -> Vec<u8> {
        let mut row = key_prefix(bucket, key);
        // Larger numbers first: the newest version is the first row of its key.
        row.extend_from_slice(&(!order).to_be_bytes());
        row
    }
}

fn order_of(rest: &[u8]) -> Result<u64, StoreError> {
    rest.try_into()
        .map(|bytes| !u64::from_be_bytes(bytes))
        .map_err(|_| StoreError::Damaged { table: "versions", what: "a row key".into() })
}

/// What the rows of `key` start with, and no others.
pub fn key_prefix(bucket: u64, key: &str) -> Vec<u8> {
    let mut row = bucket.to_be_bytes().to_vec();
    store_key::escape_into(&mut row, key.as_bytes());
    row
}

/// The rows of `bucket` from key `from` on (or all), up to the last key that starts with `prefix`.
pub fn key_range(bucket: u64, prefix: &str, from: Bound<&[u8]>) -> KeyRange {
    let escaped = |bytes: &[u8]| {
        let mut row = bucket.to_be_bytes().to_vec();
        store_key::escape_into(&mut row, bytes);
        row
    };
    let without_end = |bytes: &[u8]| {
        let mut row = escaped(bytes);
        row.truncate(row.len() - 2);
        row
    };
    let start = without_end(prefix.as_bytes());
    let end = store_key::after_prefix(&start).map_or(Bound::Unbounded, Bound::Excluded);
    let start = match from {
        Bound::Unbounded => start,
        Bound::Included(key) => start.max(without_end(key)),
        // Past every row of the key itself.
        Bound::Excluded(key) => start.max(store_key::after_prefix(&escaped(key)).unwrap_or_default()),
    };
    (Bound::Included(start), end)
}

/// The key in a row's key, and what follows it.
pub fn split_key(row: &[u8]) -> Result<(String, &[u8]), StoreError> {
    let damaged = || StoreError::Damaged { table: "versions", what: "a row key".into() };
    let (key, rest) = row.get(8..).and_then(store_key::split).ok_or_else(damaged)?;
    Ok((String::from_utf8(key).map_err(|_| damaged())?, rest))
}
