//! `dynamodb_delete_items`: DeleteItem for one, BatchWriteItem for more.

use std::collections::BTreeMap;

use async_trait::async_trait;
use aws_sdk_dynamodb::operation::delete_item::DeleteItemError;
use aws_sdk_dynamodb::types::{DeleteRequest, ReturnValue, ReturnValuesOnConditionCheckFailure, WriteRequest};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::expression::{self, Names};
use super::{batch, items, with_item};
use crate::json;
use crate::mcp::context::Context;
use crate::mcp::error::ToolError;
use crate::mcp::tool::{Access, Default, Kind, Tool};

#[derive(Debug, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Args {
    /// Table name
    table: String,
    /// [{"pk": "a", "sk": 1}]
    keys: Vec<Map<String, Value>>,
    /// For one key
    condition: Option<String>,
    /// For #names used
    names: Option<BTreeMap<String, String>>,
    /// {":n": 5}
    values: Option<Map<String, Value>>,
    /// For more than one key
    confirm: Option<bool>,
}

pub(crate) struct DeleteItems;

#[async_trait]
impl Tool for DeleteItems {
    type Args = Args;
    const NAME: &'static str = "dynamodb_delete_items";
    const DESCRIPTION: &'static str = "Deletes items by their keys. For one key it gives the item that was there.";
    const KIND: Kind = Kind::Replaces;
    const DEFAULT: Default = Default::Table;

    fn access(args: &Args) -> Access {
        let table = format!("dynamodb://{}", args.table);
        if args.keys.len() > 1 { Access::destroy(table, args.confirm) } else { Access::write(table) }
    }

    async fn loss(_context: &Context, args: &Args) -> Result<String, ToolError> {
        Ok(format!("{} items of table {}", args.keys.len(), args.table))
    }

    async fn run(context: &Context, args: Args) -> Result<Value, ToolError> {
        let table = args.table.as_str();
        let mut keys = items(args.keys, "keys")?;
        let conditional = args.condition.is_some() || args.names.is_some() || args.values.is_some();
        if keys.len() > 1 && conditional {
            return Err(ToolError::arguments("condition: works with one key"));
        }
        let count = keys.len();
        match (keys.pop(), count) {
            (None, _) => Err(ToolError::arguments("keys: at least one is needed")),
            (Some(key), 1) => {
                let mut names = Names::new(args.names);
                let condition = names.condition(args.condition.as_deref());
                let on_failure = condition.is_some().then_some(ReturnValuesOnConditionCheckFailure::AllOld);
                let request = context
                    .dynamodb
                    .delete_item()
                    .table_name(table)
                    .set_key(Some(key))
                    .set_condition_expression(condition)
                    .set_return_values_on_condition_check_failure(on_failure)
                    .set_expression_attribute_names(names.map())
                    .set_expression_attribute_values(expression::values(args.values)?)
                    .return_values(ReturnValue::AllOld);
                match request.send().await {
                    Ok(answer) => Ok(match &answer.attributes {
                        Some(old) => json!({ "table": table, "deleted": 1, "item": json::from_item(old)? }),
                        None => json!({ "table": table, "deleted": 0, "note": "there was no such item" }),
                    }),
                    Err(error) => {
                        let found = match error.as_service_error() {
                            Some(DeleteItemError::ConditionalCheckFailedException(failed)) => failed.item().cloned(),
                            _ => None,
                        };
                        Err(with_item(names.explain(error.into()), found.as_ref()))
                    }
                }
            }
            (Some(last), _) => {
                keys.push(last);
                let requests = keys.into_iter().map(|key| DeleteRequest::builder().set_key(Some(key)).build());
                let writes: Result<Vec<_>, _> = requests
                    .map(|delete| delete.map(|delete| WriteRequest::builder().delete_request(delete).build()))
                    .collect();
                let writes = writes.map_err(|error| ToolError::arguments(error.to_string()))?;
                batch::write(context, table, &writes).await?;
                // BatchWriteItem does not say which of the items there were.
                Ok(json!({ "table": table, "deleted": count }))
            }
        }
    }
}
