//! ExpressionAttributeNames and ExpressionAttributeValues.

use serde_json::Value as Json;

use crate::emulator::dynamodb::wording::Wording;
use crate::emulator::error::AwsError;

/// A request's ExpressionAttributeNames and ExpressionAttributeValues; remembers which of them its expressions used.
#[derive(Debug)]
pub struct Bindings {
    wording: Wording,
}

impl Bindings {
    /// Reads both parameters (as they are in the request: absent or an object) with AWS's validation. `wording` is how the
    /// operation words its errors; everything parsed with these bindings follows it.
    pub fn new(names: Option<Json>, values: Option<Json>, wording: Wording) -> Result<Self, AwsError> {
        todo!()
    }
    /// Refuses names or values where the request has no expression at all that could use them. `values_for` is AWS's
    /// name of the expression that could have used values (`ConditionExpression`), for the plain wording.
    pub fn check_wanted(&self, any_expression: bool, values_for: &str) -> Result<(), AwsError> {
        todo!()
    }
    /// After every expression has been parsed: refuses unused names, then unused values.
    pub fn finish(&self) -> Result<(), AwsError> {
        todo!()
    }
}
