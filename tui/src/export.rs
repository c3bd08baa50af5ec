//! A call as JSON, for other programs.

use serde_json::{Map, Value, json};

use crate::model::{AwsCall, Call, Outcome};
use crate::state::id_text;

/// `call` as JSON over several lines, without what is not known.
#[must_use]
pub fn json(call: &Call) -> String {
    let mut all = Map::new();
    let mut put = |name: &str, value: Value| {
        if !value.is_null() && value.as_str() != Some("") && value.as_array().is_none_or(|array| !array.is_empty()) {
            all.insert(name.to_owned(), value);
        }
    };
    put("id", json!(id_text(call.id)));
    put("at", json!(call.at));
    put("time", json!(footbridge_record::time::full(call.at, 0)));
    put("store", json!(call.store));
    put("pid", json!(call.pid));
    put("client", json!({ "kind": call.client.door.word(), "name": call.client.name }));
    put("target", json!(call.target.word()));
    put("service", json!(call.service));
    put("name", json!(call.name));
    put("resources", json!(call.resources));
    put("parameters", call.request.clone());
    put("status", json!(call.status().word()));
    if let Some(end) = &call.end {
        if let Outcome::Error { code, message } = &end.outcome {
            put("error", json!({ "code": code, "message": message }));
        }
        if let Outcome::Refused { reason } = &end.outcome {
            put("reason", json!(reason));
        }
        put("ms", json!(end.ms));
        put("http_status", json!(end.http_status));
        put("aws_calls", end.aws_calls.iter().map(aws_call).collect());
        put("response", end.response.clone());
    }
    format!("{:#}", Value::Object(all))
}

fn aws_call(made: &AwsCall) -> Value {
    json!({
        "service": made.service,
        "operation": made.operation,
        "status": made.status,
        "error": made.error,
        "ms": made.ms,
        "request_id": made.request_id,
        "attempts": made.attempts,
    })
}
