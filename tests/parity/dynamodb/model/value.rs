//! Attribute values: they stay the JSON of the request, with numbers rewritten.

use std::cmp::Ordering;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value as Json};

use super::number::Number;

pub type Item = Map<String, Json>;

/// Type and content of a value.
pub fn parts(value: &Json) -> (&str, &Json) {
    let (kind, content) = value.as_object().and_then(|members| members.iter().next()).expect("a value");
    (kind, content)
}

pub fn kind(value: &Json) -> &str {
    parts(value).0
}

pub fn bytes(text: &Json) -> Vec<u8> {
    STANDARD.decode(text.as_str().unwrap_or_default()).unwrap_or_default()
}

pub fn number(content: &Json) -> Option<Number> {
    Number::read(content.as_str()?)
}

/// The value with its numbers as they are stored; none where it is no value.
pub fn checked(value: &Json) -> Option<Json> {
    let members = value.as_object().filter(|members| members.len() == 1)?;
    let (kind, content) = members.iter().next()?;
    let written = |content: &Json| Some(Json::from(number(content)?.write()));
    let content = match kind.as_str() {
        "N" => written(content)?,
        "NS" => content.as_array()?.iter().map(written).collect::<Option<Vec<_>>>()?.into(),
        "L" => content.as_array()?.iter().map(checked).collect::<Option<Vec<_>>>()?.into(),
        "M" => Json::Object(items(content.as_object()?)?),
        _ => content.clone(),
    };
    if ["SS", "NS", "BS"].contains(&kind.as_str()) {
        let all = content.as_array()?;
        if all.is_empty() || all.iter().enumerate().any(|(at, one)| all[..at].contains(one)) {
            return None;
        }
    }
    Some(Json::Object(Map::from_iter([(kind.clone(), content)])))
}

/// An item, or what a map holds, with every value checked.
pub fn items(members: &Map<String, Json>) -> Option<Item> {
    members.iter().map(|(name, value)| Some((name.clone(), checked(value)?))).collect()
}

/// The bytes that a value counts for.
pub fn size(value: &Json) -> usize {
    let (kind, content) = parts(value);
    let all = |of: fn(&Json) -> usize| content.as_array().into_iter().flatten().map(of).sum::<usize>();
    let text = |text: &Json| text.as_str().unwrap_or_default().len();
    let figure = |text: &Json| number(text).map_or(0, |number| number.size());
    match kind {
        "S" => text(content),
        "N" => figure(content),
        "B" => bytes(content).len(),
        "SS" => all(text),
        "NS" => all(figure),
        "BS" => all(|one| bytes(one).len()),
        "L" => 3 + content.as_array().map_or(0, Vec::len) + all(size),
        "M" => content.as_object().map_or(3, |members| 3 + members.len() + item_size(members)),
        _ => 1,
    }
}

/// The bytes that an item counts for: names and values.
pub fn item_size(item: &Item) -> usize {
    item.iter().map(|(name, value)| name.len() + size(value)).sum()
}

pub fn equal(one: &Json, other: &Json) -> bool {
    let ((kind, one), (other_kind, other)) = (parts(one), parts(other));
    kind == other_kind
        && match kind {
            "SS" | "NS" | "BS" => {
                let (one, other) = (one.as_array().expect("a set"), other.as_array().expect("a set"));
                one.len() == other.len() && one.iter().all(|member| other.contains(member))
            }
            "L" => {
                let (one, other) = (one.as_array().expect("a list"), other.as_array().expect("a list"));
                one.len() == other.len() && one.iter().zip(other).all(|(one, other)| equal(one, other))
            }
            "M" => {
                let (one, other) = (one.as_object().expect("a map"), other.as_object().expect("a map"));
                one.len() == other.len()
                    && one.iter().all(|(name, one)| other.get(name).is_some_and(|other| equal(one, other)))
            }
            _ => one == other,
        }
}

/// The order of two values, where they have one.
pub fn order(one: &Json, other: &Json) -> Option<Ordering> {
    let ((kind, one), (other_kind, other)) = (parts(one), parts(other));
    match kind {
        _ if kind != other_kind => None,
        "S" => Some(one.as_str()?.as_bytes().cmp(other.as_str()?.as_bytes())),
        "N" => Some(number(one)?.order(&number(other)?)),
        "B" => Some(bytes(one).cmp(&bytes(other))),
        _ => None,
    }
}
