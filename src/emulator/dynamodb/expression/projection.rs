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

#[cfg(test)]
mod tests {
    use serde_json::{Value as Json, json};

    use super::*;
    use crate::emulator::dynamodb::value::item_to_json;
    use crate::emulator::dynamodb::value::tests::item;
    use crate::emulator::dynamodb::wording::Wording;

    fn parsed(text: &str, names: Option<Json>) -> Result<Projection, AwsError> {
        let mut bindings = Bindings::new(names, None, Wording::Counted).unwrap();
        Projection::parse(text, &mut bindings)
    }

    fn stored() -> Item {
        item(json!({
            "pk": {"S": "k"},
            "a": {"M": {"b": {"S": "bb"}, "c": {"S": "cc"}, "d": {"M": {"e": {"S": "ee"}}}}},
            "l": {"L": [{"M": {"x": {"S": "x0"}, "y": {"S": "y0"}}}, {"M": {"x": {"S": "x1"}, "y": {"S": "y1"}}}]},
        }))
    }

    /// Recorded in us-east-1, 2026-09-20.
    #[test]
    fn overlapping_paths_are_refused_in_the_recorded_words() {
        for (text, names, one, two) in [
            ("a, a", json!({"#q": "q"}), "[a]", "[a]"),
            ("#a, #b", json!({"#a": "a", "#b": "a"}), "[a]", "[a]"),
            ("#a.#b, #x.#y", json!({"#a": "a", "#b": "b", "#x": "a", "#y": "b"}), "[a, b]", "[a, b]"),
            ("a, a.b", json!({"#q": "q"}), "[a]", "[a, b]"),
            ("a.b, a", json!({"#q": "q"}), "[a, b]", "[a]"),
            ("l, l[0]", json!({"#q": "q"}), "[l]", "[l, [0]]"),
            ("a, a.b.c", json!({"#q": "q"}), "[a]", "[a, b, c]"),
        ] {
            assert_eq!(
                parsed(text, Some(names)).unwrap_err().message,
                format!(
                    "Invalid ProjectionExpression: Two document paths overlap with each other; must remove or rewrite one \
                     of these paths; path one: {one}, path two: {two}"
                ),
            );
        }
        assert_eq!(
            parsed("#undef", None).unwrap_err().message,
            "Invalid ProjectionExpression: An expression attribute name used in the document path is not defined; attribute \
             name: #undef"
        );
    }

    #[test]
    fn other_faults_have_their_sentences() {
        for (text, sentence) in [
            ("!!", r#"Syntax error; token: "!", near: "!!""#),
            ("a b", r#"Syntax error; token: "b", near: "a b""#),
            ("a,", r#"Syntax error; token: "<EOF>", near: ",""#),
            ("status", "Attribute name is a reserved keyword; reserved keyword: status"),
            (
                "a.b, a[0]",
                "Two document paths conflict with each other; must remove or rewrite one of these paths; path one: [a, b], \
                 path two: [a, [0]]",
            ),
        ] {
            let message = format!("Invalid ProjectionExpression: {sentence}");
            assert_eq!(parsed(text, None).unwrap_err().message, message, "{text}");
        }
    }

    /// Recorded in us-east-1, 2026-09-20.
    #[test]
    fn gives_what_aws_gives() {
        for (text, projected) in [
            ("a.b, a.c", json!({"a": {"M": {"b": {"S": "bb"}, "c": {"S": "cc"}}}})),
            ("l[0].x, l[0].y", json!({"l": {"L": [{"M": {"x": {"S": "x0"}, "y": {"S": "y0"}}}]}})),
            ("l[1], l[0]", json!({"l": item_to_json(&stored())["l"]})),
            ("l[1].y", json!({"l": {"L": [{"M": {"y": {"S": "y1"}}}]}})),
            ("a.q, l[7], zz, pk.x", json!({})),
            ("a.d.e", json!({"a": {"M": {"d": {"M": {"e": {"S": "ee"}}}}}})),
        ] {
            assert_eq!(item_to_json(&parsed(text, None).unwrap().apply(&stored())), projected, "{text}");
        }
    }
}
