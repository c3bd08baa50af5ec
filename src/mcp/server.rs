//! The MCP side: what `initialize`, `tools/list` and `tools/call` answer.

use std::sync::Arc;

use rmcp::model::{
    CallToolRequestParams, CallToolResponse, CallToolResult, ContentBlock, Implementation, InitializeRequestParams,
    InitializeResult, JsonObject, ListToolsResult, PaginatedRequestParams, ProgressNotificationParam, ProgressToken,
    ServerCapabilities, ServerConfig, Tool,
};
use rmcp::service::{QuitReason, RequestContext};
use rmcp::{ErrorData, Peer, RoleServer, ServerHandler, ServiceExt};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use super::authorizer::Caller;
use super::budget;
use super::error::ToolError;
use super::host::Host;
use super::lines::Lines;
use super::progress::Progress;
use super::tool::Tool as _;
use super::tools::bridge_status::{self, BridgeStatus};

/// The most bytes that an error quotes of what was sent.
const QUOTED: usize = 100;

/// The session ended otherwise than by its client or by `stop`.
#[derive(Debug, thiserror::Error)]
#[error("the MCP session failed: {0}")]
pub struct ServeError(String);

/// Answers one MCP client over a pair of byte streams, a JSON-RPC message a line, until the client closes its side or
/// `stop` is cancelled. Calls run concurrently; those under way get a few seconds to end. `host` is a [`Bridge`](super::Bridge), or
/// something that opens one.
///
/// # Errors
/// [`ServeError`] where the streams fail as a session begins.
pub async fn serve<H, R, W>(host: H, reader: R, writer: W, stop: CancellationToken) -> Result<(), ServeError>
where
    H: Host,
    R: AsyncRead + Send + Unpin + 'static,
    W: AsyncWrite + Send + Unpin + 'static,
{
    use rmcp::service::ServerInitializeError as Begin;
    let server = Server(host);
    let transport = Lines::new(reader, writer, server.supported_protocol_versions().into_owned());
    let session = match server.serve_with_ct(transport, stop).await {
        Ok(session) => session,
        // A client that leaves before it begins, or is told to, is no failure.
        Err(Begin::ConnectionClosed(_) | Begin::Cancelled) => return Ok(()),
        Err(error) => return Err(ServeError(error.to_string())),
    };
    match session.waiting().await {
        Ok(QuitReason::Closed | QuitReason::Cancelled) => Ok(()),
        Ok(reason) => Err(ServeError(format!("{reason:?}"))),
        Err(error) => Err(ServeError(error.to_string())),
    }
}

/// [`serve`] over this process's standard input and output. Nothing else may write to standard output.
///
/// # Errors
/// As [`serve`].
pub async fn serve_stdio(host: impl Host, stop: CancellationToken) -> Result<(), ServeError> {
    let (reader, writer) = rmcp::transport::stdio_pipes();
    serve(host, reader, writer, stop).await
}

/// The protocol's side of a [`Host`].
struct Server<H>(H);

impl<H: Host> Server<H> {
    /// Calls a tool. Whatever is in the way, `bridge_status` tells it.
    async fn call(&self, caller: &Caller, tool: &str, arguments: JsonObject, told: Told) -> Result<String, ToolError> {
        let outcome = match self.0.bridge().await {
            Ok(bridge) => match told {
                Some(progress) => bridge.call_and_watch(caller, tool, arguments, progress).await,
                None => bridge.call(caller, tool, arguments).await,
            }
            .map(|answer| answer.text),
            Err(trouble) => return as_answer(tool, trouble),
        };
        match outcome {
            Err(trouble) if trouble.code == "audit_failed" => as_answer(tool, trouble),
            outcome => outcome,
        }
    }
}

/// What keeps every tool from working is the answer of the one that tells such things, and an error of the others.
fn as_answer(tool: &str, trouble: ToolError) -> Result<String, ToolError> {
    if tool == BridgeStatus::NAME { Ok(bridge_status::without_bridge(&trouble).to_string()) } else { Err(trouble) }
}

impl<H: Host> ServerHandler for Server<H> {
    fn get_info(&self) -> ServerConfig {
        let me = Implementation::new("footbridge", env!("CARGO_PKG_VERSION")).with_title("footbridge");
        ServerConfig::new(ServerCapabilities::builder().enable_tools().build())
            .with_server_info(me)
            .with_instructions(self.0.known().instructions())
    }

    async fn initialize(
        &self,
        request: InitializeRequestParams,
        context: RequestContext<RoleServer>,
    ) -> Result<InitializeResult, ErrorData> {
        let Implementation { name, version, .. } = &request.client_info;
        self.0.met(format!("{name} {version}").trim());
        context.peer.set_peer_info(request.clone());
        self.negotiate_initialize(&request)
    }

