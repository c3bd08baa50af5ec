//! What PutItem, UpdateItem and DeleteItem have in common: their condition, and what they return.

use std::borrow::Cow;

use super::answer::Answer;
use super::capacity::{Consumed, Wanted};
use super::expression::{Bindings, Condition, ConditionKind, legacy};
use super::item::{self, Row};
use super::request::Request;
use super::value::{Item, item_to_json};
use super::wording::Wording;
use super::write::Written;
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

    /// Whether the request's is `ALL_OLD`; refuses what only UpdateItem takes.
    pub fn old_only(request: &Request, wording: Wording) -> Result<bool, AwsError> {
        match Self::of(request) {
            Self::None => Ok(false),
            Self::AllOld => Ok(true),
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
    let present = request.present(expressions);
    legacy::check_mixing(&request.present(before), &present, wording)?;
    let (names, values) = (request.take("ExpressionAttributeNames"), request.take("ExpressionAttributeValues"));
    let bindings = Bindings::new(names, values, wording)?;
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

/// The answer of a write that replaced the row `old`.
pub fn answer(
    table: &str,
    old: Option<&[u8]>,
    written: &Written,
    return_old: bool,
    wanted: Wanted,
) -> Result<Answer, AwsError> {
    let old = old.map(Row::read).transpose()?;
    let mut answer = Answer::new();
    if let Some(old) = old.filter(|_| return_old) {
        answer.raw("Attributes", old.json);
    }
    let mut consumed = Consumed::default();
    consumed.write(written);
    if let Some(capacity) = consumed.show(table, wanted) {
        answer.json("ConsumedCapacity", &capacity);
    }
    Ok(answer)
}
