//! GetBucketTagging.

use crate::emulator::error::AwsError;
use crate::emulator::s3::context::Context;
use crate::emulator::s3::reply::Reply;
use crate::emulator::s3::service::Core;
use crate::emulator::s3::tags;

/// Gives the tags of a bucket; a bucket without is an error.
pub(super) fn run(core: &Core, context: &Context) -> Result<Reply, AwsError> {
    let bucket = context.open_bucket(&core.read()?)?;
    if bucket.tags.is_empty() {
        let error = AwsError::new(404, "NoSuchTagSet", "The TagSet does not exist");
        return Err(error.with("BucketName", context.bucket()));
    }
    Ok(Reply::document(tags::document(&bucket.tags)))
}
