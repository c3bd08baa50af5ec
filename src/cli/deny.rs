//! `footbridge deny`: a person's no to a call that waits for one.

use super::approve::{find, said, told, whoever};
use super::{Context, Exit};

/// Arguments of `footbridge deny`.
#[derive(Debug, clap::Args)]
#[command(after_help = HELP)]
pub struct Args {
    /// The request's id, or how it begins
    id: String,
    /// Why, for the agent to read
    #[arg(long, value_name = "TEXT")]
    why: Option<String>,
}

const HELP: &str = "\
Examples:
  footbridge deny 4f2a91c0                        no
  footbridge deny 4f2a91c0 --why \"use the test table\"   no, and what to do instead

Exit codes: 0 denied; 1 there is no such request, or it does not wait any more.";

#[expect(clippy::unused_async, reason = "every subcommand has this shape")]
pub(super) async fn run(args: Args, context: &Context) -> anyhow::Result<Exit> {
    let (queue, request) = match find(context, &args.id) {
        Ok(found) => found,
        Err(error) => return Ok(told(&error)),
    };
    match queue.deny(request.id, &whoever(), args.why.as_deref()) {
        Ok(request) => said(context, &request, "denied"),
        Err(error) => Ok(told(&error)),
    }
}
