//! What AWS says of an item whose attributes are no keys for an index of its table.

use super::entry::Index;
use crate::emulator::dynamodb::expression::Update;
use crate::emulator::dynamodb::key::KeyAttribute;
use crate::emulator::dynamodb::table::Table;
use crate::emulator::dynamodb::value::{Item, Type, Value};
use crate::emulator::error::AwsError;

impl Table {
    /// Checks a whole item that is put against the keys of the indexes. An item may lack them: then it is not in the
    /// index. If it has them, they must be keys.
    pub fn check_index_keys(&self, item: &Item) -> Result<(), AwsError> {
        for (index, part, value) in self.index_keys(item) {
            if value.kind() != part.kind {
                return Err(mismatch(index, part, value.kind()));
            }
            check_not_empty(index, part, value)?;
        }
        self.check_sizes(item)
    }

    /// Refuses empty values of the indexes' keys alone.
    pub fn check_index_keys_not_empty(&self, item: &Item) -> Result<(), AwsError> {
        self.index_keys(item).try_for_each(|(index, part, value)| check_not_empty(index, part, value))
    }

    /// Refuses an update that, as its expression alone shows, gives an index's key an empty value.
    pub fn check_update_not_empty(&self, update: &Update) -> Result<(), AwsError> {
        let parts = self.indexes.iter().flat_map(|index| index.key.attributes());
        parts.filter_map(|part| update.sets(&part.name)).try_for_each(check_updated_not_empty)
    }

    /// Checks what an update makes of an item against the keys of the indexes, as far as it changed them. A type that the
    /// expression alone shows to be wrong is refused as that of an item that is put.
    pub fn check_updated_index_keys(
        &self,
        update: Option<&Update>,
        old: Option<&Item>,
        new: &Item,
    ) -> Result<(), AwsError> {
        let mut changed = false;
        for (index, part, value) in self.index_keys(new) {
            if old.is_some_and(|old| old.get(&part.name) == Some(value)) {
                continue;
            }
            changed = true;
            if value.kind() != part.kind {
                return Err(match update.and_then(|update| update.writes(&part.name)) {
                    Some(kind) if kind != part.kind => mismatch(index, part, kind),
                    _ => AwsError::validation(
                        "The update expression attempted to update the secondary index key to unsupported type",
                    ),
                });
            }
            check_updated_not_empty(value)?;
        }
        if changed { self.check_sizes(new) } else { Ok(()) }
    }

    /// The indexes' key attributes that `item` has, by the indexes' names: AWS names the first of them (extenddb/extenddb
    /// pull request 184, observed on AWS).
    fn index_keys<'a>(&'a self, item: &'a Item) -> impl Iterator<Item = (&'a Index, &'a KeyAttribute, &'a Value)> {
        let mut indexes: Vec<&Index> = self.indexes.iter().collect();
        indexes.sort_unstable_by(|one, other| one.row.name.cmp(&other.row.name));
        let parts = indexes.into_iter().flat_map(|index| index.key.attributes().map(move |part| (index, part)));
        parts.filter_map(|(index, part)| item.get(&part.name).map(|value| (index, part, value)))
    }

    fn check_sizes(&self, item: &Item) -> Result<(), AwsError> {
        self.indexes.iter().try_for_each(|index| index.key.check_sizes(item))
    }
}

fn check_not_empty(index: &Index, part: &KeyAttribute, value: &Value) -> Result<(), AwsError> {
    let Some(kind) = empty(value) else { return Ok(()) };
    Err(AwsError::validation(format!(
        "One or more parameter values are not valid. A value specified for a secondary index key is not supported. The \
         AttributeValue for a key attribute cannot contain an empty {kind} value. IndexName: {}, IndexKey: {}",
        index.row.name, part.name
    )))
}

/// How the refusal of an update begins that gives an index's key an empty value. It refuses a whole transaction.
pub const EMPTIED: &str = "One or more parameter values are not valid. The update expression attempted to update a \
                           secondary index key to a value that is not supported.";

fn check_updated_not_empty(value: &Value) -> Result<(), AwsError> {
    let Some(kind) = empty(value) else { return Ok(()) };
    Err(AwsError::validation(format!(
        "{EMPTIED} The AttributeValue for a key attribute cannot contain an empty {kind} value."
    )))
}

fn empty(value: &Value) -> Option<&'static str> {
    match value {
        Value::S(text) if text.is_empty() => Some("string"),
        Value::B(bytes) if bytes.is_empty() => Some("binary"),
        _ => None,
    }
}

fn mismatch(index: &Index, part: &KeyAttribute, actual: Type) -> AwsError {
    invalid(&format!(
        "Type mismatch for Index Key {} Expected: {} Actual: {} IndexName: {}",
        part.name,
        part.kind.name(),
        actual.name(),
        index.row.name
    ))
}

fn invalid(what: &str) -> AwsError {
    AwsError::validation(format!("One or more parameter values were invalid: {what}"))
}
