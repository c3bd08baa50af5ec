//! DynamoDB's attribute values.

mod read;
mod shape;
mod stored;
mod write;

use std::cmp::Ordering;
use std::collections::BTreeMap;

pub(super) use read::{DEPTH_MESSAGE, MAX_DEPTH, check_depth, check_name, deep_item_from_json};
pub use read::{item_from_json, sort_set};
pub use shape::{check_map_shape, check_shape};
pub(super) use stored::item_from_stored;
pub use write::{item_to_json, write_item};

use super::number::Number;

/// An item: attribute names to values.
pub type Item = BTreeMap<String, Value>;

/// One attribute value, of DynamoDB's ten types. Equality is AWS's: numbers by value, sets in any order.
#[derive(Debug, Clone)]
pub enum Value {
    /// A string.
    S(String),
    /// A number.
    N(Number),
    /// Binary.
    B(Vec<u8>),
    /// A Boolean.
    Bool(bool),
    /// Null.
    Null,
    /// A map.
    M(Item),
    /// A list.
    L(Vec<Value>),
    /// A string set, sorted.
    Ss(Vec<String>),
    /// A number set, sorted.
    Ns(Vec<Number>),
    /// A binary set, sorted.
    Bs(Vec<Vec<u8>>),
}

/// A value's type.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Type {
    /// A string.
    S,
    /// A number.
    N,
    /// Binary.
    B,
    /// A Boolean.
    Bool,
    /// Null.
    Null,
    /// A map.
    M,
    /// A list.
    L,
    /// A string set.
    Ss,
    /// A number set.
    Ns,
    /// A binary set.
    Bs,
}

impl Type {
    const ALL: [Self; 10] =
        [Self::S, Self::N, Self::B, Self::Bool, Self::Null, Self::M, Self::L, Self::Ss, Self::Ns, Self::Bs];

    /// The name in DynamoDB JSON and in most messages: `S`, `N`, … `BS`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::S => "S",
            Self::N => "N",
            Self::B => "B",
            Self::Bool => "BOOL",
            Self::Null => "NULL",
            Self::M => "M",
            Self::L => "L",
            Self::Ss => "SS",
            Self::Ns => "NS",
            Self::Bs => "BS",
        }
    }

    /// The name in messages about `ADD` and `DELETE`: `STRING`, `NUMBER`, …
    #[must_use]
    pub fn long_name(self) -> &'static str {
        match self {
            Self::S => "STRING",
            Self::N => "NUMBER",
            Self::B => "BINARY",
            Self::Bool => "BOOLEAN",
            Self::Null => "NULL",
            Self::M => "MAP",
            Self::L => "LIST",
            Self::Ss => "STRING_SET",
            Self::Ns => "NUMBER_SET",
            Self::Bs => "BINARY_SET",
        }
    }

    /// The type of the name `S`, `N`, … `BS`.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// Whether it may be a key's type and has an order: string, number or binary.
    #[must_use]
    pub fn is_scalar(self) -> bool {
        matches!(self, Self::S | Self::N | Self::B)
    }

    /// Whether it is one of the three set types.
    #[must_use]
    pub fn is_set(self) -> bool {
        matches!(self, Self::Ss | Self::Ns | Self::Bs)
    }
}

impl Value {
    /// Its type.
    #[must_use]
    pub fn kind(&self) -> Type {
        match self {
            Self::S(_) => Type::S,
            Self::N(_) => Type::N,
            Self::B(_) => Type::B,
            Self::Bool(_) => Type::Bool,
            Self::Null => Type::Null,
            Self::M(_) => Type::M,
            Self::L(_) => Type::L,
            Self::Ss(_) => Type::Ss,
            Self::Ns(_) => Type::Ns,
            Self::Bs(_) => Type::Bs,
        }
    }

    /// The order of two strings (by UTF-8 bytes), numbers or binaries (by unsigned bytes). `None` for other types and
    /// for values of two types.
    #[must_use]
    pub fn compare(&self, other: &Self) -> Option<Ordering> {
        match (self, other) {
            (Self::S(left), Self::S(right)) => Some(left.as_bytes().cmp(right.as_bytes())),
            (Self::N(left), Self::N(right)) => Some(left.cmp(right)),
            (Self::B(left), Self::B(right)) => Some(left.cmp(right)),
            _ => None,
        }
    }

    /// The size in bytes as AWS counts it: the bytes of text and binary, a number's [`Number::size`], 1 for Boolean and
    /// null, and 3 for a list or map and 1 more for each member.
    #[must_use]
    pub fn size(&self) -> usize {
        match self {
            Self::S(text) => text.len(),
            Self::N(number) => number.size(),
            Self::B(bytes) => bytes.len(),
            Self::Bool(_) | Self::Null => 1,
            Self::M(map) => 3 + map.len() + item_size(map),
            Self::L(list) => 3 + list.len() + list.iter().map(Self::size).sum::<usize>(),
            Self::Ss(set) => set.iter().map(String::len).sum(),
            Self::Ns(set) => set.iter().map(|number| number.size()).sum(),
            Self::Bs(set) => set.iter().map(Vec::len).sum(),
        }
    }

