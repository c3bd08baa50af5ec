//! What is answered to each request of the protocol.

use rmcp::model::{
    CallToolRequestParams, CallToolResponse, Implementation, InitializeRequestParams, InitializeResult,
    ListToolsResult, PaginatedRequestParams, ServerCapabilities, ServerConfig, Tool,
};
use rmcp::service::RequestContext;
use rmcp::{ErrorData, RoleServer, ServerHandler};
use uuid::Uuid;

use crate::mcp::budget;
use crate::mcp::host::Host;

/// The most bytes that an error quotes of what was sent.
pub(super) const QUOTED: usize = 100;

/// The protocol's side of a [`Host`].
pub(super) struct Server<H> {
    pub(super) host: H,
    /// The session of its one client.
    pub(super) session: Uuid,
}

impl<H> Server<H> {
    /// The server of one client, whose session begins.
    pub(super) fn new(host: H) -> Self {
        Self { host, session: Uuid::now_v7() }
    }
}

impl<H: Host> ServerHandler for Server<H> {
    fn get_info(&self) -> ServerConfig {
        let me = Implementation::new("footbridge", env!("CARGO_PKG_VERSION")).with_title("footbridge");
        ServerConfig::new(ServerCapabilities::builder().enable_tools().build())
            .with_server_info(me)
            .with_instructions(self.host.known().instructions())
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
}
