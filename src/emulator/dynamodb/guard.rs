//! What PutItem, UpdateItem and DeleteItem have in common: their condition, and what they return.

use std::borrow::Cow;

use serde_json::Value as Json;

use super::expression::{Bindings, Condition, ConditionKind, legacy};
use super::item;
use super::request::Request;
use super::value::{Item, item_to_json};
use super::wording::Wording;
use crate::emulator::error::AwsError;

/// `ReturnValues`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReturnValues {
    /// Nothing.
    None,
    /// The item as it was.
    AllOld,
    /// Of the item as it was, what the update names.
    UpdatedOld,
    /// The item as it is now.
    AllNew,
    /// Of the item as it is now, what the update names.
    UpdatedNew,
}

impl ReturnValues {
    /// The request's.
    #[must_use]
    pub fn of(request: &Request) -> Self {
        match request.text("ReturnValues") {
            Some("ALL_OLD") => Self::AllOld,
            Some("UPDATED_OLD") => Self::UpdatedOld,
            Some("ALL_NEW") => Self::AllNew,
            Some("UPDATED_NEW") => Self::UpdatedNew,
            _ => Self::None,
        }
    }

    /// The request's; refuses what only UpdateItem takes.
    pub fn old_only(request: &Request, wording: Wording) -> Result<Self, AwsError> {
        match Self::of(request) {
            returns @ (Self::None | Self::AllOld) => Ok(returns),
            _ => Err(wording.error("ReturnValues can only be ALL_OLD or NONE")),
        }
    }
}

/// Reads the names and values that a request's expressions use, after refusing a request that mixes expressions with
/// the parameters that came before them.
pub fn bindings(
    request: &mut Request,
    expressions: &[&str],
    before: &[&str],
    values_for: &str,
    wording: Wording,
) -> Result<Bindings, AwsError> {
    legacy::check_mixing(&request.present(before), &request.present(expressions), wording)?;
    read(request, expressions, values_for, |names, values| Bindings::new(names, values, wording))
}

/// As [`bindings`], for a part of a transaction, which takes no parameters that came before expressions.
pub fn transaction_bindings(
    request: &mut Request,
    expressions: &[&str],
    values_for: &str,
    wording: Wording,
) -> Result<Bindings, AwsError> {
    read(request, expressions, values_for, |names, values| Bindings::for_transaction(names, values, wording))
}

fn read(
    request: &mut Request,
    expressions: &[&str],
    values_for: &str,
    bindings: impl FnOnce(Option<Json>, Option<Json>) -> Result<Bindings, AwsError>,
) -> Result<Bindings, AwsError> {
    let present = request.present(expressions);
    let (names, values) = (request.take("ExpressionAttributeNames"), request.take("ExpressionAttributeValues"));
    let bindings = bindings(names, values)?;
    bindings.check_wanted(!present.is_empty(), values_for)?;
    Ok(bindings)
}

/// The condition of a write, and what its failure returns.
#[derive(Debug)]
pub struct Guard {
    condition: Option<Condition>,
    return_old: bool,
}

impl Guard {
    /// The request's `ConditionExpression` or `Expected`.
    pub fn parse(request: &Request, bindings: &mut Bindings, wording: Wording) -> Result<Self, AwsError> {
        let operator = request.text("ConditionalOperator");
        let condition = match (request.text("ConditionExpression"), request.get("Expected")) {
            (Some(text), _) => Some(Condition::parse(ConditionKind::Condition, text, bindings)?),
            (None, Some(expected)) => Some(legacy::expected(expected, operator, wording)?),
            (None, None) if operator.is_some() => return Err(lone_operator(wording)),
            (None, None) => None,
        };
        Ok(Self { condition, return_old: request.text("ReturnValuesOnConditionCheckFailure") == Some("ALL_OLD") })
    }

    /// Refuses the write where the item's row does not fulfil the condition. Gives the item where it had to be parsed.
    pub fn check(&self, row: Option<&[u8]>) -> Result<Option<Item>, AwsError> {
        let Some(condition) = &self.condition else { return Ok(None) };
        let item = row.map(item::decode).transpose()?;
        let seen = item.as_ref().map_or_else(|| Cow::Owned(Item::new()), Cow::Borrowed);
        if condition.matches(&seen) {
            return Ok(item);
        }
        let failed = AwsError::new(400, "ConditionalCheckFailedException", "The conditional request failed");
        Err(match &item {
            Some(item) if self.return_old => failed.with("Item", item_to_json(item)),
            _ => failed,
        })
    }
}

/// The refusal of a `ConditionalOperator` that has nothing to combine.
#[must_use]
pub fn lone_operator(wording: Wording) -> AwsError {
    wording.error("ConditionalOperator cannot be used without Filter or Expected")
}
