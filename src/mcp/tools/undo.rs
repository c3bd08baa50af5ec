//! `undo`: this session's last writing calls taken back, on the local backend.

use async_trait::async_trait;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::emulator::control::Control;
use crate::emulator::store::log::UnderWay;
use crate::emulator::undo::{Undo as Asked, Undone};
use crate::mcp::authorizer::Effect;
use crate::mcp::context::Context;
use crate::mcp::error::ToolError;
use crate::mcp::snapshots::gateway;
use crate::mcp::tool::{Access, Kind, Tool};

#[derive(Debug, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Args {
    /// How many calls; default 1
    calls: Option<usize>,
}

pub(crate) struct Undo;

#[async_trait]
impl Tool for Undo {
    type Args = Args;
    const NAME: &'static str = "undo";
    const DESCRIPTION: &'static str = "Takes back your last calls that wrote. Local backend.";
    const KIND: Kind = Kind::Changes;

    fn access(_args: &Args) -> Access {
        // What it takes back was allowed.
        Access::of(Effect::Write, [""; 0])
    }

    async fn run(context: &Context, args: Args) -> Result<Value, ToolError> {
        let calls = args.calls.unwrap_or(1);
        let asked = Asked { session: Some(context.session()), calls, running: UnderWay::all() };
        let Undone { calls, done } = gateway(context)?.ask(Control::Undo(asked)).await?;
        Ok(json!({ "undone": calls, "done": done }))
    }
}
