//! The tools: a file each.

pub(super) mod bridge_status;
pub(crate) mod dynamodb;
pub(crate) mod s3;

use serde::Deserialize;

/// The arguments of a tool that has none.
#[derive(Debug, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NoArgs {}
