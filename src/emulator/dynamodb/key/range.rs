//! The rows that a Query reads.

use std::ops::Bound;

use super::encoding::{encode, encode_open, table_prefix};
use crate::emulator::dynamodb::value::Value;

/// A sort-key condition of a Query.
#[derive(Debug, Clone, PartialEq)]
pub enum SortCondition {
    /// `=`
    Eq(Value),
    /// `<`
    Lt(Value),
    /// `<=`
    Le(Value),
    /// `>`
    Gt(Value),
    /// `>=`
    Ge(Value),
    /// `BETWEEN`, both ends included.
    Between(Value, Value),
    /// `begins_with`
    BeginsWith(Value),
}

/// Row keys from a bound to a bound.
pub type KeyRange = (Bound<Vec<u8>>, Bound<Vec<u8>>);

/// What a Query reads: one partition, and in it the rows that the sort condition allows.
#[derive(Debug, Clone, PartialEq)]
pub struct KeyQuery {
    /// The partition key's values, in schema order.
    pub hash: Vec<Value>,
    /// The leading sort attributes that are fixed by equality (multi-attribute keys only).
    pub fixed: Vec<Value>,
    /// The condition on the next sort attribute.
    pub sort: Option<SortCondition>,
}

impl KeyQuery {
    /// The rows of `table` that answer the query, by row key.
    #[must_use]
    pub fn range(&self, table: u64) -> KeyRange {
        let mut prefix = table_prefix(table);
        for value in self.hash.iter().chain(&self.fixed) {
            encode(value, &mut prefix);
        }
        let with = |value: &Value| {
            let mut key = prefix.clone();
            encode(value, &mut key);
            key
        };
        // A bound is a whole key value and not always a whole row key: rows of an index go on after it.
        let (low, high) = match &self.sort {
            None => (prefix.clone(), after(prefix)),
            Some(SortCondition::Eq(value)) => (with(value), after(with(value))),
            Some(SortCondition::Lt(value)) => (prefix.clone(), Some(with(value))),
            Some(SortCondition::Le(value)) => (prefix.clone(), after(with(value))),
            Some(SortCondition::Gt(value)) => match after(with(value)) {
                Some(low) => (low, after(prefix)),
                None => (with(value), after(prefix)),
            },
            Some(SortCondition::Ge(value)) => (with(value), after(prefix)),
            Some(SortCondition::Between(low, high)) => (with(low), after(with(high))),
            Some(SortCondition::BeginsWith(value)) => {
                let mut start = prefix.clone();
                encode_open(value, &mut start);
                (start.clone(), after(start))
            }
        };
        match high {
            // An empty range, as of a BETWEEN whose ends are the wrong way round, must not be one that stores refuse.
            Some(high) if high < low => (Bound::Included(low.clone()), Bound::Excluded(low)),
            Some(high) => (Bound::Included(low), Bound::Excluded(high)),
            None => (Bound::Included(low), Bound::Unbounded),
        }
    }
}

