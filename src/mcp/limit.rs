//! The parameter `limit`: the most entries of a page.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::{Deserialize, Serialize};

/// At least one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "u32")]
pub(crate) struct Limit(u32);

impl Limit {
    /// The limit that was given, else `usual`.
    pub(crate) fn or(given: Option<Self>, usual: u32) -> u32 {
        given.map_or(usual, |limit| limit.0)
    }

    /// As [`Limit::or`], as a count.
    pub(crate) fn count(given: Option<Self>, usual: u32) -> usize {
        usize::try_from(Self::or(given, usual)).unwrap_or(usize::MAX)
    }
}

impl TryFrom<u32> for Limit {
    type Error = &'static str;

    fn try_from(number: u32) -> Result<Self, Self::Error> {
        if number == 0 { Err("must be at least 1") } else { Ok(Self(number)) }
    }
}

impl JsonSchema for Limit {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Limit".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        u32::json_schema(generator)
    }
}
