//! DeleteBucketTagging.

use super::put_bucket_tagging::replace;
use crate::emulator::error::AwsError;
use crate::emulator::s3::context::Context;
use crate::emulator::s3::reply::Reply;
use crate::emulator::s3::service::Core;
use crate::emulator::s3::tags::Tags;

/// Takes all tags off a bucket.
pub(super) async fn run(core: &Core, context: &Context) -> Result<Reply, AwsError> {
    replace(core, context, Tags::new()).await?;
    Ok(Reply::empty())
}
