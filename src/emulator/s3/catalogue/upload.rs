//! Multipart rows: `bucket id, key, order → Upload`, and `upload id, part number → Part`.
//!
//! A completed upload leaves its parts as they are: they are the manifest of the object.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Change, decode, encode, key_prefix};
use crate::emulator::error::AwsError;
use crate::emulator::s3::blobs::BlobId;
use crate::emulator::s3::checksum::{Algorithm, Checksum, Kind};
use crate::emulator::s3::error;
use crate::emulator::store::{Read, StoreError, Table, key as store_key};

/// A multipart upload that is open.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Upload {
    /// Its id.
    pub id: String,
    /// When it was begun, in milliseconds since the Unix epoch.
    pub initiated: u64,
    /// The headers that the object will have.
    pub headers: BTreeMap<String, String>,
    /// The user metadata that the object will have.
    pub metadata: BTreeMap<String, String>,
    /// The storage class that the object will have.
    pub storage_class: String,
    /// The checksum asked for when it was begun.
    pub checksum: Option<(Algorithm, Kind)>,
    /// The canonical user id of the owner.
    pub owner: String,
    /// Who began it, as `Initiator` shows: canonical id or ARN, and display name.
    pub initiator: (String, String),
    /// Whether an object of the key was deleted since: a conditional completion conflicts with that.
    pub disturbed: bool,
    /// The tags that the object will have.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<(String, String)>,
}

/// An upload's id: its place in the order of uploads, and a random part so that it cannot be guessed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UploadId {
    /// The store's sequence number of its beginning.
    pub order: u64,
    /// The id as clients see it; ids of one key sort as they were begun.
    pub text: String,
}

impl UploadId {
    /// The id of the upload that begins at `order`.
    #[must_use]
    pub fn new(order: u64, random: uuid::Uuid) -> Self {
        Self { order, text: format!("{order:016x}{}", random.simple()) }
    }

    /// The id that a client sent; `None` where it cannot be one of ours.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let order = text.get(..16).filter(|_| text.len() == 48)?;
        Some(Self { order: u64::from_str_radix(order, 16).ok()?, text: text.to_owned() })
    }
}

impl Upload {
    /// The open upload of `key` with this id, or `NoSuchUpload`.
    pub fn get(read: &impl Read, bucket: u64, key: &str, id: &str) -> Result<Self, AwsError> {
        Self::find(read, bucket, key, id)?.ok_or_else(|| error::no_such_upload(id))
    }

    /// The open upload of `key` with this id, if there is one.
    pub fn find(read: &impl Read, bucket: u64, key: &str, id: &str) -> Result<Option<Self>, StoreError> {
        let Some(parsed) = UploadId::parse(id) else { return Ok(None) };
        let row = read.get(Table::Uploads, &Self::row_key(bucket, key, parsed.order))?;
        let upload: Option<Self> = row.map(|row| Self::decode(&row)).transpose()?;
        Ok(upload.filter(|upload| upload.id == id))
    }

    /// Writes the upload's row.
    pub fn put(&self, change: &mut Change<'_, '_>, bucket: u64, key: &str, order: u64) -> Result<(), StoreError> {
        let row = encode("uploads", self)?;
        change.put(Table::Uploads, Self::row_key(bucket, key, order), row);
        Ok(())
    }

    /// Marks the open uploads of a key whose object was deleted.
    pub fn disturb(change: &mut Change<'_, '_>, bucket: u64, key: &str) -> Result<(), StoreError> {
        let mut open = Vec::new();
        for row in change.prefix(Table::Uploads, &key_prefix(bucket, key))? {
            let row = row?;
            open.push((row.key().to_vec(), Self { disturbed: true, ..Self::decode(row.value())? }));
        }
        for (row, upload) in open {
            change.put(Table::Uploads, row, encode("uploads", &upload)?);
        }
        Ok(())
    }

    /// Deletes the parts that `keep` does not want.
    pub fn drop_parts(change: &mut Change<'_, '_>, id: &str, keep: impl Fn(u16) -> bool) -> Result<(), StoreError> {
        for (number, part) in Part::all(change, id)? {
            if !keep(number) {
                change.release(part.blob)?;
                change.delete(Table::Parts, Part::row_key(id, number));
            }
        }
        Ok(())
    }

    /// Deletes the upload's row; its parts stay.
    pub fn close(&self, change: &mut Change<'_, '_>, bucket: u64, key: &str) {
        if let Some(id) = UploadId::parse(&self.id) {
            change.delete(Table::Uploads, Self::row_key(bucket, key, id.order));
        }
    }

    /// An upload from a row's value.
    pub fn decode(row: &[u8]) -> Result<Self, StoreError> {
        decode("uploads", row)
    }

    /// The key of an upload's row.
    #[must_use]
    pub fn row_key(bucket: u64, key: &str, order: u64) -> Vec<u8> {
        let mut row = key_prefix(bucket, key);
        row.extend_from_slice(&order.to_be_bytes());
        row
    }
}

/// A part that was uploaded.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Part {
    /// Its bytes.
    pub blob: BlobId,
    /// Its length in bytes.
    pub size: u64,
    /// Its entity tag, without quotes: the MD5 of its bytes in hexadecimal.
    pub etag: String,
    /// Its checksum.
    pub checksum: Checksum,
    /// When it was uploaded, in milliseconds since the Unix epoch.
    pub modified: u64,
}

impl Part {
    /// The part of this number, if it was uploaded.
    pub fn find(read: &impl Read, upload: &str, number: u16) -> Result<Option<Self>, StoreError> {
        read.get(Table::Parts, &Self::row_key(upload, number))?.map(|row| decode("parts", &row)).transpose()
    }

    /// A part from a row's value.
    pub fn decode(row: &[u8]) -> Result<Self, StoreError> {
        decode("parts", row)
    }

    /// Every part of an upload, by number.
    pub fn all(read: &impl Read, upload: &str) -> Result<Vec<(u16, Self)>, StoreError> {
        Self::after(read, upload, 0)?.collect()
    }

    /// The parts of an upload with numbers over `marker`, by number, read as they are asked for.
    pub fn after<'a>(
        read: &'a impl Read,
        upload: &str,
        marker: u16,
    ) -> Result<impl Iterator<Item = Result<(u16, Self), StoreError>> + 'a, StoreError> {
        let (_, end) = crate::emulator::store::prefix_range(&store_key::composite(&[upload.as_bytes()]));
        let start = std::ops::Bound::Excluded(Self::row_key(upload, marker));
        Ok(read.range(Table::Parts, (start, end), false)?.map(|row| {
            let row = row?;
            let number = row.key().last_chunk::<2>().map(|bytes| u16::from_be_bytes(*bytes)).unwrap_or_default();
            Ok((number, decode("parts", row.value())?))
        }))
    }

    /// Writes the part's row.
    pub fn put(&self, change: &mut Change<'_, '_>, upload: &str, number: u16) -> Result<(), StoreError> {
        let row = encode("parts", self)?;
        change.put(Table::Parts, Self::row_key(upload, number), row);
        Ok(())
    }

    /// The key of a part's row.
    #[must_use]
    pub fn row_key(upload: &str, number: u16) -> Vec<u8> {
        let mut row = store_key::composite(&[upload.as_bytes()]);
        row.extend_from_slice(&number.to_be_bytes());
        row
    }
}
