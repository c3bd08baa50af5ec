//! Sending an object's bytes: at once, or in parts where a file is large.

use std::collections::HashMap;

use aws_sdk_s3::primitives::ByteStream;
use aws_sdk_s3::types::{ChecksumAlgorithm, CompletedMultipartUpload, CompletedPart};

use crate::mcp::context::Context;
use crate::mcp::error::ToolError;
use crate::mcp::files::OpenFile;

/// Files over this size go up in parts, in bytes.
const IN_PARTS_OVER: u64 = 16 * 1024 * 1024;
/// The most parts of an upload.
const MOST_PARTS: u64 = 10_000;

/// An object to be written.
pub(super) struct Upload<'a> {
    pub(super) bucket: &'a str,
    pub(super) key: &'a str,
    pub(super) content_type: &'a str,
    pub(super) metadata: Option<HashMap<String, String>>,
}

/// The entity tag and version of a written object.
type Written = (Option<String>, Option<String>);

/// PutObject.
pub(super) async fn whole(context: &Context, upload: Upload<'_>, body: ByteStream) -> Result<Written, ToolError> {
    let request = context.s3.put_object().bucket(upload.bucket).key(upload.key).content_type(upload.content_type);
    let answer = request.set_metadata(upload.metadata).body(body).send().await?;
    Ok((answer.e_tag, answer.version_id))
}

/// A file, in parts where it is large. A part is held in memory, so that it can be sent again. A file that changes
/// meanwhile is not stored.
pub(super) async fn file(context: &Context, upload: Upload<'_>, file: OpenFile) -> Result<Written, ToolError> {
    if file.size() <= IN_PARTS_OVER {
        let (bytes, _) = next(file, IN_PARTS_OVER).await?;
        return whole(context, upload, ByteStream::from(bytes)).await;
    }
    let (bucket, key) = (upload.bucket, upload.key);
    let request = context.s3.create_multipart_upload().bucket(bucket).key(key).content_type(upload.content_type);
    // Named here, since S3 refuses part checksums of an upload that was begun without an algorithm.
    let request = request.checksum_algorithm(ChecksumAlgorithm::Crc32);
    let begun = request.set_metadata(upload.metadata).send().await?;
    let id = begun
        .upload_id()
        .ok_or_else(|| ToolError::new("unexpected_answer", "CreateMultipartUpload came without its upload id"))?;
    match parts(context, (bucket, key, id), file).await {
        Ok(written) => Ok(written),
        Err(error) => {
            // What went wrong first is what the caller should read.
            if let Err(abort) = context.s3.abort_multipart_upload().bucket(bucket).key(key).upload_id(id).send().await {
                tracing::warn!(%abort, upload = id, "an unfinished upload is left behind");
            }
            Err(error)
        }
    }
}

async fn parts(
    context: &Context,
    (bucket, key, id): (&str, &str, &str),
    mut file: OpenFile,
) -> Result<Written, ToolError> {
    let part_size = IN_PARTS_OVER.max(file.size().div_ceil(MOST_PARTS));
    let mut done = CompletedMultipartUpload::builder();
    let mut number = 1;
    loop {
        let bytes;
        (bytes, file) = next(file, part_size).await?;
        // After the last part the file is looked at once more: it may have grown.
        if bytes.is_empty() {
            break;
        }
        let request = context.s3.upload_part().bucket(bucket).key(key).upload_id(id).part_number(number);
        let part = request.body(ByteStream::from(bytes)).send().await?;
        let completed =
            CompletedPart::builder().part_number(number).set_e_tag(part.e_tag).set_checksum_crc32(part.checksum_crc32);
        done = done.parts(completed.build());
        number += 1;
    }
    let request = context.s3.complete_multipart_upload().bucket(bucket).key(key).upload_id(id);
    let answer = request.multipart_upload(done.build()).send().await?;
    Ok((answer.e_tag, answer.version_id))
}

/// The next bytes of a file, read where waiting for the disk holds nobody up.
async fn next(mut file: OpenFile, most: u64) -> Result<(Vec<u8>, OpenFile), ToolError> {
    let read = tokio::task::spawn_blocking(move || file.next(most).map(|bytes| (bytes, file)));
    read.await.map_err(|error| ToolError::new("internal", error.to_string()))?
}
