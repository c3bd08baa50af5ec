//! All objects below a prefix, page by page.

use aws_sdk_s3::types::Object;

use crate::mcp::context::Context;
use crate::mcp::error::ToolError;
use crate::mcp::quoted::quoted;
use crate::mcp::{notes, teach};
use crate::uri::S3Uri;

/// Where objects lie.
#[derive(Debug, Clone, Copy)]
pub(super) struct Below<'a> {
    pub(super) bucket: &'a str,
    pub(super) prefix: &'a str,
}

impl<'a> Below<'a> {
    /// The bucket and the prefix of `s3://bucket/prefix`; the prefix may be empty.
    pub(super) fn parse(parameter: &str, uri: &'a str) -> Result<Self, ToolError> {
        match S3Uri::parse(uri) {
            Some(S3Uri { bucket, rest }) => Ok(Self { bucket, prefix: rest }),
            None => Err(ToolError::arguments(format!("{parameter}: want s3://bucket/prefix, have {}", quoted(uri)))),
        }
    }

    /// One page of objects after a key, in order of their keys; whether there are more.
    pub(super) async fn page(self, context: &Context, after: Option<&str>) -> Result<(Vec<Object>, bool), ToolError> {
        let request = context.s3.list_objects_v2().bucket(self.bucket).prefix(self.prefix);
        let answer = request.set_start_after(after.map(str::to_owned)).send().await?;
        let more = answer.is_truncated().unwrap_or_default();
        if after.is_none() && answer.contents().is_empty() {
            let why = match self.prefix {
                "" => Some("the bucket is empty".to_owned()),
                prefix => teach::nothing_begins_so(context, self.bucket, prefix).await,
            };
            why.into_iter().for_each(notes::say);
        }
        Ok((answer.contents.unwrap_or_default(), more))
    }
}

/// An object's size in bytes.
pub(super) fn size(object: &Object) -> u64 {
    object.size().and_then(|size| u64::try_from(size).ok()).unwrap_or_default()
}
