//! `dynamodb_update_item`: UpdateItem.

use std::collections::BTreeMap;

use async_trait::async_trait;
use aws_sdk_dynamodb::operation::update_item::UpdateItemError;
use aws_sdk_dynamodb::types::{ReturnValue, ReturnValuesOnConditionCheckFailure};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::expression::{self, Names};
use super::{item, lists, with_item};
use crate::json::{self, Item};
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
    const RARE_PARAMETERS: &'static [&'static str] = &["names"];
    const EXAMPLE: &'static str =
        r#"{"table": "orders", "key": {"pk": "a"}, "update": "SET status = :s", "values": {":s": "paid"}}"#;
    const DEFAULT: Default = Default::Table;

    fn access(args: &Args) -> Access {
        Access::write(format!("dynamodb://{}", args.table))
    }

    async fn run(context: &Context, args: Args) -> Result<Value, ToolError> {
        let (mut condition, mut values) = (args.condition, args.values);
        lists::spread(&mut [&mut condition], &mut values);
        let mut names = Names::new(args.names);
        let update = names.update(&args.update);
        let condition = names.condition(condition.as_deref());
        let on_failure = condition.is_some().then_some(ReturnValuesOnConditionCheckFailure::AllOld);
        let give = match args.give.unwrap_or(Give::AllNew) {
            Give::None => ReturnValue::None,
            Give::AllNew => ReturnValue::AllNew,
            Give::AllOld => ReturnValue::AllOld,
            Give::UpdatedNew => ReturnValue::UpdatedNew,
            Give::UpdatedOld => ReturnValue::UpdatedOld,
        };
        let key = item(args.key, "key")?;
        let old = matches!(give, ReturnValue::AllOld);
        let mut presence = Presence::of(&key, &mut names, condition.is_some() || old);
        let request = context
            .dynamodb
            .update_item()
            .table_name(&args.table)
            .set_key(Some(key))
            .update_expression(update)
            .set_return_values_on_condition_check_failure(on_failure)
            .set_expression_attribute_names(names.map())
            .set_expression_attribute_values(expression::values(values)?)
            .return_values(give);
        loop {
            let condition = presence.as_ref().map(Presence::condition).or_else(|| condition.clone());
            match request.clone().set_condition_expression(condition).send().await {
                Ok(answer) => {
                    let mut shown = json!({ "table": args.table, "updated": true });
                    let made = presence.as_ref().is_some_and(|presence| presence.absent);
                    if made || old && answer.attributes.is_none() {
                        shown["created"] = json!(true);
                    }
                    if let Some(attributes) = &answer.attributes {
                        shown["attributes"] = json::from_item(attributes)?;
                    }
                    return Ok(shown);
                }
                Err(error) => {
                    let found = match error.as_service_error() {
                        Some(UpdateItemError::ConditionalCheckFailedException(failed)) => Some(failed.item().cloned()),
                        _ => None,
                    };
                    let again = found.is_some() && presence.as_mut().is_some_and(Presence::turn);
                    if !again {
                        return Err(with_item(names.explain(error.into()), found.flatten().as_ref()));
                    }
                }
            }
        }
    }
}

/// How often an item that comes and goes is tried for.
const TURNS: u8 = 10;

/// Whether the item is there, told by the update itself: its condition is that it is, and that it is not once that was
/// false. An item that is there costs nothing more, and what is answered is so whatever others do meanwhile.
struct Presence {
    /// The placeholder of a key attribute.
    key: String,
    absent: bool,
    turns: u8,
}

impl Presence {
    /// Of the item of this key; not where the caller has a condition, or is given the old item anyway.
    fn of(key: &Item, names: &mut Names, known: bool) -> Option<Self> {
        let name = key.keys().min().filter(|_| !known)?;
        Some(Self { key: names.attribute(name)?, absent: false, turns: 0 })
    }

    fn condition(&self) -> String {
        let function = if self.absent { "attribute_not_exists" } else { "attribute_exists" };
        format!("{function}({})", self.key)
    }

    /// Takes the other for true, unless that was tried often.
    fn turn(&mut self) -> bool {
        self.absent = !self.absent;
        self.turns += 1;
        self.turns < TURNS
    }
}
