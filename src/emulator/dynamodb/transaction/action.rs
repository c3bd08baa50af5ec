//! The actions of a transaction's request.

use serde_json::{Map, Value as Json};

use crate::emulator::dynamodb::request::Request;
use crate::emulator::error::AwsError;

/// Parameters of the operations that stand alone which no action has. AWS's model does not know them here; what they ask
/// for must not be left undone unsaid.
const FOREIGN: &[&str] =
    &["Expected", "ConditionalOperator", "AttributeUpdates", "AttributesToGet", "ReturnValues", "ConsistentRead"];

/// An action's parameters.
pub fn parameters(parameters: Map<String, Json>) -> Result<Request, AwsError> {
    let request = Request::new(parameters);
    match request.present(FOREIGN).first() {
        None => Ok(request),
        Some(name) => Err(AwsError::validation(format!("{name} cannot be used in a transaction"))),
    }
}

/// The refusal of a part of TransactWriteItems without any action.
#[must_use]
pub fn none() -> AwsError {
    AwsError::validation("Invalid Request: TransactWriteRequest should contain Delete or Put or Update request")
}

/// The refusal of a part with more than one.
#[must_use]
pub fn several() -> AwsError {
    AwsError::validation("TransactItems can only contain one of Check, Put, Update or Delete")
}
