//! `s3_presign_url`: a URL that anyone can use for a while.

use std::time::Duration;

use async_trait::async_trait;
use aws_sdk_s3::config::RequestChecksumCalculation;
use aws_sdk_s3::presigning::PresigningConfig;
use aws_sdk_s3::primitives::{DateTime, DateTimeFormat};
use serde::Deserialize;
use serde_json::{Value, json};

use super::compact;
use crate::mcp::calls::unrecorded;
use crate::mcp::context::Context;
use crate::mcp::error::ToolError;
use crate::mcp::spelling::any_case;
use crate::mcp::tool::{Access, Default, Kind, Tool};

/// AWS's longest: seven days.
const LONGEST: u64 = 7 * 24 * 3600;

#[derive(Debug, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Args {
    /// Bucket name
    bucket: String,
    /// Object key
    key: String,
    /// get by default
    #[serde(default, deserialize_with = "any_case")]
    method: Option<Method>,
    /// Seconds (3600)
    expires_in: Option<u64>,
    /// Which a put must send
    content_type: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
enum Method {
    Get,
    Put,
    Delete,
    Head,
}

pub(crate) struct PresignUrl;

#[async_trait]
impl Tool for PresignUrl {
    type Args = Args;
    const NAME: &'static str = "s3_presign_url";
    const DESCRIPTION: &'static str = "Makes a URL with which anyone can use an object until it expires.";
    const KIND: Kind = Kind::Adds;
    const DEFAULT: Default = Default::Bucket;

    fn access(args: &Args) -> Access {
        let object = format!("s3://{}/{}", args.bucket, args.key);
        // Whoever holds the URL of a put or a delete can write.
        match args.method {
            Some(Method::Put | Method::Delete) => Access::write(object),
            None | Some(Method::Get | Method::Head) => Access::read(object),
        }
    }

    async fn run(context: &Context, args: Args) -> Result<Value, ToolError> {
        let expires_in = args.expires_in.unwrap_or(3600);
        if !(1..=LONGEST).contains(&expires_in) {
            return Err(ToolError::arguments(format!(
                "expires_in: {expires_in} is not between 1 and {LONGEST} seconds"
            )));
        }
        let method = args.method.unwrap_or(Method::Get);
        if method != Method::Put && args.content_type.is_some() {
            return Err(ToolError::arguments("content_type: only a put sends content"));
        }
        let s3 = client(context).await?;
        let during = PresigningConfig::expires_in(Duration::from_secs(expires_in))
            .map_err(|error| ToolError::arguments(format!("expires_in: {error}")))?;
        let (start, expires) = (during.start_time(), during.expires());
        let signed = match method {
            Method::Get => {
                let get = s3.get_object().bucket(&args.bucket).key(&args.key);
                Box::pin(unrecorded(get.presigned(during))).await?
            }
            Method::Put => {
                let put = s3.put_object().bucket(&args.bucket).key(&args.key);
                Box::pin(unrecorded(put.set_content_type(args.content_type).presigned(during))).await?
            }
            Method::Delete => {
                let delete = s3.delete_object().bucket(&args.bucket).key(&args.key);
                Box::pin(unrecorded(delete.presigned(during))).await?
            }
            Method::Head => {
                let head = s3.head_object().bucket(&args.bucket).key(&args.key);
                Box::pin(unrecorded(head.presigned(during))).await?
            }
        };
        let headers: serde_json::Map<_, _> =
            signed.headers().map(|(name, value)| (name.to_owned(), json!(value))).collect();
        let until = DateTime::from(start + expires).fmt(DateTimeFormat::DateTime).ok();
        Ok(compact(json!({
            "url": signed.uri(),
            "method": signed.method(),
            "expires": until,
            "headers": headers,
        })))
    }
}

/// A client whose URLs lead to an endpoint that answers.
async fn client(context: &Context) -> Result<aws_sdk_s3::Client, ToolError> {
    let config = context.s3.config().to_builder();
    // The bytes of a put are not known yet, so no checksum of them can be signed.
    let config = config.request_checksum_calculation(RequestChecksumCalculation::WhenRequired);
    if !context.is_local() {
        return Ok(aws_sdk_s3::Client::from_conf(config.build()));
    }
    let endpoint = context.endpoint().await.ok_or_else(|| {
        ToolError::new("no_endpoint", "no endpoint is running that could answer a presigned URL")
            .hint("a person can start one with `footbridge serve`; then call again.")
    })?;
    Ok(aws_sdk_s3::Client::from_conf(config.endpoint_url(endpoint).force_path_style(true).build()))
}
