//! The evaluator: operands and conditions against an item. Nothing is cloned: values are borrowed from the item or the
//! request, and only a size is made.

use std::borrow::Cow;
use std::cmp::Ordering;

use super::tree::{Call, Comparator, Function, Operand, Test};
use crate::emulator::dynamodb::number::Number;
use crate::emulator::dynamodb::value::{Item, Type, Value};

impl Test {
    /// Whether `item` fulfils the condition. What is not there equals nothing and has no order.
    pub fn matches(&self, item: &Item) -> bool {
        match self {
            Self::Compare(comparator, left, right) => {
                compare(*comparator, left.value(item).as_deref(), right.value(item).as_deref())
            }
            Self::Between(operand, low, high) => {
                let value = operand.value(item);
                compare(Comparator::Ge, value.as_deref(), low.value(item).as_deref())
                    && compare(Comparator::Le, value.as_deref(), high.value(item).as_deref())
            }
            Self::In(operand, list) => operand
                .value(item)
                .is_some_and(|value| list.iter().any(|other| other.value(item).is_some_and(|other| value == other))),
            Self::Call(call) => call.holds(item),
            Self::And(tests) => tests.iter().all(|test| test.matches(item)),
            Self::Or(tests) => tests.iter().any(|test| test.matches(item)),
            Self::Not(test) => !test.matches(item),
        }
    }
}

fn compare(comparator: Comparator, left: Option<&Value>, right: Option<&Value>) -> bool {
    let (Some(left), Some(right)) = (left, right) else { return comparator == Comparator::Ne };
    let ordered = |fits: fn(Ordering) -> bool| left.compare(right).is_some_and(fits);
    match comparator {
        Comparator::Eq => left == right,
        Comparator::Ne => left != right,
        Comparator::Lt => ordered(Ordering::is_lt),
        Comparator::Le => ordered(Ordering::is_le),
        Comparator::Gt => ordered(Ordering::is_gt),
        Comparator::Ge => ordered(Ordering::is_ge),
    }
}

impl Operand {
    /// The operand's value, if there is one.
    pub fn value<'a>(&'a self, item: &'a Item) -> Option<Cow<'a, Value>> {
        match self {
            Self::Path(path) => path.get(item).map(Cow::Borrowed),
            Self::Literal(literal) => Some(Cow::Borrowed(&literal.value)),
            Self::Call(call) => call.size(item).map(|size| Cow::Owned(Value::N(size))),
        }
    }
}

impl Call {
    /// Whether a function that is a condition holds.
    fn holds(&self, item: &Item) -> bool {
        let value = |at: usize| self.operands.get(at).and_then(|operand| operand.value(item));
        match self.function {
            Function::AttributeExists => value(0).is_some(),
            Function::AttributeNotExists => value(0).is_none(),
            function => match (value(0), value(1)) {
                (Some(first), Some(second)) => match function {
                    Function::AttributeType => is_of_type(&first, &second),
                    Function::BeginsWith => begins_with(&first, &second),
                    Function::Contains => contains(&first, &second),
                    _ => false,
                },
                _ => false,
            },
        }
    }

    /// `size(operand)`: UTF-16 units of text, as Java counts, bytes of binary, members of sets, lists and maps. Numbers, Booleans and null have none.
    fn size(&self, item: &Item) -> Option<Number> {
        if self.function != Function::Size {
            return None;
        }
        let size = match self.operands.first()?.value(item)?.as_ref() {
            Value::S(text) => text.encode_utf16().count(),
            Value::B(bytes) => bytes.len(),
            Value::M(map) => map.len(),
            Value::L(list) => list.len(),
            Value::Ss(set) => set.len(),
            Value::Ns(set) => set.len(),
            Value::Bs(set) => set.len(),
            Value::N(_) | Value::Bool(_) | Value::Null => return None,
        };
        i64::try_from(size).ok().map(Number::from)
    }
}

fn is_of_type(value: &Value, name: &Value) -> bool {
    matches!(name, Value::S(name) if Type::from_name(name) == Some(value.kind()))
}

fn begins_with(value: &Value, start: &Value) -> bool {
    match (value, start) {
        (Value::S(value), Value::S(start)) => value.starts_with(start.as_str()),
        (Value::B(value), Value::B(start)) => value.starts_with(start),
        _ => false,
    }
}

fn contains(value: &Value, part: &Value) -> bool {
    match (value, part) {
        (Value::S(text), Value::S(part)) => text.contains(part.as_str()),
        (Value::B(bytes), Value::B(part)) => {
            part.is_empty() || bytes.windows(part.len()).any(|window| window == part.as_slice())
        }
        (Value::Ss(set), Value::S(part)) => set.contains(part),
        (Value::Ns(set), Value::N(part)) => set.contains(part),
        (Value::Bs(set), Value::B(part)) => set.contains(part),
        (Value::L(list), part) => list.contains(part),
        _ => false,
    }
}
