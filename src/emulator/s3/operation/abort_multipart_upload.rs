//! AbortMultipartUpload.

use crate::emulator::error::AwsError;
use crate::emulator::s3::catalogue::Upload;
use crate::emulator::s3::context::Context;
use crate::emulator::s3::reply::Reply;
use crate::emulator::s3::service::Core;

/// Ends an upload and deletes its parts.
pub(super) async fn run(core: &Core, context: &Context) -> Result<Reply, AwsError> {
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
    Ok(Reply::empty())
}
