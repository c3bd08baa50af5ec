//! Plain HTTP, as a browser or curl would send it: what a presigned URL is for.

use std::time::Duration;

use anyhow::Context as _;
use bytes::Bytes;
use http_body_util::{BodyExt, Full, Limited};
use hyper_util::client::legacy::Client;
use hyper_util::rt::TokioExecutor;
use serde_json::Value;

/// The most bytes of an answer.
const LIMIT: usize = 1 << 20;

/// Sends a request; gives the status and the body.
pub(super) async fn send(method: &str, url: &str, headers: &Value, body: &str) -> anyhow::Result<(u16, String)> {
    let mut request = http::Request::builder().method(method).uri(url);
    for (name, value) in headers.as_object().into_iter().flatten() {
        request = request.header(name, value.as_str().unwrap_or_default());
    }
    let request = request.body(Full::new(Bytes::from(body.to_owned()))).context("the presigned URL")?;
    let client = Client::builder(TokioExecutor::new()).build_http();
    let answer =
        tokio::time::timeout(Duration::from_secs(10), client.request(request)).await.context("no answer")??;
    let status = answer.status().as_u16();
    let body = Limited::new(answer.into_body(), LIMIT).collect().await.map_err(|error| anyhow::anyhow!(error))?;
    Ok((status, String::from_utf8_lossy(&body.to_bytes()).into_owned()))
}
