//! DeleteObject, and what DeleteObjects shares with it.

use s3s::S3Response;
use s3s::dto::{DeleteObjectInput, DeleteObjectOutput};

use super::Result;
use crate::emulator::error::AwsError;
use crate::emulator::s3::catalogue::{Change, NULL_VERSION, Placed, Upload};
use crate::emulator::s3::context::Context;
use crate::emulator::s3::error;
use crate::emulator::s3::service::Core;

/// Deletes an object. One that is not there is no error.
pub(in crate::emulator::s3) async fn run(
    core: &Core,
    context: &Context,
    _: DeleteObjectInput,
) -> Result<DeleteObjectOutput> {
    let context = context.clone();
    core.write(move |change| {
        let bucket = context.open_bucket(change)?;
        let version = context.query("versionId");
        if let Some(id) = version {
            error::check_version_id(id)?;
        }
        delete(change, bucket.id, context.key(), version)
    })
    .await?;
    Ok(S3Response::new(DeleteObjectOutput::default()))
}

/// Deletes one object, or the version of it that is named; what is not there is no error.
pub(super) fn delete(
    change: &mut Change<'_, '_>,
    bucket: u64,
    key: &str,
    version: Option<&str>,
) -> std::result::Result<(), AwsError> {
    if version.is_some_and(|id| id != NULL_VERSION) {
        // Versions have ids only in buckets that keep them.
        return Ok(());
    }
    if let Some(old) = Placed::newest(change, bucket, key)? {
        change.replace(bucket, key, Some(&old), None)?;
        Upload::disturb(change, bucket, key)?;
    }
    Ok(())
}
