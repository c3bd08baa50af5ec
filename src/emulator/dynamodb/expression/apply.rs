//! The effect of an update on an item. Every value is computed from the item as it was; then all is written.

use super::path::{Path, Segment};
use super::tree::{Action, Call, Function, Literal, NewValue, Operand};
use crate::emulator::dynamodb::number::Number;
use crate::emulator::dynamodb::value::{DEPTH_MESSAGE, Item, MAX_DEPTH, Value, sort_set};

const INVALID_PATH: &str = "The document path provided in the update expression is invalid for update";
const WRONG_TYPE: &str = "An operand in the update expression has an incorrect data type";
const MISSING: &str = "The provided expression refers to an attribute that does not exist in the item";
/// What the parameters before expressions say instead of [`WRONG_TYPE`].
const LEGACY_WRONG_TYPE: &str = "Type mismatch for attribute to update";

/// The item after `actions`, or AWS's sentence on why they cannot be done.
pub(super) fn apply(actions: &[Action], old: &Item, legacy: bool) -> Result<Item, String> {
    let wrong_type = if legacy { LEGACY_WRONG_TYPE } else { WRONG_TYPE };
    let mut writes = Vec::new();
    let mut removals = Vec::new();
    for action in actions {
        let path = action.path();
        match action {
            Action::Set(_, value) => writes.push((path, new_value(value, old)?)),
            Action::Add(_, Literal { value, .. }) => writes.push((path, added(path.get(old), value, wrong_type)?)),
            Action::Remove(_) => removals.push(path),
            Action::Delete(_, Literal { value, .. }) => match path.get(old) {
                None => check_parent(path, old)?,
                Some(known) => match without(known, value, wrong_type)? {
                    Some(rest) => writes.push((path, rest)),
                    None => removals.push(path),
                },
            },
        }
    }
    let mut item = old.clone();
    // In the order of their indexes elements beyond the end are appended as AWS appends them.
    writes.sort_by(|(left, _), (right, _)| left.segments().cmp(right.segments()));
    for (path, value) in writes {
        write(&mut item, path, value)?;
    }
    // From the last, so that an index means what it meant before the update.
    removals.sort_by(|left, right| right.segments().cmp(left.segments()));
    for path in removals {
        remove(&mut item, path)?;
    }
    let too_deep = |root: &str| item.get(root).is_some_and(|value| value.reaches(MAX_DEPTH));
    if actions.iter().any(|action| too_deep(action.path().root())) {
        return Err(DEPTH_MESSAGE.to_owned());
    }
    Ok(item)
}

fn new_value(value: &NewValue, old: &Item) -> Result<Value, String> {
    let number = |operand: &Operand| match operand_value(operand, old)? {
        Value::N(number) => Ok(number),
        _ => Err(WRONG_TYPE.to_owned()),
    };
    let sum = match value {
        NewValue::Operand(operand) => return operand_value(operand, old),
        NewValue::Plus(left, right) => number(left)?.checked_add(number(right)?),
        NewValue::Minus(left, right) => number(left)?.checked_sub(number(right)?),
    };
    sum.map(Value::N).map_err(|error| error.to_string())
}

fn operand_value(operand: &Operand, old: &Item) -> Result<Value, String> {
    match operand {
        Operand::Path(path) => path.get(old).cloned().ok_or_else(|| MISSING.to_owned()),
        Operand::Literal(literal) => Ok(literal.value.as_ref().clone()),
        Operand::Call(call) => call_value(call, old),
    }
}

fn call_value(call: &Call, old: &Item) -> Result<Value, String> {
    match (call.function, call.operands.as_slice()) {
        (Function::IfNotExists, [first, default]) => match first.value(old) {
            Some(known) => Ok(known.into_owned()),
            None => operand_value(default, old),
        },
        (Function::ListAppend, [first, second]) => match (operand_value(first, old)?, operand_value(second, old)?) {
            (Value::L(mut list), Value::L(more)) => {
                list.extend(more);
                Ok(Value::L(list))
            }
            _ => Err(WRONG_TYPE.to_owned()),
        },
        _ => Err(WRONG_TYPE.to_owned()),
    }
}

