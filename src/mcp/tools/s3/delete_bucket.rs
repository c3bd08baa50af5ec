//! `s3_delete_bucket`: DeleteBucket, and with `force` its objects first.

use std::time::Duration;

use async_trait::async_trait;
use serde::Deserialize;
use serde_json::{Value, json};

use super::emptying;
use crate::mcp::context::Context;
use crate::mcp::error::ToolError;
use crate::mcp::quoted::named;
use crate::mcp::tool::{Access, Kind, TRANSFER, Tool};

#[derive(Debug, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Args {
    /// Bucket name
    bucket: String,
    /// Deletes its objects first
    force: Option<bool>,
    /// Yes, destroy it
    confirm: Option<bool>,
}

pub(crate) struct DeleteBucket;

#[async_trait]
impl Tool for DeleteBucket {
    type Args = Args;
    const NAME: &'static str = "s3_delete_bucket";
    const DESCRIPTION: &'static str = "Deletes a bucket.";
    const KIND: Kind = Kind::Replaces;
    const EXAMPLE: &'static str = r#"{"bucket": "media", "force": true, "confirm": true}"#;

    fn access(args: &Args) -> Access {
        Access::destroy(format!("s3://{}", args.bucket), args.confirm)
    }

    async fn loss(context: &Context, args: &Args) -> Result<String, ToolError> {
        let objects = emptying::count(context, &args.bucket, "").await?;
        Ok(format!("bucket {} with {objects}", named(&args.bucket)))
    }

    fn time_limit(args: &Args) -> Option<Duration> {
        args.force.unwrap_or_default().then_some(TRANSFER)
    }

    async fn run(context: &Context, args: Args) -> Result<Value, ToolError> {
        let mut objects = 0;
        if args.force.unwrap_or_default() {
            objects = emptying::delete_prefix(context, &args.bucket, "").await?.complete()?;
        }
        context.s3.delete_bucket().bucket(&args.bucket).send().await?;
        Ok(json!({ "deleted": args.bucket, "objects_deleted": objects }))
    }
}
