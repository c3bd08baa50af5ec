//! `s3_list_buckets`: ListBuckets.

use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{compact, time};
use crate::mcp::budget::Page;
use crate::mcp::context::Context;
use crate::mcp::cursor::Binding;
use crate::mcp::error::ToolError;
use crate::mcp::limit::Limit;
use crate::mcp::tool::{Access, Kind, Tool};
use crate::mcp::{notes, teach};

#[derive(Debug, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Args {
    /// Names that begin so
    prefix: Option<String>,
    /// Most per page
    limit: Option<Limit>,
    /// From the last page
    cursor: Option<String>,
}

pub(crate) struct ListBuckets;

#[async_trait]
impl Tool for ListBuckets {
    type Args = Args;
    const NAME: &'static str = "s3_list_buckets";
    const DESCRIPTION: &'static str = "Lists buckets by name.";
    const KIND: Kind = Kind::Reads;

    fn access(_args: &Args) -> Access {
        Access::nothing()
    }

    async fn run(context: &Context, args: Args) -> Result<Value, ToolError> {
        let binding = Binding::of(&context.target, Self::NAME, &args);
        let after: Option<String> = args.cursor.as_deref().map(|cursor| binding.open(cursor)).transpose()?;
        let limit = Limit::count(args.limit, 1000);
        // ListBuckets without MaxBuckets gives all buckets in order of their names; a page is cut here, so that its
        // cursor is a name and stays good.
        let answer = context.s3.list_buckets().set_prefix(args.prefix.clone()).send().await?;
        if let Some(prefix) = args.prefix.filter(|prefix| !prefix.is_empty() && answer.buckets().is_empty()) {
            // The same call without the prefix: it costs as little.
            let all = teach::look(context, context.s3.list_buckets().send()).await;
            let all = all.map(|all| all.buckets.unwrap_or_default()).unwrap_or_default();
            let names = all.iter().filter_map(|bucket| bucket.name());
            notes::say(teach::none_begins_so(&prefix, names.filter(|name| context.allowed.shows_bucket(name))));
        }
        let mut page = Page::new(context.page_budget());
        let mut last: Option<String> = None;
        let mut cursor = None;
        for bucket in answer.buckets() {
            let shown =
                |name: &&str| after.as_deref().is_none_or(|after| *name > after) && context.allowed.shows_bucket(name);
            let Some(name) = bucket.name().filter(shown) else {
                continue;
            };
            let entry = compact(json!({
                "name": name,
                "created": time(bucket.creation_date()),
                "region": bucket.bucket_region(),
            }));
            if page.len() == limit || page.push(entry).is_err() {
                cursor = last.map(|last| binding.seal(&last)).transpose()?;
                break;
            }
            last = Some(name.to_owned());
        }
        Ok(compact(json!({ "buckets": page.into_values(), "cursor": cursor })))
    }
}
