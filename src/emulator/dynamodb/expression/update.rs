//! Updates.

use super::bindings::Bindings;
use super::path::Path;
use crate::emulator::dynamodb::key::KeySchema;
use crate::emulator::dynamodb::value::Item;
use crate::emulator::error::AwsError;

/// A parsed UpdateExpression (or AttributeUpdates).
#[derive(Debug, Clone, PartialEq)]
pub struct Update {}

/// What an update makes of an item.
#[derive(Debug, Clone, PartialEq)]
pub struct Updated {
    /// The new item.
    pub item: Item,
    /// The paths that the update names: `project(&old, &touched)` is UPDATED_OLD, `project(&new, &touched)` UPDATED_NEW.
    pub touched: Vec<Path>,
}

impl Update {
    /// Parses and checks `text`.
    pub fn parse(text: &str, bindings: &mut Bindings) -> Result<Self, AwsError> {
        todo!()
    }
    /// Refuses an update of key attributes.
    pub fn check_keys(&self, schema: &KeySchema) -> Result<(), AwsError> {
        todo!()
    }
    /// Applies the update to `old` (for a missing item: its key attributes alone).
    pub fn apply(&self, old: &Item) -> Result<Updated, AwsError> {
        todo!()
    }
}
