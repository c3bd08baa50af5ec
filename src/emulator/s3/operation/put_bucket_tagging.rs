//! PutBucketTagging, and what DeleteBucketTagging shares with it.

use http::StatusCode;
use s3s::S3Response;
use s3s::dto::{PutBucketTaggingInput, PutBucketTaggingOutput};

use super::Result;
use crate::emulator::error::AwsError;
use crate::emulator::s3::context::Context;
use crate::emulator::s3::service::Core;
use crate::emulator::s3::tags::{self, Holder, Tags};

/// Gives a bucket other tags.
pub(in crate::emulator::s3) async fn run(
    core: &Core,
    context: &Context,
    _: PutBucketTaggingInput,
) -> Result<PutBucketTaggingOutput> {
    // Before the tags are judged: a bucket that is not there is AWS's first concern.
    context.open_bucket(&core.read()?)?;
    replace(core, context, tags::of_document(Holder::Bucket, &context.document())?).await?;
    // Recorded: 204, not the 200 of the model.
    context.answer_status(StatusCode::NO_CONTENT);
    Ok(S3Response::new(PutBucketTaggingOutput::default()))
}

/// Puts `tags` in place of those of the bucket.
pub(super) async fn replace(core: &Core, context: &Context, tags: Tags) -> std::result::Result<(), AwsError> {
    let context = context.clone();
    core.write(move |change| {
        let mut bucket = context.open_bucket(change)?;
        bucket.tags = tags;
        Ok(bucket.put(change, context.bucket())?)
    })
    .await
}
