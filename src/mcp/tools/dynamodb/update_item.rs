//! `dynamodb_update_item`: UpdateItem.

use std::collections::BTreeMap;

use async_trait::async_trait;
use aws_sdk_dynamodb::operation::update_item::UpdateItemError;
use aws_sdk_dynamodb::types::{ReturnValue, ReturnValuesOnConditionCheckFailure};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::expression::{self, Names};
use super::{item, with_item};
use crate::json;
use crate::mcp::context::Context;
use crate::mcp::error::ToolError;
use crate::mcp::spelling::any_case;
use crate::mcp::tool::{Access, Default, Kind, Tool};

#[derive(Debug, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Args {
    /// Table name
    table: String,
    /// The item's key
    key: Map<String, Value>,
    /// SET status = :s, n = n + :one REMOVE old
    update: String,
    /// Must hold, else no write
    condition: Option<String>,
    /// For #names used
    names: Option<BTreeMap<String, String>>,
    /// {":s": "open", ":n": 5}
    values: Option<Map<String, Value>>,
    /// all_new by default
    #[serde(rename = "return", default, deserialize_with = "any_case")]
    give: Option<Give>,
}

#[derive(Debug, Clone, Copy, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
enum Give {
    None,
    AllNew,
    AllOld,
    UpdatedNew,
    UpdatedOld,
}

pub(crate) struct UpdateItem;

#[async_trait]
impl Tool for UpdateItem {
    type Args = Args;
    const NAME: &'static str = "dynamodb_update_item";
    const DESCRIPTION: &'static str =
        "Changes one item, or makes it unless a condition such as attribute_exists(pk) forbids that.";
    const KIND: Kind = Kind::Changes;
    const DEFAULT: Default = Default::Table;

    fn access(args: &Args) -> Access {
        Access::write(format!("dynamodb://{}", args.table))
    }

    async fn run(context: &Context, args: Args) -> Result<Value, ToolError> {
        let mut names = Names::new(args.names);
        let update = names.update(&args.update);
        let condition = names.condition(args.condition.as_deref());
        let on_failure = condition.is_some().then_some(ReturnValuesOnConditionCheckFailure::AllOld);
        let give = match args.give.unwrap_or(Give::AllNew) {
            Give::None => ReturnValue::None,
            Give::AllNew => ReturnValue::AllNew,
            Give::AllOld => ReturnValue::AllOld,
            Give::UpdatedNew => ReturnValue::UpdatedNew,
            Give::UpdatedOld => ReturnValue::UpdatedOld,
        };
        let request = context
            .dynamodb
            .update_item()
            .table_name(&args.table)
            .set_key(Some(item(args.key, "key")?))
            .update_expression(update)
            .set_condition_expression(condition)
            .set_return_values_on_condition_check_failure(on_failure)
            .set_expression_attribute_names(names.map())
            .set_expression_attribute_values(expression::values(args.values)?)
            .return_values(give);
        match request.send().await {
            Ok(answer) => {
                let mut shown = json!({ "table": args.table, "updated": true });
                if let Some(attributes) = &answer.attributes {
                    shown["attributes"] = json::from_item(attributes)?;
                }
                Ok(shown)
            }
            Err(error) => {
                let found = match error.as_service_error() {
                    Some(UpdateItemError::ConditionalCheckFailedException(failed)) => failed.item().cloned(),
                    _ => None,
                };
                Err(with_item(names.explain(error.into()), found.as_ref()))
            }
        }
    }
}
