//! `s3_get_object`: GetObject by range, or HeadObject.

use std::collections::BTreeMap;

use async_trait::async_trait;
use aws_sdk_s3::error::ProvideErrorMetadata;
use aws_sdk_s3::types::{ServerSideEncryption, StorageClass};
use serde::Deserialize;
use serde_json::{Value, json};

use super::reading::{self, Show, Wanted};
use super::{compact, etag, time};
use crate::mcp::context::Context;
use crate::mcp::error::ToolError;
use crate::mcp::spelling::any_case;
use crate::mcp::tool::{Access, Default, Kind, Resource, Tool};

#[derive(Debug, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Args {
    /// Bucket name
    bucket: String,
    /// Object key
    key: String,
    /// bytes=0-99; next_range goes on
    range: Option<String>,
    /// Most bytes to read
    max_bytes: Option<u64>,
    /// How to show it; head: properties only
    #[serde(rename = "as", default, deserialize_with = "any_case")]
    form: Option<Form>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
enum Form {
    Auto,
    Text,
    Json,
    Base64,
    Head,
}

pub(crate) struct GetObject;

#[async_trait]
impl Tool for GetObject {
    type Args = Args;
    const NAME: &'static str = "s3_get_object";
    const DESCRIPTION: &'static str = "Reads an object, a long one in parts.";
    const KIND: Kind = Kind::Reads;
    const RARE_PARAMETERS: &'static [&'static str] = &["max_bytes"];
    const EXAMPLE: &'static str = r#"{"bucket": "media", "key": "a.txt"}"#;
    const DEFAULT: Default = Default::Bucket;
    const MOVED: &'static [(&'static str, &'static str)] =
        &[("save_to", "it only reads: call s3_download_object, which writes to a file")];

    fn access(args: &Args) -> Access {
        Access::read(Resource::object(&args.bucket, &args.key))
    }

    async fn run(context: &Context, args: Args) -> Result<Value, ToolError> {
        let wanted = args.range.as_deref().map_or(Ok(Wanted::From(0, None)), Wanted::parse)?;
        match args.form.unwrap_or(Form::Auto) {
            Form::Head => head(context, &args).await,
            form => page(context, &args, wanted, form).await,
        }
    }
}

async fn head(context: &Context, args: &Args) -> Result<Value, ToolError> {
    let head = context.s3.head_object().bucket(&args.bucket).key(&args.key).send().await?;
    Ok(compact(json!({
        "bucket": args.bucket,
        "key": args.key,
        "size": head.content_length(),
        "content_type": head.content_type(),
        "etag": etag(head.e_tag()),
        "modified": time(head.last_modified()),
        "metadata": head.metadata().map(|all| all.iter().collect::<BTreeMap<_, _>>()),
        "content_encoding": head.content_encoding(),
        "content_disposition": head.content_disposition(),
        "content_language": head.content_language(),
        "cache_control": head.cache_control(),
        "expires": head.expires_string(),
        "version_id": head.version_id(),
        "storage_class": head.storage_class().map(StorageClass::as_str),
        "encryption": head.server_side_encryption().map(ServerSideEncryption::as_str),
    })))
}

async fn page(context: &Context, args: &Args, wanted: Wanted, form: Form) -> Result<Value, ToolError> {
    let budget = context.page_budget();
    let most = args.max_bytes.unwrap_or(u64::MAX).min(u64::try_from(budget).unwrap_or(u64::MAX));
    let request = context.s3.get_object().bucket(&args.bucket).key(&args.key).range(wanted.header(most));
    let answer = match request.send().await {
        Ok(answer) => answer,
        // No range of an empty object can be satisfied, not even all of it.
        Err(error) if args.range.is_none() && error.code() == Some("InvalidRange") => {
            let mut empty = head(context, args).await?;
            if empty["size"] == 0 {
                empty["text"] = json!("");
                return Ok(empty);
            }
            return Err(error.into());
        }
        Err(error) => return Err(error.into()),
    };
    let (start, size) = reading::position(answer.content_range(), answer.content_length());
    let mut shown = reading::describe(&answer, &args.bucket, &args.key, size);
    let is_json = answer.content_type().is_some_and(|kind| kind.contains("json"));
    let bytes = reading::read(answer.body, most).await?;
    let length = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
    let whole = start == 0 && length == size;
    let how = match form {
        Form::Text => Show::Text,
        Form::Json => Show::Json,
        Form::Base64 => Show::Base64,
        Form::Auto | Form::Head => Show::Auto { json: is_json },
    };
    let (member, value, used) = reading::show(&bytes, how, whole, budget)?;
    shown[member] = value;
    let end = start + u64::try_from(used).unwrap_or(u64::MAX);
    if !(start == 0 && end == size) {
        shown["range"] = json!(format!("bytes={start}-{}", end.saturating_sub(1)));
        let last = match wanted {
            Wanted::From(_, Some(last)) => last.min(size.saturating_sub(1)),
            _ => size.saturating_sub(1),
        };
        if end <= last && used > 0 {
            let to = if last + 1 == size { String::new() } else { last.to_string() };
            shown["next_range"] = json!(format!("bytes={end}-{to}"));
        }
    }
    Ok(shown)
}
