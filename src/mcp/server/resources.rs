//! Resources, and what is completed of their templates.

use rmcp::model::{
    CompleteRequestParams, CompleteResult, ErrorCode, ListResourceTemplatesResult, ListResourcesResult,
    PaginatedRequestParams, ReadResourceRequestParams, ReadResourceResponse,
};
use rmcp::service::RequestContext;
use rmcp::{ErrorData, RoleServer};

use super::handler::Server;
use crate::mcp::bridge::Bridge;
use crate::mcp::error::ToolError;
use crate::mcp::host::Host;
use crate::mcp::resources;

impl<H: Host> Server<H> {
    /// The bridge, or what stands in its way. Where no tool reads what is stored, nobody was told of resources.
    async fn open(&self) -> Result<Bridge, ErrorData> {
        self.offered()?;
        self.host.bridge().await.map_err(|trouble| refused(&trouble))
    }

    fn offered(&self) -> Result<(), ErrorData> {
        if resources::any(&self.host.known().bridge) {
            return Ok(());
        }
        Err(ErrorData::new(ErrorCode::METHOD_NOT_FOUND, "the tools that are offered read no resources", None))
    }

    /// A page of buckets and tables.
    pub(super) async fn resources(
        &self,
        request: Option<PaginatedRequestParams>,
        context: RequestContext<RoleServer>,
    ) -> Result<ListResourcesResult, ErrorData> {
        let bridge = self.open().await?;
        let caller = self.caller(&context);
        let cursor = request.and_then(|request| request.cursor).filter(|cursor| !cursor.is_empty());
        let listed = until_cancelled(&context, resources::list(&bridge, &caller, cursor.as_deref())).await?;
        listed.map_err(|error| refused(&error))
    }

    /// The templates, which are one page.
    pub(super) fn templates(&self) -> Result<ListResourceTemplatesResult, ErrorData> {
        self.offered()?;
        Ok(ListResourceTemplatesResult::with_all_items(resources::templates(&self.host.known().bridge)))
    }

    /// A resource's content.
    pub(super) async fn content(
        &self,
        request: ReadResourceRequestParams,
        context: RequestContext<RoleServer>,
    ) -> Result<ReadResourceResponse, ErrorData> {
        let bridge = self.open().await?;
        let caller = self.caller(&context);
        let read = until_cancelled(&context, resources::read(&bridge, &caller, &request.uri)).await??;
        Ok(read.into())
    }

    /// What an argument of a template may be.
    pub(super) async fn completions(
        &self,
        request: CompleteRequestParams,
        context: RequestContext<RoleServer>,
    ) -> Result<CompleteResult, ErrorData> {
        let bridge = self.open().await?;
        let caller = self.caller(&context);
        let found = until_cancelled(&context, resources::complete(&bridge, &caller, request)).await??;
        Ok(CompleteResult::new(found))
    }
}

/// What comes of `work`, unless its client gives it up.
async fn until_cancelled<T>(
    context: &RequestContext<RoleServer>,
    work: impl Future<Output = T>,
) -> Result<T, ErrorData> {
    tokio::select! {
        outcome = work => Ok(outcome),
        () = context.ct.cancelled() => Err(ErrorData::internal_error("cancelled", None)),
    }
}

fn refused(error: &ToolError) -> ErrorData {
    match error.code.as_str() {
        "invalid_arguments" => ErrorData::invalid_params(error.to_string(), None),
        _ => ErrorData::internal_error(error.to_string(), None),
    }
}
