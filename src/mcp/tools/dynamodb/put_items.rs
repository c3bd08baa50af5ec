//! `dynamodb_put_items`: PutItem for one, BatchWriteItem for more.

use std::collections::{BTreeMap, HashMap};

use async_trait::async_trait;
use aws_sdk_dynamodb::operation::put_item::PutItemError;
use aws_sdk_dynamodb::types::{PutRequest, ReturnValue, ReturnValuesOnConditionCheckFailure, WriteRequest};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::expression::{self, Names};
use super::key_names::KeyNames;
use super::{batch, items, lists, with_item};
use crate::items::WRITES;
use crate::json::Item;
use crate::mcp::context::Context;
use crate::mcp::error::ToolError;
use crate::mcp::tool::{Access, Default, Kind, Tool};
use crate::mcp::{notes, teach};

#[derive(Debug, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Args {
    /// Table name
    table: String,
    /// Any number: [{"pk": "a", "n": 1}]
    items: Vec<Map<String, Value>>,
    /// For one item: attribute_not_exists(pk)
    condition: Option<String>,
    /// For #names used
    names: Option<BTreeMap<String, String>>,
    /// {":n": 5}
    values: Option<Map<String, Value>>,
}

pub(crate) struct PutItems;

#[async_trait]
impl Tool for PutItems {
    type Args = Args;
    const NAME: &'static str = "dynamodb_put_items";
    const DESCRIPTION: &'static str =
        "Writes items, each replacing the one with its key. Several are not written as a whole.";
    const KIND: Kind = Kind::Replaces;
    const RARE_PARAMETERS: &'static [&'static str] = &["names"];
    const EXAMPLE: &'static str = r#"{"table": "orders", "items": [{"pk": "c", "total": 12.5}]}"#;
    const DEFAULT: Default = Default::Table;

    fn access(args: &Args) -> Access {
        Access::write(format!("dynamodb://{}", args.table))
    }

    async fn run(context: &Context, args: Args) -> Result<Value, ToolError> {
        let mut items = items(args.items, "items")?;
        let table = args.table.as_str();
        let conditional = args.condition.is_some() || args.names.is_some() || args.values.is_some();
        if items.len() > 1 && conditional {
            return Err(ToolError::arguments("condition: works with one item"));
        }
        let count = items.len();
        let mut answer = json!({ "table": table, "written": count });
        match (items.pop(), count) {
            (None, _) => return Err(ToolError::arguments("items: at least one is needed")),
            (Some(item), 1) => {
                let (mut condition, mut values) = (args.condition, args.values);
                lists::spread(&mut [&mut condition], &mut values);
                let mut names = Names::new(args.names);
                let condition = names.condition(condition.as_deref());
                let on_failure = condition.is_some().then_some(ReturnValuesOnConditionCheckFailure::AllOld);
                let put = context
                    .dynamodb
                    .put_item()
                    .table_name(table)
                    .set_item(Some(item))
                    .set_condition_expression(condition)
                    .set_return_values_on_condition_check_failure(on_failure)
                    .set_expression_attribute_names(names.map())
                    .set_expression_attribute_values(expression::values(values)?)
                    // What was there costs nothing more.
                    .return_values(ReturnValue::AllOld);
                match put.send().await {
                    Ok(put) => answer["replaced"] = json!(put.attributes.is_some_and(|old| !old.is_empty())),
                    Err(error) => {
                        let found = match error.as_service_error() {
                            Some(PutItemError::ConditionalCheckFailedException(failed)) => failed.item().cloned(),
                            _ => None,
                        };
                        return Err(with_item(names.explain(error.into()), found.as_ref()));
                    }
                }
            }
            (Some(last), _) => {
                items.push(last);
                if count > WRITES && context.is_local() {
                    note_twice(context, table, &items).await;
                }
                let requests = items.into_iter().map(|item| PutRequest::builder().set_item(Some(item)).build());
                let writes: Result<Vec<_>, _> =
                    requests.map(|put| put.map(|put| WriteRequest::builder().put_request(put).build())).collect();
                let writes = writes.map_err(|error| ToolError::arguments(error.to_string()))?;
                batch::write(context, table, &writes).await?;
            }
        }
        Ok(answer)
    }
}

/// Says which item another one of the same call replaces. Within one batch AWS refuses that, and between two it does not;
/// here at home the table's key can be looked at.
async fn note_twice(context: &Context, table: &str, items: &[Item]) {
    let names = KeyNames::new(&context.dynamodb, table, None);
    let Ok(names) = teach::look(context, names.get()).await else { return };
    let mut first: HashMap<Vec<String>, usize> = HashMap::new();
    for (at, item) in items.iter().enumerate() {
        if let Some(earlier) = first.insert(batch::canonical(item, names), at) {
            notes::say(format!("items[{earlier}] and items[{at}] have the same key: the later one stands"));
            return;
        }
    }
}
