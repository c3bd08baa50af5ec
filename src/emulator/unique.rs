//! JSON of strangers in which nothing is said twice and nothing that nobody reads: else two readers take it for two things.

use std::fmt;

use serde::Serialize;
use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

/// Reads a value whose objects name no member twice.
///
/// # Errors
/// What is no JSON, and a member that is there twice.
pub fn read(text: &[u8]) -> Result<Value, serde_json::Error> {
    serde_json::from_slice::<Unique>(text).map(|unique| unique.0)
}

/// Refuses what has something of which nothing was read.
///
/// # Errors
/// What that is.
pub fn all_read(given: &Value, read: &impl Serialize) -> Result<(), String> {
    let known = serde_json::to_value(read).map_err(|error| error.to_string())?;
    let Some(at) = unread(given, &known) else { return Ok(()) };
    Err(format!("{} is unknown, or cannot be so", at.trim_start_matches('.')))
}

/// Where `given` has something that `known`, which is what was read of it, has not or has otherwise.
fn unread(given: &Value, known: &Value) -> Option<String> {
    let below = |step: String, inner: Option<String>| inner.map(|rest| format!("{step}{rest}"));
    match (given, known) {
        (Value::Object(given), Value::Object(known)) => given.iter().find_map(|(name, value)| {
            let step = format!(".{name}");
            known.get(name).map_or_else(|| Some(step.clone()), |known| below(step.clone(), unread(value, known)))
        }),
        (Value::Array(given), Value::Array(known)) if given.len() == known.len() => {
            let mut pairs = given.iter().zip(known).enumerate();
            pairs.find_map(|(at, (given, known))| below(format!("[{at}]"), unread(given, known)))
        }
        _ => (given != known).then(String::new),
    }
}

struct Unique(Value);

impl<'de> Deserialize<'de> for Unique {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Any).map(Self)
    }
}

struct Any;

impl<'de> Visitor<'de> for Any {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Value, A::Error> {
        let mut values = Vec::new();
        while let Some(Unique(value)) = list.next_element()? {
            values.push(value);
        }
        Ok(Value::Array(values))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
        let mut members = Map::new();
        while let Some((name, Unique(value))) = map.next_entry::<String, Unique>()? {
            if members.contains_key(&name) {
                return Err(A::Error::custom(format!("the member {name:?} is there twice")));
            }
            members.insert(name, value);
        }
        Ok(Value::Object(members))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn any_json() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            any::<u64>().prop_map(Value::from),
            (-1e9..1e9).prop_map(Value::from),
            any::<String>().prop_map(Value::from),
        ];
        leaf.prop_recursive(4, 30, 5, |inner| {
            prop_oneof![
                proptest::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
                proptest::collection::btree_map(any::<String>(), inner, 0..5)
                    .prop_map(|members| Value::Object(members.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn what_is_read_is_what_serde_reads_and_nothing_of_it_is_unread(value in any_json()) {
            let read = read(value.to_string().as_bytes()).unwrap();
            prop_assert_eq!(&read, &value);
            prop_assert_eq!(unread(&read, &value), None);
        }
    }

    #[test]
    fn a_member_that_is_there_twice_is_refused_at_any_depth() {
        for text in [r#"{"a":1,"a":1}"#, r#"[{"b":{"a":1,"c":2,"a":3}}]"#, r#"{"a":1,"\u0061":2}"#] {
            assert!(read(text.as_bytes()).unwrap_err().to_string().contains("\"a\" is there twice"), "{text}");
        }
        for text in ["", "{", "{} {}", "nul"] {
            read(text.as_bytes()).unwrap_err();
        }
    }

    #[test]
    fn what_was_not_read_is_named() {
        let known = json!({"a": [1, {"b": 2}], "more": true});
        assert_eq!(unread(&json!({"a": [1, {"b": 2}]}), &known), None);
        for (given, place) in [
            (json!({"a": [1, {"b": 2, "c": 1}]}), ".a[1].c"),
            (json!({"a": [1]}), ".a"),
            (json!({"x": 1}), ".x"),
            (json!({"a": [1, {"b": "2"}]}), ".a[1].b"),
        ] {
            assert_eq!(unread(&given, &known).as_deref(), Some(place));
        }
    }
}
