//! `footbridge healthcheck`: whether a footbridge answers, for images that have no other program to ask with.

use serde_json::json;

use super::env::reached;
use super::output::tell;
use super::{Context, Exit};
use crate::backend::{Answering, answering};
use crate::config::Listen;

/// Arguments of `footbridge healthcheck`.
#[derive(Debug, clap::Args)]
#[command(after_help = HELP)]
pub struct Args {
    /// Where to ask, of `serve` or of `mcp --http` [default: the local endpoint's address]
    #[arg(value_name = "[ADDRESS:]PORT")]
    address: Option<Listen>,
}

const HELP: &str = "\
It sends no key and no token, and reads `/_footbridge/health`, which both answer.

Examples:
  footbridge healthcheck                          the endpoint, on port 4566
  footbridge healthcheck 4570                     MCP over HTTP

Exit codes: 0 it answers; 1 it does not; 2 the command line or the configuration is wrong.";

/// Asks once.
#[expect(clippy::unused_async, reason = "every subcommand has this shape")]
pub async fn run(args: Args, context: &Context) -> anyhow::Result<Exit> {
    let address = reached(args.address.as_ref().unwrap_or(&context.settings.listen.value));
    let answers = answering(address) != Answering::NoFootbridge;
    if context.output.is_json() {
        context.output.json(&json!({ "address": address, "answers": answers }))?;
    } else if answers {
        context.output.exact(format_args!("footbridge answers at {address}"))?;
    } else {
        tell(format_args!("footbridge: no footbridge answers at {address}"));
    }
    Ok(if answers { Exit::Done } else { Exit::Failed })
}
