//! Projections.

use super::bindings::Bindings;
use super::path::Path;
use crate::emulator::dynamodb::value::Item;
use crate::emulator::error::AwsError;

/// A parsed ProjectionExpression (or AttributesToGet).
#[derive(Debug, Clone, PartialEq)]
pub struct Projection {}

impl Projection {
    /// Parses and checks `text`.
    pub fn parse(text: &str, bindings: &mut Bindings) -> Result<Self, AwsError> {
        todo!()
    }
    /// The projected part of `item`.
    pub fn apply(&self, item: &Item) -> Item {
        todo!()
    }
    /// The paths, in request order.
    pub fn paths(&self) -> &[Path] {
        todo!()
    }
}
/// The part of `item` that `paths` name: maps keep their shape, lists close up.
pub fn project<'p>(item: &Item, paths: impl IntoIterator<Item = &'p Path>) -> Item {
    todo!()
}
