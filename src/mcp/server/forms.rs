//! Forms that a client can show to the person in front of it.

use std::sync::Arc;

use async_trait::async_trait;
use rmcp::model::{CallToolRequestParams, ClientCapabilities, ElicitRequestParams, ElicitResult, ProtocolVersion};
use rmcp::service::RequestContext;
use rmcp::{Peer, RoleServer};

use crate::mcp::consent::{Asker, Round, Sends};

/// The way to the person at the client that sends this request, where the client says that it has one. Takes what forms
/// brought out of the request.
pub(super) fn asker_of(context: &RequestContext<RoleServer>, request: &mut CallToolRequestParams) -> Option<Asker> {
    let (state, responses) = (request.request_state.take(), request.input_responses.take());
    let inline = context.protocol_version().is_some_and(|version| version >= ProtocolVersion::V_2026_07_28);
    let can = context.client_capabilities().as_ref().is_some_and(shows_forms);
    if inline {
        // What a form brought is looked at whatever is declared now.
        return (can || state.is_some()).then(|| Asker::Returns(Arc::new(Round::new(state, responses))));
    }
    can.then(|| Asker::Sends(Arc::new(ByRequest(context.peer.clone())) as Arc<dyn Sends>))
}

/// Whether forms are among what was declared; a client that says no more than that it asks means forms.
fn shows_forms(declared: &ClientCapabilities) -> bool {
    declared.elicitation.as_ref().is_some_and(|can| can.form.is_some() || can.url.is_none())
}

/// Forms as requests to the client.
struct ByRequest(Peer<RoleServer>);

#[async_trait]
impl Sends for ByRequest {
    async fn send(&self, form: ElicitRequestParams) -> Option<ElicitResult> {
        self.0.create_elicitation(form).await.inspect_err(|error| tracing::debug!(%error, "no answer to a form")).ok()
    }
}
