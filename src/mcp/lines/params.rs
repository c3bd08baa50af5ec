//! Whether the parameters of a request have the form that the protocol gives them.

use rmcp::model::{CallToolRequestParams, InitializeRequestParams, PaginatedRequestParams};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

/// What is wrong with the parameters of a `method` that is served here; `None` for every other method.
pub(super) fn fault(method: &str, params: Option<&Value>) -> Option<String> {
    let none = Value::Object(Map::new());
    let params = params.filter(|params| !params.is_null()).unwrap_or(&none);
    let said = match method {
        "initialize" => read::<InitializeRequestParams>(params),
        "tools/call" => read::<CallToolRequestParams>(params),
        "tools/list" => read::<PaginatedRequestParams>(params),
        "ping" | "server/discover" => read::<Map<String, Value>>(params),
        _ => return None,
    };
    Some(said.err().unwrap_or_else(|| "they are not what the protocol says they are".to_owned()))
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
