//! `s3_copy_object`: CopyObject.

use std::collections::HashMap;
use std::time::Duration;

use async_trait::async_trait;
use aws_sdk_s3::types::MetadataDirective;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{compact, etag};
use crate::mcp::context::Context;
use crate::mcp::error::ToolError;
use crate::mcp::tool::{Access, Kind, TRANSFER, Tool};

/// What a copy source keeps as it is.
const KEEP: &AsciiSet = &NON_ALPHANUMERIC.remove(b'/').remove(b'-').remove(b'_').remove(b'.').remove(b'~');

#[derive(Debug, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Args {
    /// s3://bucket/key
    from: String,
    /// s3://bucket/key
    to: String,
    /// Of the source
    version_id: Option<String>,
    /// Instead of the source's
    metadata: Option<HashMap<String, String>>,
}

pub(crate) struct CopyObject;

#[async_trait]
impl Tool for CopyObject {
    type Args = Args;
    const NAME: &'static str = "s3_copy_object";
    const DESCRIPTION: &'static str = "Copies an object (up to 5 GiB) with metadata and tags, replacing any.";
    const KIND: Kind = Kind::Replaces;

    fn access(args: &Args) -> Access {
        let mut access = Access::write(&args.to);
        access.resources.push(args.from.clone());
        access
    }

    fn time_limit(_: &Args) -> Option<Duration> {
        Some(TRANSFER)
    }

    async fn run(context: &Context, args: Args) -> Result<Value, ToolError> {
        let (from_bucket, from_key) = place("from", &args.from)?;
        let (bucket, key) = place("to", &args.to)?;
        let path = format!("{from_bucket}/{}", utf8_percent_encode(from_key, KEEP));
        let source = match &args.version_id {
            Some(version) => format!("{path}?versionId={}", utf8_percent_encode(version, KEEP)),
            None => path,
        };
        let mut request = context.s3.copy_object().copy_source(source).bucket(bucket).key(key);
        if let Some(metadata) = args.metadata {
            // With other metadata S3 forgets the source's headers too, unless they are said again.
            let head = context.s3.head_object().bucket(from_bucket).key(from_key);
            let head = head.set_version_id(args.version_id).send().await?;
            request = request
                .metadata_directive(MetadataDirective::Replace)
                .set_metadata(Some(metadata))
                .set_cache_control(head.cache_control)
                .set_content_disposition(head.content_disposition)
                .set_content_encoding(head.content_encoding)
                .set_content_language(head.content_language)
                .set_content_type(head.content_type);
        }
        let answer = request.send().await?;
        let result = answer.copy_object_result.as_ref();
        Ok(compact(json!({
            "from": args.from,
            "to": args.to,
            "etag": etag(result.and_then(|result| result.e_tag())),
            "version_id": answer.version_id,
            "source_version_id": answer.copy_source_version_id,
        })))
    }
}

/// The bucket and the key of `s3://bucket/key`.
fn place<'a>(parameter: &str, uri: &'a str) -> Result<(&'a str, &'a str), ToolError> {
    let parts = uri.strip_prefix("s3://").and_then(|rest| rest.split_once('/'));
    parts
        .filter(|(bucket, key)| !bucket.is_empty() && !key.is_empty())
        .ok_or_else(|| ToolError::arguments(format!("{parameter}: want s3://bucket/key, have {uri:?}")))
}
