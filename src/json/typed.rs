//! DynamoDB's typed JSON, where a whole item or key is written in it.

use aws_sdk_dynamodb::types::AttributeValue;
use serde_json::{Map, Value, json};

use super::natural::{self, kind, set};
use super::path::Path;
use super::{Item, JsonError, number};

const TAGS: [&str; 10] = ["S", "N", "B", "BOOL", "NULL", "M", "L", "SS", "NS", "BS"];

/// The type name and content of an object that may be a typed value.
pub(super) fn tag(map: &Map<String, Value>) -> Option<(&str, &Value)> {
    let (name, inner) = map.iter().next().filter(|_| map.len() == 1)?;
    TAGS.contains(&name.as_str()).then_some((name.as_str(), inner))
}

/// Whether a value is one in typed JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Typed {
    /// It is none.
    No,
    /// It may be one, or a map: `{"S": "small"}`.
    Maybe,
    /// No map that means something else looks like it: `{"N": "5"}`.
    Surely,
}

/// Whether a value reads as typed JSON, by the content that its type has.
pub(super) fn likeness(value: &Value) -> Typed {
    let Some((tag, inner)) = value.as_object().and_then(tag) else { return Typed::No };
    let decimal = |value: &Value| value.as_str().is_some_and(number::is_decimal);
    let all = |of: &dyn Fn(&Value) -> bool| {
        inner.as_array().is_some_and(|elements| !elements.is_empty() && elements.iter().all(of))
    };
    let typed = |value: &Value| likeness(value) != Typed::No;
    let base64 = |value: &Value| natural::binary(value, &Path::root("")).is_ok();
    let (is, surely) = match tag {
        "S" => (inner.is_string(), false),
        "B" => (base64(inner), false),
        "N" => (decimal(inner) || inner.is_number(), decimal(inner)),
        "BOOL" => (inner.is_boolean(), true),
        "NULL" => (*inner == Value::Bool(true), true),
        "SS" => (all(&Value::is_string), true),
        "NS" => (all(&|value| decimal(value) || value.is_number()), true),
        "BS" => (all(&base64), true),
        "L" => {
            // Looked at once: twice at each depth would be without end.
            let whole = all(&typed);
            (whole || inner.as_array().is_some_and(Vec::is_empty), whole)
        }
        _ => {
            let members = inner.as_object();
            let whole = members.is_some_and(|members| members.values().all(typed));
            (whole, whole && members.is_some_and(|members| !members.is_empty()))
        }
    };
    match (is, surely) {
        (false, _) => Typed::No,
        (true, false) => Typed::Maybe,
        (true, true) => Typed::Surely,
    }
}

/// Whether every value has the shape of a typed one, which no natural item or key has: its key attributes are no maps.
pub(super) fn is_typed(item: &Map<String, Value>) -> bool {
    !item.is_empty() && item.values().all(|value| value.as_object().and_then(tag).is_some())
}

pub(super) fn attributes(map: &Map<String, Value>, path: &Path<'_>) -> Result<Item, JsonError> {
    map.iter().map(|(name, json)| Ok((name.clone(), value(json, &path.field(name))?))).collect()
}

pub(super) fn value(json: &Value, outer: &Path<'_>) -> Result<AttributeValue, JsonError> {
    outer.check_depth()?;
    let Some((tag, inner)) = json.as_object().and_then(tag) else {
        return Err(JsonError::new(
            outer,
            "the item is in typed JSON, but this value is not",
            r#"an object with one type name, such as {"S": "a"}, or the whole item as plain JSON"#,
        ));
    };
    let path = &outer.marker(tag);
    Ok(match tag {
        "S" => AttributeValue::S(natural::string(inner, path)?),
        "N" => AttributeValue::N(number::text(inner, path)?),
        "B" => AttributeValue::B(natural::binary(inner, path)?),
        "SS" => AttributeValue::Ss(set(inner, path, natural::string)?),
        "NS" => AttributeValue::Ns(set(inner, path, number::text)?),
        "BS" => AttributeValue::Bs(set(inner, path, natural::binary)?),
        "L" => AttributeValue::L(set(inner, path, value)?),
        "M" => AttributeValue::M(attributes(natural::object(inner, path)?, path)?),
        "BOOL" => AttributeValue::Bool(
            inner
                .as_bool()
                .ok_or_else(|| JsonError::new(path, format!("{} is no Boolean", kind(inner)), "true or false"))?,
        ),
        _ if *inner == Value::Bool(true) => AttributeValue::Null(true),
        _ => return Err(JsonError::new(path, "NULL is true or absent", r#"{"NULL": true}"#)),
    })
}

/// How the content of a typed value is written in natural JSON, for an error to show.
pub(super) fn natural_hint(tag: &str, inner: &Value) -> String {
    let natural = match (tag, inner) {
        ("S", Value::String(text)) if text.len() <= 64 => json!(text),
        ("N", Value::String(text)) if text.len() <= 64 => match number::to_plain(text) {
            Some(number) => json!(number),
            None => json!({ "$n": text }),
        },
        ("BOOL", Value::Bool(flag)) => json!(flag),
        ("NULL", _) => Value::Null,
        ("B", _) => return r#"{"$b": …}"#.to_owned(),
        ("SS" | "NS" | "BS", _) => return format!(r#"{{"${}": […]}}"#, tag.to_lowercase()),
        _ => return "its content as plain JSON".to_owned(),
    };
    natural.to_string()
}
