//! DeleteBucketCors.

use s3s::S3Response;
use s3s::dto::{DeleteBucketCorsInput, DeleteBucketCorsOutput};

use super::Result;
use crate::emulator::s3::context::Context;
use crate::emulator::s3::service::Core;

/// Takes the bucket's rules away. It is no error that there are none.
pub(in crate::emulator::s3) async fn run(
    core: &Core,
    context: &Context,
    _: DeleteBucketCorsInput,
) -> Result<DeleteBucketCorsOutput> {
    let context = context.clone();
    core.write(move |change| {
        let mut bucket = context.open_bucket(change)?;
        bucket.cors.clear();
        Ok(bucket.put(change, context.bucket())?)
    })
    .await?;
    Ok(S3Response::new(DeleteBucketCorsOutput {}))
}
