//! A server for MCP's conformance suite: footbridge's own, with what the suite asks for by name beside its tools.
//!
//! It prints its address, and ends when its standard input does. `--plain` leaves the suite's things out.

// What the SDK's bodies are made of goes deeper than usual.
#![recursion_limit = "256"]
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking, in its helpers too")]

mod answers;
mod fixtures;
mod offered;
#[allow(dead_code, reason = "it has more than is used here")]
#[path = "../mcp/support.rs"]
mod support;

use footbridge::mcp::{HTTP_PATH, HttpOptions, NoToken, serve_http, serve_http_with};
use tokio::io::AsyncReadExt as _;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use self::fixtures::Fixtures;
use self::support::Here;

#[tokio::main]
#[expect(clippy::disallowed_macros, reason = "standard output is for whoever started it, no client")]
async fn main() {
    let plain = std::env::args().any(|word| word == "--plain");
    let here = Here::new().await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    println!("http://{}{HTTP_PATH}", listener.local_addr().unwrap());
    let stop = CancellationToken::new();
    let ended = {
        let stop = stop.clone();
        async move {
            let _ = tokio::io::stdin().read_to_end(&mut Vec::new()).await;
            stop.cancel();
        }
    };
    let options = HttpOptions::new(NoToken);
    let served = async {
        if plain {
            serve_http(here.bridge(), listener, options, stop).await
        } else {
            serve_http_with(here.bridge(), listener, options, stop, Fixtures::beside).await
        }
    };
    let (served, ()) = tokio::join!(served, ended);
    served.unwrap();
    // A thread still reads the standard input.
    std::process::exit(0);
}
