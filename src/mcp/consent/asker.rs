//! How a form reaches the person at the client.

use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use rmcp::model::{ElicitRequestParams, ElicitResult, InputRequiredResult, InputResponses};

/// Sends a form and waits for what comes of it.
#[async_trait]
pub(in crate::mcp) trait Sends: Send + Sync {
    /// What came back; nothing where that is no answer to a form at all.
    async fn send(&self, form: ElicitRequestParams) -> Option<ElicitResult>;
}

/// How a form reaches the person at the client.
#[derive(Clone)]
pub(in crate::mcp) enum Asker {
    /// As a request of ours while the call waits: up to revision 2025-11-25.
    Sends(Arc<dyn Sends>),
    /// As the answer to the call, which is then made again with what came of it: since revision 2026-07-28.
    Returns(Arc<Round>),
}

/// One call of a client that is answered with forms.
#[derive(Default)]
pub(in crate::mcp) struct Round {
    state: Option<String>,
    responses: Option<InputResponses>,
    form: Mutex<Option<InputRequiredResult>>,
}

impl Round {
    /// A call as it was sent: with the state that the last answer gave it, and with what the forms brought.
    pub(in crate::mcp) fn new(state: Option<String>, responses: Option<InputResponses>) -> Self {
        Self { state, responses, form: Mutex::default() }
    }

    /// The form that answers the call.
    pub(in crate::mcp) fn take_form(&self) -> Option<InputRequiredResult> {
        self.form.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    pub(super) fn give(&self, form: InputRequiredResult) {
        *self.form.lock().unwrap_or_else(PoisonError::into_inner) = Some(form);
    }

    /// The state that it came with.
    pub(super) fn state(&self) -> Option<&str> {
        self.state.as_deref()
    }

    /// What came of the form of this name.
    pub(super) fn response(&self, name: &str) -> Option<ElicitResult> {
        serde_json::from_value(self.responses.as_ref()?.get(name)?.clone()).ok()
    }
}
