//! The partition that a row belongs to, read off its key.

use super::KeySchema;
use super::encoding::TAG_NUMBER;
use crate::emulator::dynamodb::number::Number;
use crate::emulator::store::key::split;

const TABLE_ID: usize = 8;

impl KeySchema {
    /// The start of a row key that all rows of its partition share: the table's id and the partition key. The whole key
    /// where it is not one of this schema.
    #[must_use]
    pub fn partition_of<'k>(&self, row_key: &'k [u8]) -> &'k [u8] {
        let end = self.hash.iter().try_fold(TABLE_ID, |at, _| {
            let (tag, rest) = row_key.get(at..)?.split_first()?;
            let used = if *tag == TAG_NUMBER { Number::decode(rest)?.1 } else { rest.len() - split(rest)?.1.len() };
            Some(at + 1 + used)
        });
        end.map_or(row_key, |end| &row_key[..end])
    }
}

#[cfg(test)]
mod tests {
    use super::super::KeyAttribute;
    use super::*;
    use crate::emulator::dynamodb::value::{Item, Type, Value};

    #[test]
    fn rows_share_a_partition_where_their_partition_keys_are_equal() {
        let number = |number: i64| Value::N(Number::from(number));
        let values = [
            (Type::S, Value::S("a\0b".into()), Value::S("a\0".into())),
            (Type::N, number(-12), number(7)),
            (Type::B, Value::B(vec![0, 1, 0]), Value::B(vec![0])),
        ];
        for (kind, one, other) in values {
            let schema = KeySchema::new(KeyAttribute::new("h", kind), Some(KeyAttribute::new("r", Type::S)));
            let key = |hash: &Value, range: &str| {
                let item = Item::from([("h".into(), hash.clone()), ("r".into(), Value::S(range.into()))]);
                schema.row_key(7, &item).expect("a key")
            };
            let prefix = schema.partition_prefix(7, &[&one]);
            assert_eq!(schema.partition_of(&key(&one, "x")), prefix);
            assert_eq!(schema.partition_of(&key(&one, "y\0z")), prefix);
            assert_ne!(schema.partition_of(&key(&other, "x")), prefix);
        }
    }
}
