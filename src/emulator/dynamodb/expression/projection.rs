//! Projections.

use std::collections::BTreeMap;
use std::fmt;

use super::bindings::Bindings;
use super::parser::{ExpressionKind, Parsed, Parser, parse};
use super::path::{Path, Segment};
use super::print;
use crate::emulator::dynamodb::value::{Item, Value};
use crate::emulator::error::AwsError;

/// A parsed ProjectionExpression (or AttributesToGet). Prints as an expression that parses to the same projection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Projection {
    paths: Vec<Path>,
}

impl Projection {
    /// Parses and checks `text`.
    pub fn parse(text: &str, bindings: &mut Bindings) -> Result<Self, AwsError> {
        parse(ExpressionKind::Projection, text, bindings, Parser::projection).map(|paths| Self { paths })
    }

    /// A projection made of its paths.
    pub(super) fn from_paths(paths: Vec<Path>) -> Self {
        Self { paths }
    }

    /// The projected part of `item`.
    #[must_use]
    pub fn apply(&self, item: &Item) -> Item {
        project(item, &self.paths)
    }

    /// The paths, in request order.
    #[must_use]
    pub fn paths(&self) -> &[Path] {
        &self.paths
    }
}

impl fmt::Display for Projection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        print::list(&self.paths, ", ", f)
    }
}

impl Parser<'_> {
    fn projection(&mut self) -> Parsed<Vec<Path>> {
        let mut paths = vec![self.path()?];
        while self.take_sign(",") {
            paths.push(self.path()?);
        }
        self.check_paths(&paths);
        Ok(paths)
    }
}

/// The part of `item` that `paths` name: maps keep their shape, lists close up in the order of their elements.
#[must_use]
pub fn project<'p>(item: &Item, paths: impl IntoIterator<Item = &'p Path>) -> Item {
    members(item, paths.into_iter().map(Path::segments))
}

/// What of a map `paths` name.
fn members<'p>(map: &Item, paths: impl Iterator<Item = &'p [Segment]>) -> Item {
    let mut wanted: BTreeMap<&str, Vec<&[Segment]>> = BTreeMap::new();
    for path in paths {
        if let [Segment::Name(name), rest @ ..] = path {
            wanted.entry(name).or_default().push(rest);
        }
    }
    wanted.into_iter().filter_map(|(name, rest)| Some((name.to_owned(), part(map.get(name)?, &rest)?))).collect()
}

/// What of a value `paths` name; none where they name nothing in it.
fn part(value: &Value, paths: &[&[Segment]]) -> Option<Value> {
    if paths.iter().any(|path| path.is_empty()) {
        return Some(value.clone());
    }
    match value {
        Value::M(map) => Some(members(map, paths.iter().copied())).filter(|map| !map.is_empty()).map(Value::M),
        Value::L(list) => Some(elements(list, paths)).filter(|list| !list.is_empty()).map(Value::L),
        _ => None,
    }
}

/// What of a list `paths` name.
fn elements(list: &[Value], paths: &[&[Segment]]) -> Vec<Value> {
    let mut wanted: BTreeMap<usize, Vec<&[Segment]>> = BTreeMap::new();
    for path in paths {
        if let [Segment::Index(index), rest @ ..] = path {
            wanted.entry(*index).or_default().push(rest);
        }
    }
    wanted.into_iter().filter_map(|(index, rest)| part(list.get(index)?, &rest)).collect()
}
