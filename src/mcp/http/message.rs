//! What stands in the body of a POST: messages for the protocol's library, or what is answered in its place.

use http::StatusCode;
use rmcp::RoleServer;
use rmcp::model::{ClientRequest, ErrorCode, JsonRpcMessage, ProtocolVersion, RequestId};
use rmcp::service::RxJsonRpcMessage;
use serde_json::Value;

use crate::mcp::lines::{Fault, is_bare_list, no_message, params_fault, unreadable};

/// The most messages in one body.
const BATCH: usize = 1000;

/// What a message is, as far as that matters before the library has it.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Kind {
    /// It begins a session.
    Initialize {
        /// Its id.
        id: RequestId,
        /// Whether it asks for the revision that has several messages in one body.
        batches: bool,
    },
    /// It is to be answered.
    Request(RequestId),
    /// It is a notification or a response.
    Other,
}

impl Kind {
    /// The id of a request; `Null` of everything else.
    pub(super) fn id(&self) -> Value {
        match self {
            Self::Initialize { id, .. } | Self::Request(id) => id.clone().into_json_value(),
            Self::Other => Value::Null,
        }
    }
}

/// What a body holds.
#[derive(Debug, PartialEq)]
pub(super) enum Held {
    /// One message, as it came.
    One(Kind),
    /// Several, as revision 2025-03-26 has them.
    Several(Vec<Value>),
}

/// An answer that needs no library.
#[derive(Debug, PartialEq)]
pub(super) struct Refusal {
    pub(super) status: StatusCode,
    pub(super) message: Value,
}

impl Refusal {
    fn bad(fault: Option<Fault>) -> Self {
        // What asks for nothing is told, too: a request of HTTP always has an answer.
        let fault = fault
            .unwrap_or_else(|| Fault::new(Value::Null, ErrorCode::INVALID_REQUEST, "this message was not understood"));
        Self { status: StatusCode::BAD_REQUEST, message: fault.message() }
    }
}

/// Looks at a body. In a `modern` one, of revision 2026-07-28, there are methods no more of which the library says so.
pub(super) fn look(body: &[u8], modern: bool) -> Result<Held, Refusal> {
    let Ok(message) = serde_json::from_slice::<RxJsonRpcMessage<RoleServer>>(body) else {
        return match serde_json::from_slice::<Value>(body) {
            Ok(Value::Array(messages)) if messages.len() > BATCH => {
                let words = format!("a body has at most {BATCH} messages");
                Err(Refusal::bad(Some(Fault::new(Value::Null, ErrorCode::INVALID_REQUEST, &words))))
            }
            Ok(Value::Array(messages)) if !messages.is_empty() => Ok(Held::Several(messages)),
            Ok(value) => Err(Refusal::bad(no_message(&value))),
            Err(error) => {
                let rule = "The body of a request is one JSON-RPC message, in UTF-8";
                Err(Refusal::bad(unreadable(body, &error, rule)))
            }
        };
    };
    let raw: Option<Value> = is_bare_list(&message).then(|| serde_json::from_slice(body).ok()).flatten();
    let JsonRpcMessage::Request(request) = message else { return Ok(Held::One(Kind::Other)) };
    let gone = modern
        && matches!(&request.request, ClientRequest::CustomRequest(custom) if matches!(&*custom.method, "initialize" | "ping"));
    if !gone && let Some(words) = params_fault(&request.request, raw.as_ref()) {
        let fault = Fault::new(request.id.into_json_value(), ErrorCode::INVALID_PARAMS, &words);
        // It is a request of the protocol: a status of HTTP's own would hide from clients what is wrong with it.
        return Err(Refusal { status: StatusCode::OK, message: fault.message() });
    }
    Ok(Held::One(match request.request {
        ClientRequest::InitializeRequest(initialize) => {
            let batches = initialize.params.protocol_version == ProtocolVersion::V_2025_03_26;
            Kind::Initialize { id: request.id, batches }
        }
        _ => Kind::Request(request.id),
    }))
}
