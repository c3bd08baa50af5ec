//! `restore`: what a snapshot covers as it was, on the local backend.

use std::time::Duration;

use async_trait::async_trait;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::emulator::control::Control;
use crate::emulator::snapshot::{From, Listed, Restore as Asked, Restored};
use crate::mcp::authorizer::Effect;
use crate::mcp::context::Context;
use crate::mcp::error::ToolError;
use crate::mcp::notes;
use crate::mcp::quoted::{named, quoted};
use crate::mcp::snapshots::{everything, gateway, scope};
use crate::mcp::tool::{Access, Kind, TRANSFER, Tier, Tool};

#[derive(Debug, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Args {
    /// Snapshot name; without, they are listed
    name: Option<String>,
    /// dynamodb://table, s3://bucket/key, s3://bucket/prefix*; default all of it
    only: Option<Vec<String>>,
    /// Yes, what was made since may go
    confirm: Option<bool>,
    /// false: makes none before
    snapshot: Option<bool>,
}

pub(crate) struct Restore;

#[async_trait]
impl Tool for Restore {
    type Args = Args;
    const NAME: &'static str = "restore";
    const DESCRIPTION: &'static str = "Brings tables and objects back to a snapshot. Local backend.";
    const KIND: Kind = Kind::Replaces;
    const RUNS_READ_ONLY: bool = true;
    const TIER: Tier = Tier::Rare;
    const SNAPSHOTS: bool = false;

    fn access(args: &Args) -> Access {
        if args.name.is_none() {
            return Access::nothing();
        }
        let resources = args.only.clone().filter(|only| !only.is_empty()).unwrap_or_else(everything);
        Access::of(Effect::Destructive, resources).confirmed(args.confirm)
    }

    async fn loss(context: &Context, args: &Args) -> Result<String, ToolError> {
        let listed: Vec<Listed> = gateway(context)?.ask(Control::Snapshots).await?;
        let name = args.name.as_deref().unwrap_or_default();
        let found = listed.into_iter().find(|known| known.name == name);
        let covered = match (&args.only, found.and_then(|known| known.scope)) {
            (Some(only), _) if !only.is_empty() => only.iter().map(|uri| named(uri)).collect::<Vec<_>>().join(", "),
            (_, Some(scope)) => quoted(&scope.to_string()),
            (_, None) => return Err(ToolError::arguments(format!("name: there is no snapshot {}", quoted(name)))),
        };
        Ok(format!("what was written to {covered} since the snapshot {}", named(name)))
    }

    fn time_limit(_args: &Args) -> Option<Duration> {
        Some(TRANSFER)
    }

    async fn run(context: &Context, args: Args) -> Result<Value, ToolError> {
        let gateway = gateway(context)?;
        let Some(name) = args.name else {
            let listed: Vec<Listed> = gateway.ask(Control::Snapshots).await?;
            let shown = |known: Listed| {
                let covers = known.scope.map(|scope| scope.to_string());
                json!({ "name": known.name, "taken": known.taken, "bytes": known.bytes, "covers": covers })
            };
            return Ok(json!({ "snapshots": listed.into_iter().map(shown).collect::<Vec<_>>() }));
        };
        let only = args.only.filter(|only| !only.is_empty()).map(|only| scope(context, &only)).transpose()?;
        let asked = Asked { from: From::Name(name.clone()), only, keep: args.snapshot.unwrap_or(true) };
        let restored: Restored = gateway.ask(Control::Restore(asked)).await?;
        let Restored { tables, items, buckets, objects, removed, before, .. } = restored;
        if let Some(before) = before {
            notes::say(format!("snapshot {before} was made before"));
        }
        let mut answer =
            json!({ "restored": name, "tables": tables, "items": items, "buckets": buckets, "objects": objects });
        if !removed.is_empty() {
            answer["removed"] = json!(removed);
        }
        Ok(answer)
    }
}
