//! The way to a value, kept on the stack and written only when an error names it.

use std::fmt;

use super::JsonError;
use super::MAX_DEPTH;

/// A place in the JSON at hand.
pub(super) struct Path<'a> {
    parent: Option<&'a Path<'a>>,
    step: Step<'a>,
    depth: usize,
}

enum Step<'a> {
    Root(&'a str),
    Field(&'a str),
    Index(usize),
}

impl<'a> Path<'a> {
    pub(super) fn root(name: &'a str) -> Self {
        Self { parent: None, step: Step::Root(name), depth: 0 }
    }

    /// The place of a member.
    pub(super) fn field(&'a self, name: &'a str) -> Self {
        Self { parent: Some(self), step: Step::Field(name), depth: self.depth + 1 }
    }

    /// The place of an element.
    pub(super) fn index(&'a self, index: usize) -> Self {
        Self { parent: Some(self), step: Step::Index(index), depth: self.depth + 1 }
    }

    /// The same place, seen through a marker that is no level of its own.
    pub(super) fn marker(&'a self, name: &'a str) -> Self {
        Self { parent: Some(self), step: Step::Field(name), depth: self.depth }
    }

    /// Refuses a place deeper than [`MAX_DEPTH`].
    pub(super) fn check_depth(&self) -> Result<(), JsonError> {
        if self.depth <= MAX_DEPTH {
            return Ok(());
        }
        Err(JsonError::new(self, format!("nested deeper than {MAX_DEPTH} levels"), "at most DynamoDB's 32 levels"))
    }
}

impl fmt::Display for Path<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(parent) = self.parent {
            parent.fmt(f)?;
        }
        match self.step {
            Step::Root(name) if name.split(['.', '[', ']']).all(|part| part.is_empty() || is_plain(part)) => {
                f.write_str(name)
            }
            Step::Root(name) => write!(f, "{}", serde_json::Value::from(name)),
            Step::Index(index) => write!(f, "[{index}]"),
            Step::Field(name) if is_plain(name) => write!(f, ".{name}"),
            Step::Field(name) => write!(f, "[{}]", serde_json::Value::from(name)),
        }
    }
}

fn is_plain(name: &str) -> bool {
    !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '$' | ':' | '#'))
}
