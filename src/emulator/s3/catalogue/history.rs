//! What puts and deletes do to the versions of a key, by whether the bucket keeps them.

use uuid::Uuid;

use super::{Bucket, Change, NULL_VERSION, Placed, Upload, Version, VersionId, Versioning};
use crate::emulator::store::StoreError;

/// What a delete came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deleted {
    /// Whether it made a delete marker, or deleted one.
    pub marker: bool,
    /// The version that it made or was asked to delete; none where the bucket never kept versions.
    pub version_id: Option<String>,
}

impl Change<'_, '_> {
    /// Writes `version` as the newest of `key`, whose newest so far is `newest`: beside the others in a bucket that
    /// keeps versions, else in place of the null version. Gives the version with its id.
    ///
    /// The blobs of `version` are held already; `random` makes its id one that cannot be guessed.
    pub fn add(
        &mut self,
        bucket: &Bucket,
        key: &str,
        newest: Option<&Placed>,
        mut version: Version,
        random: Uuid,
    ) -> Result<Version, StoreError> {
        let order = self.next_sequence()?;
        let mut replaced = None;
        if bucket.versioning == Versioning::Enabled {
            version.id = VersionId::mint(order, random);
            version.null_order = newest.and_then(|newest| match newest.version.id.as_str() {
                NULL_VERSION => Some(newest.order),
                _ => newest.version.null_order,
            });
        } else {
            NULL_VERSION.clone_into(&mut version.id);
            version.null_order = None;
            replaced = Placed::null(self, bucket.id, key, newest)?;
        }
        let placed = Placed::new(order, version);
        self.replace(bucket.id, key, replaced.as_ref(), Some(&placed))?;
        Ok(placed.version)
    }

    /// Deletes an object by its key alone: for good where the bucket never kept versions, else by a delete marker,
    /// also where there is nothing. `newest` is the newest version of the key.
    pub fn delete_newest(
        &mut self,
        bucket: &Bucket,
        key: &str,
        newest: Option<&Placed>,
        modified: u64,
        random: Uuid,
    ) -> Result<Deleted, StoreError> {
        if bucket.versioning == Versioning::Unversioned {
            if newest.is_some() {
                self.replace(bucket.id, key, newest, None)?;
                Upload::disturb(self, bucket.id, key)?;
            }
            return Ok(Deleted { marker: false, version_id: None });
        }
        let marker = self.add(bucket, key, newest, Version::marker(&bucket.owner, modified), random)?;
        Upload::disturb(self, bucket.id, key)?;
        Ok(Deleted { marker: true, version_id: Some(marker.id) })
    }

    /// Deletes the version with this id for good; one that is not there is no error.
    pub fn delete_version(
        &mut self,
        bucket: &Bucket,
        key: &str,
        newest: Option<&Placed>,
        id: &VersionId,
    ) -> Result<Deleted, StoreError> {
        let old = Placed::of_id(self, bucket.id, key, id)?;
        if let Some(old) = &old {
            self.replace(bucket.id, key, Some(old), None)?;
            if newest.is_some_and(|newest| newest.order == old.order) {
                Upload::disturb(self, bucket.id, key)?;
            }
        }
        let text = match id {
            VersionId::Null => NULL_VERSION,
            VersionId::Made { text, .. } => text,
        };
        Ok(Deleted { marker: old.is_some_and(|old| old.version.is_marker()), version_id: Some(text.to_owned()) })
    }
}
