//! `s3_list_objects`: ListObjectsV2.

use async_trait::async_trait;
use aws_sdk_s3::operation::list_objects_v2::ListObjectsV2Output;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::time;
use crate::mcp::budget::json_len;
use crate::mcp::context::Context;
use crate::mcp::cursor::Binding;
use crate::mcp::error::ToolError;
use crate::mcp::limit::Limit;
use crate::mcp::tool::{Access, Default, Kind, Tool};
use crate::mcp::{notes, teach};

#[derive(Debug, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Args {
    /// Bucket name
    bucket: String,
    /// Keys that begin so
    prefix: Option<String>,
    /// "/" lists one level
    delimiter: Option<String>,
    /// Most per page
    limit: Option<Limit>,
    /// From the last page
    cursor: Option<String>,
}

pub(crate) struct ListObjects;

#[async_trait]
impl Tool for ListObjects {
    type Args = Args;
    const NAME: &'static str = "s3_list_objects";
    const DESCRIPTION: &'static str = "Lists objects in order of their keys.";
    const KIND: Kind = Kind::Reads;
    const EXAMPLE: &'static str = r#"{"bucket": "media", "prefix": "docs/"}"#;
    const DEFAULT: Default = Default::Bucket;

    fn access(args: &Args) -> Access {
        Access::read(format!("s3://{}/{}*", args.bucket, args.prefix.as_deref().unwrap_or_default()))
    }

    async fn run(context: &Context, args: Args) -> Result<Value, ToolError> {
        let binding = Binding::of(&context.target, Self::NAME, &args);
        let token: Option<String> = args.cursor.as_deref().map(|cursor| binding.open(cursor)).transpose()?;
        let mut limit = Limit::or(args.limit, 1000).min(1000);
        loop {
            let answer = context
                .s3
                .list_objects_v2()
                .bucket(&args.bucket)
                .set_prefix(args.prefix.clone())
                .set_delimiter(args.delimiter.clone())
                .set_continuation_token(token.clone())
                .max_keys(i32::try_from(limit).unwrap_or(1000))
                .send()
                .await?;
            let fitting = entries_within(&answer, context.page_budget());
            // A page that is too long is asked for again with fewer keys, so that AWS's own token marks its end.
            if limit > 1 && fitting < entries(&answer) {
                limit = fitting.max(1);
                continue;
            }
            let objects: Vec<_> = answer.contents().iter().map(object).collect();
            let mut page = json!({ "bucket": args.bucket, "objects": objects });
            if args.delimiter.is_some() {
                page["prefixes"] = answer.common_prefixes().iter().filter_map(|common| common.prefix()).collect();
            }
            if token.is_none() && entries(&answer) == 0 {
                let prefix = args.prefix.as_deref().unwrap_or_default();
                if prefix.is_empty() {
                    notes::say("the bucket is empty");
                } else if let Some(why) = teach::nothing_begins_so(context, &args.bucket, prefix).await {
                    notes::say(why);
                }
            }
            if let Some(next) = answer.next_continuation_token() {
                page["cursor"] = json!(binding.seal(&next)?);
            }
            return Ok(page);
        }
    }
}

fn object(object: &aws_sdk_s3::types::Object) -> Value {
    json!({ "key": object.key(), "size": object.size(), "modified": time(object.last_modified()) })
}

fn entries(answer: &ListObjectsV2Output) -> u32 {
    u32::try_from(answer.contents().len() + answer.common_prefixes().len()).unwrap_or(u32::MAX)
}

/// How many entries, objects and prefixes merged in order of their keys, fit the budget.
fn entries_within(answer: &ListObjectsV2Output, budget: usize) -> u32 {
    let objects = answer.contents().iter().map(|entry| (entry.key().unwrap_or_default(), json_len(&object(entry))));
    let prefixes = answer
        .common_prefixes()
        .iter()
        .filter_map(|common| common.prefix())
        .map(|prefix| (prefix, json_len(&json!(prefix))));
    let mut all: Vec<_> = objects.chain(prefixes).collect();
    all.sort_unstable();
    let mut left = budget;
    let mut count = 0;
    for (_, size) in all {
        match left.checked_sub(size + 1) {
            Some(rest) => left = rest,
            None => break,
        }
        count += 1;
    }
    count
}
