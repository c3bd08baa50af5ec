//! What AWS says of keys that do not fit their schema.

use super::{KeyAttribute, KeySchema, MAX_HASH_SIZE, MAX_RANGE_SIZE};
use crate::emulator::dynamodb::value::{Item, Value};
use crate::emulator::error::AwsError;

/// What AWS says of a `Key` that does not have exactly the key attributes with their types.
const MISMATCH: &str = "The provided key element does not match the schema";

impl KeySchema {
    /// Checks a `Key` parameter (GetItem, UpdateItem, DeleteItem, …): exactly the key attributes, of their types, not
    /// empty, not too long.
    pub fn check_key(&self, key: &Item) -> Result<(), AwsError> {
        self.check_shape(key)?;
        self.check_values(key)
    }

    /// Checks that a key has exactly the key attributes, of their types.
    pub fn check_shape(&self, key: &Item) -> Result<(), AwsError> {
        let fits = key.len() == self.attributes().count() && self.attributes().all(|part| part.value(key).is_some());
        if fits { Ok(()) } else { Err(AwsError::validation(MISMATCH)) }
    }

    /// Checks the key attributes of a whole item (PutItem).
    pub fn check_item(&self, item: &Item) -> Result<(), AwsError> {
        for part in self.attributes() {
            let Some(value) = item.get(&part.name) else {
                return Err(invalid(&format!("Missing the key {} in the item", part.name)));
            };
            if value.kind() != part.kind {
                return Err(invalid(&format!(
                    "Type mismatch for key {} expected: {} actual: {}",
                    part.name,
                    part.kind.name(),
                    value.kind().name()
                )));
            }
        }
        self.check_values(item)
    }

    /// Checks the key attributes of a whole item where AWS answers as for a `Key` (BatchWriteItem, recorded 2026-09-20
    /// for another type; three engines say so of a missing one too).
    pub fn check_batch_item(&self, item: &Item) -> Result<(), AwsError> {
        if self.attributes().any(|part| part.value(item).is_none()) {
            return Err(AwsError::validation(MISMATCH));
        }
        self.check_item(item)
    }

    /// Refuses empty key values alone.
    pub fn check_not_empty(&self, item: &Item) -> Result<(), AwsError> {
        self.attributes().try_for_each(|part| check_not_empty(part, item))
    }

    /// Checks the key attributes' values: not empty, not too long.
    pub fn check_values(&self, item: &Item) -> Result<(), AwsError> {
        self.check_not_empty(item)?;
        self.check_sizes(item)
    }

    /// Checks that the key is not too long: each attribute of the partition key, and those of the sort key together, as
    /// AWS's words have it.
    pub fn check_sizes(&self, item: &Item) -> Result<(), AwsError> {
        if self.hash.iter().any(|part| item.get(&part.name).is_some_and(|value| value.size() > MAX_HASH_SIZE)) {
            return Err(invalid("Size of hashkey has exceeded the maximum size limit of2048 bytes"));
        }
        if size(&self.range, item) > MAX_RANGE_SIZE {
            return Err(invalid("Aggregated size of all range keys has exceeded the size limit of 1024 bytes"));
        }
        Ok(())
    }
}

fn check_not_empty(part: &KeyAttribute, item: &Item) -> Result<(), AwsError> {
    let kind = match item.get(&part.name) {
        Some(Value::S(text)) if text.is_empty() => "string",
        Some(Value::B(bytes)) if bytes.is_empty() => "binary",
        _ => return Ok(()),
    };
    Err(AwsError::validation(format!(
        "One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty \
         {kind} value. Key: {}",
        part.name
    )))
}

fn size(parts: &[KeyAttribute], item: &Item) -> usize {
    parts.iter().filter_map(|part| item.get(&part.name)).map(Value::size).sum()
}

fn invalid(what: &str) -> AwsError {
    AwsError::validation(format!("One or more parameter values were invalid: {what}"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::emulator::dynamodb::value::Type;
    use crate::emulator::dynamodb::value::tests::item;

    fn schema() -> KeySchema {
        KeySchema::new(KeyAttribute::new("pk", Type::S), Some(KeyAttribute::new("sk", Type::N)))
    }

    fn key_refusal(json: serde_json::Value) -> String {
        schema().check_key(&item(json)).unwrap_err().message
    }

    fn item_refusal(json: serde_json::Value) -> String {
        schema().check_item(&item(json)).unwrap_err().message
    }

    #[test]
    fn a_key_has_exactly_the_schema() {
        assert_eq!(schema().check_key(&item(json!({"pk": {"S": "a"}, "sk": {"N": "1"}}))), Ok(()));
        for key in [
            json!({"pk": {"S": "a"}}),
            json!({"pk": {"N": "1"}, "sk": {"N": "1"}}),
            json!({"pk": {"L": []}, "sk": {"N": "1"}}),
            json!({"pk": {"S": "a"}, "sk": {"N": "1"}, "x": {"N": "1"}}),
        ] {
            assert_eq!(key_refusal(key), "The provided key element does not match the schema");
        }
        assert_eq!(
            key_refusal(json!({"pk": {"S": ""}, "sk": {"N": "1"}})),
            "One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty \
             string value. Key: pk"
        );
    }

    #[test]
    fn an_item_names_what_is_wrong_with_its_key() {
        assert_eq!(schema().check_item(&item(json!({"pk": {"S": "a"}, "sk": {"N": "1"}, "x": {"L": []}}))), Ok(()));
        assert_eq!(
            item_refusal(json!({"pk": {"S": "a"}})),
            "One or more parameter values were invalid: Missing the key sk in the item"
        );
        assert_eq!(
            item_refusal(json!({"pk": {"N": "1"}, "sk": {"N": "1"}})),
            "One or more parameter values were invalid: Type mismatch for key pk expected: S actual: N"
        );
        let batch = |json| schema().check_batch_item(&item(json)).unwrap_err().message;
        assert_eq!(batch(json!({"pk": {"N": "1"}, "sk": {"N": "1"}})), MISMATCH);
        assert_eq!(batch(json!({"pk": {"S": "a"}})), MISMATCH);
    }

    #[test]
    fn key_values_are_limited_to_2048_and_1024_bytes() {
        let schema = KeySchema::new(KeyAttribute::new("pk", Type::S), Some(KeyAttribute::new("sk", Type::B)));
        let key = |pk: usize, sk: usize| {
            Item::from([("pk".into(), Value::S("x".repeat(pk))), ("sk".into(), Value::B(vec![1; sk]))])
        };
        assert_eq!(schema.check_key(&key(2048, 1024)), Ok(()));
        assert_eq!(
            schema.check_key(&key(2049, 1)).unwrap_err().message,
            "One or more parameter values were invalid: Size of hashkey has exceeded the maximum size limit of2048 bytes"
        );
        assert_eq!(
            schema.check_key(&key(1, 1025)).unwrap_err().message,
            "One or more parameter values were invalid: Aggregated size of all range keys has exceeded the size limit of \
             1024 bytes"
        );
    }
}
