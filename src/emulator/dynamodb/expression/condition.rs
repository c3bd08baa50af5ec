//! Conditions and filters.

use std::fmt;

use super::bindings::Bindings;
use super::parser::{ExpressionKind, Parser, parse};
use super::path::Path;
use super::tree::{Call, Operand, Test};
use crate::emulator::dynamodb::key::KeySchema;
use crate::emulator::dynamodb::value::Item;
use crate::emulator::error::AwsError;

/// Which parameter a condition stands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ConditionKind {
    /// `ConditionExpression`
    Condition,
    /// `FilterExpression`
    Filter,
}

/// A parsed condition or filter. Prints as an expression that parses to the same condition.
#[derive(Debug, Clone, PartialEq)]
pub struct Condition {
    /// None holds for every item (an empty legacy parameter).
    test: Option<Test>,
    /// What AWS calls the parameter in messages about it.
    shown: &'static str,
}

impl Condition {
    /// Parses and checks `text`.
    pub fn parse(kind: ConditionKind, text: &str, bindings: &mut Bindings) -> Result<Self, AwsError> {
        let kind = match kind {
            ConditionKind::Condition => ExpressionKind::Condition,
            ConditionKind::Filter => ExpressionKind::Filter,
        };
        let test = parse(kind, text, bindings, Parser::condition)?;
        Ok(Self { test: Some(test), shown: "Filter Expression" })
    }

    /// A condition made of a tree; `shown` is what AWS calls the parameter.
    pub(super) fn from_test(test: Option<Test>, shown: &'static str) -> Self {
        Self { test, shown }
    }

    /// Whether `item` fulfils the condition. A missing item is an empty one.
    #[must_use]
    pub fn matches(&self, item: &Item) -> bool {
        self.test.as_ref().is_none_or(|test| test.matches(item))
    }

    /// Query only: refuses a filter on primary key attributes.
    pub fn check_no_keys(&self, schema: &KeySchema) -> Result<(), AwsError> {
        let mut paths = Vec::new();
        if let Some(test) = &self.test {
            collect_paths(test, &mut paths);
        }
        match paths.iter().find(|path| schema.contains(path.root())) {
            None => Ok(()),
            Some(path) => Err(AwsError::validation(format!(
                "{} can only contain non-primary key attributes: Primary key attribute: {}",
                self.shown,
                path.root()
            ))),
        }
    }
}

impl fmt::Display for Condition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.test.as_ref().map_or(Ok(()), |test| test.fmt(f))
    }
}

/// All paths of a condition, from left to right.
fn collect_paths<'t>(test: &'t Test, paths: &mut Vec<&'t Path>) {
    match test {
        Test::Compare(_, left, right) => operand_paths([left, right], paths),
        Test::Between(operand, low, high) => operand_paths([operand, low, high], paths),
        Test::In(operand, list) => operand_paths(std::iter::once(operand).chain(list), paths),
        Test::Call(call) => operand_paths(&call.operands, paths),
        Test::And(tests) | Test::Or(tests) => tests.iter().for_each(|test| collect_paths(test, paths)),
        Test::Not(test) => collect_paths(test, paths),
    }
}

fn operand_paths<'t>(operands: impl IntoIterator<Item = &'t Operand>, paths: &mut Vec<&'t Path>) {
    for operand in operands {
        match operand {
            Operand::Path(path) => paths.push(path),
            Operand::Call(Call { operands, .. }) => operand_paths(operands, paths),
            Operand::Literal(_) => {}
        }
    }
}
