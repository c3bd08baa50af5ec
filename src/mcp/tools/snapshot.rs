//! `snapshot`: what is stored kept in a file, on the local backend.

use std::time::Duration;

use async_trait::async_trait;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::emulator::control::Control;
use crate::emulator::snapshot::{Take, Taken};
use crate::mcp::authorizer::Effect;
use crate::mcp::context::Context;
use crate::mcp::error::ToolError;
use crate::mcp::snapshots::{everything, gateway, scope};
use crate::mcp::tool::{Access, Kind, TRANSFER, Tier, Tool};

#[derive(Debug, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Args {
    /// Its name
    name: Option<String>,
    /// dynamodb://table, s3://bucket/key, s3://bucket/prefix*; default all
    only: Option<Vec<String>>,
}

pub(crate) struct Snapshot;

#[async_trait]
impl Tool for Snapshot {
    type Args = Args;
    const NAME: &'static str = "snapshot";
    const DESCRIPTION: &'static str = "Keeps tables and objects as they are now, for restore. Local backend.";
    const KIND: Kind = Kind::Adds;
    const RUNS_READ_ONLY: bool = true;
    const TIER: Tier = Tier::Rare;

    fn access(args: &Args) -> Access {
        let resources = args.only.clone().filter(|only| !only.is_empty()).unwrap_or_else(everything);
        Access::of(Effect::Read, resources)
    }

    fn time_limit(_args: &Args) -> Option<Duration> {
        Some(TRANSFER)
    }

    async fn run(context: &Context, args: Args) -> Result<Value, ToolError> {
        let scope = scope(context, &args.only.unwrap_or_default())?;
        let take = Take { name: args.name, scope, ..Take::default() };
        let taken: Taken = gateway(context)?.ask(Control::Snapshot(take)).await?;
        let Taken { name, bytes, tables, items, buckets, objects, .. } = taken;
        Ok(json!({
            "snapshot": name, "bytes": bytes, "tables": tables, "items": items, "buckets": buckets, "objects": objects,
        }))
    }
}
