//! From stored DynamoDB JSON straight to values: what we wrote ourselves needs no validation and no tree in between.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use serde::de::{self, Deserializer, IgnoredAny, MapAccess, Visitor};

use super::{Item, Type, Value};
use crate::emulator::dynamodb::number::Number;

/// Reads an item that [`super::write_item`] wrote.
pub(in super::super) fn item_from_stored(json: &[u8]) -> Result<Item, serde_json::Error> {
    serde_json::from_slice::<StoredItem>(json).map(|stored| stored.0)
}

struct StoredItem(Item);
struct Stored(Value);
struct StoredNumber(Number);
struct StoredBytes(Vec<u8>);

impl<'de> Deserialize<'de> for StoredItem {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Members;
        impl<'de> Visitor<'de> for Members {
            type Value = Item;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a map of attribute values")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Item, A::Error> {
                let mut item = Item::new();
                while let Some((name, Stored(value))) = map.next_entry::<String, Stored>()? {
                    item.insert(name, value);
                }
                Ok(item)
            }
        }
        deserializer.deserialize_map(Members).map(Self)
    }
}

impl<'de> Deserialize<'de> for Stored {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Typed;
        impl<'de> Visitor<'de> for Typed {
            type Value = Value;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an attribute value")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
                let name = map.next_key::<&'de str>()?.unwrap_or_default();
                let kind = Type::from_name(name).ok_or_else(|| de::Error::custom("an attribute value without type"))?;
                let value = match kind {
                    Type::S => Value::S(map.next_value()?),
                    Type::N => Value::N(map.next_value::<StoredNumber>()?.0),
                    Type::B => Value::B(map.next_value::<StoredBytes>()?.0),
                    Type::Bool => Value::Bool(map.next_value()?),
                    Type::Null => map.next_value::<IgnoredAny>().map(|_| Value::Null)?,
                    Type::M => Value::M(map.next_value::<StoredItem>()?.0),
                    Type::L => Value::L(unwrap(map.next_value::<Vec<Stored>>()?, |stored| stored.0)),
                    Type::Ss => Value::Ss(map.next_value()?),
                    Type::Ns => Value::Ns(unwrap(map.next_value::<Vec<StoredNumber>>()?, |stored| stored.0)),
                    Type::Bs => Value::Bs(unwrap(map.next_value::<Vec<StoredBytes>>()?, |stored| stored.0)),
                };
                match map.next_key::<IgnoredAny>()? {
                    None => Ok(value),
                    Some(_) => Err(de::Error::custom("an attribute value with two types")),
                }
            }
        }
        deserializer.deserialize_map(Typed).map(Self)
    }
}

fn unwrap<T, U>(list: Vec<T>, inner: impl Fn(T) -> U) -> Vec<U> {
    list.into_iter().map(inner).collect()
}

impl<'de> Deserialize<'de> for StoredNumber {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        <&str>::deserialize(deserializer)?.parse().map(Self).map_err(de::Error::custom)
    }
}

impl<'de> Deserialize<'de> for StoredBytes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        STANDARD.decode(<&str>::deserialize(deserializer)?).map(Self).map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::tests::any_value;
    use super::super::write_item;
    use super::*;

    proptest! {
        #[test]
        fn reads_what_was_written(item in proptest::collection::btree_map(any::<String>(), any_value(), 0..4)) {
            let mut bytes = Vec::new();
            write_item(&item, &mut bytes);
            prop_assert_eq!(item_from_stored(&bytes).unwrap(), item);
        }
    }

    #[test]
    fn damage_is_an_error() {
        for json in
            ["", "{", "[]", r#"{"a":{}}"#, r#"{"a":{"X":1}}"#, r#"{"a":{"S":"x","N":"1"}}"#, r#"{"a":{"N":"x"}}"#]
        {
            assert!(item_from_stored(json.as_bytes()).is_err(), "{json}");
        }
    }
}
