//! `s3_put_object`: PutObject, and a multipart upload for large files.

use std::collections::HashMap;
use std::time::Duration;

use async_trait::async_trait;
use aws_sdk_s3::primitives::ByteStream;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::upload::{self, Over, Upload, Waiting, Written};
use super::{compact, etag, folder};
use crate::mcp::context::Context;
use crate::mcp::error::ToolError;
use crate::mcp::files::OpenFile;
use crate::mcp::notes;
use crate::mcp::quoted::quoted;
use crate::mcp::tool::{Access, Default, Kind, Resource, TRANSFER, Tool};

#[derive(Debug, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Args {
    /// Bucket name
    bucket: String,
    /// Object key
    key: String,
    /// Content
    text: Option<String>,
    /// Content as JSON
    #[schemars(with = "Option<Map<String, Value>>")]
    json: Option<Value>,
    /// Binary content
    base64: Option<String>,
    /// Path of a file to upload
    file: Option<String>,
    /// By default from the key or content
    content_type: Option<String>,
    /// User metadata
    metadata: Option<HashMap<String, String>>,
    /// Only over the object with this etag
    if_match: Option<String>,
    /// "*": only where none is
    if_none_match: Option<String>,
}

pub(crate) struct PutObject;

#[async_trait]
impl Tool for PutObject {
    type Args = Args;
    const NAME: &'static str = "s3_put_object";
    const DESCRIPTION: &'static str = "Writes an object, replacing any. Give one of text, json, base64, file.";
    const KIND: Kind = Kind::Replaces;
    const RARE_PARAMETERS: &'static [&'static str] = &["if_none_match"];
    const EXAMPLE: &'static str = r#"{"bucket": "media", "key": "b.txt", "text": "hello"}"#;
    const DEFAULT: Default = Default::Bucket;
    const FILE_PARAMETERS: &'static [&'static str] = &["file"];

    fn access(args: &Args) -> Access {
        Access::write(Resource::object(&args.bucket, &args.place()))
    }

    fn time_limit(args: &Args) -> Option<Duration> {
        args.file.as_ref().map(|_| TRANSFER)
    }

    async fn run(context: &Context, args: Args) -> Result<Value, ToolError> {
        let over = over(args.if_match.as_deref(), args.if_none_match.as_deref())?;
        let key = args.place();
        let Args { bucket, key: given, text, json, base64, file, content_type, metadata, .. } = args;
        folder::note_key(&given, &key);
        let by_key = || content_type_of(&key);
        let (source, usual) = match (text, json, base64, file) {
            (Some(text), None, None, None) => {
                (Content::Bytes(text.into_bytes()), by_key().unwrap_or("text/plain; charset=utf-8"))
            }
            (None, Some(json), None, None) => (Content::Bytes(json.to_string().into_bytes()), "application/json"),
            (None, None, Some(base64), None) => {
                let bytes = STANDARD.decode(base64.trim()).map_err(|error| {
                    ToolError::arguments(format!("base64: not standard base64 with its padding: {error}"))
                })?;
                (Content::Bytes(bytes), by_key().unwrap_or("application/octet-stream"))
            }
            (None, None, None, Some(file)) => {
                (Content::File(context.files.open(&file)?), by_key().unwrap_or("application/octet-stream"))
            }
            _ => return Err(ToolError::arguments("give exactly one of text, json, base64, file")),
        };
        if let Some(odd) = content_type.as_deref().filter(|kind| !kind.contains('/')) {
            notes::say(format!("content_type {} is no media type, such as {usual}", quoted(odd)));
        }
        let content_type = content_type.unwrap_or_else(|| usual.to_owned());
        let put = Upload { bucket: &bucket, key: &key, content_type: &content_type, metadata, over };
        let (size, written) = match source {
            Content::Bytes(bytes) => {
                let size = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
                (size, upload::whole(&context.s3, put, ByteStream::from(bytes)).await?)
            }
            Content::File(file) => {
                let size = file.size();
                (size, Box::pin(upload::file(&context.s3, put, file, &Waiting)).await?)
            }
        };
        Ok(told((&bucket, &key), size, &content_type, written))
    }
}

impl Args {
    /// The key: a file goes into a folder under its own name.
    fn place(&self) -> String {
        self.file.as_ref().map_or_else(|| self.key.clone(), |file| folder::below(&self.key, file))
    }
}

/// What the object may replace.
fn over(tag: Option<&str>, none: Option<&str>) -> Result<Over, ToolError> {
    match (tag, none) {
        (None, None) => Ok(Over::Anything),
        (Some("*"), None) => Err(ToolError::arguments("if_match: want the etag that s3_get_object shows")),
        // With its quotes or without: answers show it without.
        (Some(tag), None) => Ok(Over::Tag(format!("\"{}\"", tag.trim_matches('"')))),
        (None, Some("*")) => Ok(Over::Nothing),
        (None, Some(_)) => Err(ToolError::arguments("if_none_match: works with \"*\" alone")),
        (Some(_), Some(_)) => Err(ToolError::arguments("give one of if_match and if_none_match")),
    }
}

/// What is told of an object that was written.
pub(crate) fn told((bucket, key): (&str, &str), size: u64, content_type: &str, (tag, version): Written) -> Value {
    compact(json!({
        "bucket": bucket,
        "key": key,
        "size": size,
        "content_type": content_type,
        "etag": etag(tag.as_deref()),
        "version_id": version,
    }))
}

enum Content {
    Bytes(Vec<u8>),
    File(OpenFile),
}

/// The content type that a key's ending tells.
pub(crate) fn content_type_of(key: &str) -> Option<&'static str> {
    Some(match key.rsplit_once('.')?.1.to_ascii_lowercase().as_str() {
        "html" | "htm" => "text/html; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "csv" => "text/csv; charset=utf-8",
        "md" => "text/markdown; charset=utf-8",
        "txt" | "log" => "text/plain; charset=utf-8",
        "xml" => "application/xml",
        "json" => "application/json",
        "pdf" => "application/pdf",
        "zip" => "application/zip",
        "gz" => "application/gzip",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "gif" => "image/gif",
        "webp" => "image/webp",
        "mp4" => "video/mp4",
        "wasm" => "application/wasm",
        _ => return None,
    })
}
