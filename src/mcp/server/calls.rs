//! Calls of tools.

use rmcp::model::{CallToolRequestParams, CallToolResponse, CallToolResult, ContentBlock, JsonObject};
use rmcp::service::RequestContext;
use rmcp::{ErrorData, RoleServer};

use super::forms::asker_of;
use super::handler::{QUOTED, Server};
use super::telling::{Told, progress_of, told_meanwhile};
use crate::mcp::authorizer::Caller;
use crate::mcp::budget;
use crate::mcp::consent::{self, Asker};
use crate::mcp::error::ToolError;
use crate::mcp::host::Host;
use crate::mcp::tool::Tool as _;
use crate::mcp::tools::bridge_status::{self, BridgeStatus};

impl<H: Host> Server<H> {
    /// Calls a tool. Whatever is in the way, `bridge_status` tells it.
    async fn call(
        &self,
        caller: &Caller,
        tool: &str,
        arguments: JsonObject,
        told: Told,
        asker: Option<Asker>,
    ) -> Result<String, ToolError> {
        let outcome = match self.host.bridge().await {
            Ok(bridge) => bridge.call_with(caller, tool, arguments, told, asker).await.map(|answer| answer.text),
            Err(trouble) => return as_answer(tool, trouble),
        };
        match outcome {
            Err(trouble) if trouble.code == "audit_failed" => as_answer(tool, trouble),
            outcome => outcome,
        }
    }

    /// Answers a client's call of a tool.
    pub(super) async fn answer(
        &self,
        mut request: CallToolRequestParams,
        context: RequestContext<RoleServer>,
    ) -> Result<CallToolResponse, ErrorData> {
        let bridge = self.host.known().bridge;
        if !bridge.has(&request.name) {
            let names: Vec<_> = bridge.tools().map(|(name, _)| name).collect();
            let name = budget::start_within(&request.name, QUOTED);
            let message = format!("there is no tool {name}; the tools are {}", names.join(", "));
            return Err(ErrorData::invalid_params(message, None));
        }
        let caller = self.caller(&context);
        let (progress, teller) = progress_of(&context);
        let asker = asker_of(&context, &mut request);
        let arguments = request.arguments.unwrap_or_default();
        let call = self.call(&caller, &request.name, arguments, progress, asker.clone());
        let call = consent::for_client(self.gone.clone(), call);
        let outcome = tokio::select! {
            outcome = told_meanwhile(call, teller) => outcome,
            // Nobody reads the answer to a cancelled request, but the protocol layer wants one.
            () = context.ct.cancelled() => return Err(ErrorData::internal_error("cancelled", None)),
        };
        if let Some(Asker::Returns(round)) = asker
            && let Some(form) = round.take_form()
            && outcome.is_err()
        {
            return Ok(form.into());
        }
        // Text alone: structured content would send the same JSON a second time.
        Ok(match outcome {
            Ok(answer) => CallToolResult::success(vec![ContentBlock::text(answer)]),
            Err(error) => CallToolResult::error(vec![ContentBlock::text(error.to_string())]),
        }
        .into())
    }
}

/// What keeps every tool from working is the answer of the one that tells such things, and an error of the others.
fn as_answer(tool: &str, trouble: ToolError) -> Result<String, ToolError> {
    if tool == BridgeStatus::NAME { Ok(bridge_status::without_bridge(&trouble).to_string()) } else { Err(trouble) }
}
