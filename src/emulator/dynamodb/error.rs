//! DynamoDB's errors: those that several operations give, and how they stand on the wire.

use http::StatusCode;
use serde_json::{Map, Value as Json};

use crate::emulator::error::AwsError;

/// A table that is not there, as operations on items say it.
#[must_use]
pub fn no_such_resource() -> AwsError {
    AwsError::new(400, "ResourceNotFoundException", "Requested resource not found")
}

/// A table that is not there, as operations on tables say it.
#[must_use]
pub fn no_such_table(name: &str) -> AwsError {
    AwsError::new(400, "ResourceNotFoundException", format!("Requested resource not found: Table: {name} not found"))
}

/// A table that something else is being done to: `being` is AWS's word for it.
#[must_use]
pub fn in_use(name: &str, being: &str) -> AwsError {
    let message = format!("Attempt to change a resource which is still in use: Table is being {being}: {name}");
    AwsError::new(400, "ResourceInUseException", message)
}

/// A stream's shard that is not there, or no longer.
#[must_use]
pub fn no_such_shard() -> AwsError {
    AwsError::new(400, "ResourceNotFoundException", "Requested resource not found: Shard does not exist")
}

/// A place in a stream whose records are gone (as issues quote AWS).
#[must_use]
pub fn trimmed() -> AwsError {
    AwsError::new(400, "TrimmedDataAccessException", "The data you are trying to access has been trimmed")
}

/// The body's content cannot be read as the request it claims to be.
#[must_use]
pub fn serialization(message: impl Into<String>) -> AwsError {
    AwsError::new(400, "SerializationException", message)
}

/// `X-Amz-Target` names no operation that AWS has.
#[must_use]
pub fn unknown_operation() -> AwsError {
    AwsError::new(400, "UnknownOperationException", "")
}

/// A row that does not decode.
#[must_use]
pub fn damaged(what: &str) -> AwsError {
    tracing::error!(what, "a damaged row");
    AwsError::new(500, "InternalServerError", format!("The request processing has failed because of {what}"))
}

const SERVICE: &str = "com.amazonaws.dynamodb.v20120810";
const VALIDATE: &str = "com.amazon.coral.validate";
const CORAL: &str = "com.amazon.coral.service";

/// The namespace that AWS gives the code in `__type`.
fn namespace(code: &str) -> &'static str {
    match code {
        "ValidationException" => VALIDATE,
        "SerializationException"
        | "UnknownOperationException"
        | "MissingAuthenticationTokenException"
        | "UnrecognizedClientException"
        | "InvalidSignatureException"
        | "IncompleteSignatureException"
        | "AccessDeniedException"
        | "ExpiredTokenException"
        | "RequestEntityTooLargeException" => CORAL,
        _ => SERVICE,
    }
}

/// The body of an error answer.
///
/// The message's member is `message`, except for a failed condition that returns its item and a cancelled transaction,
/// which AWS's SDK snapshots show with `Message`; and for what the framework below DynamoDB refuses.
#[must_use]
pub fn body(error: &AwsError) -> Vec<u8> {
    let code = if error.code == "InternalError" { "InternalServerError" } else { &*error.code };
    let space = namespace(code);
    let capital = !error.members.is_empty()
        || ["TransactionCanceledException", "SerializationException", "AccessDeniedException"].contains(&code);
    let mut members = Map::new();
    members.insert("__type".to_owned(), Json::String(format!("{space}#{code}")));
    if !error.message.is_empty() {
        let name = if capital { "Message" } else { "message" };
        members.insert(name.to_owned(), Json::String(error.message.clone()));
    }
    members.extend(error.members.iter().map(|(name, value)| (name.clone().into_owned(), value.clone())));
    Json::Object(members).to_string().into_bytes()
}

/// The HTTP status of an error answer.
#[must_use]
pub fn status(error: &AwsError) -> StatusCode {
    StatusCode::from_u16(error.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}
