//! DeleteBucketEncryption.

use s3s::S3Response;
use s3s::dto::{DeleteBucketEncryptionInput, DeleteBucketEncryptionOutput};

use super::Result;
use crate::emulator::s3::context::Context;
use crate::emulator::s3::service::Core;

/// Puts the default encryption back to what a new bucket has.
pub(in crate::emulator::s3) async fn run(
    core: &Core,
    context: &Context,
    _: DeleteBucketEncryptionInput,
) -> Result<DeleteBucketEncryptionOutput> {
    let context = context.clone();
    core.write(move |change| {
        let mut bucket = context.open_bucket(change)?;
        bucket.encryption_bucket_key = false;
        Ok(bucket.put(change, context.bucket())?)
    })
    .await?;
    Ok(S3Response::new(DeleteBucketEncryptionOutput {}))
}
