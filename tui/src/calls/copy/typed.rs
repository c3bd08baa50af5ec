//! Natural JSON, as tools have it, in DynamoDB's typed form.

use serde_json::{Map, Value, json};

/// A value in DynamoDB's typed form.
pub(super) fn value(natural: &Value) -> Value {
    match natural {
        Value::Null => json!({ "NULL": true }),
        Value::Bool(flag) => json!({ "BOOL": flag }),
        Value::Number(number) => json!({ "N": number.to_string() }),
        Value::String(text) => json!({ "S": text }),
        Value::Array(elements) => json!({ "L": elements.iter().map(value).collect::<Vec<_>>() }),
        Value::Object(members) => special(members).unwrap_or_else(|| json!({ "M": item(members) })),
    }
}

/// An item or a key in DynamoDB's typed form.
pub(super) fn item(natural: &Map<String, Value>) -> Value {
    Value::Object(natural.iter().map(|(name, of)| (name.clone(), value(of))).collect())
}

/// What natural JSON has no form for stands in an object of one member, `$n`, `$b`, `$ss`, `$ns` or `$bs`.
fn special(members: &Map<String, Value>) -> Option<Value> {
    let mut all = members.iter();
    let (Some((name, of)), None) = (all.next(), all.next()) else { return None };
    let numbers = |of: &Value| -> Vec<Value> {
        let text = |of: &Value| of.as_str().map_or_else(|| of.to_string(), str::to_owned);
        of.as_array().into_iter().flatten().map(|of| Value::String(text(of))).collect()
    };
    Some(match name.as_str() {
        "$n" => json!({ "N": of }),
        "$b" => json!({ "B": of }),
        "$ss" => json!({ "SS": of }),
        "$ns" => json!({ "NS": numbers(of) }),
        "$bs" => json!({ "BS": of }),
        _ => return None,
    })
}
