//! `s3_download_object`: GetObject into a new file.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::Duration;

use async_trait::async_trait;
use aws_sdk_s3::primitives::ByteStream;
use serde::Deserialize;
use serde_json::{Value, json};
use tokio_util::io::InspectReader;

use super::reading::{self, Wanted};
use crate::mcp::context::Context;
use crate::mcp::error::ToolError;
use crate::mcp::files::{self, NewFile};
use crate::mcp::tool::{Access, Default, Kind, Resource, TRANSFER, Tool};
use crate::mcp::tools::bulk;

#[derive(Debug, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Args {
    /// Bucket name
    bucket: String,
    /// Object key
    key: String,
    /// Path of the new file
    save_to: String,
    /// bytes=0-99
    range: Option<String>,
}

pub(crate) struct DownloadObject;

#[async_trait]
impl Tool for DownloadObject {
    type Args = Args;
    const NAME: &'static str = "s3_download_object";
    const DESCRIPTION: &'static str = "Saves an object to a new file.";
    const KIND: Kind = Kind::Adds;
    const RUNS_READ_ONLY: bool = true;
    const RARE_PARAMETERS: &'static [&'static str] = &["range"];
    const EXAMPLE: &'static str = r#"{"bucket": "media", "key": "a.txt", "save_to": "copy.txt"}"#;
    const DEFAULT: Default = Default::Bucket;
    const NEEDS_FILES: bool = true;

    fn access(args: &Args) -> Access {
        Access::save(Resource::object(&args.bucket, &args.key))
    }

    fn time_limit(_: &Args) -> Option<Duration> {
        Some(TRANSFER)
    }

    async fn run(context: &Context, args: Args) -> Result<Value, ToolError> {
        let wanted = args.range.as_deref().map_or(Ok(Wanted::From(0, None)), Wanted::parse)?;
        let path = args.save_to.as_str();
        // The file comes first: a name that cannot be used costs no download.
        let new = context.files.create(path)?;
        let request = context.s3.get_object().bucket(&args.bucket).key(&args.key).set_range(wanted.whole());
        let answer = request.send().await?;
        let (_, size) = reading::position(answer.content_range(), answer.content_length());
        let expected = answer.content_length().and_then(|length| u64::try_from(length).ok());
        let mut described = reading::describe(&answer, &args.bucket, &args.key, size);
        let so_far = AtomicU64::new(0);
        let work = save(answer.body, expected, new, path, &so_far);
        let done = bulk::watched(bulk::LIMIT, work, || (so_far.load(Relaxed), expected)).await;
        let (saved, written) = done.ok_or_else(|| bulk::timed_out("the file is not there"))??;
        described["saved_to"] = json!(saved);
        described["bytes_written"] = json!(written);
        Ok(described)
    }
}

/// Writes an object's body to a new file, shown as `path`, and counts its bytes; gives the file's full path and its bytes.
pub(super) async fn save(
    body: ByteStream,
    expected: Option<u64>,
    new: NewFile,
    path: &str,
    so_far: &AtomicU64,
) -> Result<(String, u64), ToolError> {
    let mut file = tokio::fs::File::from_std(new.reopen()?);
    let count = |bytes: &[u8]| {
        so_far.fetch_add(u64::try_from(bytes.len()).unwrap_or_default(), Relaxed);
    };
    let mut body = InspectReader::new(body.into_async_read(), count);
    let failed = |error: std::io::Error| files::refused(path, &error);
    let written = tokio::io::copy(&mut body, &mut file).await.map_err(failed)?;
    tokio::io::AsyncWriteExt::flush(&mut file).await.map_err(failed)?;
    drop(file);
    if expected.is_some_and(|expected| expected != written) {
        let mut error = ToolError::new("no_answer", format!("the object's body ended after {written} bytes"));
        error.retryable = true;
        return Err(error);
    }
    // Naming it waits for the disk.
    let saved = bulk::blocking(move |_| new.keep()).await??;
    Ok((saved, written))
}
