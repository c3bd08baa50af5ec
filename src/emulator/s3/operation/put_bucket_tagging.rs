//! PutBucketTagging, and what DeleteBucketTagging shares with it.

use crate::emulator::error::AwsError;
use crate::emulator::s3::context::Context;
use crate::emulator::s3::reply::Reply;
use crate::emulator::s3::service::Core;
use crate::emulator::s3::tags::{self, Holder, Tags};

/// Gives a bucket other tags.
pub(super) async fn run(core: &Core, context: &Context) -> Result<Reply, AwsError> {
    // Before the tags are judged: a bucket that is not there is AWS's first concern.
    context.open_bucket(&core.read()?)?;
    replace(core, context, tags::of_document(Holder::Bucket, context.document())?).await?;
    Ok(Reply::empty())
}

/// Puts `tags` in place of those of the bucket.
pub(super) async fn replace(core: &Core, context: &Context, tags: Tags) -> Result<(), AwsError> {
    let context = context.clone();
    core.write(move |change| {
        let mut bucket = context.open_bucket(change)?;
        bucket.tags = tags;
        Ok(bucket.put(change, context.bucket())?)
    })
    .await
}
