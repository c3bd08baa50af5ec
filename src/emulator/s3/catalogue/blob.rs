//! Blob rows: `blob id → how many rows refer to it`. A row of none waits for the sweeper.

use serde::{Deserialize, Serialize};

use super::{decode, encode};
use crate::emulator::s3::blobs::BlobId;
use crate::emulator::store::{Read, StoreError, Table};

/// The state of a blob.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub struct BlobRow {
    /// How many versions and parts are made of it.
    pub references: u32,
    /// Its length in bytes.
    pub size: u64,
}

impl BlobRow {
    /// The state of `id`; `None` where no row ever named it or it is swept.
    pub fn find(read: &impl Read, id: BlobId) -> Result<Option<Self>, StoreError> {
        read.get(Table::Blobs, &id.key())?.map(|row| Self::decode(&row)).transpose()
    }

    /// The state from a row's value.
    pub fn decode(row: &[u8]) -> Result<Self, StoreError> {
        decode("blobs", row)
    }

    /// The state as a row's value.
    pub fn encode(self) -> Result<Vec<u8>, StoreError> {
        encode("blobs", &self)
    }
}
