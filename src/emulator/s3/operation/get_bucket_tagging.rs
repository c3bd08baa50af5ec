//! GetBucketTagging.

use s3s::S3Response;
use s3s::dto::{GetBucketTaggingInput, GetBucketTaggingOutput};

use super::Result;
use crate::emulator::error::AwsError;
use crate::emulator::s3::context::Context;
use crate::emulator::s3::service::Core;
use crate::emulator::s3::tags;

/// Gives the tags of a bucket; a bucket without is an error.
pub(in crate::emulator::s3) fn run(
    core: &Core,
    context: &Context,
    _: GetBucketTaggingInput,
) -> Result<GetBucketTaggingOutput> {
    let bucket = context.open_bucket(&core.read()?)?;
    if bucket.tags.is_empty() {
        let error = AwsError::new(404, "NoSuchTagSet", "The TagSet does not exist");
        return Err(error.with("BucketName", context.bucket()));
    }
    Ok(S3Response::new(GetBucketTaggingOutput { tag_set: tags::listed(bucket.tags) }))
}
