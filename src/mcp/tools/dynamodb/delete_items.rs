//! `dynamodb_delete_items`: DeleteItem for one, BatchWriteItem for more.

use std::collections::{BTreeMap, HashSet};

use async_trait::async_trait;
use aws_sdk_dynamodb::operation::delete_item::DeleteItemError;
use aws_sdk_dynamodb::types::{
    DeleteRequest, KeysAndAttributes, ReturnValue, ReturnValuesOnConditionCheckFailure, WriteRequest,
};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::expression::{self, Names};
use super::{batch, items, lists, with_item};
use crate::json::{self, Item};
use crate::mcp::context::Context;
use crate::mcp::error::ToolError;
use crate::mcp::quoted::named;
use crate::mcp::tool::{Access, Default, Kind, Tool};
use crate::mcp::{notes, teach};

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

/// The most keys that are looked for before they are deleted: what one BatchGetItem takes.
const LOOKED_FOR: usize = 100;

pub(crate) struct DeleteItems;

#[async_trait]
impl Tool for DeleteItems {
    type Args = Args;
    const NAME: &'static str = "dynamodb_delete_items";
    const DESCRIPTION: &'static str = "Deletes items by their keys. For one key it gives the item that was there.";
    const KIND: Kind = Kind::Replaces;
    const RARE_PARAMETERS: &'static [&'static str] = &["names"];
    const EXAMPLE: &'static str = r#"{"table": "orders", "keys": [{"pk": "a"}]}"#;
    const DEFAULT: Default = Default::Table;

    fn access(args: &Args) -> Access {
        let table = format!("dynamodb://{}", args.table);
        if args.keys.len() > 1 { Access::destroy(table, args.confirm) } else { Access::write(table) }
    }

    async fn loss(_context: &Context, args: &Args) -> Result<String, ToolError> {
        Ok(format!("{} items of table {}", args.keys.len(), named(&args.table)))
    }

    async fn run(context: &Context, args: Args) -> Result<Value, ToolError> {
        let table = args.table.as_str();
        let asked: Vec<Value> = args.keys.iter().cloned().map(Value::Object).collect();
        let mut keys = items(args.keys, "keys")?;
        let conditional = args.condition.is_some() || args.names.is_some() || args.values.is_some();
        if keys.len() > 1 && conditional {
            return Err(ToolError::arguments("condition: works with one key"));
        }
        let count = keys.len();
        match (keys.pop(), count) {
            (None, _) => Err(ToolError::arguments("keys: at least one is needed")),
            (Some(key), 1) => {
                let (mut condition, mut values) = (args.condition, args.values);
                lists::spread(&mut [&mut condition], &mut values);
                let mut names = Names::new(args.names);
                let condition = names.condition(condition.as_deref());
                let on_failure = condition.is_some().then_some(ReturnValuesOnConditionCheckFailure::AllOld);
                let request = context
                    .dynamodb
                    .delete_item()
                    .table_name(table)
                    .set_key(Some(key))
                    .set_condition_expression(condition)
                    .set_return_values_on_condition_check_failure(on_failure)
                    .set_expression_attribute_names(names.map())
                    .set_expression_attribute_values(expression::values(values)?)
                    .return_values(ReturnValue::AllOld);
                match request.send().await {
                    Ok(answer) => {
                        if let Some(old) = &answer.attributes {
                            return Ok(json!({ "table": table, "deleted": 1, "item": json::from_item(old)? }));
                        }
                        notes::say("there was no such item");
                        if let Some(Value::Object(key)) = asked.first() {
                            teach::said_of_no_item(context, table, key).await;
                        }
                        Ok(json!({ "table": table, "deleted": 0 }))
                    }
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
                let missing = not_there(context, table, &keys).await;
                let requests = keys.into_iter().map(|key| DeleteRequest::builder().set_key(Some(key)).build());
                let writes: Result<Vec<_>, _> = requests
                    .map(|delete| delete.map(|delete| WriteRequest::builder().delete_request(delete).build()))
                    .collect();
                let writes = writes.map_err(|error| ToolError::arguments(error.to_string()))?;
                batch::write(context, table, &writes).await?;
                let mut answer = json!({ "table": table, "deleted": count - missing.len() });
                if !missing.is_empty() {
                    answer["not_there"] = missing.iter().map(|at| asked[*at].clone()).collect();
                }
                Ok(answer)
            }
        }
    }
}

/// Which of the keys are not there, by their places. BatchWriteItem does not say: on AWS it is not known, and here at home
/// it is looked for just before.
async fn not_there(context: &Context, table: &str, keys: &[Item]) -> Vec<usize> {
    let Some(names) = keys.first().map(|key| key.keys().cloned().collect::<Vec<_>>()) else { return Vec::new() };
    if !context.is_local() || keys.len() > LOOKED_FOR {
        return Vec::new();
    }
    let mut shown = Names::default();
    let projection = shown.projection(names.iter().map(String::as_str));
    let wanted = KeysAndAttributes::builder().set_keys(Some(keys.to_vec())).projection_expression(projection);
    let Ok(wanted) = wanted.set_expression_attribute_names(shown.map()).consistent_read(true).build() else {
        return Vec::new();
    };
    // A key that does not fit is told by the deletion itself.
    let Ok(found) = teach::look(context, batch::get(context, table, wanted)).await else { return Vec::new() };
    let found: HashSet<_> = found.iter().map(|item| batch::canonical(item, &names)).collect();
    let missing = keys.iter().enumerate().filter(|(_, key)| !found.contains(&batch::canonical(key, &names)));
    missing.map(|(at, _)| at).collect()
}
