//! `footbridge uninstall`: footbridge out of the configuration of an MCP client.

use super::{Context, Exit, install};

pub use super::install::Out as Args;

/// Takes the entry out.
pub async fn run(args: Args, context: &Context) -> anyhow::Result<Exit> {
    install::take_out(args, context).await
}
