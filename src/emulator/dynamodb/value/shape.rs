//! Wrong JSON types: AWS's `SerializationException`, found while it deserialises, before any validation.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value as Json;

use super::Type;
use crate::emulator::error::AwsError;

const JAVA_VALUE: &str = "com.amazonaws.dynamodb.v20120810.AttributeValue";
const STRUCTURE: &str = "Start of structure or map found where not expected";

/// Refuses JSON of a wrong type in one attribute value with AWS's `SerializationException`. AWS deserialises the whole
/// request before it validates anything, so an operation calls this on every value first.
pub fn check_shape(json: &Json) -> Result<(), AwsError> {
    match json {
        Json::Null => Ok(()),
        Json::Object(members) => members.iter().try_for_each(|(name, json)| match Type::from_name(name) {
            Some(kind) if !json.is_null() => check_typed(kind, json),
            _ => Ok(()),
        }),
        Json::Array(_) => refuse(format!("Unrecognized collection type class {JAVA_VALUE}")),
        _ => refuse("Unexpected value type in payload"),
    }
}

/// [`check_shape`] for a map of attribute values (`Item`, `Key`, `ExpressionAttributeValues`).
pub fn check_map_shape(json: &Json) -> Result<(), AwsError> {
    match json {
        Json::Null => Ok(()),
        Json::Object(members) => members.values().try_for_each(check_shape),
        Json::Array(_) => refuse(format!("Unrecognized collection type java.util.Map<java.lang.String, {JAVA_VALUE}>")),
        _ => refuse("Unexpected field type"),
    }
}

fn check_typed(kind: Type, json: &Json) -> Result<(), AwsError> {
    match kind {
        Type::S | Type::N => check_string(json),
        Type::B => check_blob(json),
        Type::Bool | Type::Null => check_boolean(json),
        Type::M => check_map_shape(json),
        Type::L => check_list(json, check_shape),
        Type::Ss | Type::Ns => check_list(json, check_string),
        Type::Bs => check_list(json, check_blob),
    }
}

fn check_list(json: &Json, check: impl Fn(&Json) -> Result<(), AwsError>) -> Result<(), AwsError> {
    match json {
        Json::Array(members) => members.iter().filter(|member| !member.is_null()).try_for_each(check),
        Json::Object(_) => refuse(STRUCTURE),
        _ => refuse("Unexpected field type"),
    }
}

fn check_string(json: &Json) -> Result<(), AwsError> {
    match json {
        Json::String(_) => Ok(()),
        other => cannot_convert(other, "String", "java.lang.String"),
    }
}

fn check_boolean(json: &Json) -> Result<(), AwsError> {
    match json {
        Json::Bool(_) => Ok(()),
        Json::String(_) => refuse("Unexpected token received from parser"),
        other => cannot_convert(other, "Boolean", "java.lang.Boolean"),
    }
}

fn check_blob(json: &Json) -> Result<(), AwsError> {
    let Json::String(text) = json else { return cannot_convert(json, "Blob", "java.nio.ByteBuffer") };
    if text.len() % 4 != 0 {
        return refuse(format!("Base64 encoded length is expected a multiple of 4 bytes but found: {}", text.len()));
    }
    let data = text.trim_end_matches('=');
    match data.chars().find(|c| !(c.is_ascii_alphanumeric() || matches!(c, '+' | '/'))) {
        Some(wrong) => refuse(format!("Invalid Base64 character: '{wrong}'")),
        None if STANDARD.decode(text).is_err() => refuse("Invalid last non-pad Base64 character dectected"),
        None => Ok(()),
    }
}

fn cannot_convert(json: &Json, target: &str, class: &str) -> Result<(), AwsError> {
    let token = match json {
        Json::Object(_) => return refuse(STRUCTURE),
        Json::Array(_) => return refuse(format!("Unrecognized collection type class {class}")),
        Json::Bool(true) => "TRUE_VALUE",
        Json::Bool(false) => "FALSE_VALUE",
        Json::Number(number) if number.is_f64() => "DECIMAL_VALUE",
        Json::Number(_) => "NUMBER_VALUE",
        Json::String(_) => "STRING_VALUE",
        Json::Null => return Ok(()),
    };
    refuse(format!("{token} cannot be converted to {target}"))
}

fn refuse(message: impl Into<String>) -> Result<(), AwsError> {
    Err(AwsError::new(400, "SerializationException", message))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn wrong_json_types_are_serialization_exceptions() {
        for (json, message) in [
            (json!({"N": 1}), "NUMBER_VALUE cannot be converted to String"),
            (json!({"N": 1.5}), "DECIMAL_VALUE cannot be converted to String"),
            (json!({"S": true}), "TRUE_VALUE cannot be converted to String"),
            (json!({"S": {}}), "Start of structure or map found where not expected"),
            (json!({"BOOL": "true"}), "Unexpected token received from parser"),
            (json!({"SS": "a"}), "Unexpected field type"),
            (json!({"L": [{"M": {"a": {"N": 1}}}]}), "NUMBER_VALUE cannot be converted to String"),
            (json!({"B": "abc"}), "Base64 encoded length is expected a multiple of 4 bytes but found: 3"),
            (json!({"B": "ab!="}), "Invalid Base64 character: '!'"),
        ] {
            let error = check_shape(&json).unwrap_err();
            assert_eq!((error.code.as_ref(), error.message.as_str()), ("SerializationException", message), "{json}");
        }
        assert_eq!(check_map_shape(&json!({"a": {"S": "x", "N": null}, "b": {"B": "AQ=="}})), Ok(()));
    }
}
