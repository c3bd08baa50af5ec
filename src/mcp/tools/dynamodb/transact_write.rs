//! `dynamodb_transact_write`: TransactWriteItems.

use std::collections::BTreeMap;

use async_trait::async_trait;
use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsError;
use aws_sdk_dynamodb::types::{
    CancellationReason, ConditionCheck, Delete, Put, ReturnValuesOnConditionCheckFailure, TransactWriteItem, Update,
};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::expression::{self, Names};
use super::{item, lists, with_item};
use crate::mcp::authorizer::Effect;
use crate::mcp::context::Context;
use crate::mcp::error::ToolError;
use crate::mcp::quoted::named;
use crate::mcp::tool::{Access, Kind, Resource, Tier, Tool};

#[derive(Debug, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Args {
    /// Up to 100, each put, update, delete or check of another item
    operations: Vec<Operation>,
    /// Repeated within ten minutes, nothing more is done
    token: Option<String>,
    /// For more than one delete
    confirm: Option<bool>,
}

#[derive(Debug, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
struct Operation {
    /// Table name
    table: String,
    /// An item
    put: Option<Map<String, Value>>,
    /// An expression; wants key
    update: Option<String>,
    /// Of the item to update
    key: Option<Map<String, Value>>,
    /// A key
    delete: Option<Map<String, Value>>,
    /// A key; wants condition
    check: Option<Map<String, Value>>,
    /// Must hold
    condition: Option<String>,
    /// For #names used
    names: Option<BTreeMap<String, String>>,
    /// {":n": 5}
    values: Option<Map<String, Value>>,
}

pub(crate) struct TransactWrite;

#[async_trait]
impl Tool for TransactWrite {
    type Args = Args;
    const NAME: &'static str = "dynamodb_transact_write";
    const DESCRIPTION: &'static str = "Writes items of one or more tables, all or none, if every condition is true.";
    const KIND: Kind = Kind::Changes;
    const EXAMPLE: &'static str =
        r#"{"operations": [{"table": "orders", "put": {"pk": "c"}}, {"table": "orders", "delete": {"pk": "b"}}]}"#;
    const TIER: Tier = Tier::Rare;

    fn access(args: &Args) -> Access {
        let deleting = if deletes(args) > 1 { Effect::Destructive } else { Effect::Write };
        // What becomes of each table: the most that one of its operations does.
        let mut tables = BTreeMap::new();
        for of in &args.operations {
            let effect = match of {
                Operation { delete: Some(_), .. } => deleting,
                Operation { put: None, update: None, check: Some(_), .. } => Effect::Read,
                _ => Effect::Write,
            };
            let known = tables.entry(&of.table).or_insert(effect);
            *known = effect.max(*known);
        }
        let tables = tables.into_iter();
        let resources = tables.map(|(table, effect)| Resource::from(format!("dynamodb://{table}")).with(effect));
        Access { effect: deleting, resources: resources.collect(), confirmed: args.confirm.unwrap_or_default() }
    }

    async fn loss(_context: &Context, args: &Args) -> Result<String, ToolError> {
        Ok(format!("{} items", deletes(args)))
    }

    async fn run(context: &Context, args: Args) -> Result<Value, ToolError> {
        let count = args.operations.len();
        if !(1..=100).contains(&count) {
            return Err(ToolError::arguments(format!("operations: 1 to 100 are done at once, not {count}")));
        }
        let (mut told, mut written, mut placeholders) = (Vec::new(), Vec::new(), 0);
        for (position, mut operation) in args.operations.into_iter().enumerate() {
            let at = format!("operations[{position}]");
            // No two operations share a placeholder, so that any message can be put back into the caller's words.
            let mut names = Names::new(operation.names.take()).counting_from(placeholders);
            let title = format!("{at}, {} {}", operation.verb(&at)?, named(&operation.table));
            written.push(operation.build(&at, &mut names)?);
            placeholders = names.next();
            told.push((title, names));
        }
        let request = context.dynamodb.transact_write_items();
        let request = request.set_transact_items(Some(written)).set_client_request_token(args.token);
        match request.send().await {
            Ok(_) => Ok(json!({ "done": count })),
            Err(error) => {
                let reasons = match error.as_service_error() {
                    Some(TransactWriteItemsError::TransactionCanceledException(cancelled)) => {
                        cancelled.cancellation_reasons().to_vec()
                    }
                    _ => Vec::new(),
                };
                Err(cancelled(error.into(), &told, &reasons))
            }
        }
    }
}

