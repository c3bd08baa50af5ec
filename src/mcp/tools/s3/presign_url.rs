//! `s3_presign_url`: a URL that anyone can use for a while.

use std::time::Duration;

use async_trait::async_trait;
use aws_sdk_s3::config::RequestChecksumCalculation;
use aws_sdk_s3::operation::head_object::HeadObjectError;
use aws_sdk_s3::presigning::{PresignedRequest, PresigningConfig};
use aws_sdk_s3::primitives::{DateTime, DateTimeFormat};
use serde::Deserialize;
use serde_json::{Value, json};

use super::compact;
use crate::mcp::calls::unrecorded;
use crate::mcp::context::Context;
use crate::mcp::error::ToolError;
use crate::mcp::quoted::quoted;
use crate::mcp::spelling::any_case;
use crate::mcp::tool::{Access, Default, Kind, Resource, Tool};
use crate::mcp::{notes, teach};

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
pub(crate) enum Method {
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
    const RUNS_READ_ONLY: bool = true;
    const EXAMPLE: &'static str = r#"{"bucket": "media", "key": "a.txt", "expires_in": 600}"#;
    const DEFAULT: Default = Default::Bucket;

    fn access(args: &Args) -> Access {
        let object = Resource::object(&args.bucket, &args.key);
        // Whoever holds the URL of a put or a delete can write.
        match args.method {
            Some(Method::Put | Method::Delete) => Access::write(object),
            None | Some(Method::Get | Method::Head) => Access::share(object),
        }
    }

    async fn run(context: &Context, args: Args) -> Result<Value, ToolError> {
        let method = args.method.unwrap_or(Method::Get);
        if method != Method::Put && args.content_type.is_some() {
            return Err(ToolError::arguments("content_type: only a put sends content"));
        }
        let during = lasting(args.expires_in.unwrap_or(3600))?;
        let until = DateTime::from(during.start_time() + during.expires());
        let s3 = client(context, &context.s3).await?;
        if method != Method::Put && context.is_local() {
            note_missing(context, &args.bucket, &args.key).await;
        }
        let object = Object { bucket: &args.bucket, key: &args.key, version: None, content_type: args.content_type };
        let signed = sign(&s3, object, method, during).await?;
        let headers: serde_json::Map<_, _> =
            signed.headers().map(|(name, value)| (name.to_owned(), json!(value))).collect();
        let until = until.fmt(DateTimeFormat::DateTime).ok();
        Ok(compact(json!({
            "url": signed.uri(),
            "method": signed.method(),
            "expires": until,
            "headers": headers,
        })))
    }
}

/// Says that a URL leads to no object. On AWS nothing is sent to sign one, so it is not known there.
async fn note_missing(context: &Context, bucket: &str, key: &str) {
    let head = teach::look(context, context.s3.head_object().bucket(bucket).key(key).send()).await;
    if head.is_err_and(|error| error.as_service_error().is_some_and(HeadObjectError::is_not_found)) {
        let near = teach::near_key(context, bucket, key).await.map_or(String::new(), |near| format!("; {near}"));
        notes::say(format!("there is no {} yet{near}", quoted(key)));
    }
}

/// What a URL is made for.
pub(crate) struct Object<'a> {
    pub(crate) bucket: &'a str,
    pub(crate) key: &'a str,
    /// Of a get or a head.
    pub(crate) version: Option<String>,
    /// Which a put must send.
    pub(crate) content_type: Option<String>,
}

/// From now on for so many seconds.
pub(crate) fn lasting(expires_in: u64) -> Result<PresigningConfig, ToolError> {
    if !(1..=LONGEST).contains(&expires_in) {
        return Err(ToolError::arguments(format!("expires_in: {expires_in} is not between 1 and {LONGEST} seconds")));
    }
    PresigningConfig::expires_in(Duration::from_secs(expires_in))
        .map_err(|error| ToolError::arguments(format!("expires_in: {error}")))
}

/// Signs.
pub(crate) async fn sign(
    s3: &aws_sdk_s3::Client,
    object: Object<'_>,
    method: Method,
    during: PresigningConfig,
) -> Result<PresignedRequest, ToolError> {
    let Object { bucket, key, version, content_type } = object;
    Ok(match method {
        Method::Get => {
            let get = s3.get_object().bucket(bucket).key(key).set_version_id(version);
            Box::pin(unrecorded(get.presigned(during))).await?
        }
        Method::Put => {
            let put = s3.put_object().bucket(bucket).key(key).set_content_type(content_type);
            Box::pin(unrecorded(put.presigned(during))).await?
        }
        Method::Delete => {
            let delete = s3.delete_object().bucket(bucket).key(key);
            Box::pin(unrecorded(delete.presigned(during))).await?
        }
        Method::Head => {
            let head = s3.head_object().bucket(bucket).key(key).set_version_id(version);
            Box::pin(unrecorded(head.presigned(during))).await?
        }
    })
}

/// A client like this one whose URLs lead to an endpoint that answers.
pub(crate) async fn client(context: &Context, s3: &aws_sdk_s3::Client) -> Result<aws_sdk_s3::Client, ToolError> {
    let config = s3.config().to_builder();
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
