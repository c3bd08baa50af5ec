//! GetObjectTagging, and what PutObjectTagging and DeleteObjectTagging share.

use http::HeaderMap;

use crate::emulator::error::AwsError;
use crate::emulator::s3::catalogue::{Bucket, Placed, Versioning};
use crate::emulator::s3::context::Context;
use crate::emulator::s3::reply::Reply;
use crate::emulator::s3::service::Core;
use crate::emulator::s3::tags::{self, Tags};
use crate::emulator::s3::{error, object_headers};
use crate::emulator::store::Read;

/// Gives the tags of an object, or of one version of it.
pub(super) fn run(core: &Core, context: &Context) -> Result<Reply, AwsError> {
    let (bucket, placed) = find(&core.read()?, context).map_err(|error| name_bucket(error, context))?;
    let headers = shown_version(&bucket, &placed);
    Ok(Reply::document_with(tags::document(&placed.version.tags), headers))
}

/// Recorded: here alone, the key of a missing object stands behind its bucket's name.
fn name_bucket(mut error: AwsError, context: &Context) -> AwsError {
    if error.code == "NoSuchKey" {
        let key = format!("{}/{}", context.bucket(), context.key());
        error.members.iter_mut().filter(|(name, _)| name == "Key").for_each(|(_, value)| *value = key.clone().into());
    }
    error
}

/// The version of the request, and its bucket.
fn find(read: &impl Read, context: &Context) -> Result<(Bucket, Placed), AwsError> {
    let bucket = context.open_bucket(read)?;
    let placed = Placed::find(read, bucket.id, context.key(), context.query("versionId"))?;
    if placed.version.is_marker() {
        // Recorded: also where no version was named.
        return Err(error::delete_marker(context.method(), &placed.version));
    }
    Ok((bucket, placed))
}

/// Puts `tags` in place of those of the version of the request; gives the headers of the answer.
pub(super) async fn replace(core: &Core, context: &Context, tags: Tags) -> Result<HeaderMap, AwsError> {
    let context = context.clone();
    core.write(move |change| {
        let (bucket, old) = find(change, &context)?;
        let mut new = old.clone();
        new.version.tags = tags;
        change.replace(bucket.id, context.key(), Some(&old), Some(&new))?;
        Ok(shown_version(&bucket, &new))
    })
    .await
}

/// The header that names the version, where the bucket keeps any.
fn shown_version(bucket: &Bucket, placed: &Placed) -> HeaderMap {
    let mut headers = HeaderMap::new();
    if bucket.versioning != Versioning::Unversioned {
        object_headers::set(&mut headers, "x-amz-version-id", &placed.version.id);
    }
    headers
}
