//! `s3_delete_objects`: DeleteObject, DeleteObjects, and all below a prefix.

use std::time::Duration;

use async_trait::async_trait;
use aws_sdk_s3::operation::head_object::HeadObjectError;
use serde::Deserialize;
use serde_json::{Value, json};

use super::emptying::{self, Doomed, Outcome};
use crate::mcp::authorizer::Effect;
use crate::mcp::budget::Page;
use crate::mcp::context::Context;
use crate::mcp::error::ToolError;
use crate::mcp::quoted::{named, quoted};
use crate::mcp::tool::{Access, Default, Kind, Resource, TRANSFER, Tool};
use crate::mcp::{notes, teach};

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

/// The most keys that are looked for before they are deleted.
const LOOKED_FOR: usize = 20;

pub(crate) struct DeleteObjects;

#[async_trait]
impl Tool for DeleteObjects {
    type Args = Args;
    const NAME: &'static str = "s3_delete_objects";
    const DESCRIPTION: &'static str = "Deletes objects by keys or by prefix.";
    const KIND: Kind = Kind::Replaces;
    const RUNS_READ_ONLY: bool = true;
    const EXAMPLE: &'static str = r#"{"bucket": "media", "keys": ["a.txt"]}"#;
    const DEFAULT: Default = Default::Bucket;

    fn access(args: &Args) -> Access {
        let bucket = &args.bucket;
        let mut resources: Vec<_> = args.keys.iter().flatten().map(|key| Resource::object(bucket, key)).collect();
        resources.extend(args.prefix.iter().map(|prefix| format!("s3://{bucket}/{prefix}*").into()));
        if resources.is_empty() {
            resources.push(format!("s3://{bucket}").into());
        }
        let many = args.prefix.is_some() || resources.len() > 1;
        let effect = match (args.dry_run.unwrap_or_default(), many) {
            (true, _) => Effect::Read,
            (false, false) => Effect::Write,
            (false, true) => Effect::Destructive,
        };
        Access::of(effect, resources).confirmed(args.confirm)
    }

    async fn loss(context: &Context, args: &Args) -> Result<String, ToolError> {
        Ok(match (&args.prefix, &args.keys) {
            (Some(prefix), _) => {
                let objects = emptying::count(context, &args.bucket, prefix).await?;
                format!("{objects} under {}", named(&format!("s3://{}/{prefix}", args.bucket)))
            }
            (None, keys) => {
                format!("{} objects in {}", keys.as_ref().map_or(0, Vec::len), named(&format!("s3://{}", args.bucket)))
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
                let missing = not_there(context, bucket, &keys).await;
                let mut out = Outcome::default();
                emptying::delete(&context.s3, bucket, &Doomed::all(keys), &mut out).await?;
                let deleted = out.complete()?;
                let mut answer = json!({ "bucket": bucket, "deleted": deleted - missing.len().min(deleted) });
                if let Some(first) = missing.first() {
                    if let Some(near) = teach::near_key(context, bucket, first).await {
                        notes::say(format!("there is no {}; {near}", quoted(first)));
                    }
                    answer["not_there"] = json!(missing);
                }
                Ok(answer)
            }
            (None, Some(prefix)) if dry => {
                let (keys, next) = emptying::page(context, bucket, &prefix, None).await?;
                if keys.is_empty() {
                    note_nothing(context, bucket, &prefix).await;
                }
                Ok(would_delete(context, bucket, keys, next.is_some()))
            }
            (None, Some(prefix)) => {
                let deleted = emptying::delete_prefix(context, bucket, &prefix).await?.complete()?;
                if deleted == 0 {
                    note_nothing(context, bucket, &prefix).await;
                }
                Ok(json!({ "bucket": bucket, "prefix": prefix, "deleted": deleted }))
            }
            _ => Err(ToolError::arguments("give either keys or prefix")),
        }
    }
}

/// Those of a few keys that are not there. S3 says of none whether it was: on AWS it is not known, and here at home it is
/// looked for just before.
async fn not_there(context: &Context, bucket: &str, keys: &[String]) -> Vec<String> {
    if !context.is_local() || keys.len() > LOOKED_FOR {
        return Vec::new();
    }
    let missing = keys.iter().map(|key| async move {
        let head = teach::look(context, context.s3.head_object().bucket(bucket).key(key).send()).await;
        head.is_err_and(|error| error.as_service_error().is_some_and(HeadObjectError::is_not_found))
            .then(|| key.clone())
    });
    futures::future::join_all(missing).await.into_iter().flatten().collect()
}

/// Says what begins otherwise where nothing begins with a prefix.
async fn note_nothing(context: &Context, bucket: &str, prefix: &str) {
    if let Some(why) = teach::nothing_begins_so(context, bucket, prefix).await {
        notes::say(why);
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