/// The first key that does not start with `prefix`, if there is one.
fn after(mut prefix: Vec<u8>) -> Option<Vec<u8>> {
    while let Some(last) = prefix.pop() {
        if last < u8::MAX {
            prefix.push(last + 1);
            return Some(prefix);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::super::{KeyAttribute, KeySchema};
    use super::*;
    use crate::emulator::dynamodb::value::{Item, Type};

    /// A condition, and whether it allows a sort key.
    type Case = (SortCondition, Box<dyn Fn(&Value) -> bool>);

    fn conditions(value: &Value, other: &Value) -> Vec<Case> {
        let (v, o) = (value.clone(), other.clone());
        let starts = |text: &Value, start: &Value| match (text, start) {
            (Value::S(text), Value::S(start)) => text.starts_with(start.as_str()),
            (Value::B(text), Value::B(start)) => text.starts_with(start),
            _ => false,
        };
        let is = |f: fn(std::cmp::Ordering) -> bool, v: Value| -> Box<dyn Fn(&Value) -> bool> {
            Box::new(move |sk| sk.compare(&v).is_some_and(f))
        };
        vec![
            (SortCondition::Eq(v.clone()), is(std::cmp::Ordering::is_eq, v.clone())),
            (SortCondition::Lt(v.clone()), is(std::cmp::Ordering::is_lt, v.clone())),
            (SortCondition::Le(v.clone()), is(std::cmp::Ordering::is_le, v.clone())),
            (SortCondition::Gt(v.clone()), is(std::cmp::Ordering::is_gt, v.clone())),
            (SortCondition::Ge(v.clone()), is(std::cmp::Ordering::is_ge, v.clone())),
            (SortCondition::BeginsWith(v.clone()), {
                let v = v.clone();
                Box::new(move |sk| starts(sk, &v))
            }),
            (SortCondition::Between(v.clone(), o.clone()), {
                Box::new(move |sk| {
                    sk.compare(&v).is_some_and(std::cmp::Ordering::is_ge)
                        && sk.compare(&o).is_some_and(std::cmp::Ordering::is_le)
                })
            }),
        ]
    }

    fn check(kind: Type, sks: &[Value], value: &Value, other: &Value) {
        let schema = KeySchema::new(KeyAttribute::new("p", Type::S), Some(KeyAttribute::new("s", kind)));
        let mut rows = BTreeMap::new();
        for pk in ["", "a", "a\0", "b"] {
            for sk in sks {
                let item = Item::from([("p".into(), Value::S(pk.into())), ("s".into(), sk.clone())]);
                rows.insert(schema.row_key(1, &item).unwrap(), (pk, sk));
            }
        }
        for (condition, fits) in conditions(value, other) {
            if kind == Type::N && matches!(condition, SortCondition::BeginsWith(_)) {
                continue;
            }
            let query = KeyQuery { hash: vec![Value::S("a".into())], fixed: Vec::new(), sort: Some(condition) };
            let found: Vec<_> = rows.range(query.range(1)).map(|(_, row)| row).collect();
            let wanted: Vec<_> = rows.values().filter(|(pk, sk)| *pk == "a" && fits(sk)).collect();
            assert_eq!(found, wanted, "{query:?}");
        }
    }

    proptest! {
        #[test]
        fn text_ranges_hold_what_the_condition_allows(
            sks in proptest::collection::vec("[\\x00ab\u{10FFFF}]{0,4}", 1..12), at in any::<(usize, usize)>(),
        ) {
            let sks: Vec<_> = sks.into_iter().map(Value::S).collect();
            check(Type::S, &sks, &sks[at.0 % sks.len()], &sks[at.1 % sks.len()]);
        }

        #[test]
        fn number_ranges_hold_what_the_condition_allows(
            sks in proptest::collection::vec(-20_i64..20, 1..12), at in any::<(usize, usize)>(),
        ) {
            let sks: Vec<_> = sks.into_iter().map(|sk| Value::N(sk.into())).collect();
            let (value, other) = (&sks[at.0 % sks.len()], &sks[at.1 % sks.len()]);
            check(Type::N, &sks, value, other);
        }
    }

    #[test]
    fn without_a_sort_condition_the_whole_partition_is_read() {
        let sks: Vec<_> = ["", "x", "\u{10FFFF}"].map(|sk| Value::S(sk.into())).into();
        let schema = KeySchema::new(KeyAttribute::new("p", Type::S), Some(KeyAttribute::new("s", Type::S)));
        let query = KeyQuery { hash: vec![Value::S("a".into())], fixed: Vec::new(), sort: None };
        let (low, high) = query.range(1);
        for sk in sks {
            let row = schema.row_key(1, &Item::from([("p".into(), Value::S("a".into())), ("s".into(), sk)])).unwrap();
            assert!(std::ops::RangeBounds::contains(&(low.clone(), high.clone()), &row));
        }
    }
}
