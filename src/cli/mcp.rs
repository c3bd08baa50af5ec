//! `footbridge mcp`: the MCP server on standard input and output, or over HTTP.

mod http;
mod late;
mod trouble;

use std::net::SocketAddr;
use std::time::Duration;

use tokio_util::sync::CancellationToken;

use self::late::LateBridge;
use super::{Exit, signal};
use crate::config::{Flags, Key, Offered};
use crate::mcp::{Host as _, all_tools, serve_stdio};
use crate::near::nearest;

/// How long a session waits to begin for what its calls need. It begins without it then: clients give up on a server
/// that is slow to begin.
const PATIENCE: Duration = Duration::from_secs(3);

/// Serve MCP clients on standard input and output, or over HTTP.
#[derive(Debug, clap::Args)]
#[command(after_help = HELP)]
pub struct Args {
    /// The tools to offer: usual, all, read, s3, dynamodb, names of tools, with commas between
    #[arg(long, value_name = "TOOLS", value_parser = known)]
    tools: Option<String>,
    /// Serve over HTTP at this address in place of standard input and output: a port of 127.0.0.1, 0 for a free one, or
    /// ADDRESS:PORT
    #[arg(long, value_name = "ADDRESS", value_parser = http::address)]
    http: Option<SocketAddr>,
    #[command(flatten)]
    access: http::Access,
}

const HELP: &str = "\
A client starts it; by hand it waits for one. Its tools and their parameters: footbridge call.

Examples:
  footbridge mcp                                  the emulator, its data on your disk
  footbridge mcp --tools read,dynamodb            tools that only read, of DynamoDB
  footbridge mcp --backend aws --profile dev      AWS, where writes wait for a person
  footbridge mcp --http 4570                      over HTTP, for clients that have the token";

/// Serves whatever the configuration and the data are like: of a server that ends at its start, clients show no more than
/// that it did.
pub(super) async fn run(args: Args, mut flags: Flags) -> anyhow::Result<Exit> {
    flags.set(Key::Tools, "--tools", args.tools);
    let stop = CancellationToken::new();
    let signals = tokio::spawn({
        let (stop, told) = (stop.clone(), signal::stop());
        async move {
            told.await;
            stop.cancel();
        }
    });
    let door = match args.http {
        Some(address) => match http::Door::open(address, &args.access, &flags).await? {
            Some(door) => Some(door),
            None => return Ok(Exit::Usage),
        },
        None => None,
    };
    let host = LateBridge::new(flags);
    // What went wrong is known to the host, and told to whom it concerns.
    drop(tokio::time::timeout(PATIENCE, host.bridge()).await);
    let served = match door {
        Some(door) => {
            host.answers_at(door.url());
            Box::pin(door.serve(host.clone(), stop)).await
        }
        None => Box::pin(serve_stdio(host.clone(), stop)).await.map_err(Into::into),
    };
    host.close().await;
    signals.abort();
    served.map(|()| Exit::Done)
}

/// Checks a choice of tools, so that a mistake is told before a client waits for them.
pub(super) fn known(text: &str) -> Result<String, String> {
    let offered: Offered = text.parse()?;
    let tools: Vec<_> = all_tools().map(|tool| tool.name()).collect();
    match offered.unknown(&tools).first() {
        None => Ok(text.to_owned()),
        Some(word) => {
            let words = tools.into_iter().chain(["usual", "all", "read", "s3", "dynamodb"]);
            let near = nearest(word, words).map(|near| format!("; {near} is one")).unwrap_or_default();
            Err(format!("there is no tool {word}{near}"))
        }
    }
}
