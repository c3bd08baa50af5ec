//! What is answered to each request of the protocol.

use std::sync::Arc;

use rmcp::model::{
    CallToolRequestParams, CallToolResponse, CompleteRequestParams, CompleteResult, Implementation,
    InitializeRequestParams, InitializeResult, ListResourceTemplatesResult, ListResourcesResult, ListToolsResult,
    PaginatedRequestParams, ReadResourceRequestParams, ReadResourceResponse, ServerCapabilities, ServerConfig, Tool,
};
use rmcp::service::RequestContext;
use rmcp::{ErrorData, RoleServer, ServerHandler};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::caller::Hours;
use crate::mcp::budget;
use crate::mcp::host::Host;
use crate::mcp::resources;

/// The most bytes that an error quotes of what was sent.
pub(super) const QUOTED: usize = 100;

/// The protocol's side of a [`Host`].
pub struct Server<H> {
    pub(super) host: H,
    /// The session of its one client.
    pub(super) session: Uuid,
    /// Ends with the client's side of the streams, before what is under way gets its time to end.
    pub(super) gone: CancellationToken,
    /// Over HTTP, the sessions of clients that have none of the transport's.
    pub(super) hours: Option<Arc<Hours>>,
}

impl<H> Server<H> {
    /// The server of one client, whose session begins.
    pub(super) fn new(host: H) -> Self {
        Self { host, session: Uuid::now_v7(), gone: CancellationToken::new(), hours: None }
    }

    /// The server of a session over HTTP that begins, or of a request without one.
    pub(in crate::mcp) fn over_http(host: H, hours: Arc<Hours>) -> Self {
        Self { hours: Some(hours), ..Self::new(host) }
    }
}

impl<H: Host> ServerHandler for Server<H> {
    fn get_info(&self) -> ServerConfig {
        let me = Implementation::new("footbridge", env!("CARGO_PKG_VERSION")).with_title("footbridge");
        let known = self.host.known();
        let tools = ServerCapabilities::builder().enable_tools();
        // Where no tool could read one, there are none.
        let capabilities = if resources::any(&known.bridge) {
            tools.enable_resources().enable_completions().build()
        } else {
            tools.build()
        };
        ServerConfig::new(capabilities).with_server_info(me).with_instructions(known.instructions())
    }

    async fn initialize(
        &self,
        request: InitializeRequestParams,
        context: RequestContext<RoleServer>,
    ) -> Result<InitializeResult, ErrorData> {
        let Implementation { name, version, .. } = &request.client_info;
        self.host.met(format!("{name} {version}").trim());
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
        Ok(ListToolsResult::with_all_items(self.host.known().bridge.definitions().to_vec()))
    }

    fn get_tool(&self, name: &str) -> Option<Tool> {
        self.host.known().bridge.definitions().iter().find(|tool| tool.name == name).cloned()
    }

    async fn call_tool(
        &self,
        request: CallToolRequestParams,
        context: RequestContext<RoleServer>,
    ) -> Result<CallToolResponse, ErrorData> {
        self.answer(request, context).await
    }

    async fn list_resources(
        &self,
        request: Option<PaginatedRequestParams>,
        context: RequestContext<RoleServer>,
    ) -> Result<ListResourcesResult, ErrorData> {
        self.resources(request, context).await
    }

    async fn list_resource_templates(
        &self,
        _request: Option<PaginatedRequestParams>,
        _context: RequestContext<RoleServer>,
    ) -> Result<ListResourceTemplatesResult, ErrorData> {
        self.templates()
    }

    async fn read_resource(
        &self,
        request: ReadResourceRequestParams,
        context: RequestContext<RoleServer>,
    ) -> Result<ReadResourceResponse, ErrorData> {
        self.content(request, context).await
    }

    async fn complete(
        &self,
        request: CompleteRequestParams,
        context: RequestContext<RoleServer>,
    ) -> Result<CompleteResult, ErrorData> {
        self.completions(request, context).await
    }
}
