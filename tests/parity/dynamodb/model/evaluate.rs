//! What conditions come to, and what can be seen to be wrong with them before any item is read.

use std::cmp::Ordering;

use serde_json::{Value as Json, json};

use super::parse::{Condition, Operand, Path, Step, Wrong};
use super::value::{Item, bytes, equal, kind, order, parts};

/// What is at a path of an item.
pub fn at<'i>(item: &'i Item, path: &[Step]) -> Option<&'i Json> {
    let (Step::Name(first), rest) = path.split_first()? else { return None };
    rest.iter().try_fold(item.get(first)?, |value, step| match step {
        Step::Name(name) => value.get("M")?.get(name),
        Step::At(number) => value.get("L")?.get(number),
    })
}

fn value(operand: &Operand, item: &Item) -> Option<Json> {
    match operand {
        Operand::Value(value) => Some(value.clone()),
        Operand::At(path) => at(item, path).cloned(),
        Operand::Size(path) => {
            let (kind, content) = parts(at(item, path)?);
            let length = match kind {
                "S" => content.as_str()?.encode_utf16().count(),
                "B" => bytes(content).len(),
                "SS" | "NS" | "BS" | "L" => content.as_array()?.len(),
                "M" => content.as_object()?.len(),
                _ => return None,
            };
            Some(json!({"N": length.to_string()}))
        }
    }
}

/// Whether an item meets a condition.
pub fn holds(condition: &Condition, item: &Item) -> bool {
    let of = |operand: &Operand| value(operand, item);
    let ordered = |one: &Operand, other: &Operand| order(&of(one)?, &of(other)?);
    let same = |one: &Operand, other: &Operand| matches!((of(one), of(other)), (Some(one), Some(other)) if equal(&one, &other));
    match condition {
        Condition::Compare(one, how, other) => match how.as_str() {
            "=" => same(one, other),
            "<>" => !same(one, other),
            how => ordered(one, other).is_some_and(|order| match how {
                "<" => order == Ordering::Less,
                "<=" => order != Ordering::Greater,
                ">" => order == Ordering::Greater,
                _ => order != Ordering::Less,
            }),
        },
        Condition::Between(one, low, high) => {
            ordered(one, low).is_some_and(|order| order != Ordering::Less)
                && ordered(one, high).is_some_and(|order| order != Ordering::Greater)
        }
        Condition::In(one, list) => list.iter().any(|other| same(one, other)),
        Condition::Call(function, path, second) => {
            let first = at(item, path);
            let second = second.as_ref().and_then(of);
            match (function.as_str(), first, second) {
                ("attribute_exists", first, _) => first.is_some(),
                ("attribute_not_exists", first, _) => first.is_none(),
                ("attribute_type", Some(first), Some(second)) => Some(kind(first)) == parts(&second).1.as_str(),
                ("begins_with", Some(first), Some(second)) => within(first, &second, |all, part| all.starts_with(part)),
                ("contains", Some(first), Some(second)) => contains(first, &second),
                _ => false,
            }
        }
        Condition::Not(inner) => !holds(inner, item),
        Condition::And(one, other) => holds(one, item) && holds(other, item),
        Condition::Or(one, other) => holds(one, item) || holds(other, item),
    }
}

/// A test of two texts, or of two binaries.
fn within(one: &Json, other: &Json, test: fn(&[u8], &[u8]) -> bool) -> bool {
    let ((kind, one), (other_kind, other)) = (parts(one), parts(other));
    match kind {
        _ if kind != other_kind => false,
        "S" => test(one.as_str().unwrap_or_default().as_bytes(), other.as_str().unwrap_or_default().as_bytes()),
        "B" => test(&bytes(one), &bytes(other)),
        _ => false,
    }
}

fn contains(one: &Json, other: &Json) -> bool {
    let (of, content) = parts(one);
    let holds = |part: &str| kind(other) == part && content.as_array().is_some_and(|all| all.contains(parts(other).1));
    match of {
        "SS" => holds("S"),
        "NS" => holds("N"),
        "BS" => holds("B"),
        "L" => content.as_array().is_some_and(|all| all.iter().any(|one| equal(one, other))),
        _ => within(one, other, |all, part| part.is_empty() || all.windows(part.len()).any(|window| window == part)),
    }
}

