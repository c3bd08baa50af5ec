//! `footbridge mcp`: the MCP server on standard input and output.

use tokio_util::sync::CancellationToken;

use super::session::Session;
use super::{Context, Exit, signal};
use crate::backend::Role;
use crate::mcp::serve_stdio;

/// Serve MCP clients on standard input and output.
#[derive(Debug, clap::Args)]
pub struct Args {}

pub(super) async fn run(_args: Args, context: &Context) -> anyhow::Result<Exit> {
    context.log_to_file()?;
    let stop = CancellationToken::new();
    let signals = tokio::spawn({
        let (stop, told) = (stop.clone(), signal::stop());
        async move {
            told.await;
            stop.cancel();
        }
    });
    let session = Session::open(context, Role::Stays).await?;
    let served = serve_stdio(session.bridge.clone(), stop).await;
    session.close().await;
    signals.abort();
    served?;
    Ok(Exit::Done)
}
