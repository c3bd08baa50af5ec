//! What updates make of an item.

use serde_json::{Value as Json, json};

use super::evaluate::{Fault, at, overlap};
use super::parse::{Action, Operand, Path, Source, Step};
use super::value::{Item, equal, kind, number, parts};

impl Action {
    pub fn path(&self) -> &Path {
        match self {
            Self::Set(path, _) | Self::Remove(path) | Self::Add(path, _) | Self::Delete(path, _) => path,
        }
    }
}

/// What is wrong with an update whatever the item is.
pub fn check(actions: &[Action]) -> Result<(), Fault> {
    let overlapping = |at: usize| actions[..at].iter().any(|other| overlap(actions[at].path(), other.path()));
    let wrong = |action: &Action| match action {
        Action::Add(_, value) => !["N", "SS", "NS", "BS"].contains(&kind(value)),
        Action::Delete(_, value) => !["SS", "NS", "BS"].contains(&kind(value)),
        Action::Set(_, source) => operands_are_wrong(source),
        Action::Remove(_) => false,
    };
    if (0..actions.len()).any(overlapping) || actions.iter().any(wrong) { Err(Fault::Refused) } else { Ok(()) }
}

fn operands_are_wrong(source: &Source) -> bool {
    let is_no = |wanted: &str, source: &Source| matches!(source, Source::Operand(Operand::Value(value)) if kind(value) != wanted);
    match source {
        Source::Sum(one, _, other) => is_no("N", one) || is_no("N", other),
        Source::Append(one, other) => is_no("L", one) || is_no("L", other),
        Source::IfNotExists(..) | Source::Operand(_) => false,
    }
}

/// The item after the update. Every path and operand means the item as it was before.
pub fn apply(actions: &[Action], old: &Item) -> Result<Item, Fault> {
    let mut item = old.clone();
    for action in in_order(actions) {
        let path = action.path();
        parent_is_there(old, path)?;
        match action {
            Action::Set(_, source) => put(&mut item, path, evaluated(source, old)?)?,
            Action::Remove(_) => take(&mut item, path)?,
            Action::Add(_, value) => {
                let new = match at(old, path) {
                    None => value.clone(),
                    Some(there) => added(there, value)?,
                };
                put(&mut item, path, new)?;
            }
            Action::Delete(_, value) => match at(old, path).map(|there| without(there, value)).transpose()? {
                None => {}
                Some(Some(rest)) => put(&mut item, path, rest)?,
                Some(None) => take(&mut item, path)?,
            },
        }
    }
    Ok(item)
}

/// The actions so that none moves what another means: elements that come behind the end of a list by their numbers, as
/// AWS's guide has it, and what goes last, from the end of a list on.
fn in_order(actions: &[Action]) -> Vec<&Action> {
    let numbers = |action: &Action| -> Vec<usize> {
        let number = |step: &Step| match step {
            Step::At(at) => *at,
            Step::Name(_) => 0,
        };
        action.path().iter().map(number).collect()
    };
    let goes = |action: &&Action| matches!(action, Action::Remove(_) | Action::Delete(..));
    let (mut gone, mut set): (Vec<&Action>, Vec<&Action>) = actions.iter().partition(goes);
    set.sort_by_key(|action| numbers(action));
    gone.sort_by_key(|action| std::cmp::Reverse(numbers(action)));
    set.into_iter().chain(gone).collect()
}

fn evaluated(source: &Source, old: &Item) -> Result<Json, Fault> {
    match source {
        Source::Operand(Operand::Value(value)) => Ok(value.clone()),
        Source::Operand(Operand::At(path)) => at(old, path).cloned().ok_or(Fault::Refused),
        Source::Operand(Operand::Size(_)) => Err(Fault::Refused),
        Source::IfNotExists(path, other) => match at(old, path) {
            Some(value) => Ok(value.clone()),
            None => evaluated(other, old),
        },
        Source::Sum(one, plus, other) => {
            let (one, other) = (evaluated(one, old)?, evaluated(other, old)?);
            let of = |value: &Json| number(value.get("N")?);
            let (one, other) = (of(&one).ok_or(Fault::Refused)?, of(&other).ok_or(Fault::Refused)?);
            let sum = if *plus { one.plus(&other) } else { one.minus(&other) };
            // More than 38 digits: whether AWS rounds is not modelled.
            Ok(json!({"N": sum.ok_or(Fault::Unsure)?.write()}))
        }
        Source::Append(one, other) => {
            let (one, other) = (evaluated(one, old)?, evaluated(other, old)?);
            let of = |value: &Json| value.get("L").and_then(Json::as_array).cloned().ok_or(Fault::Refused);
            let joined = [of(&one)?, of(&other)?].concat();
            Ok(json!({"L": joined}))
        }
    }
}