fn deletes(args: &Args) -> usize {
    args.operations.iter().filter(|operation| operation.delete.is_some()).count()
}

impl Operation {
    /// What it does, in words.
    fn verb(&self, at: &str) -> Result<&'static str, ToolError> {
        let given = [
            ("put into", self.put.is_some()),
            ("update in", self.update.is_some()),
            ("delete from", self.delete.is_some()),
            ("check in", self.check.is_some()),
        ];
        let mut given = given.into_iter().filter(|(_, given)| *given).map(|(verb, _)| verb);
        match (given.next(), given.next()) {
            (Some(verb), None) => Ok(verb),
            _ => Err(ToolError::arguments(format!("{at}: wants exactly one of put, update, delete and check"))),
        }
    }

    fn build(self, at: &str, names: &mut Names) -> Result<TransactWriteItem, ToolError> {
        if self.key.is_some() != self.update.is_some() {
            return Err(ToolError::arguments(format!("{at}: key and update go together")));
        }
        let (mut condition, mut values) = (self.condition, self.values);
        lists::spread(&mut [&mut condition], &mut values);
        let update = self.update.map(|update| names.update(&update));
        let condition = names.condition(condition.as_deref());
        let on_failure = condition.is_some().then_some(ReturnValuesOnConditionCheckFailure::AllOld);
        let (map, values) = (names.map(), expression::values(values)?);
        let key = |key: Option<Map<String, Value>>, name: &str| item(key.unwrap_or_default(), &format!("{at}.{name}"));
        let of = TransactWriteItem::builder();
        let built = if let Some(put) = self.put {
            let put = Put::builder()
                .table_name(self.table)
                .set_item(Some(item(put, &format!("{at}.put"))?))
                .set_condition_expression(condition)
                .set_return_values_on_condition_check_failure(on_failure)
                .set_expression_attribute_names(map)
                .set_expression_attribute_values(values);
            put.build().map(|put| of.put(put))
        } else if let Some(update) = update {
            let update = Update::builder()
                .table_name(self.table)
                .set_key(Some(key(self.key, "key")?))
                .update_expression(update)
                .set_condition_expression(condition)
                .set_return_values_on_condition_check_failure(on_failure)
                .set_expression_attribute_names(map)
                .set_expression_attribute_values(values);
            update.build().map(|update| of.update(update))
        } else if self.delete.is_some() {
            let delete = Delete::builder()
                .table_name(self.table)
                .set_key(Some(key(self.delete, "delete")?))
                .set_condition_expression(condition)
                .set_return_values_on_condition_check_failure(on_failure)
                .set_expression_attribute_names(map)
                .set_expression_attribute_values(values);
            delete.build().map(|delete| of.delete(delete))
        } else {
            if condition.is_none() {
                return Err(ToolError::arguments(format!("{at}: check wants a condition")));
            }
            let check = ConditionCheck::builder()
                .table_name(self.table)
                .set_key(Some(key(self.check, "check")?))
                .set_condition_expression(condition)
                .set_return_values_on_condition_check_failure(on_failure)
                .set_expression_attribute_names(map)
                .set_expression_attribute_values(values);
            check.build().map(|check| of.condition_check(check))
        };
        built
            .map(aws_sdk_dynamodb::types::builders::TransactWriteItemBuilder::build)
            .map_err(|error| ToolError::arguments(format!("{at}: {error}")))
    }
}

/// The error with the reason of each operation that has one.
fn cancelled(mut error: ToolError, told: &[(String, Names)], reasons: &[CancellationReason]) -> ToolError {
    for ((title, _), reason) in told.iter().zip(reasons) {
        let code = reason.code().unwrap_or_default();
        if code == "None" {
            continue;
        }
        // Others were in the way, which passes.
        error.retryable |= ["TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded"].contains(&code);
        error.message = format!("{}\n{title}: {code}: {}", error.message, reason.message().unwrap_or_default());
        error = with_item(error, reason.item());
    }
    // The last first, because #n10 begins with #n1.
    told.iter().rev().fold(error, |error, (_, names)| names.explain(error))
}
