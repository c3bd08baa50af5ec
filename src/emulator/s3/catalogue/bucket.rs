//! Bucket rows: `name → Bucket`. Names are global, as on AWS.

use std::collections::BTreeMap;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{Change, decode, encode};
use crate::emulator::error::AwsError;
use crate::emulator::s3::cors::Rule;
use crate::emulator::s3::{error, undo};
use crate::emulator::store::{Read, StoreError, Table};

/// A bucket.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Bucket {
    /// Its number, never given again; object rows carry it, so that a bucket made anew under an old name is empty.
    pub id: u64,
    /// The owner's account, twelve digits.
    pub account: String,
    /// The owner's canonical user id.
    pub owner: String,
    /// The region it lives in.
    pub region: String,
    /// The location constraint that it was made with; none in us-east-1.
    pub constraint: Option<String>,
    /// When it was made, in milliseconds since the Unix epoch.
    pub created: u64,
    /// The rules by which pages of other origins may use it.
    #[serde(default)]
    pub(in crate::emulator::s3) cors: Vec<Rule>,
    /// Whether `BucketKeyEnabled` is set; without KMS it changes nothing else.
    #[serde(default)]
    pub encryption_bucket_key: bool,
    /// Its tags, by key.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<(String, String)>,
    /// Whether it keeps versions.
    #[serde(default)]
    pub versioning: Versioning,
    /// What else is set for it, by the sub-resource that sets it. What a setting is, its operations alone know.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub settings: BTreeMap<String, Value>,
}

/// Whether a bucket keeps versions. Once it did, it never goes back to `Unversioned`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Versioning {
    /// It never did: each write replaces what was there.
    #[default]
    Unversioned,
    /// Each write adds a version.
    Enabled,
    /// Each write replaces the null version and leaves the others.
    Suspended,
}

impl Bucket {
    /// A setting; `None` where it was never set.
    pub fn setting<T: DeserializeOwned>(&self, name: &str) -> Result<Option<T>, StoreError> {
        let read = |value: &Value| {
            T::deserialize(value)
                .map_err(|error| StoreError::Damaged { table: "buckets", what: format!("the setting {name}: {error}") })
        };
        self.settings.get(name).map(read).transpose()
    }

    /// Sets a setting.
    pub fn set<T: Serialize>(&mut self, name: &str, setting: &T) -> Result<(), StoreError> {
        let value = serde_json::to_value(setting)
            .map_err(|error| StoreError::Damaged { table: "buckets", what: format!("the setting {name}: {error}") })?;
        self.settings.insert(name.to_owned(), value);
        Ok(())
    }

    /// The bucket of this name, if there is one.
    pub fn find(read: &impl Read, name: &str) -> Result<Option<Self>, StoreError> {
        read.get(Table::Buckets, name.as_bytes())?.map(|row| decode("buckets", &row)).transpose()
    }

    /// A bucket from a row's value.
    pub fn decode(row: &[u8]) -> Result<Self, StoreError> {
        decode("buckets", row)
    }

    /// The bucket of this name, or `NoSuchBucket`.
    pub fn get(read: &impl Read, name: &str) -> Result<Self, AwsError> {
        Self::find(read, name)?.ok_or_else(|| error::no_such_bucket(name))
    }

    /// Writes the bucket's row.
    pub fn put(&self, change: &mut Change<'_, '_>, name: &str) -> Result<(), StoreError> {
        let row = encode("buckets", self)?;
        undo::note_bucket(change, name, Some(&row))?;
        change.put(Table::Buckets, name.as_bytes().to_vec(), row);
        Ok(())
    }

    /// Deletes the row of the bucket of this name.
    pub fn remove(change: &mut Change<'_, '_>, name: &str) -> Result<(), StoreError> {
        undo::note_bucket(change, name, None)?;
        change.delete(Table::Buckets, name.as_bytes().to_vec());
        Ok(())
    }

    /// Every bucket whose name starts with `prefix` and sorts after `after`, by name.
    pub fn all<'a>(
        read: &'a impl Read,
        prefix: &str,
        after: Option<&str>,
    ) -> Result<impl Iterator<Item = Result<(String, Self), StoreError>> + 'a, StoreError> {
        let (start, end) = crate::emulator::store::prefix_range(prefix.as_bytes());
        let start = match after {
            Some(after) if after >= prefix => std::ops::Bound::Excluded(after.as_bytes().to_vec()),
            _ => start,
        };
        Ok(read.range(Table::Buckets, (start, end), false)?.map(|row| {
            let row = row?;
            Ok((String::from_utf8_lossy(row.key()).into_owned(), decode("buckets", row.value())?))
        }))
    }
}