/// What is wrong with a condition whatever the item is. Unsure where the model does not know whether AWS minds.
pub fn check(condition: &Condition) -> Result<(), Fault> {
    match condition {
        Condition::Compare(one, how, other) => {
            distinct(one, std::slice::from_ref(other))?;
            if matches!(how.as_str(), "=" | "<>") { Ok(()) } else { can_be_ordered(one).and(can_be_ordered(other)) }
        }
        Condition::Between(one, low, high) => {
            [one, low, high].into_iter().try_for_each(can_be_ordered)?;
            match (low, high) {
                (Operand::Value(low), Operand::Value(high)) => match order(low, high) {
                    None | Some(Ordering::Greater) => Err(Fault::Refused),
                    Some(_) => Ok(()),
                },
                _ => Ok(()),
            }
        }
        Condition::In(..) => Ok(()),
        Condition::Call(function, path, second) => {
            let Some(second) = second else { return Ok(()) };
            distinct(&Operand::At(path.clone()), std::slice::from_ref(second))?;
            match (function.as_str(), second) {
                ("attribute_type", Operand::Value(named)) => {
                    let types = ["S", "N", "B", "SS", "NS", "BS", "M", "L", "NULL", "BOOL"];
                    let known = kind(named) == "S" && parts(named).1.as_str().is_some_and(|name| types.contains(&name));
                    if known { Ok(()) } else { Err(Fault::Refused) }
                }
                ("begins_with", Operand::Value(value)) if !["S", "B"].contains(&kind(value)) => Err(Fault::Refused),
                (_, Operand::Size(_)) | ("attribute_type", _) => Err(Fault::Unsure),
                _ => Ok(()),
            }
        }
        Condition::Not(inner) => check(inner),
        Condition::And(one, other) | Condition::Or(one, other) => check(one).and(check(other)),
    }
}

/// Why a request is not done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// ValidationException.
    Refused,
    /// ResourceNotFoundException.
    Missing,
    /// Some error, of which the model does not know the code.
    Somehow,
    /// The model does not know whether it is done.
    Unsure,
}

impl From<Wrong> for Fault {
    fn from(_: Wrong) -> Self {
        Self::Refused
    }
}

fn distinct(first: &Operand, others: &[Operand]) -> Result<(), Fault> {
    if !matches!(first, Operand::At(_)) || !others.contains(first) { Ok(()) } else { Err(Fault::Refused) }
}

fn can_be_ordered(operand: &Operand) -> Result<(), Fault> {
    match operand {
        Operand::Value(value) if !["S", "N", "B"].contains(&kind(value)) => Err(Fault::Refused),
        _ => Ok(()),
    }
}

/// The paths that a condition names.
pub fn paths(condition: &Condition) -> Vec<Path> {
    let of = |operand: &Operand| match operand {
        Operand::At(path) | Operand::Size(path) => Some(path.clone()),
        Operand::Value(_) => None,
    };
    match condition {
        Condition::Compare(one, _, other) => [one, other].into_iter().filter_map(of).collect(),
        Condition::Between(one, low, high) => [one, low, high].into_iter().filter_map(of).collect(),
        Condition::In(one, list) => std::iter::once(one).chain(list).filter_map(of).collect(),
        Condition::Call(_, path, second) => second.iter().filter_map(of).chain([path.clone()]).collect(),
        Condition::Not(inner) => paths(inner),
        Condition::And(one, other) | Condition::Or(one, other) => [paths(one), paths(other)].concat(),
    }
}

/// Whether two paths overlap, or go into one value by a name and by a number.
pub fn overlap(one: &[Step], other: &[Step]) -> bool {
    for (one, other) in one.iter().zip(other) {
        match (one, other) {
            (one, other) if one == other => {}
            (Step::Name(_), Step::At(_)) | (Step::At(_), Step::Name(_)) => return true,
            _ => return false,
        }
    }
    true
}

/// An item with what is at these paths, and what leads there.
pub fn project(item: &Item, paths: &[Path]) -> Item {
    let shown: Vec<&[Step]> = paths.iter().map(Vec::as_slice).collect();
    let mut projected = Item::new();
    for (name, value) in item {
        let below: Vec<&[Step]> =
            shown.iter().filter(|path| path[0] == Step::Name(name.clone())).map(|path| &path[1..]).collect();
        if let Some(value) = part(value, &below) {
            projected.insert(name.clone(), value);
        }
    }
    projected
}

fn part(value: &Json, paths: &[&[Step]]) -> Option<Json> {
    if paths.iter().any(|path| path.is_empty()) {
        return Some(value.clone());
    }
    let below = |step: &Step| paths.iter().filter(|path| path[0] == *step).map(|path| &path[1..]).collect::<Vec<_>>();
    if let Some(members) = value.get("M").and_then(Json::as_object) {
        let kept: Item = members
            .iter()
            .filter_map(|(name, value)| Some((name.clone(), part(value, &below(&Step::Name(name.clone())))?)))
            .collect();
        return (!kept.is_empty()).then(|| json!({"M": kept}));
    }
    let values = value.get("L").and_then(Json::as_array)?;
    let kept: Vec<Json> =
        values.iter().enumerate().filter_map(|(at, value)| part(value, &below(&Step::At(at)))).collect();
    (!kept.is_empty()).then(|| json!({"L": kept}))
}