    /// Whether anything lies inside this many lists and maps.
    pub(super) fn reaches(&self, levels: usize) -> bool {
        let Some(below) = levels.checked_sub(1) else { return true };
        match self {
            Self::M(map) => map.values().any(|value| value.reaches(below)),
            Self::L(list) => list.iter().any(|value| value.reaches(below)),
            _ => false,
        }
    }
}

impl PartialEq for Value {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::S(left), Self::S(right)) => left == right,
            (Self::N(left), Self::N(right)) => left == right,
            (Self::B(left), Self::B(right)) => left == right,
            (Self::Bool(left), Self::Bool(right)) => left == right,
            (Self::Null, Self::Null) => true,
            (Self::M(left), Self::M(right)) => left == right,
            (Self::L(left), Self::L(right)) => left == right,
            (Self::Ss(left), Self::Ss(right)) => same_set(left, right),
            (Self::Ns(left), Self::Ns(right)) => same_set(left, right),
            (Self::Bs(left), Self::Bs(right)) => same_set(left, right),
            _ => false,
        }
    }
}

/// Sets are kept sorted, so the first comparison nearly always decides.
fn same_set<T: Ord>(left: &[T], right: &[T]) -> bool {
    left == right || (left.len() == right.len() && left.iter().all(|member| right.contains(member)))
}

/// An item's size in bytes as AWS counts it: names (UTF-8) and values.
#[must_use]
pub fn item_size(item: &Item) -> usize {
    item.iter().map(|(name, value)| name.len() + value.size()).sum()
}

#[cfg(test)]
pub(super) mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::super::wording::Wording;
    use super::*;

    /// An item from DynamoDB JSON.
    pub(in crate::emulator::dynamodb) fn item(json: serde_json::Value) -> Item {
        item_from_json(json, Wording::Plain).unwrap()
    }

    /// Any value of few levels.
    pub(in crate::emulator::dynamodb) fn any_value() -> impl Strategy<Value = Value> {
        let number = (-100_000_i64..100_000, -120_i32..110)
            .prop_map(|(digits, power)| format!("{digits}e{power}").parse::<Number>().unwrap());
        let leaf = prop_oneof![
            any::<String>().prop_map(Value::S),
            number.clone().prop_map(Value::N),
            any::<Vec<u8>>().prop_map(Value::B),
            any::<bool>().prop_map(Value::Bool),
            Just(Value::Null),
            proptest::collection::btree_set(any::<String>(), 1..4).prop_map(|set| Value::Ss(set.into_iter().collect())),
            proptest::collection::btree_set(number, 1..4).prop_map(|set| Value::Ns(set.into_iter().collect())),
            proptest::collection::btree_set(any::<Vec<u8>>(), 1..4)
                .prop_map(|set| Value::Bs(set.into_iter().collect())),
        ];
        leaf.prop_recursive(4, 24, 4, |inner| {
            prop_oneof![
                proptest::collection::vec(inner.clone(), 0..4).prop_map(Value::L),
                proptest::collection::btree_map("(?s).+", inner, 0..4).prop_map(Value::M),
            ]
        })
    }

    #[test]
    fn sets_are_equal_in_any_order_and_numbers_by_value() {
        let left = item(json!({"a": {"SS": ["x", "y"]}, "n": {"NS": ["1.0", "2"]}, "m": {"N": "1e2"}}));
        let right = item(json!({"a": {"SS": ["y", "x"]}, "n": {"NS": ["2.00", "1"]}, "m": {"N": "100"}}));
        assert_eq!(left, right);
        assert_eq!(Value::Ss(vec!["b".into(), "a".into()]), Value::Ss(vec!["a".into(), "b".into()]));
        assert_ne!(Value::S("1".into()), Value::N(1.into()));
    }

    #[test]
    fn sizes_are_as_aws_counts_them() {
        let size = |json| item_size(&item(json));
        assert_eq!(size(json!({"pk": {"S": "abc"}})), 5);
        assert_eq!(size(json!({"é": {"S": "é"}})), 4);
        assert_eq!(size(json!({"b": {"BOOL": true}, "n": {"NULL": true}})), 4);
        assert_eq!(size(json!({"l": {"L": []}})), 4);
        assert_eq!(size(json!({"l": {"L": [{"S": "ab"}, {"N": "1"}]}})), 1 + 3 + 2 + 2 + 2);
        assert_eq!(size(json!({"m": {"M": {"k": {"S": "v"}}}})), 1 + 3 + 1 + 2);
        assert_eq!(size(json!({"s": {"SS": ["a", "bc"]}, "b": {"B": "AQI="}})), 1 + 3 + 1 + 2);
    }
}
