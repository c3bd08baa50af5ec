//! DeleteBucketEncryption.

use crate::emulator::error::AwsError;
use crate::emulator::s3::context::Context;
use crate::emulator::s3::reply::Reply;
use crate::emulator::s3::service::Core;

/// Puts the default encryption back to what a new bucket has.
pub(super) async fn run(core: &Core, context: &Context) -> Result<Reply, AwsError> {
    let context = context.clone();
    core.write(move |change| {
        let mut bucket = context.open_bucket(change)?;
        bucket.encryption_bucket_key = false;
        Ok(bucket.put(change, context.bucket())?)
    })
    .await?;
    Ok(Reply::empty())
}
