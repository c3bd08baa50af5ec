//! `s3_copy_object`: CopyObject.

use std::collections::HashMap;
use std::fmt;
use std::time::Duration;

use async_trait::async_trait;
use aws_sdk_s3::types::MetadataDirective;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{compact, etag, folder};
use crate::mcp::context::Context;
use crate::mcp::error::ToolError;
use crate::mcp::quoted::quoted;
use crate::mcp::tool::{Access, Kind, Resource, TRANSFER, Tool};
use crate::uri::S3Uri;

/// What a copy source keeps as it is.
const KEEP: &AsciiSet = &NON_ALPHANUMERIC.remove(b'/').remove(b'-').remove(b'_').remove(b'.').remove(b'~');

#[derive(Debug, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Args {
    /// s3://bucket/key
    from: Place,
    /// s3://bucket/key
    to: Place,
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
    const RARE_PARAMETERS: &'static [&'static str] = &["version_id"];
    const EXAMPLE: &'static str = r#"{"from": "s3://media/a.txt", "to": "s3://media/b.txt"}"#;

    fn access(args: &Args) -> Access {
        let object = |place: &Place| Resource::object(&place.bucket, &place.key);
        Access::write(object(&args.target())).and_reads(object(&args.from))
    }

    fn time_limit(_: &Args) -> Option<Duration> {
        Some(TRANSFER)
    }

    async fn run(context: &Context, args: Args) -> Result<Value, ToolError> {
        let Place { bucket: from_bucket, key: from_key } = &args.from;
        if from_key.is_empty() {
            return Err(ToolError::arguments(format!(
                "from: want s3://bucket/key, have {}",
                quoted(&args.from.to_string())
            )));
        }
        let to = args.target();
        folder::note_key(&args.to.to_string(), &to.to_string());
        let source = source(from_bucket, from_key, args.version_id.as_deref());
        let mut request = context.s3.copy_object().copy_source(source).bucket(&to.bucket).key(&to.key);
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
            "from": args.from.to_string(),
            "to": to.to_string(),
            "etag": etag(result.and_then(|result| result.e_tag())),
            "version_id": answer.version_id,
            "source_version_id": answer.copy_source_version_id,
        })))
    }
}

impl Args {
    /// Where the copy goes: into a folder, or a bucket, under the source's own name.
    fn target(&self) -> Place {
        Place { bucket: self.to.bucket.clone(), key: folder::below(&self.to.key, &self.from.key) }
    }
}

/// `s3://bucket/key`; a bucket alone has no key.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
struct Place {
    bucket: String,
    key: String,
}

impl TryFrom<String> for Place {
    type Error = String;

    fn try_from(uri: String) -> Result<Self, Self::Error> {
        let Some(S3Uri { bucket, rest }) = S3Uri::parse(&uri) else {
            let bare = uri.trim_start_matches('/');
            let like = if bare.contains('/') {
                format!(", such as {}", quoted(&format!("s3://{bare}")))
            } else {
                String::new()
            };
            return Err(format!("want s3://bucket/key{like}, have {}", quoted(&uri)));
        };
        Ok(Self { bucket: bucket.to_owned(), key: rest.to_owned() })
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "s3://{}/{}", self.bucket, self.key)
    }
}

impl schemars::JsonSchema for Place {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Place".into()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        String::json_schema(generator)
    }
}

/// The object that is copied, as its header says it.
pub(super) fn source(bucket: &str, key: &str, version: Option<&str>) -> String {
    let path = format!("{bucket}/{}", utf8_percent_encode(key, KEEP));
    match version {
        Some(version) => format!("{path}?versionId={}", utf8_percent_encode(version, KEEP)),
        None => path,
    }
}
