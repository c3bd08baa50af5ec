//! The parameters that came before expressions, translated to the same tree.

use serde_json::Value as Json;

use super::{Condition, KeyCondition, Projection, Update};
use crate::emulator::dynamodb::wording::Wording;
use crate::emulator::error::AwsError;

/// Refuses expression and non-expression parameters in one request. Give the names of those that are present.
pub fn check_mixing(non_expression: &[&str], expression: &[&str], wording: Wording) -> Result<(), AwsError> {
    todo!()
}
/// `Expected` with its `ConditionalOperator`.
pub fn expected(map: &Json, operator: Option<&str>, wording: Wording) -> Result<Condition, AwsError> {
    todo!()
}
/// `QueryFilter` or `ScanFilter` with its `ConditionalOperator`.
pub fn filter(map: &Json, operator: Option<&str>, wording: Wording) -> Result<Condition, AwsError> {
    todo!()
}
/// `KeyConditions`.
pub fn key_conditions(map: &Json, wording: Wording) -> Result<KeyCondition, AwsError> {
    todo!()
}
/// `AttributesToGet`.
pub fn attributes_to_get(names: &[String], wording: Wording) -> Result<Projection, AwsError> {
    todo!()
}
/// `AttributeUpdates`.
pub fn attribute_updates(map: &Json, wording: Wording) -> Result<Update, AwsError> {
    todo!()
}
