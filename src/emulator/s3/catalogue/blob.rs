//! Blob rows: `blob id → how many rows refer to it`. A row of none waits for the sweeper.

use serde::{Deserialize, Serialize};

use super::{decode, encode};
use crate::emulator::s3::blobs::BlobId;
use crate::emulator::s3::checksum::{Checksum, Kind};
use crate::emulator::store::{Read, StoreError, Table};

/// The state of a blob.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub struct BlobRow {
    /// How many versions and parts are made of it.
    pub references: u32,
    /// Its length in bytes.
    pub size: u64,
    /// The CRC-64/NVME of its bytes; none where a build that did not keep it wrote the row.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub crc64: Option<u64>,
}

impl BlobRow {
    /// The state of `id`; `None` where no row ever named it or it is swept.
    pub fn find(read: &impl Read, id: BlobId) -> Result<Option<Self>, StoreError> {
        read.get(Table::Blobs, &id.key())?.map(|row| Self::decode(&row)).transpose()
    }

    /// What the bytes of `id` must come to. `named` is the checksum that the version or part made of it has: that of
    /// the client's choice, which bodies of earlier builds have alone.
    pub fn checksum(read: &impl Read, id: BlobId, named: Option<&Checksum>) -> Result<Option<Checksum>, StoreError> {
        // A CRC costs next to nothing to compute, and needs no look at the blob's row.
        if named.is_some_and(|checksum| checksum.crc().is_some()) {
            return Ok(named.cloned());
        }
        Ok(Self::judge(Self::find(read, id)?.and_then(|row| row.crc64), named))
    }

    /// [`checksum`](Self::checksum), where the blob's own is known: the cheaper one to compute.
    pub fn judge(crc64: Option<u64>, named: Option<&Checksum>) -> Option<Checksum> {
        let named = named.filter(|checksum| checksum.kind == Kind::FullObject);
        crc64.map(Checksum::of_crc64).or_else(|| named.cloned())
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
