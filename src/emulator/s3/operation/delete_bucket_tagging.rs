//! DeleteBucketTagging.

use s3s::S3Response;
use s3s::dto::{DeleteBucketTaggingInput, DeleteBucketTaggingOutput};

use super::Result;
use super::put_bucket_tagging::replace;
use crate::emulator::s3::context::Context;
use crate::emulator::s3::service::Core;
use crate::emulator::s3::tags::Tags;

/// Takes all tags off a bucket.
pub(in crate::emulator::s3) async fn run(
    core: &Core,
    context: &Context,
    _: DeleteBucketTaggingInput,
) -> Result<DeleteBucketTaggingOutput> {
    replace(core, context, Tags::new()).await?;
    Ok(S3Response::new(DeleteBucketTaggingOutput::default()))
}
