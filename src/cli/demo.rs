//! `footbridge demo`: a scripted MCP client at work, on sample data, in a store of its own.

mod client;
mod fetch;
mod fixtures;
mod script;
mod stage;
mod store;

use super::output::tell;
use super::{Context, Exit};
use client::Client;
use stage::Stage;

/// Watch an MCP client work on sample tables and objects, offline.
#[derive(Debug, clap::Args)]
pub struct Args {}

pub(super) async fn run(_args: Args, context: &Context) -> anyhow::Result<Exit> {
    let store = store::rebuild(&context.settings)?;
    let client = Client::start(&context.settings, &store).await?;
    let stage = Stage::new(context, client);
    let outcome = script::play(&stage).await;
    let differences = stage.end().await?;
    outcome?;
    if differences > 0 {
        tell(format_args!("footbridge: {differences} answers differ from what the demo expects"));
        return Ok(Exit::Failed);
    }
    if !context.output.is_json() && !context.settings.ephemeral.value {
        context.output.line(store::next_steps(&context.settings))?;
    }
    Ok(Exit::Done)
}
