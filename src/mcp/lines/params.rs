//! Whether the parameters of a request have the form that the protocol gives them.

use rmcp::RoleServer;
use rmcp::model::{
    CallToolRequestParams, ClientRequest, CompleteRequestParams, InitializeRequestParams, JsonRpcMessage,
    PaginatedRequestParams, ReadResourceRequestParams,
};
use rmcp::service::RxJsonRpcMessage;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

/// Whether a message asks for a list without saying from where on, as far as the library understood.
pub(in crate::mcp) fn is_bare_list(message: &RxJsonRpcMessage<RoleServer>) -> bool {
    matches!(message, JsonRpcMessage::Request(request) if bare_list(&request.request).is_some())
}

/// The method of a list's request without parameters.
fn bare_list(request: &ClientRequest) -> Option<&'static str> {
    match request {
        ClientRequest::ListToolsRequest(list) if list.params.is_none() => Some("tools/list"),
        ClientRequest::ListResourcesRequest(list) if list.params.is_none() => Some("resources/list"),
        ClientRequest::ListResourceTemplatesRequest(list) if list.params.is_none() => Some("resources/templates/list"),
        _ => None,
    }
}

/// What is wrong with the form of a request's parameters. What the library cannot read as the request of a method that it
/// knows, it takes for one that it does not know; and a list's cursor that is no text, for none. `raw` is the message as it
/// came, which only a bare list needs.
pub(in crate::mcp) fn fault(request: &ClientRequest, raw: Option<&Value>) -> Option<String> {
    let (method, fault) = match request {
        ClientRequest::CustomRequest(custom) => {
            let fault = check(&custom.method, custom.params.as_ref())?.err();
            let fault = fault.unwrap_or_else(|| "they are not what the protocol says they are".to_owned());
            (custom.method.as_str(), fault)
        }
        request => {
            let list = bare_list(request)?;
            (list, check(list, raw?.get("params"))?.err()?)
        }
    };
    Some(format!("the `params` of {method} are wrong: {fault}"))
}

/// What is wrong with the parameters of a `method` that is served here, if anything; `None` for every other method.
fn check(method: &str, params: Option<&Value>) -> Option<Result<(), String>> {
    let none = Value::Object(Map::new());
    let params = params.filter(|params| !params.is_null()).unwrap_or(&none);
    match method {
        "initialize" => Some(read::<InitializeRequestParams>(params)),
        "tools/call" => Some(read::<CallToolRequestParams>(params)),
        "tools/list" | "resources/list" | "resources/templates/list" => Some(read::<PaginatedRequestParams>(params)),
        "resources/read" => Some(read::<ReadResourceRequestParams>(params)),
        "completion/complete" => Some(read::<CompleteRequestParams>(params)),
        "ping" | "server/discover" => Some(read::<Map<String, Value>>(params)),
        _ => None,
    }
}

fn read<T: DeserializeOwned>(params: &Value) -> Result<(), String> {
    if !params.is_object() {
        return Err("they must be an object".to_owned());
    }
    if params.get("_meta").is_some_and(|meta| !meta.is_object() && !meta.is_null()) {
        return Err("`_meta` must be an object".to_owned());
    }
    serde_path_to_error::deserialize::<_, T>(params).map(|_| ()).map_err(|error| {
        let path = error.path().to_string();
        let inner = error.into_inner();
        if path == "." { inner.to_string() } else { format!("{path}: {inner}") }
    })
}
