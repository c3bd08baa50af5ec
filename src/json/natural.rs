//! Natural JSON to DynamoDB values.

use aws_sdk_dynamodb::primitives::Blob;
use aws_sdk_dynamodb::types::AttributeValue;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value};

use super::path::Path;
use super::{Item, JsonError, number, typed};

/// The markers, each the single key of its object.
const MARKERS: &str = "$n, $b, $ss, $ns, $bs, $m";

pub(super) fn item(json: &Value, path: &Path<'_>) -> Result<Item, JsonError> {
    let map = object(json, path)?;
    match lone_marker(map) {
        Some(("$m", inner)) => attributes(object(inner, &path.marker("$m"))?, &path.marker("$m")),
        Some((marker, _)) => Err(JsonError::new(
            path,
            format!("an item cannot be a {marker}"),
            format!(r#"an object of attributes; {{"$m": {{"{marker}": …}}}} if {marker} is the attribute's name"#),
        )),
        None if typed::is_typed(map) => typed::attributes(map, path),
        None => attributes(map, path),
    }
}

pub(super) fn expression_values(json: &Value, path: &Path<'_>) -> Result<Item, JsonError> {
    object(json, path)?
        .iter()
        .map(|(name, json)| Ok((name.clone(), expression_value(json, &path.field(name))?)))
        .collect()
}

pub(super) fn expression_value(json: &Value, path: &Path<'_>) -> Result<AttributeValue, JsonError> {
    match json.as_object().and_then(typed::tag) {
        Some((tag, inner)) => Err(JsonError::new(
            path,
            format!(r#"{{"{tag}": …}} may be typed JSON or a map"#),
            format!(r#"{} for the value, {{"$m": {{"{tag}": …}}}} for the map"#, typed::natural_hint(tag, inner)),
        )),
        None => value(json, path),
    }
}

pub(super) fn value(json: &Value, path: &Path<'_>) -> Result<AttributeValue, JsonError> {
    path.check_depth()?;
    Ok(match json {
        Value::Null => AttributeValue::Null(true),
        Value::Bool(flag) => AttributeValue::Bool(*flag),
        Value::String(text) => AttributeValue::S(text.clone()),
        Value::Number(_) => AttributeValue::N(number::text(json, path)?),
        Value::Array(elements) => AttributeValue::L(each(elements, path, value)?),
        Value::Object(map) => match lone_marker(map) {
            Some((marker, inner)) => marked(marker, inner, path)?,
            None => AttributeValue::M(attributes(map, path)?),
        },
    })
}

/// The single member of an object, where its name begins with `$`.
fn lone_marker(map: &Map<String, Value>) -> Option<(&str, &Value)> {
    let (name, inner) = map.iter().next().filter(|_| map.len() == 1)?;
    name.starts_with('$').then_some((name.as_str(), inner))
}

fn marked(marker: &str, inner: &Value, outer: &Path<'_>) -> Result<AttributeValue, JsonError> {
    let path = &outer.marker(marker);
    Ok(match marker {
        "$n" => AttributeValue::N(number::text(inner, path)?),
        "$b" => AttributeValue::B(binary(inner, path)?),
        "$ss" => AttributeValue::Ss(set(inner, path, string)?),
        "$ns" => AttributeValue::Ns(set(inner, path, number::text)?),
        "$bs" => AttributeValue::Bs(set(inner, path, binary)?),
        "$m" => AttributeValue::M(attributes(object(inner, path)?, path)?),
        _ => {
            return Err(JsonError::new(
                outer,
                format!("{marker} is none of the markers {MARKERS}"),
                format!(r#"{{"$m": {{"{marker}": …}}}} for a map with that only key"#),
            ));
        }
    })
}

/// The members of a map, their names taken as they are.
fn attributes(map: &Map<String, Value>, path: &Path<'_>) -> Result<Item, JsonError> {
    map.iter().map(|(name, json)| Ok((name.clone(), value(json, &path.field(name))?))).collect()
}

pub(super) fn object<'a>(json: &'a Value, path: &Path<'_>) -> Result<&'a Map<String, Value>, JsonError> {
    json.as_object().ok_or_else(|| {
        JsonError::new(path, format!("{} is no object", kind(json)), r#"an object, such as {"pk": "a", "count": 1}"#)
    })
}

/// The elements of a set.
pub(super) fn set<T>(
    json: &Value,
    path: &Path<'_>,
    element: fn(&Value, &Path<'_>) -> Result<T, JsonError>,
) -> Result<Vec<T>, JsonError> {
    let Value::Array(elements) = json else {
        return Err(JsonError::new(path, format!("{} is no array", kind(json)), "the set's elements in an array"));
    };
    each(elements, path, element)
}

pub(super) fn each<T>(
    elements: &[Value],
    path: &Path<'_>,
    convert: fn(&Value, &Path<'_>) -> Result<T, JsonError>,
) -> Result<Vec<T>, JsonError> {
    elements.iter().enumerate().map(|(index, json)| convert(json, &path.index(index))).collect()
}

pub(super) fn string(json: &Value, path: &Path<'_>) -> Result<String, JsonError> {
    json.as_str()
        .map(str::to_owned)
        .ok_or_else(|| JsonError::new(path, format!("{} is no string", kind(json)), "a string"))
}

pub(super) fn binary(json: &Value, path: &Path<'_>) -> Result<Blob, JsonError> {
    let bytes = json.as_str().and_then(|text| STANDARD.decode(text).ok());
    bytes.map(Blob::new).ok_or_else(|| {
        JsonError::new(
            path,
            "not standard base64 with its padding",
            r#"a string such as "aGVsbG8=", for the bytes hello"#,
        )
    })
}

pub(super) fn kind(json: &Value) -> &'static str {
    match json {
        Value::Null => "null",
        Value::Bool(_) => "a Boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "an array",
        Value::Object(_) => "an object",
    }
}
