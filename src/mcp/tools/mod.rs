//! The tools: a file each, and a row in its family.

mod bulk;
pub(crate) mod dynamodb;
pub(crate) mod s3;

use serde::Deserialize;

super::tool::tools! {
    bridge_status::BridgeStatus,
    undo::Undo,
    snapshot::Snapshot,
    restore::Restore,
    copy_from_target::CopyFromTarget,
}

/// The tools of all families.
pub(super) fn every() -> Vec<Box<dyn super::tool::AnyTool>> {
    [all(), s3::all(), dynamodb::all()].into_iter().flatten().collect()
}

/// The arguments of a tool that has none.
#[derive(Debug, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NoArgs {}
