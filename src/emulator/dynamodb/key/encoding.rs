//! Row keys: table id (8 bytes, big-endian), then each key attribute as a type tag and its value, so that the bytes of
//! two rows of one partition compare as their sort keys do and no row key is the start of another.
//!
//! Text and binary are escaped (`00` becomes `00 FF`) and end with `00 01`; numbers have their own encoding.

use super::KeySchema;
use crate::emulator::dynamodb::value::{Item, Value};

const TAG_BINARY: u8 = 1;
pub(super) const TAG_NUMBER: u8 = 2;
const TAG_STRING: u8 = 3;

impl KeySchema {
    /// The row key of `item`: table id, partition key, sort key. `None` where `item` lacks a key attribute or has one of
    /// another type.
    #[must_use]
    pub fn row_key(&self, table: u64, item: &Item) -> Option<Vec<u8>> {
        let mut key = table_prefix(table);
        for part in self.attributes() {
            encode(part.value(item)?, &mut key);
        }
        Some(key)
    }

    /// What every row of the partition of `hash` (values in schema order) starts with.
    #[must_use]
    pub fn partition_prefix(&self, table: u64, hash: &[&Value]) -> Vec<u8> {
        let mut key = table_prefix(table);
        for value in hash {
            encode(value, &mut key);
        }
        key
    }
}

/// What every row of a table starts with.
#[must_use]
pub fn table_prefix(table: u64) -> Vec<u8> {
    let mut key = Vec::with_capacity(64);
    key.extend_from_slice(&table.to_be_bytes());
    key
}

/// Appends a key value. Other types than string, number and binary are no key values, and add nothing.
pub(super) fn encode(value: &Value, out: &mut Vec<u8>) {
    encode_open(value, out);
    if !matches!(value, Value::N(_)) {
        out.extend_from_slice(&[0, 1]);
    }
}

/// [`encode`] without the end mark of text and binary: what every longer value that begins with it starts with.
pub(super) fn encode_open(value: &Value, out: &mut Vec<u8>) {
    match value {
        Value::S(text) => escape(TAG_STRING, text.as_bytes(), out),
        Value::B(bytes) => escape(TAG_BINARY, bytes, out),
        Value::N(number) => {
            out.push(TAG_NUMBER);
            number.encode(out);
        }
        _ => {}
    }
}

fn escape(tag: u8, bytes: &[u8], out: &mut Vec<u8>) {
    out.push(tag);
    let mut rest = bytes;
    while let Some(zero) = rest.iter().position(|byte| *byte == 0) {
        out.extend_from_slice(&rest[..=zero]);
        out.push(0xFF);
        rest = &rest[zero + 1..];
    }
    out.extend_from_slice(rest);
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::KeyAttribute;
    use super::*;
    use crate::emulator::dynamodb::value::Type;

    fn row(pk: &Value, sk: &Value) -> Vec<u8> {
        let schema = KeySchema::new(KeyAttribute::new("p", pk.kind()), Some(KeyAttribute::new("s", sk.kind())));
        schema.row_key(7, &Item::from([("p".into(), pk.clone()), ("s".into(), sk.clone())])).unwrap()
    }

    fn bytes() -> impl Strategy<Value = Vec<u8>> {
        proptest::collection::vec(prop_oneof![Just(0_u8), Just(1), Just(255), any::<u8>()], 0..8)
    }

    proptest! {
        #[test]
        fn rows_order_by_partition_and_then_by_sort_key(
            pks in (bytes(), bytes()), sks in (bytes(), bytes()), numbers in (any::<i64>(), any::<i64>()),
        ) {
            let (left, right) = (Value::B(pks.0.clone()), Value::B(pks.1.clone()));
            let binary = row(&left, &Value::B(sks.0.clone())).cmp(&row(&right, &Value::B(sks.1.clone())));
            prop_assert_eq!(binary, (&pks.0, &sks.0).cmp(&(&pks.1, &sks.1)));
            let number = row(&left, &Value::N(numbers.0.into())).cmp(&row(&right, &Value::N(numbers.1.into())));
            prop_assert_eq!(number, (&pks.0, numbers.0).cmp(&(&pks.1, numbers.1)));
        }

        #[test]
        fn text_orders_by_its_utf8(left in any::<String>(), right in any::<String>()) {
            let pk = Value::S("p".into());
            let order = row(&pk, &Value::S(left.clone())).cmp(&row(&pk, &Value::S(right.clone())));
            prop_assert_eq!(order, left.as_bytes().cmp(right.as_bytes()));
        }

        #[test]
        fn partitions_are_never_the_start_of_each_other(left in bytes(), right in bytes()) {
            prop_assume!(left != right);
            let schema = KeySchema::new(KeyAttribute::new("p", Type::B), None);
            let (left, right) = (Value::B(left), Value::B(right));
            let prefix = schema.partition_prefix(7, &[&left]);
            prop_assert!(!schema.partition_prefix(7, &[&right]).starts_with(&prefix));
        }
    }

    #[test]
    fn other_types_have_no_row() {
        let schema = KeySchema::new(KeyAttribute::new("p", Type::S), None);
        assert_eq!(schema.row_key(1, &Item::new()), None);
        assert_eq!(schema.row_key(1, &Item::from([("p".into(), Value::Bool(true))])), None);
    }
}
