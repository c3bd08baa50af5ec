//! DynamoDB values to natural JSON.

use aws_sdk_dynamodb::primitives::Blob;
use aws_sdk_dynamodb::types::AttributeValue;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value, json};

use super::path::Path;
use super::{Item, JsonError, number, typed};

pub(super) fn item(item: &Item, path: &Path<'_>) -> Result<Value, JsonError> {
    let map = attributes(item, path)?;
    Ok(if typed::is_typed(&map) { json!({ "$m": map }) } else { escaped(map) })
}

pub(super) fn value(value: &AttributeValue, path: &Path<'_>) -> Result<Value, JsonError> {
    path.check_depth()?;
    Ok(match value {
        AttributeValue::S(text) => json!(text),
        AttributeValue::N(text) => match number::to_plain(text) {
            Some(number) => Value::Number(number),
            None => json!({ "$n": text }),
        },
        AttributeValue::B(blob) => json!({ "$b": base64(blob) }),
        AttributeValue::Bool(flag) => json!(flag),
        AttributeValue::Null(_) => Value::Null,
        AttributeValue::L(elements) => Value::Array(
            elements
                .iter()
                .enumerate()
                .map(|(index, element)| self::value(element, &path.index(index)))
                .collect::<Result<_, _>>()?,
        ),
        AttributeValue::M(map) => escaped(attributes(map, path)?),
        AttributeValue::Ss(texts) => json!({ "$ss": texts }),
        AttributeValue::Ns(texts) => {
            let plain = |text: &String| number::to_plain(text).map_or_else(|| json!(text), Value::Number);
            json!({ "$ns": texts.iter().map(plain).collect::<Vec<_>>() })
        }
        AttributeValue::Bs(blobs) => json!({ "$bs": blobs.iter().map(base64).collect::<Vec<_>>() }),
        _ => return Err(JsonError::new(path, "a type newer than this footbridge", "none, and update footbridge")),
    })
}

fn attributes(item: &Item, path: &Path<'_>) -> Result<Map<String, Value>, JsonError> {
    // Sorted here, so that the order does not hang on serde_json's features.
    let mut members: Vec<_> = item.iter().collect();
    members.sort_unstable_by_key(|(name, _)| *name);
    let member = |(name, inner): (&String, _)| Ok((name.clone(), value(inner, &path.field(name))?));
    members.into_iter().map(member).collect()
}

fn escaped(map: Map<String, Value>) -> Value {
    let lone_dollar = map.len() == 1 && map.keys().all(|name| name.starts_with('$'));
    let plain = Value::Object(map);
    if lone_dollar || typed::likeness(&plain) == typed::Typed::Surely { json!({ "$m": plain }) } else { plain }
}

fn base64(blob: &Blob) -> String {
    STANDARD.encode(blob)
}