/// What holds the value at a path: the item itself, or a map or list in it.
fn parent<'i>(item: &'i mut Item, path: &[Step]) -> Result<Option<&'i mut Json>, Fault> {
    let (Step::Name(first), rest) = path.split_first().expect("a path has a step") else { return Err(Fault::Refused) };
    let Some((_, between)) = rest.split_last() else { return Ok(None) };
    let mut value = item.get_mut(first).ok_or(Fault::Refused)?;
    for step in between {
        value = match step {
            Step::Name(name) => value.get_mut("M").and_then(|members| members.get_mut(name)),
            Step::At(at) => value.get_mut("L").and_then(|values| values.get_mut(*at)),
        }
        .ok_or(Fault::Refused)?;
    }
    Ok(Some(value))
}

fn parent_is_there(item: &Item, path: &[Step]) -> Result<(), Fault> {
    let mut copy = item.clone();
    let Some(parent) = parent(&mut copy, path)? else { return Ok(()) };
    let fits = match path.last() {
        Some(Step::Name(_)) => kind(parent) == "M",
        _ => kind(parent) == "L",
    };
    if fits { Ok(()) } else { Err(Fault::Refused) }
}

fn put(item: &mut Item, path: &[Step], new: Json) -> Result<(), Fault> {
    let Some(parent) = parent(item, path)? else {
        let Step::Name(name) = &path[0] else { return Err(Fault::Refused) };
        item.insert(name.clone(), new);
        return Ok(());
    };
    match path.last() {
        Some(Step::Name(name)) => {
            let members = parent.get_mut("M").and_then(Json::as_object_mut).ok_or(Fault::Refused)?;
            members.insert(name.clone(), new);
        }
        Some(Step::At(at)) => {
            let values = parent.get_mut("L").and_then(Json::as_array_mut).ok_or(Fault::Refused)?;
            match values.get_mut(*at) {
                Some(there) => *there = new,
                None => values.push(new),
            }
        }
        None => return Err(Fault::Refused),
    }
    Ok(())
}

fn take(item: &mut Item, path: &[Step]) -> Result<(), Fault> {
    let Some(parent) = parent(item, path)? else {
        let Step::Name(name) = &path[0] else { return Err(Fault::Refused) };
        item.shift_remove(name);
        return Ok(());
    };
    match path.last() {
        Some(Step::Name(name)) => {
            parent.get_mut("M").and_then(Json::as_object_mut).ok_or(Fault::Refused)?.shift_remove(name);
        }
        Some(Step::At(at)) => {
            let values = parent.get_mut("L").and_then(Json::as_array_mut).ok_or(Fault::Refused)?;
            if *at < values.len() {
                values.remove(*at);
            }
        }
        None => return Err(Fault::Refused),
    }
    Ok(())
}

fn added(there: &Json, more: &Json) -> Result<Json, Fault> {
    let ((kind, old), (other, new)) = (parts(there), parts(more));
    if kind != other {
        return Err(Fault::Refused);
    }
    if kind == "N" {
        let sum = number(old).zip(number(new)).and_then(|(one, other)| one.plus(&other));
        return Ok(json!({"N": sum.ok_or(Fault::Unsure)?.write()}));
    }
    let mut all = old.as_array().ok_or(Fault::Refused)?.clone();
    for member in new.as_array().ok_or(Fault::Refused)? {
        if !all.contains(member) {
            all.push(member.clone());
        }
    }
    Ok(json!({kind: all}))
}

fn without(there: &Json, less: &Json) -> Result<Option<Json>, Fault> {
    let ((kind, old), (other, gone)) = (parts(there), parts(less));
    if kind != other {
        return Err(Fault::Refused);
    }
    let gone = gone.as_array().ok_or(Fault::Refused)?;
    let rest: Vec<Json> =
        old.as_array().ok_or(Fault::Refused)?.iter().filter(|one| !gone.contains(one)).cloned().collect();
    Ok((!rest.is_empty()).then(|| json!({kind: rest})))
}

/// Whether two items are the same.
pub fn same(one: &Item, other: &Item) -> bool {
    equal(&json!({"M": one}), &json!({"M": other}))
}
