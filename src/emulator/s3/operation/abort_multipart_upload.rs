//! AbortMultipartUpload.

use s3s::S3Response;
use s3s::dto::{AbortMultipartUploadInput, AbortMultipartUploadOutput};

use super::Result;
use crate::emulator::error::AwsError;
use crate::emulator::s3::catalogue::Upload;
use crate::emulator::s3::context::Context;
use crate::emulator::s3::service::Core;

/// Ends an upload and deletes its parts.
pub(in crate::emulator::s3) async fn run(
    core: &Core,
    context: &Context,
    _: AbortMultipartUploadInput,
) -> Result<AbortMultipartUploadOutput> {
    let context = context.clone();
    core.write(move |change| {
        let bucket = context.open_bucket(change)?;
        let id = context.query("uploadId").unwrap_or_default();
        let upload = Upload::get(change, bucket.id, context.key(), id)?;
        upload.close(change, bucket.id, context.key());
        Upload::drop_parts(change, id, |_| false)?;
        Ok::<_, AwsError>(())
    })
    .await?;
    Ok(S3Response::new(AbortMultipartUploadOutput::default()))
}
