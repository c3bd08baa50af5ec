//! Sending an object's bytes: at once, or in parts where a file is large.

use std::collections::HashMap;

use aws_sdk_s3::Client;
use aws_sdk_s3::primitives::ByteStream;
use aws_sdk_s3::types::{ChecksumAlgorithm, CompletedMultipartUpload, CompletedPart};

use crate::mcp::error::ToolError;
use crate::mcp::files::OpenFile;
use crate::mcp::progress;

/// Files over this size go up in parts, in bytes.
const IN_PARTS_OVER: u64 = 16 * 1024 * 1024;
/// The most parts of an upload.
const MOST_PARTS: u64 = 10_000;

/// An object to be written.
pub(crate) struct Upload<'a> {
    pub(crate) bucket: &'a str,
    pub(crate) key: &'a str,
    pub(crate) content_type: &'a str,
    pub(crate) metadata: Option<HashMap<String, String>>,
    pub(crate) over: Over,
}

/// What an object may replace.
pub(crate) enum Over {
    Anything,
    Nothing,
    /// The object with this entity tag, quotes included.
    Tag(String),
}

impl Over {
    /// `If-Match` and `If-None-Match`.
    fn conditions(self) -> (Option<String>, Option<String>) {
        match self {
            Self::Anything => (None, None),
            Self::Nothing => (None, Some("*".to_owned())),
            Self::Tag(tag) => (Some(tag), None),
        }
    }
}

/// The entity tag and version of a written object.
pub(crate) type Written = (Option<String>, Option<String>);

/// Who goes along with an upload.
pub(crate) trait Companion {
    /// Waits for a step, or gives up; the upload is then taken back.
    async fn step<T>(&self, step: impl Future<Output = Result<T, ToolError>>) -> Result<T, ToolError>;

    /// Hears that so many bytes of so many are there.
    fn moved(&self, bytes: u64, of: u64);
}

/// Nobody, for whom every step is waited for.
pub(super) struct Alone;

impl Companion for Alone {
    async fn step<T>(&self, step: impl Future<Output = Result<T, ToolError>>) -> Result<T, ToolError> {
        step.await
    }

    fn moved(&self, _: u64, _: u64) {}
}

/// Whoever waits for the call at hand.
pub(super) struct Waiting;

impl Companion for Waiting {
    async fn step<T>(&self, step: impl Future<Output = Result<T, ToolError>>) -> Result<T, ToolError> {
        step.await
    }

    fn moved(&self, bytes: u64, of: u64) {
        progress::report(bytes, Some(of));
    }
}

/// PutObject.
pub(super) async fn whole(s3: &Client, upload: Upload<'_>, body: ByteStream) -> Result<Written, ToolError> {
    let request = s3.put_object().bucket(upload.bucket).key(upload.key).content_type(upload.content_type);
    let (tag, none) = upload.over.conditions();
    let request = request.set_if_match(tag).set_if_none_match(none);
    let answer = request.set_metadata(upload.metadata).body(body).send().await?;
    Ok((answer.e_tag, answer.version_id))
}

/// A file, in parts where it is large. A part is held in memory, so that it can be sent again. A file that changes
/// meanwhile is not stored.
pub(crate) async fn file(
    s3: &Client,
    upload: Upload<'_>,
    file: OpenFile,
    companion: &impl Companion,
) -> Result<Written, ToolError> {
    let size = file.size();
    if size <= IN_PARTS_OVER {
        let (bytes, _) = next(file, IN_PARTS_OVER).await?;
        let written = companion.step(whole(s3, upload, ByteStream::from(bytes))).await?;
        companion.moved(size, size);
        return Ok(written);
    }
    let (bucket, key) = (upload.bucket, upload.key);
    let request = s3.create_multipart_upload().bucket(bucket).key(key).content_type(upload.content_type);
    // Named here, since S3 refuses part checksums of an upload that was begun without an algorithm.
    let request = request.checksum_algorithm(ChecksumAlgorithm::Crc32);
    let begun = request.set_metadata(upload.metadata).send().await?;
    let id = begun
        .upload_id()
        .ok_or_else(|| ToolError::new("unexpected_answer", "CreateMultipartUpload came without its upload id"))?;
    match parts(s3, (bucket, key, id), upload.over, file, companion).await {
        Ok(written) => Ok(written),
        Err(error) => {
            // What went wrong first is what the caller should read.
            if let Err(abort) = s3.abort_multipart_upload().bucket(bucket).key(key).upload_id(id).send().await {
                tracing::warn!(%abort, upload = id, "an unfinished upload is left behind");
            }
            Err(error)
        }
    }
}

async fn parts(
    s3: &Client,
    (bucket, key, id): (&str, &str, &str),
    over: Over,
    mut file: OpenFile,
    companion: &impl Companion,
) -> Result<Written, ToolError> {
    let size = file.size();
    let part_size = IN_PARTS_OVER.max(size.div_ceil(MOST_PARTS));
    let mut done = CompletedMultipartUpload::builder();
    let (mut number, mut sent) = (1, 0);
    loop {
        let bytes;
        (bytes, file) = next(file, part_size).await?;
        // After the last part the file is looked at once more: it may have grown.
        if bytes.is_empty() {
            break;
        }
        sent += u64::try_from(bytes.len()).unwrap_or_default();
        let request = s3.upload_part().bucket(bucket).key(key).upload_id(id).part_number(number);
        let request = request.body(ByteStream::from(bytes));
        let part = companion.step(async { Ok(request.send().await?) }).await?;
        companion.moved(sent, size);
        let completed =
            CompletedPart::builder().part_number(number).set_e_tag(part.e_tag).set_checksum_crc32(part.checksum_crc32);
        done = done.parts(completed.build());
        number += 1;
    }
    let request = s3.complete_multipart_upload().bucket(bucket).key(key).upload_id(id);
    let (tag, none) = over.conditions();
    let request = request.set_if_match(tag).set_if_none_match(none).multipart_upload(done.build());
    let answer = companion.step(async { Ok(request.send().await?) }).await?;
    Ok((answer.e_tag, answer.version_id))
}

/// The next bytes of a file, read where waiting for the disk holds nobody up.
async fn next(mut file: OpenFile, most: u64) -> Result<(Vec<u8>, OpenFile), ToolError> {
    let read = tokio::task::spawn_blocking(move || file.next(most).map(|bytes| (bytes, file)));
    let read = read.await.map_err(|error| ToolError::new("internal", error.to_string()))?;
    read.map_err(|error| error.after("nothing is stored"))
}
