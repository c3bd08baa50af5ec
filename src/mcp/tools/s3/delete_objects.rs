//! `s3_delete_objects`: DeleteObject, DeleteObjects, and all below a prefix.

use std::time::Duration;

use async_trait::async_trait;
use serde::Deserialize;
use serde_json::{Value, json};

use super::emptying::{self, Doomed, Outcome};
use crate::mcp::budget::Page;
use crate::mcp::context::Context;
use crate::mcp::error::ToolError;
use crate::mcp::tool::{Access, Default, Kind, TRANSFER, Tool};

#[derive(Debug, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Args {
    /// Bucket name
    bucket: String,
    /// Object keys
    keys: Option<Vec<String>>,
    /// All keys that begin so; "" is all
    prefix: Option<String>,
    /// Only says what would go
    dry_run: Option<bool>,
    /// For more than one key
    confirm: Option<bool>,
}

pub(crate) struct DeleteObjects;

#[async_trait]
impl Tool for DeleteObjects {
    type Args = Args;
    const NAME: &'static str = "s3_delete_objects";
    const DESCRIPTION: &'static str = "Deletes objects by keys or by prefix.";
    const KIND: Kind = Kind::Replaces;
    const DEFAULT: Default = Default::Bucket;

    fn access(args: &Args) -> Access {
        let bucket = &args.bucket;
        let mut resources: Vec<_> = args.keys.iter().flatten().map(|key| format!("s3://{bucket}/{key}")).collect();
        resources.extend(args.prefix.iter().map(|prefix| format!("s3://{bucket}/{prefix}*")));
        if resources.is_empty() {
            resources.push(format!("s3://{bucket}"));
        }
        let many = args.prefix.is_some() || resources.len() > 1;
        let access = match (args.dry_run.unwrap_or_default(), many) {
            (true, _) => Access::read(""),
            (false, false) => Access::write(""),
            (false, true) => Access::destroy("", args.confirm),
        };
        Access { resources, ..access }
    }

    async fn loss(context: &Context, args: &Args) -> Result<String, ToolError> {
        Ok(match (&args.prefix, &args.keys) {
            (Some(prefix), _) => {
                let objects = emptying::count(context, &args.bucket, prefix).await?;
                format!("{objects} under s3://{}/{prefix}", args.bucket)
            }
            (None, keys) => {
                format!("{} objects in s3://{}", keys.as_ref().map_or(0, Vec::len), args.bucket)
            }
        })
    }

    fn time_limit(args: &Args) -> Option<Duration> {
        args.prefix.as_ref().map(|_| TRANSFER)
    }

    async fn run(context: &Context, args: Args) -> Result<Value, ToolError> {
        let bucket = args.bucket.as_str();
        let dry = args.dry_run.unwrap_or_default();
        match (args.keys, args.prefix) {
            (Some(keys), None) if keys.is_empty() => Err(ToolError::arguments("keys: at least one is needed")),
            (Some(keys), None) if dry => Ok(would_delete(context, bucket, keys, false)),
            (Some(keys), None) => {
                let mut out = Outcome::default();
                emptying::delete(&context.s3, bucket, &Doomed::all(keys), &mut out).await?;
                Ok(json!({ "bucket": bucket, "deleted": out.complete()? }))
            }
            (None, Some(prefix)) if dry => {
                let (keys, next) = emptying::page(context, bucket, &prefix, None).await?;
                Ok(would_delete(context, bucket, keys, next.is_some()))
            }
            (None, Some(prefix)) => {
                let deleted = emptying::delete_prefix(context, bucket, &prefix).await?.complete()?;
                Ok(json!({ "bucket": bucket, "prefix": prefix, "deleted": deleted }))
            }
            _ => Err(ToolError::arguments("give either keys or prefix")),
        }
    }
}

fn would_delete(context: &Context, bucket: &str, keys: Vec<String>, more: bool) -> Value {
    let count = keys.len();
    let mut page = Page::new(context.page_budget());
    let all = keys.into_iter().all(|key| page.push(json!(key)).is_ok());
    let mut answer = json!({ "bucket": bucket, "would_delete": count, "keys": page.into_values() });
    if more {
        answer["would_delete"] = json!(format!("more than {count}"));
    }
    if more || !all {
        answer["keys_are_complete"] = json!(false);
    }
    answer
}
