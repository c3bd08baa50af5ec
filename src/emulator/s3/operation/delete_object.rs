//! DeleteObject, and what DeleteObjects shares with it.

use http::HeaderMap;
use uuid::Uuid;

use crate::emulator::error::AwsError;
use crate::emulator::s3::catalogue::{Bucket, Change, Deleted, Placed, VersionId};
use crate::emulator::s3::condition::DeleteCondition;
use crate::emulator::s3::context::Context;
use crate::emulator::s3::object_headers::set;
use crate::emulator::s3::reply::Reply;
use crate::emulator::s3::service::Core;

/// Deletes an object, or one version of it. One that is not there is no error.
pub(super) async fn run(core: &Core, context: &Context) -> Result<Reply, AwsError> {
    let context = context.clone();
    let (modified, random) = (core.clock().millis(), core.ids().next());
    let deleted = core
        .write(move |change| {
            let bucket = context.open_bucket(change)?;
            let version = context.query("versionId").map(VersionId::parse).transpose()?;
            let condition = DeleteCondition::of(context.header("if-match"));
            delete(change, &bucket, context.key(), version.as_ref(), &condition, modified, random)
        })
        .await?;
    let mut headers = HeaderMap::new();
    if deleted.marker {
        set(&mut headers, "x-amz-delete-marker", "true");
    }
    if let Some(id) = &deleted.version_id {
        set(&mut headers, "x-amz-version-id", id);
    }
    Ok(Reply::headers(headers))
}

/// Deletes one object, or the version of it that is named; what is not there is no error, unless a condition wants it.
pub(super) fn delete(
    change: &mut Change<'_, '_>,
    bucket: &Bucket,
    key: &str,
    version: Option<&VersionId>,
    condition: &DeleteCondition,
    modified: u64,
    random: Uuid,
) -> Result<Deleted, AwsError> {
    let newest = Placed::newest(change, bucket.id, key)?;
    condition.judge(key, newest.as_ref())?;
    Ok(match version {
        None => change.delete_newest(bucket, key, newest.as_ref(), modified, random)?,
        Some(id) => change.delete_version(bucket, key, newest.as_ref(), id)?,
    })
}
