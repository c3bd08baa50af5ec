//! Asking the process that holds the public port to let it go, and answering to that.

use std::path::Path;
use std::time::Duration;

use bytes::Bytes;
use http::{Method, Request, Response, StatusCode};
use http_body_util::Empty;
use hyper_util::client::legacy::Client;
use hyper_util::rt::TokioExecutor;
use tokio::sync::Notify;

use super::announce::{self, Announcement};
use super::attached::TOKEN;
use super::offer::Manner;
use super::same_secret;
use crate::emulator::body::{self, Body};

/// Where a process that insists on the port asks its holder for it.
const PATH: &str = "/_footbridge/release";
/// How long the holder may take to answer.
const PATIENCE: Duration = Duration::from_secs(5);

/// What a holder of the port said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reply {
    /// It lets the port go.
    Released,
    /// It insists itself.
    Keeps(u32),
    /// It is connected and says nothing.
    Silent(u32),
}

/// Asks all processes of the directory that hold `port`, or stand in for it on another. The answer that helps least.
pub(super) async fn ask(directory: &Path, port: u16) -> Option<Reply> {
    let holders = announce::all(directory);
    let holders = holders.iter().filter(|known| known.port == port || known.address.port() == port);
    let replies = futures::future::join_all(holders.map(ask_one)).await;
    let rank = |reply: &Reply| match reply {
        Reply::Released => 0,
        Reply::Silent(_) => 1,
        Reply::Keeps(_) => 2,
    };
    replies.into_iter().flatten().max_by_key(rank)
}

/// `None` where the announcement is stale: nobody listens, or somebody who does not know the token.
async fn ask_one(holder: &Announcement) -> Option<Reply> {
    let request = Request::post(format!("http://{}{PATH}", holder.address)).header(TOKEN, &holder.token);
    let request = request.body(Empty::<Bytes>::new()).ok()?;
    let client = Client::builder(TokioExecutor::new()).build_http::<Empty<Bytes>>();
    match tokio::time::timeout(PATIENCE, client.request(request)).await {
        Err(_) => Some(Reply::Silent(holder.pid)),
        Ok(Ok(answer)) if answer.status() == StatusCode::OK => Some(Reply::Released),
        Ok(Ok(answer)) if answer.status() == StatusCode::CONFLICT => Some(Reply::Keeps(holder.pid)),
        Ok(_) => None,
    }
}

/// Answers a process that proves with the announced token that it may read the directory. `None` for other paths.
pub(super) fn answer(
    request: &Request<Body>,
    token: &str,
    manner: Manner,
    released: &Notify,
) -> Option<Response<Body>> {
    if request.uri().path() != PATH || request.method() != Method::POST {
        return None;
    }
    let known = request.headers().get(TOKEN).is_some_and(|given| same_secret(given.as_bytes(), token.as_bytes()));
    let mut response = Response::new(body::empty());
    *response.status_mut() = match (known, manner) {
        (false, _) => StatusCode::FORBIDDEN,
        (true, Manner::Insist) => StatusCode::CONFLICT,
        (true, Manner::Offer) => {
            released.notify_one();
            StatusCode::OK
        }
    };
    Some(response)
}