    async fn list_tools(
        &self,
        request: Option<PaginatedRequestParams>,
        _context: RequestContext<RoleServer>,
    ) -> Result<ListToolsResult, ErrorData> {
        // An empty one means none: some clients send every member.
        if let Some(cursor) = request.and_then(|request| request.cursor).filter(|cursor| !cursor.is_empty()) {
            let cursor = budget::start_within(&cursor, QUOTED);
            let message = format!("there is no page {cursor:?}: the list of tools is one page");
            return Err(ErrorData::invalid_params(message, None));
        }
        Ok(ListToolsResult::with_all_items(self.0.known().bridge.definitions().to_vec()))
    }

    fn get_tool(&self, name: &str) -> Option<Tool> {
        self.0.known().bridge.definitions().iter().find(|tool| tool.name == name).cloned()
    }

    async fn call_tool(
        &self,
        request: CallToolRequestParams,
        context: RequestContext<RoleServer>,
    ) -> Result<CallToolResponse, ErrorData> {
        let bridge = self.0.known().bridge;
        if !bridge.has(&request.name) {
            let names: Vec<_> = bridge.tools().map(|(name, _)| name).collect();
            let name = budget::start_within(&request.name, QUOTED);
            let message = format!("there is no tool {name}; the tools are {}", names.join(", "));
            return Err(ErrorData::invalid_params(message, None));
        }
        let caller = context.client_info().map_or_else(
            || Caller::Client { name: "unknown".to_owned(), version: String::new() },
            |client| {
                self.0.met(format!("{} {}", client.name, client.version).trim());
                Caller::Client { name: client.name, version: client.version }
            },
        );
        let (progress, teller) = progress_of(&context);
        let call = self.call(&caller, &request.name, request.arguments.unwrap_or_default(), progress);
        let outcome = tokio::select! {
            outcome = told_meanwhile(call, teller) => outcome,
            // Nobody reads the answer to a cancelled request, but the protocol layer wants one.
            () = context.ct.cancelled() => return Err(ErrorData::internal_error("cancelled", None)),
        };
        // Text alone: structured content would send the same JSON a second time.
        Ok(match outcome {
            Ok(answer) => CallToolResult::success(vec![ContentBlock::text(answer)]),
            Err(error) => CallToolResult::error(vec![ContentBlock::text(error.to_string())]),
        }
        .into())
    }
}

/// Who is told how far a call is.
type Told = Option<Progress>;

/// Sends on how far a call is, as fast as its client takes it: what comes meanwhile is passed over.
struct Teller {
    token: ProgressToken,
    peer: Peer<RoleServer>,
    heard: watch::Receiver<Option<(u64, Option<u64>)>>,
    last: Option<u64>,
}

impl Teller {
    /// Waits for the next figure and sends it. Ends once there can be none any more.
    async fn tell(&mut self) -> bool {
        if self.heard.changed().await.is_err() {
            return false;
        }
        self.tell_last().await;
        true
    }

    /// Sends the newest figure, unless that is done.
    async fn tell_last(&mut self) {
        let Some((done, total)) = *self.heard.borrow_and_update() else { return };
        // The protocol wants each figure to be above the last.
        if self.last.is_some_and(|last| done <= last) {
            return;
        }
        self.last = Some(done);
        let mut params = ProgressNotificationParam::new(self.token.clone(), as_number(done));
        params.total = total.map(as_number);
        // A client that has gone is noticed elsewhere.
        let _ = self.peer.notify_progress(params).await;
    }
}

/// Takes how far a call is, where its client wants to know, and sends it on.
fn progress_of(context: &RequestContext<RoleServer>) -> (Told, Option<Teller>) {
    let Some(token) = context.meta.get_progress_token() else { return (None, None) };
    let (said, heard) = watch::channel(None);
    let told = Arc::new(move |done: u64, total: Option<u64>| {
        said.send_replace(Some((done, total)));
    });
    (Some(told), Some(Teller { token, peer: context.peer.clone(), heard, last: None }))
}

/// What comes of a call, while its client hears how far it is; the last figure goes out before the answer.
async fn told_meanwhile<T>(call: impl Future<Output = T>, teller: Option<Teller>) -> T {
    let Some(mut teller) = teller else { return call.await };
    let mut call = std::pin::pin!(call);
    let outcome = loop {
        tokio::select! {
            outcome = &mut call => break outcome,
            more = teller.tell() => if !more { break call.await },
        }
    };
    teller.tell_last().await;
    outcome
}

/// As the protocol has its numbers.
#[expect(clippy::cast_precision_loss, reason = "nothing is counted beyond 2^53")]
fn as_number(count: u64) -> f64 {
    count as f64
}
