//! `dynamodb_scan`: Scan.

use std::collections::BTreeMap;

use async_trait::async_trait;
use aws_sdk_dynamodb::operation::scan::builders::ScanFluentBuilder;
use aws_sdk_dynamodb::types::Select;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::expression::{self, Names};
use super::key_names::KeyNames;
use super::paging::{Fetched, Pages, Source};
use crate::json::Item;
use crate::mcp::context::Context;
use crate::mcp::cursor::Binding;
use crate::mcp::error::ToolError;
use crate::mcp::limit::Limit;
use crate::mcp::tool::{Access, Default, Kind, Tool};

#[derive(Debug, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Args {
    table: String,
    index: Option<String>,
    filter: Option<String>,
    names: Option<BTreeMap<String, String>>,
    values: Option<Map<String, Value>>,
    fields: Option<Vec<String>>,
    limit: Option<Limit>,
    cursor: Option<String>,
    count: Option<bool>,
}

pub(crate) struct Scan;

#[async_trait]
impl Tool for Scan {
    type Args = Args;
    const NAME: &'static str = "dynamodb_scan";
    const DESCRIPTION: &'static str =
        "Reads all items of a table, page by page. dynamodb_query is cheaper where the hash key is known.";
    const KIND: Kind = Kind::Reads;
    const DEFAULT: Default = Default::Table;
    const AWS_PARAMETERS: &'static [&'static str] = &["index"];

    fn access(args: &Args) -> Access {
        Access::read(format!("dynamodb://{}", args.table))
    }

    async fn run(context: &Context, args: Args) -> Result<Value, ToolError> {
        let binding = Binding::of(&context.target, Self::NAME, &args);
        let counting = args.count.unwrap_or_default();
        let mut names = Names::new(args.names);
        let filter = names.condition(args.filter.as_deref());
        let fields = args.fields.filter(|_| !counting);
        let shown = fields.as_ref().map(|fields| names.resolved(fields));
        let keys = KeyNames::new(&context.dynamodb, &args.table, args.index.as_deref());
        let mut projection = None;
        if let (Some(fields), Some(shown)) = (&fields, &shown) {
            let added = keys.beside(shown).await?;
            projection = Some(names.projection(fields.iter().chain(&added).map(String::as_str)));
        }
        let values = expression::values(args.values)?;
        let request = context
            .dynamodb
            .scan()
            .table_name(&args.table)
            .set_index_name(args.index.clone())
            .set_filter_expression(filter)
            .set_projection_expression(projection)
            .set_expression_attribute_names(names.map())
            .set_expression_attribute_values(values)
            .set_select(counting.then_some(Select::Count));
        let pages = Pages {
            context,
            binding,
            table: &args.table,
            keys,
            fields: shown.as_deref(),
            filtered: args.filter.is_some(),
            limit: args.limit,
        };
        let cursor = args.cursor.as_deref();
        let answer = if counting { pages.count(cursor, &request).await } else { pages.items(cursor, &request).await };
        answer.map_err(|error| names.explain(error))
    }
}

#[async_trait]
impl Source for ScanFluentBuilder {
    async fn fetch(&self, start: Option<Item>, most: Option<i32>) -> Result<Fetched, ToolError> {
        let page = self.clone().set_exclusive_start_key(start).set_limit(most).send().await?;
        let (count, scanned) = (page.count, page.scanned_count);
        Ok(Fetched { items: page.items.unwrap_or_default(), last: page.last_evaluated_key, count, scanned })
    }
}
