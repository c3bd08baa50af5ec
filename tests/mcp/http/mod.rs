//! MCP over HTTP, by a client that sees every header and byte.

mod calls;
mod hooks;
mod program;
mod refusals;

use std::net::SocketAddr;
use std::time::Duration;

use bytes::Bytes;
use footbridge::mcp::{BearerToken, Host, HttpOptions, serve_http};
use http::{HeaderMap, Method, Request, StatusCode};
use http_body_util::{BodyExt as _, Full};
use hyper::body::Incoming;
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::support::meta;

pub const TOKEN: &str = "0123456789abcdef";

/// A listener, and a client of it that sends the token, keeps connections and adds nothing else.
pub struct Served {
    pub address: SocketAddr,
    pub stop: CancellationToken,
    pub running: JoinHandle<std::io::Result<()>>,
    client: Client<HttpConnector, Full<Bytes>>,
}

/// What was answered.
#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: String,
}

impl Answer {
    /// The messages: of a stream of events, or the one that is JSON.
    pub fn messages(&self) -> Vec<Value> {
        if self.headers["content-type"] == "application/json" {
            return vec![serde_json::from_str(&self.body).unwrap()];
        }
        let data = self.body.lines().filter_map(|line| line.strip_prefix("data: "));
        data.map(|data| serde_json::from_str(data).unwrap()).collect()
    }

    /// The last of them.
    pub fn last(&self) -> Value {
        self.messages().pop().unwrap_or_else(|| panic!("no message in {self:?}"))
    }

    /// The JSON that the tool answered.
    pub fn tool(&self) -> Value {
        let answer = self.last();
        serde_json::from_str(answer["result"]["content"][0]["text"].as_str().unwrap_or_else(|| panic!("{answer}")))
            .unwrap()
    }
}

/// The options of a listener with [`TOKEN`].
pub fn with_token() -> HttpOptions {
    HttpOptions::new(BearerToken::new(TOKEN).unwrap())
}

impl Served {
    pub async fn new(host: impl Host, options: HttpOptions) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let stop = CancellationToken::new();
        let running = tokio::spawn(serve_http(host, listener, options, stop.clone()));
        Self { stop, running, ..Self::at(address) }
    }

    /// The client alone, of a listener somewhere else.
    pub fn at(address: SocketAddr) -> Self {
        let running = tokio::spawn(async { Ok(()) });
        Self {
            address,
            stop: CancellationToken::new(),
            running,
            client: Client::builder(TokioExecutor::new()).build_http(),
        }
    }

    /// A POST as clients send it, of revision 2025-11-25 where nothing else is said.
    pub fn post(&self, body: impl Into<Bytes>) -> Request<Full<Bytes>> {
        Request::post(format!("http://{}/mcp", self.address))
            .header("authorization", format!("Bearer {TOKEN}"))
            .header("content-type", "application/json")
            .header("accept", "application/json, text/event-stream")
            .body(Full::new(body.into()))
            .unwrap()
    }

    /// A request without a body to a path.
    pub fn bare(&self, method: Method, path: &str) -> Request<Full<Bytes>> {
        Request::builder()
            .method(method)
            .uri(format!("http://{}{path}", self.address))
            .header("authorization", format!("Bearer {TOKEN}"))
            .header("accept", "text/event-stream")
            .body(Full::default())
            .unwrap()
    }

    /// The head of what is answered, and the body as it comes.
    pub async fn begin(&self, request: Request<Full<Bytes>>) -> (http::response::Parts, Incoming) {
        let answered = tokio::time::timeout(Duration::from_secs(20), self.client.request(request)).await;
        answered.expect("no answer").unwrap().into_parts()
    }

    pub async fn send(&self, request: Request<Full<Bytes>>) -> Answer {
        let (head, body) = self.begin(request).await;
        let body = tokio::time::timeout(Duration::from_secs(20), body.collect()).await.expect("no end").unwrap();
        let body = String::from_utf8(body.to_bytes().to_vec()).unwrap();
        Answer { status: head.status, headers: head.headers, body }
    }

    /// Begins a session of this revision, and gives its id.
    pub async fn session(&self, revision: &str) -> String {
        let client = json!({ "name": "raw", "version": "0" });
        let params = json!({ "protocolVersion": revision, "capabilities": {}, "clientInfo": client });
        let answer = self.send(self.post(message(1, "initialize", &params))).await;
        assert_eq!(answer.status, 200, "{answer:?}");
        assert_eq!(answer.last()["result"]["protocolVersion"], revision, "{answer:?}");
        let session = answer.headers["mcp-session-id"].to_str().unwrap().to_owned();
        let ready = r#"{"jsonrpc":"2.0","method":"notifications/initialized"}"#;
        assert_eq!(self.send(in_session(self.post(ready), &session)).await.status, 202);
        session
    }

    /// Asks in a session.
    pub async fn ask(&self, session: &str, id: u64, method: &str, params: &Value) -> Answer {
        self.send(in_session(self.post(message(id, method, params)), session)).await
    }

    /// A request of revision 2026-07-28.
    pub fn stateless(&self, id: u64, method: &str, mut params: Value) -> Request<Full<Bytes>> {
        for (name, value) in meta().as_object().unwrap() {
            params["_meta"][name] = value.clone();
        }
        let name = params["name"].as_str().map(ToOwned::to_owned);
        let mut request = self.post(message(id, method, &params));
        let headers = request.headers_mut();
        headers.insert("mcp-protocol-version", "2026-07-28".parse().unwrap());
        headers.insert("mcp-method", method.parse().unwrap());
        if let Some(name) = name {
            headers.insert("mcp-name", name.parse().unwrap());
        }
        request
    }
}

pub fn in_session(mut request: Request<Full<Bytes>>, session: &str) -> Request<Full<Bytes>> {
    request.headers_mut().insert("mcp-session-id", session.parse().unwrap());
    request
}

pub fn message(id: u64, method: &str, params: &Value) -> String {
    json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": params }).to_string()
}

#[allow(clippy::needless_pass_by_value, reason = "callers write the JSON where they call")]
pub fn call(tool: &str, arguments: Value) -> Value {
    json!({ "name": tool, "arguments": arguments })
}
