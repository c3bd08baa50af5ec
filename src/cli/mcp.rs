//! `footbridge mcp`: the MCP server on standard input and output.

mod late;
mod trouble;

use std::time::Duration;

use tokio_util::sync::CancellationToken;

use self::late::LateBridge;
use super::{Exit, signal};
use crate::config::Flags;
use crate::mcp::{Host as _, serve_stdio};

/// How long a session waits to begin for what its calls need. It begins without it then: clients give up on a server
/// that is slow to begin.
const PATIENCE: Duration = Duration::from_secs(3);

/// Serve MCP clients on standard input and output.
#[derive(Debug, clap::Args)]
pub struct Args {}

/// Serves whatever the configuration and the data are like: of a server that ends at its start, clients show no more than
/// that it did.
pub(super) async fn run(_args: Args, flags: Flags) -> anyhow::Result<Exit> {
    let stop = CancellationToken::new();
    let signals = tokio::spawn({
        let (stop, told) = (stop.clone(), signal::stop());
        async move {
            told.await;
            stop.cancel();
        }
    });
    let host = LateBridge::new(flags);
    // What went wrong is known to the host, and told to whom it concerns.
    drop(tokio::time::timeout(PATIENCE, host.bridge()).await);
    let served = serve_stdio(host.clone(), stop).await;
    host.close().await;
    signals.abort();
    served?;
    Ok(Exit::Done)
}
