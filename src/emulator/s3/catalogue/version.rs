//! Object rows: `bucket id, key, order → Version`. Rows of one key stand newest first.

use std::collections::BTreeMap;
use std::ops::Bound;

use serde::{Deserialize, Serialize};

use super::{decode, encode};
use crate::emulator::error::AwsError;
use crate::emulator::s3::blobs::BlobId;
use crate::emulator::s3::checksum::Checksum;
use crate::emulator::s3::error;
use crate::emulator::store::{KeyRange, Read, StoreError, Table, key as store_key};

/// The version id of objects in a bucket that keeps no versions.
pub const NULL_VERSION: &str = "null";

/// One version of an object.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Version {
    /// Its version id.
    pub id: String,
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
    /// Its tags, values by key.
    #[serde(default)]
    pub tags: BTreeMap<String, String>,
}

/// Where the bytes of a version are.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub enum Content {
    /// In one blob.
    Blob(BlobId),
    /// In the parts that the upload of this id left.
    Parts(String),
}

/// A version and its place among the versions of its key.
#[derive(Debug, Clone)]
pub struct Placed {
    /// The store's sequence number of its write.
    pub order: u64,
    /// The version.
    pub version: Version,
}

impl Version {
    pub(super) fn encode(&self) -> Result<Vec<u8>, StoreError> {
        encode("versions", self)
    }

    /// A version from a row's value.
    pub fn decode(row: &[u8]) -> Result<Self, StoreError> {
        decode("versions", row)
    }

    /// The entity tag as headers and XML show it.
    #[must_use]
    pub fn quoted_etag(&self) -> String {
        format!("\"{}\"", self.etag)
    }
}

impl Placed {
    /// The newest version of `key`, if it has any.
    pub fn newest(read: &impl Read, bucket: u64, key: &str) -> Result<Option<Self>, StoreError> {
        let prefix = key_prefix(bucket, key);
        match read.prefix(Table::Versions, &prefix)?.next() {
            None => Ok(None),
            Some(row) => {
                let row = row?;
                Ok(Some(Self { order: order_of(&row.key()[prefix.len()..])?, version: Version::decode(row.value())? }))
            }
        }
    }

    /// The version that `version_id` asks for, or the newest. Until buckets keep versions, that is the one there is.
    pub fn asked(read: &impl Read, bucket: u64, key: &str, version_id: Option<&str>) -> Result<Self, AwsError> {
        if let Some(id) = version_id {
            error::check_version_id(id)?;
        }
        let newest = Self::newest(read, bucket, key)?;
        match (newest, version_id) {
            (Some(placed), None) => Ok(placed),
            (Some(placed), Some(id)) if placed.version.id == id => Ok(placed),
            (_, Some(id)) => Err(error::no_such_version(key, id)),
            (None, None) => Err(error::no_such_key(key)),
        }
    }

    pub(super) fn row_key(&self, bucket: u64, key: &str) -> Vec<u8> {
        Self::key_at(bucket, key, self.order)
    }

    pub(super) fn key_at(bucket: u64, key: &str, order: u64) -> Vec<u8> {
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
