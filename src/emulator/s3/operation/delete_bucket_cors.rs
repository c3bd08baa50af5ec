//! DeleteBucketCors.

use crate::emulator::error::AwsError;
use crate::emulator::s3::context::Context;
use crate::emulator::s3::reply::Reply;
use crate::emulator::s3::service::Core;

/// Takes the bucket's rules away. It is no error that there are none.
pub(super) async fn run(core: &Core, context: &Context) -> Result<Reply, AwsError> {
    let context = context.clone();
    core.write(move |change| {
        let mut bucket = context.open_bucket(change)?;
        bucket.cors.clear();
        Ok(bucket.put(change, context.bucket())?)
    })
    .await?;
    Ok(Reply::empty())
}
