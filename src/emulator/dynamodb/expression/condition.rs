//! Conditions and filters.

use super::bindings::Bindings;
use crate::emulator::dynamodb::key::KeySchema;
use crate::emulator::dynamodb::value::Item;
use crate::emulator::error::AwsError;

/// Which parameter a condition stands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ConditionKind {
    /// `ConditionExpression`
    Condition,
    /// `FilterExpression`
    Filter,
}

/// A parsed condition or filter.
#[derive(Debug, Clone, PartialEq)]
pub struct Condition {}

impl Condition {
    /// Parses and checks `text`.
    pub fn parse(kind: ConditionKind, text: &str, bindings: &mut Bindings) -> Result<Self, AwsError> {
        todo!()
    }
    /// Whether `item` fulfils the condition. A missing item is an empty one.
    pub fn matches(&self, item: &Item) -> bool {
        todo!()
    }
    /// Query only: refuses a filter on primary key attributes.
    pub fn check_no_keys(&self, schema: &KeySchema) -> Result<(), AwsError> {
        todo!()
    }
}
