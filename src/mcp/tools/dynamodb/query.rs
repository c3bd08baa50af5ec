//! `dynamodb_query`: Query.

use std::collections::BTreeMap;

use async_trait::async_trait;
use aws_sdk_dynamodb::operation::query::builders::QueryFluentBuilder;
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
    /// pk = :p AND begins_with(sk, :s)
    key_condition: Option<String>,
    /// Filter expression
    filter: Option<String>,
    /// For #names used
    names: Option<BTreeMap<String, String>>,
    /// {":p": "user#1", ":n": 5}
    values: Option<Map<String, Value>>,
    /// Only these attributes: ["a.b[0]"]
    fields: Option<Vec<String>>,
    /// Most per page
    limit: Option<Limit>,
    /// From the last page
    cursor: Option<String>,
    /// Range key downwards
    descending: Option<bool>,
    /// Gives the number of items alone.
    count: Option<bool>,
}

pub(crate) struct Query;

#[async_trait]
impl Tool for Query {
    type Args = Args;
    const NAME: &'static str = "dynamodb_query";
    const DESCRIPTION: &'static str = "Reads the items of one hash key, in order of the range key.";
    const KIND: Kind = Kind::Reads;
    const RARE_PARAMETERS: &'static [&'static str] = &["names"];
    const EXAMPLE: &'static str = r#"{"table": "orders", "key_condition": "pk = :p", "values": {":p": "a"}}"#;
    const DEFAULT: Default = Default::Table;

    fn access(args: &Args) -> Access {
        Access::read(format!("dynamodb://{}", args.table))
    }

    async fn run(context: &Context, args: Args) -> Result<Value, ToolError> {
        let binding = Binding::of(&context.target, Self::NAME, &args);
        let (table, index, descending) = (args.table.clone(), args.index.clone(), args.descending);
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
        let ask = |parameters| request(context, table, index, descending, parameters);
        reading.run(context, binding, args.key_condition.as_deref(), ask).await
    }
}

/// The request of these parameters.
pub(super) fn request(
    context: &Context,
    table: String,
    index: Option<String>,
    descending: Option<bool>,
    parameters: Parameters,
) -> QueryFluentBuilder {
    let request = context.dynamodb.query().table_name(table).set_index_name(index);
    request
        .set_scan_index_forward(descending.map(|descending| !descending))
        .set_key_condition_expression(parameters.key_condition)
        .set_filter_expression(parameters.filter)
        .set_projection_expression(parameters.projection)
        .set_expression_attribute_names(parameters.names)
        .set_expression_attribute_values(parameters.values)
        .set_select(parameters.select)
}

#[async_trait]
impl Source for QueryFluentBuilder {
    async fn fetch(&self, start: Option<Item>, most: Option<i32>) -> Result<Fetched, ToolError> {
        let page = self.clone().set_exclusive_start_key(start).set_limit(most).send().await?;
        let (count, scanned) = (page.count, page.scanned_count);
        Ok(Fetched { items: page.items.unwrap_or_default(), last: page.last_evaluated_key, count, scanned })
    }
}
