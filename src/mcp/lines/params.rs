//! Whether the parameters of a request have the form that the protocol gives them.

use rmcp::model::{
    CallToolRequestParams, CompleteRequestParams, InitializeRequestParams, PaginatedRequestParams,
    ReadResourceRequestParams,
};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

/// What is wrong with the parameters of a `method` that is served here, if anything; `None` for every other method.
pub(super) fn check(method: &str, params: Option<&Value>) -> Option<Result<(), String>> {
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
