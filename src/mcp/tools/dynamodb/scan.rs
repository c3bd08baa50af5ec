//! `dynamodb_scan`: Scan.

use std::collections::BTreeMap;

use async_trait::async_trait;
use aws_sdk_dynamodb::operation::scan::builders::ScanFluentBuilder;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::paging::{Fetched, Source};
use super::reading::{Parameters, Reading};
use crate::json::Item;
use crate::mcp::context::Context;
use crate::mcp::cursor::Binding;
use crate::mcp::error::ToolError;
use crate::mcp::limit::Limit;
use crate::mcp::tool::{Access, Default, Kind, Tool};

#[derive(Debug, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Args {
    /// Table name
    table: String,
    /// Index name
    index: Option<String>,
    /// Filter expression
    filter: Option<String>,
    /// For #names used
    names: Option<BTreeMap<String, String>>,
    /// {":n": 5}
    values: Option<Map<String, Value>>,
    /// Only these attributes
    fields: Option<Vec<String>>,
    /// Most per page
    limit: Option<Limit>,
    /// From the last page
    cursor: Option<String>,
    /// Only the number
    count: Option<bool>,
}

pub(crate) struct Scan;

#[async_trait]
impl Tool for Scan {
    type Args = Args;
    const NAME: &'static str = "dynamodb_scan";
    const DESCRIPTION: &'static str = "Reads a whole table, page by page; with a hash key, dynamodb_query is cheaper.";
    const KIND: Kind = Kind::Reads;
    const RARE_PARAMETERS: &'static [&'static str] = &["names", "index"];
    const EXAMPLE: &'static str = r#"{"table": "orders", "filter": "total > :t", "values": {":t": 10}}"#;
    const DEFAULT: Default = Default::Table;

    fn access(args: &Args) -> Access {
        Access::read(format!("dynamodb://{}", args.table))
    }

    async fn run(context: &Context, args: Args) -> Result<Value, ToolError> {
        let binding = Binding::of(&context.target, Self::NAME, &args);
        let (table, index) = (args.table.clone(), args.index.clone());
        let reading = Reading {
            table: args.table,
            index: args.index,
            filter: args.filter,
            names: args.names,
            values: args.values,
            fields: args.fields,
            limit: args.limit,
            cursor: args.cursor,
            count: args.count,
        };
        let ask = |parameters| request(context, table, index, parameters);
        reading.run(context, binding, None, ask).await
    }
}

/// The request of these parameters.
pub(super) fn request(
    context: &Context,
    table: String,
    index: Option<String>,
    parameters: Parameters,
) -> ScanFluentBuilder {
    let request = context.dynamodb.scan().table_name(table).set_index_name(index);
    request
        .set_filter_expression(parameters.filter)
        .set_projection_expression(parameters.projection)
        .set_expression_attribute_names(parameters.names)
        .set_expression_attribute_values(parameters.values)
        .set_select(parameters.select)
}

#[async_trait]
impl Source for ScanFluentBuilder {
    async fn fetch(&self, start: Option<Item>, most: Option<i32>) -> Result<Fetched, ToolError> {
        let page = self.clone().set_exclusive_start_key(start).set_limit(most).send().await?;
        let (count, scanned) = (page.count, page.scanned_count);
        Ok(Fetched { items: page.items.unwrap_or_default(), last: page.last_evaluated_key, count, scanned })
    }
}
