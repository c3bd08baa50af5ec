//! `dynamodb_delete_by_query`: DeleteItem for every item that a query or a scan finds.

use std::collections::BTreeMap;
use std::time::Duration;

use async_trait::async_trait;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::each::Place;
use super::expression::Names;
use super::matching::Matching;
use super::selection::Selection;
use crate::mcp::context::Context;
use crate::mcp::error::ToolError;
use crate::mcp::quoted::named;
use crate::mcp::tool::{Access, Default, Kind, TRANSFER, Tool};
use crate::mcp::tools::bulk;

#[derive(Debug, Clone, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Args {
    /// Table name
    table: String,
    /// Index name
    index: Option<String>,
    /// As of dynamodb_query
    key_condition: Option<String>,
    /// Filter expression
    filter: Option<String>,
    /// For #names used
    names: Option<BTreeMap<String, String>>,
    /// {":n": 5}
    values: Option<Map<String, Value>>,
    /// Without it: how many, and a sample
    confirm: Option<bool>,
}

impl Args {
    async fn matching(&self, context: &Context) -> Result<Matching, ToolError> {
        if self.key_condition.is_none() && self.filter.is_none() {
            let keys = Selection::keys(context, &self.table).await?;
            let hash = keys.names.first().map(String::as_str).unwrap_or_default();
            return Err(ToolError::arguments(format!(
                "give key_condition or filter; filter attribute_exists({}) is every item",
                named(hash)
            )));
        }
        let Self { table, index, key_condition, filter, names, values, .. } = self.clone();
        let selection = Selection { table, index, key_condition, filter, names, values, ..Selection::default() };
        Matching::new(context, selection).await
    }
}

pub(crate) struct DeleteByQuery;

#[async_trait]
impl Tool for DeleteByQuery {
    type Args = Args;
    const NAME: &'static str = "dynamodb_delete_by_query";
    const DESCRIPTION: &'static str = "Deletes all items that match.";
    const KIND: Kind = Kind::Replaces;
    const RARE_PARAMETERS: &'static [&'static str] = &["names"];
    const EXAMPLE: &'static str =
        r#"{"table": "orders", "filter": "total > :t", "values": {":t": 10}, "confirm": true}"#;
    const DEFAULT: Default = Default::Table;

    fn access(args: &Args) -> Access {
        Access::destroy(format!("dynamodb://{}", args.table), args.confirm)
    }

    async fn loss(context: &Context, args: &Args) -> Result<String, ToolError> {
        args.matching(context).await?.described(context).await
    }

    fn time_limit(_: &Args) -> Option<Duration> {
        Some(TRANSFER)
    }

    async fn run(context: &Context, args: Args) -> Result<Value, ToolError> {
        let matching = args.matching(context).await?;
        let mut names = Names::new(matching.names());
        let condition = matching.condition(&mut names);
        let request = context.dynamodb.delete_item().table_name(&args.table);
        let request = request.set_condition_expression(condition).set_expression_attribute_names(names.map());
        let values = Some(matching.values()?).filter(|values| !values.is_empty());
        let request = request.set_expression_attribute_values(values);
        let delete = |key| {
            let request = request.clone().set_key(Some(key));
            async {
                match request.send().await {
                    Ok(_) => Ok(true),
                    Err(error) => still_matched(error.into(), &names),
                }
            }
        };
        let ending = matching.each(context, Place::default(), delete).await?;
        if let Some((error, _)) = ending.broken {
            let done = format!("{} items were deleted", ending.done);
            return Err(bulk::half_way(error, &done, "call again: it goes on with what still matches"));
        }
        if ending.done + ending.stayed == 0 {
            matching.note_nothing(context).await;
        }
        let mut answer = json!({ "table": args.table, "deleted": ending.done });
        if ending.stayed > 0 {
            answer["changed_meanwhile"] = json!(ending.stayed);
        }
        Ok(answer)
    }
}

/// What became of an item whose change was refused: it no longer matches, or it is an error.
pub(super) fn still_matched(error: ToolError, names: &Names) -> Result<bool, ToolError> {
    if error.code == "ConditionalCheckFailedException" { Ok(false) } else { Err(names.explain(error)) }
}
