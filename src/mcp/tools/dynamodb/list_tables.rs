//! `dynamodb_list_tables`: ListTables.

use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

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

pub(crate) struct ListTables;

#[async_trait]
impl Tool for ListTables {
    type Args = Args;
    const NAME: &'static str = "dynamodb_list_tables";
    const DESCRIPTION: &'static str = "Lists the tables of the current region.";
    const KIND: Kind = Kind::Reads;

    fn access(_args: &Args) -> Access {
        Access::nothing()
    }

    async fn run(context: &Context, args: Args) -> Result<Value, ToolError> {
        let binding = Binding::of(&context.target, Self::NAME, &args);
        let mut last: Option<String> = args.cursor.as_deref().map(|cursor| binding.open(cursor)).transpose()?;
        let limit = Limit::count(args.limit, 1000);
        let mut page = Page::new(context.page_budget());
        let mut start = last.clone();
        let mut others = Vec::new();
        loop {
            let answer = context.dynamodb.list_tables().set_exclusive_start_table_name(start).send().await?;
            for name in answer.table_names().iter().filter(|name| context.allowed.shows_table(name)) {
                if !args.prefix.as_deref().is_none_or(|prefix| name.starts_with(prefix)) {
                    others.push(name.clone());
                    continue;
                }
                if page.len() == limit || page.push(json!(name)).is_err() {
                    let cursor = last.map(|last| binding.seal(&last)).transpose()?;
                    return Ok(json!({ "tables": page.into_values(), "cursor": cursor }));
                }
                last = Some(name.clone());
            }
            start = answer.last_evaluated_table_name;
            if start.is_none() {
                if let (Some(prefix), true, None) = (&args.prefix, page.is_empty(), &args.cursor) {
                    notes::say(teach::none_begins_so(prefix, others.iter().map(String::as_str)));
                }
                return Ok(json!({ "tables": page.into_values() }));
            }
        }
    }
}
