//! A `ComparisonOperator` with its `AttributeValueList`.

use std::cmp::Ordering;

use serde_json::Value as Json;

use super::{invalid, text, value};
use crate::emulator::dynamodb::expression::tree::Comparator;
use crate::emulator::dynamodb::value::{Type, Value, check_shape};
use crate::emulator::dynamodb::wording::Wording;
use crate::emulator::error::AwsError;

/// A comparison of an attribute with values.
pub(super) enum Comparison {
    Compare(Comparator, Value),
    Null,
    NotNull,
    BeginsWith(Value),
    Contains(Value),
    NotContains(Value),
    In(Vec<Value>),
    Between(Value, Value),
}

impl Comparison {
    /// Reads `ComparisonOperator` and the values in `AttributeValueList` (or, in `Expected`, `Value`).
    pub fn read(entry: &Json, name: &str, wording: Wording) -> Result<Self, AwsError> {
        let operator = text(entry, "ComparisonOperator").unwrap_or_default();
        let mut values = match entry.get("AttributeValueList") {
            Some(Json::Array(list)) => list.iter().map(|json| read_value(json, wording)).collect::<Result<_, _>>()?,
            _ => value(entry, "Value", wording)?.into_iter().collect::<Vec<_>>(),
        };
        check_count(operator, values.len(), name, wording)?;
        check_types(operator, &values, wording)?;
        let comparison = match (operator, values.pop(), values.pop()) {
            ("NULL", ..) => Self::Null,
            ("NOT_NULL", ..) => Self::NotNull,
            ("BEGINS_WITH", Some(value), _) => Self::BeginsWith(value),
            ("CONTAINS", Some(value), _) => Self::Contains(value),
            ("NOT_CONTAINS", Some(value), _) => Self::NotContains(value),
            ("BETWEEN", Some(high), Some(low)) => {
                if low.compare(&high) == Some(Ordering::Greater) {
                    return Err(wording.error(
                        "The BETWEEN condition was provided a range where the lower bound is greater than the upper bound",
                    ));
                }
                Self::Between(low, high)
            }
            ("IN", last, before) => {
                values.extend(before.into_iter().chain(last));
                Self::In(values)
            }
            (operator, Some(value), _) => match comparator(operator) {
                Some(comparator) => Self::Compare(comparator, value),
                None => return Err(unknown(operator, wording)),
            },
            _ => return Err(unknown(operator, wording)),
        };
        Ok(comparison)
    }
}

fn comparator(operator: &str) -> Option<Comparator> {
    Some(match operator {
        "EQ" => Comparator::Eq,
        "NE" => Comparator::Ne,
        "LT" => Comparator::Lt,
        "LE" => Comparator::Le,
        "GT" => Comparator::Gt,
        "GE" => Comparator::Ge,
        _ => return None,
    })
}

fn read_value(json: &Json, wording: Wording) -> Result<Value, AwsError> {
    check_shape(json)?;
    Value::from_json(json.clone(), wording)
}

fn unknown(operator: &str, wording: Wording) -> AwsError {
    invalid(wording, &format!("Unsupported ComparisonOperator: {operator}"))
}

fn check_count(operator: &str, count: usize, name: &str, wording: Wording) -> Result<(), AwsError> {
    let fits = match operator {
        "NULL" | "NOT_NULL" => count == 0,
        "IN" => count > 0,
        "BETWEEN" => count == 2,
        _ => count == 1,
    };
    match (fits, count) {
        (true, _) => Ok(()),
        (false, 0) => Err(invalid(
            wording,
            &format!(
                "Value or AttributeValueList must be used with ComparisonOperator: {operator} for Attribute: {name}"
            ),
        )),
        _ => Err(invalid(wording, &format!("Invalid number of argument(s) for the {operator} ComparisonOperator"))),
    }
}

fn check_types(operator: &str, values: &[Value], wording: Wording) -> Result<(), AwsError> {
    let fits = |kind: Type| match operator {
        "LT" | "LE" | "GT" | "GE" | "BETWEEN" | "IN" => kind.is_scalar(),
        "BEGINS_WITH" => matches!(kind, Type::S | Type::B),
        "CONTAINS" | "NOT_CONTAINS" => kind.is_scalar() || matches!(kind, Type::Bool | Type::Null),
        _ => true,
    };
    if let Some(wrong) = values.iter().map(Value::kind).find(|kind| !fits(*kind)) {
        let name = wrong.name();
        return Err(invalid(
            wording,
            &format!("ComparisonOperator {operator} is not valid for {name} AttributeValue type"),
        ));
    }
    if values.windows(2).any(|pair| pair[0].kind() != pair[1].kind()) {
        return Err(invalid(wording, "AttributeValues inside AttributeValueList must all be of the same type"));
    }
    Ok(())
}
