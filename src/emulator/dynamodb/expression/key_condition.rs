//! Key conditions.

use super::bindings::Bindings;
use crate::emulator::dynamodb::key::{KeyQuery, KeySchema};
use crate::emulator::error::AwsError;

/// A parsed KeyConditionExpression.
#[derive(Debug, Clone, PartialEq)]
pub struct KeyCondition {}

impl KeyCondition {
    /// Parses and checks `text` as far as it goes without the table.
    pub fn parse(text: &str, bindings: &mut Bindings) -> Result<Self, AwsError> {
        todo!()
    }
    /// Fits the condition to the key schema of the table or index: partition equality and sort condition.
    pub fn resolve(&self, schema: &KeySchema) -> Result<KeyQuery, AwsError> {
        todo!()
    }
}
