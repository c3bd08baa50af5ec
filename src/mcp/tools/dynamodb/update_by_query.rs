//! `dynamodb_update_by_query`: UpdateItem for every item that a query or a scan finds.

use std::collections::BTreeMap;
use std::time::Duration;

use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::delete_by_query::still_matched;
use super::each::Place;
use super::expression::{self, Names};
use super::matching::{self, Matching};
use super::selection::Selection;
use crate::mcp::context::Context;
use crate::mcp::cursor::Binding;
use crate::mcp::error::ToolError;
use crate::mcp::quoted::named;
use crate::mcp::tool::{Access, Default, Kind, TRANSFER, Tool};
use crate::mcp::tools::bulk;

#[derive(Debug, Clone, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Args {
    /// Table name
    table: String,
    /// SET status = :s
    update: String,
    /// Index name
    index: Option<String>,
    /// As of dynamodb_query
    key_condition: Option<String>,
    /// Filter expression
    filter: Option<String>,
    /// For #names used
    names: Option<BTreeMap<String, String>>,
    /// {":s": "open"}
    values: Option<Map<String, Value>>,
    /// To go on after an error
    cursor: Option<String>,
    /// Without it: how many, and a sample
    confirm: Option<bool>,
}

impl Args {
    async fn matching(&self, context: &Context) -> Result<Matching, ToolError> {
        let texts = [self.key_condition.as_deref(), self.filter.as_deref(), Some(self.update.as_str())];
        let unused = self.values.iter().flatten().find(|(name, _)| !matching::is_used(name, ':', &texts));
        if let Some((name, _)) = unused {
            return Err(ToolError::arguments(format!("values: no expression uses {}", named(name))));
        }
        let Self { table, index, key_condition, filter, names, values, .. } = self.clone();
        let selection = Selection { table, index, key_condition, filter, names, values, ..Selection::default() };
        let matching = Matching::new(context, selection).await?;
        // An item that an update moves on in its index would come again.
        let moved =
            matching.index_keys().iter().find(|key| expression::mentions(&self.update, self.names.as_ref(), key));
        if let Some(key) = moved {
            return Err(ToolError::arguments(format!(
                "update: {} orders the index, and changed items could come twice; leave index out and use filter",
                named(key)
            )));
        }
        Ok(matching)
    }
}

pub(crate) struct UpdateByQuery;

#[async_trait]
impl Tool for UpdateByQuery {
    type Args = Args;
    const NAME: &'static str = "dynamodb_update_by_query";
    const DESCRIPTION: &'static str = "Changes all items that match, each by itself.";
    const KIND: Kind = Kind::Changes;
    const RARE_PARAMETERS: &'static [&'static str] = &["names"];
    const EXAMPLE: &'static str = r#"{"table": "orders", "update": "SET status = :s", "filter": "total > :t", "values": {":s": "paid", ":t": 10}, "confirm": true}"#;
    const DEFAULT: Default = Default::Table;

    fn access(args: &Args) -> Access {
        Access::destroy(format!("dynamodb://{}", args.table), args.confirm)
    }

    async fn loss(context: &Context, args: &Args) -> Result<String, ToolError> {
        let described = args.matching(context).await?.described(context).await?;
        Ok(format!("the present values of {described}"))
    }

    fn time_limit(_: &Args) -> Option<Duration> {
        Some(TRANSFER)
    }

    async fn run(context: &Context, args: Args) -> Result<Value, ToolError> {
        let binding = Binding::of(&context.target, Self::NAME, &Args { confirm: None, ..args.clone() });
        let from: Place = args.cursor.as_deref().map(|cursor| binding.open(cursor)).transpose()?.unwrap_or_default();
        let matching = args.matching(context).await?;
        let texts = [args.key_condition.as_deref(), args.filter.as_deref(), Some(args.update.as_str())];
        let mut names = Names::new(matching::used(args.names.as_ref(), '#', &texts));
        let update = names.update(&args.update);
        let condition = matching.condition(&mut names);
        let request = context.dynamodb.update_item().table_name(&args.table).update_expression(update);
        let request = request.set_condition_expression(condition).set_expression_attribute_names(names.map());
        let mut values = matching.values()?;
        let own = matching::used_values(args.values.as_ref(), &[Some(args.update.as_str())]);
        values.extend(expression::values(own)?.unwrap_or_default());
        let request = request.set_expression_attribute_values(Some(values).filter(|values| !values.is_empty()));
        let change = |key| {
            let request = request.clone().set_key(Some(key));
            async {
                match request.send().await {
                    Ok(_) => Ok(true),
                    Err(error) => still_matched(error.into(), &names),
                }
            }
        };
        let ending = matching.each(context, from, change).await?;
        if let Some((error, place)) = ending.broken {
            if ending.done + ending.unknown == 0 && args.cursor.is_none() && place.is_the_start() {
                return Err(error.after("no item was changed"));
            }
            let go_on =
                format!("the same call with cursor {:?} goes on, without it items change twice", binding.seal(&place)?);
            return Err(bulk::half_way(error, &format!("{} items were changed", ending.done), &go_on));
        }
        if ending.done + ending.stayed == 0 && args.cursor.is_none() {
            matching.note_nothing(context).await;
        }
        let mut answer = json!({ "table": args.table, "updated": ending.done });
        if ending.stayed > 0 {
            answer["changed_meanwhile"] = json!(ending.stayed);
        }
        Ok(answer)
    }
}
