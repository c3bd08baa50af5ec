//! Updates.

use std::fmt;

use super::apply::apply;
use super::bindings::Bindings;
use super::parser::{ExpressionKind, Parser, parse};
use super::path::Path;
use super::print;
use super::tree::Action;
use crate::emulator::dynamodb::key::KeySchema;
use crate::emulator::dynamodb::value::Item;
use crate::emulator::error::AwsError;

/// A parsed UpdateExpression (or AttributeUpdates). Prints as an expression that parses to the same update.
#[derive(Debug, Clone, PartialEq)]
pub struct Update {
    actions: Vec<Action>,
    legacy: bool,
}

/// What an update makes of an item.
#[derive(Debug, Clone, PartialEq)]
pub struct Updated {
    /// The new item.
    pub item: Item,
    /// The paths that the update names: `project(&old, &touched)` is UPDATED_OLD, `project(&new, &touched)` UPDATED_NEW.
    /// So a list element that was appended beyond its index is not in UPDATED_NEW, as on AWS.
    pub touched: Vec<Path>,
}

impl Update {
    /// Parses and checks `text`.
    pub fn parse(text: &str, bindings: &mut Bindings) -> Result<Self, AwsError> {
        let actions = parse(ExpressionKind::Update, text, bindings, Parser::update)?;
        Ok(Self { actions, legacy: false })
    }

    /// An update made of AttributeUpdates.
    pub(super) fn from_legacy(actions: Vec<Action>) -> Self {
        Self { actions, legacy: true }
    }

    /// Refuses an update of key attributes.
    pub fn check_keys(&self, schema: &KeySchema) -> Result<(), AwsError> {
        match self.actions.iter().map(|action| action.path().root()).find(|root| schema.contains(root)) {
            None => Ok(()),
            Some(root) => Err(AwsError::validation(format!(
                "One or more parameter values were invalid: Cannot update attribute {root}. This attribute is part of the \
                 key"
            ))),
        }
    }

    /// Whether the update makes an item where there is none: one that only removes or deletes leaves nothing behind, and
    /// is then not to be applied at all.
    #[must_use]
    pub fn creates(&self) -> bool {
        self.actions.is_empty() || self.actions.iter().any(|action| matches!(action, Action::Set(..) | Action::Add(..)))
    }

    /// Applies the update to `old` (for a missing item: its key attributes alone).
    pub fn apply(&self, old: &Item) -> Result<Updated, AwsError> {
        let item = apply(&self.actions, old, self.legacy).map_err(AwsError::validation)?;
        Ok(Updated { item, touched: self.actions.iter().map(|action| action.path().clone()).collect() })
    }
}

impl fmt::Display for Update {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        print::update(&self.actions, f)
    }
}
