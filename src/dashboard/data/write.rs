//! Writing an item: PutItem for a new one, UpdateItem for an edit, DeleteItem, each on a condition.

use aws_sdk_dynamodb::operation::delete_item::DeleteItemError;
use aws_sdk_dynamodb::operation::put_item::PutItemError;
use aws_sdk_dynamodb::operation::update_item::UpdateItemError;
use aws_sdk_dynamodb::types::{
    ConsumedCapacity, ReturnConsumedCapacity::Total, ReturnValuesOnConditionCheckFailure::AllOld,
};
use footbridge_tui::ask::{Answer, Trouble};
use serde_json::{Value, json};

use super::asked::Asked;
use super::plan::{Plan, What};
use super::{tables, trouble};
use crate::json::{self as natural, Item};
use crate::mcp::{Access, ToolError};

pub(super) async fn item(
    asked: &Asked<'_>,
    table: &str,
    seen: Option<&Value>,
    item: Option<&Value>,
) -> Result<Answer, Trouble> {
    let read = |json: Option<&Value>, at: &str| json.map(|json| natural::to_item(json, at)).transpose();
    let read = read(seen, "seen").and_then(|seen| Ok((seen, read(item, "item")?)));
    let (seen, item) = read.map_err(|error| trouble::of(error.into()))?;
    let resource = format!("dynamodb://{table}");
    // The names of the key attributes, as the table is now: it may have been made anew.
    let look = Box::pin(async {
        let table = tables::describe(asked, table).await?;
        let keys: Vec<_> = table.key_schema().iter().map(|element| element.attribute_name().to_owned()).collect();
        Ok((json!({ "keys": keys.len() }), keys))
    });
    let keys = asked.read("dynamodb_describe_table", json!({ "table": table }), Some(resource.clone()), look).await?;
    let plan = Plan::of(&keys, seen.as_ref(), item.as_ref()).map_err(trouble::of)?;
    let Some(plan) = plan else {
        return Ok(Answer::Done("the item is the same as before: nothing is written".to_owned()));
    };
    let arguments = plan.arguments(table).map_err(trouble::of)?;
    let (tool, what, unheld) = (plan.tool(), plan.what.clone(), plan.unheld);
    let send = Box::pin(async {
        let taken = send(asked, table, plan).await.map_err(|failed| failed.told(seen.as_ref(), item.as_ref()))?;
        Ok((json!({ "capacity": taken }), taken))
    });
    let taken = asked.perform(tool, arguments, Access::write(resource), send).await?;
    Ok(Answer::Done(said(&what, taken, unheld)))
}

fn said(what: &What, taken: f64, unheld: usize) -> String {
    let done = match what {
        What::Insert => "the item is written".to_owned(),
        What::Edit { changed: 1, .. } => "1 attribute is changed".to_owned(),
        What::Edit { changed, .. } => format!("{changed} attributes are changed"),
        What::Delete => "the item is deleted".to_owned(),
    };
    let held = match unheld {
        0 => String::new(),
        rest => format!("; {rest} others were too many to be held against what was seen"),
    };
    format!("{done} ({taken} WCU){held}")
}

/// What DynamoDB says of the item that a condition was about.
enum Found {
    /// Nothing: something else was wrong.
    Unsaid,
    /// The condition was false, and there is none.
    None,
    /// The condition was false of this one.
    Item(Item),
}

impl Found {
    fn of(item: Option<&Item>) -> Self {
        item.map_or(Self::None, |item| Self::Item(item.clone()))
    }
}

/// A write that did not happen, and the item that was there where that was why.
struct Failed {
    error: ToolError,
    found: Found,
}

impl Failed {
    /// AWS's error, with what is not as it was seen.
    fn told(self, seen: Option<&Item>, item: Option<&Item>) -> ToolError {
        let Self { mut error, found } = self;
        error.message = match (seen, found) {
            (_, Found::Unsaid) => return error,
            (None, _) => "there is an item with this key already, and it is left as it is".to_owned(),
            (Some(_), Found::None) => "the item is gone; nothing is written".to_owned(),
            (Some(seen), Found::Item(found)) => {
                let names = Plan::differences(seen, item, &found);
                let shown = names.iter().take(5).map(String::as_str).collect::<Vec<_>>().join(", ");
                let more = if names.len() > 5 { " ..." } else { "" };
                format!("the item is no longer as it was seen ({shown}{more}); nothing is written")
            }
        };
        error
    }
}

/// Sends it; how many units that took.
async fn send(asked: &Asked<'_>, table: &str, plan: Plan) -> Result<f64, Failed> {
    let units = |taken: Option<ConsumedCapacity>| taken.and_then(|taken| taken.capacity_units).unwrap_or_default();
    let dynamodb = asked.dynamodb();
    let Plan { what, item, condition, names, values, .. } = plan;
    let values = (!values.is_empty()).then_some(values);
    match what {
        What::Insert => {
            let request = dynamodb.put_item().table_name(table).set_item(Some(item)).condition_expression(condition);
            let request = request.set_expression_attribute_names(Some(names)).set_expression_attribute_values(values);
            let request = request.return_values_on_condition_check_failure(AllOld).return_consumed_capacity(Total);
            let answer = request.send().await.map_err(|error| {
                let found = match error.as_service_error() {
                    Some(PutItemError::ConditionalCheckFailedException(failed)) => Found::of(failed.item()),
                    _ => Found::Unsaid,
                };
                Failed { error: error.into(), found }
            })?;
            Ok(units(answer.consumed_capacity))
        }
        What::Edit { update, .. } => {
            let request = dynamodb.update_item().table_name(table).set_key(Some(item)).update_expression(update);
            let request = request.condition_expression(condition).set_expression_attribute_names(Some(names));
            let request = request.set_expression_attribute_values(values).return_consumed_capacity(Total);
            let answer = request.return_values_on_condition_check_failure(AllOld).send().await.map_err(|error| {
                let found = match error.as_service_error() {
                    Some(UpdateItemError::ConditionalCheckFailedException(failed)) => Found::of(failed.item()),
                    _ => Found::Unsaid,
                };
                Failed { error: error.into(), found }
            })?;
            Ok(units(answer.consumed_capacity))
        }
        What::Delete => {
            let request = dynamodb.delete_item().table_name(table).set_key(Some(item)).condition_expression(condition);
            let request = request.set_expression_attribute_names(Some(names)).set_expression_attribute_values(values);
            let request = request.return_values_on_condition_check_failure(AllOld).return_consumed_capacity(Total);
            let answer = request.send().await.map_err(|error| {
                let found = match error.as_service_error() {
                    Some(DeleteItemError::ConditionalCheckFailedException(failed)) => Found::of(failed.item()),
                    _ => Found::Unsaid,
                };
                Failed { error: error.into(), found }
            })?;
            Ok(units(answer.consumed_capacity))
        }
    }
}
