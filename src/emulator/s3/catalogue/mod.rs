//! The rows behind buckets, objects and uploads.

mod blob;
mod bucket;
mod change;
mod history;
mod place;
mod upload;
mod version;
mod version_id;

use serde::Serialize;
use serde::de::DeserializeOwned;

pub(super) use blob::BlobRow;
pub(super) use bucket::{Bucket, Versioning};
pub(super) use change::{Change, Released};
pub(super) use history::Deleted;
pub(super) use upload::{Part, Upload, UploadId};
pub(super) use version::{Content, Placed, Version, key_prefix, key_range, split_key};
pub(super) use version_id::{NULL_VERSION, VersionId};

use crate::emulator::store::StoreError;

fn encode<T: Serialize>(table: &'static str, row: &T) -> Result<Vec<u8>, StoreError> {
    serde_json::to_vec(row).map_err(|error| StoreError::Damaged { table, what: error.to_string() })
}

fn decode<T: DeserializeOwned>(table: &'static str, bytes: &[u8]) -> Result<T, StoreError> {
    serde_json::from_slice(bytes).map_err(|error| StoreError::Damaged { table, what: error.to_string() })
}
