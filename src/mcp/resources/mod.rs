//! Buckets, objects, tables and items as resources: what a person or an agent refers to by its URI.
//!
//! Each is read by calls of the tools, so that the same door holds for them: who may, what is recorded, how long it takes and
//! how much is told. What is not offered as a tool is none as a resource either.

mod address;
mod complete;
mod list;
mod read;

pub(super) use complete::complete;
pub(super) use list::{list, templates};
pub(super) use read::read;

use futures::FutureExt as _;
use serde_json::{Map, Value};

use super::authorizer::Caller;
use super::bridge::Bridge;
use super::error::ToolError;

/// A tool's answer.
async fn ask(bridge: &Bridge, caller: &Caller, tool: &str, arguments: Value) -> Result<Value, ToolError> {
    let arguments = match arguments {
        Value::Object(arguments) => arguments,
        _ => Map::new(),
    };
    // Its type forgotten: whoever waits for a resource waits for a tool, and that for an SDK's request.
    let answer = bridge.call(caller, tool, arguments).boxed().await?;
    serde_json::from_str(&answer.text)
        .map_err(|error| ToolError::new("internal", format!("{tool} answered no JSON: {error}")))
}

/// Whether anything can be had as a resource.
pub(super) fn any(bridge: &Bridge) -> bool {
    !templates(bridge).is_empty()
}