/// What `ADD` makes of an attribute: a sum, a union, and for AttributeUpdates a longer list.
fn added(known: Option<&Value>, more: &Value, wrong_type: &str) -> Result<Value, String> {
    let Some(known) = known else { return Ok(more.clone()) };
    Ok(match (known, more) {
        (Value::N(left), Value::N(right)) => Value::N(left.checked_add(*right).map_err(|error| error.to_string())?),
        (Value::Ss(left), Value::Ss(right)) => Value::Ss(union(left, right)),
        (Value::Ns(left), Value::Ns(right)) => Value::Ns(union(left, right)),
        (Value::Bs(left), Value::Bs(right)) => Value::Bs(union(left, right)),
        (Value::L(left), Value::L(right)) => Value::L(left.iter().chain(right).cloned().collect()),
        _ => return Err(wrong_type.to_owned()),
    })
}

fn union<T: Ord + Clone>(left: &[T], right: &[T]) -> Vec<T> {
    let mut set: Vec<_> = left.iter().chain(right).cloned().collect();
    sort_set(&mut set);
    set.dedup();
    set
}

/// What `DELETE` leaves of a set; none where it leaves nothing.
fn without(known: &Value, less: &Value, wrong_type: &str) -> Result<Option<Value>, String> {
    Ok(match (known, less) {
        (Value::Ss(left), Value::Ss(right)) => difference(left, right).map(Value::Ss),
        (Value::Ns(left), Value::Ns(right)) => difference::<Number>(left, right).map(Value::Ns),
        (Value::Bs(left), Value::Bs(right)) => difference(left, right).map(Value::Bs),
        _ => return Err(wrong_type.to_owned()),
    })
}

fn difference<T: Ord + Clone>(left: &[T], right: &[T]) -> Option<Vec<T>> {
    let rest: Vec<_> = left.iter().filter(|member| !right.contains(member)).cloned().collect();
    (!rest.is_empty()).then_some(rest)
}

fn write(item: &mut Item, path: &Path, value: Value) -> Result<(), String> {
    match parent(item, path)? {
        Parent::Map(map, name) => {
            map.insert(name.to_owned(), value);
        }
        Parent::List(list, index) => match list.get_mut(index) {
            Some(known) => *known = value,
            None => list.push(value),
        },
    }
    Ok(())
}

fn remove(item: &mut Item, path: &Path) -> Result<(), String> {
    match parent(item, path)? {
        Parent::Map(map, name) => {
            map.remove(name);
        }
        Parent::List(list, index) => {
            if index < list.len() {
                list.remove(index);
            }
        }
    }
    Ok(())
}

/// Where a path ends.
enum Parent<'i, 'p> {
    Map(&'i mut Item, &'p str),
    List(&'i mut Vec<Value>, usize),
}

fn parent<'i, 'p>(item: &'i mut Item, path: &'p Path) -> Result<Parent<'i, 'p>, String> {
    let invalid = || INVALID_PATH.to_owned();
    let (end, steps) = path.segments().split_last().ok_or_else(invalid)?;
    let Some((_, steps)) = steps.split_first() else { return Ok(Parent::Map(item, path.root())) };
    let mut value = item.get_mut(path.root()).ok_or_else(invalid)?;
    for step in steps {
        value = match (step, value) {
            (Segment::Name(name), Value::M(map)) => map.get_mut(name),
            (Segment::Index(index), Value::L(list)) => list.get_mut(*index),
            _ => None,
        }
        .ok_or_else(invalid)?;
    }
    match (end, value) {
        (Segment::Name(name), Value::M(map)) => Ok(Parent::Map(map, name)),
        (Segment::Index(index), Value::L(list)) => Ok(Parent::List(list, *index)),
        _ => Err(invalid()),
    }
}

/// Refuses a path to a place that cannot be, as [`parent`] does, without changing anything.
fn check_parent(path: &Path, item: &Item) -> Result<(), String> {
    let Some((end, steps)) = path.segments().split_last() else { return Ok(()) };
    if steps.is_empty() {
        return Ok(());
    }
    let mut value = item.get(path.root());
    for step in &steps[1..] {
        value = match (step, value) {
            (Segment::Name(name), Some(Value::M(map))) => map.get(name),
            (Segment::Index(index), Some(Value::L(list))) => list.get(*index),
            _ => None,
        };
    }
    match (end, value) {
        (Segment::Name(_), Some(Value::M(_))) | (Segment::Index(_), Some(Value::L(_))) => Ok(()),
        _ => Err(INVALID_PATH.to_owned()),
    }
}
