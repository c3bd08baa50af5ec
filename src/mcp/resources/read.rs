//! A resource's content.

use rmcp::ErrorData;
use rmcp::model::{ReadResourceResult, ResourceContents};
use serde_json::{Map, Value, json};

use super::address::{self, Address};
use super::ask;
use crate::mcp::authorizer::Caller;
use crate::mcp::bridge::Bridge;
use crate::mcp::budget;
use crate::mcp::error::ToolError;

/// The most bytes that an error quotes of what was sent.
const QUOTED: usize = 100;
const JSON: &str = "application/json";
/// The address of what we say ourselves beside what is stored.
const NOTE: &str = "footbridge://note";

/// Reads what `uri` names.
///
/// # Errors
/// -32002 for what is not there, whatever its URI (of which later revisions make their own code), -32602 for a key that the
/// table cannot have, -32603 for all else, with the words of the tool's error.
pub(crate) async fn read(bridge: &Bridge, caller: &Caller, uri: &str) -> Result<ReadResourceResult, ErrorData> {
    let Some(address) = Address::parse(uri) else {
        let shown = budget::start_within(uri, QUOTED);
        let templates = [address::OBJECT, address::TABLE, address::ITEM].join(", ");
        let message = format!("{shown} is none of {templates}");
        return Err(ErrorData::resource_not_found(message, Some(json!({ "uri": shown }))));
    };
    let contents = Box::pin(contents(bridge, caller, uri, address)).await;
    contents.map(ReadResourceResult::new).map_err(|error| {
        let data = Some(json!({ "uri": budget::start_within(uri, QUOTED), "code": error.code }));
        let message = error.to_string();
        match error.code.as_str() {
            "NoSuchBucket" | "NoSuchKey" | "NotFound" | "ResourceNotFoundException" | NO_ITEM => {
                ErrorData::resource_not_found(message, data)
            }
            "invalid_arguments" | "ValidationException" => ErrorData::invalid_params(message, data),
            _ => ErrorData::internal_error(message, data),
        }
    })
}

/// The code of an item that is not there, for which AWS has none.
const NO_ITEM: &str = "no_item";

async fn contents(
    bridge: &Bridge,
    caller: &Caller,
    uri: &str,
    address: Address,
) -> Result<Vec<ResourceContents>, ToolError> {
    match address {
        Address::Bucket(bucket) => {
            let arguments = json!({ "bucket": bucket, "delimiter": "/", "limit": 1000 });
            Ok(document(uri, ask(bridge, caller, "s3_list_objects", arguments).await?))
        }
        Address::Object { bucket, key } => object(bridge, caller, uri, &bucket, &key).await,
        Address::Table(table) => {
            Ok(document(uri, ask(bridge, caller, "dynamodb_describe_table", json!({ "table": table })).await?))
        }
        Address::Item { table, hash, range } => item(bridge, caller, uri, &table, &hash, range.as_deref()).await,
    }
}

/// An object's bytes: text where they are text.
async fn object(
    bridge: &Bridge,
    caller: &Caller,
    uri: &str,
    bucket: &str,
    key: &str,
) -> Result<Vec<ResourceContents>, ToolError> {
    let show = |form: &str| json!({ "bucket": bucket, "key": key, "as": form });
    let answer = match ask(bridge, caller, "s3_get_object", show("text")).await {
        Err(error) if error.code == "not_text" => ask(bridge, caller, "s3_get_object", show("base64")).await?,
        answer => answer?,
    };
    let of = |member: &str| answer[member].as_str().map(str::to_owned);
    let (content, usual) = match of("base64") {
        Some(bytes) => (ResourceContents::blob(bytes, uri), "application/octet-stream"),
        None => (ResourceContents::text(of("text").unwrap_or_default(), uri), "text/plain"),
    };
    let kind = of("content_type").unwrap_or_else(|| usual.to_owned());
    let mut contents = vec![content.with_mime_type(kind)];
    if let (Some(range), Some(next)) = (of("range"), of("next_range")) {
        let text = format!(
            "This is {range} of {} bytes; s3_get_object with \"range\": \"{next}\" goes on, s3_download_object writes all of \
             it to a file.",
            answer["size"]
        );
        contents.push(ResourceContents::text(text, NOTE));
    }
    Ok(contents)
}

/// An item, or those of a partition.
async fn item(
    bridge: &Bridge,
    caller: &Caller,
    uri: &str,
    table: &str,
    hash: &str,
    range: Option<&str>,
) -> Result<Vec<ResourceContents>, ToolError> {
    let described = ask(bridge, caller, "dynamodb_describe_table", json!({ "table": table })).await?;
    let keys = described["keys"].as_object().cloned().unwrap_or_default();
    let mut keys = keys.iter().map(|(name, kind)| (name.clone(), kind.as_str().unwrap_or("S").to_owned()));
    let (Some((hash_name, hash_type)), sort) = (keys.next(), keys.next()) else {
        return Err(ToolError::new("unexpected_answer", format!("{table} was described without its keys")));
    };
    let hash = value(&hash_name, &hash_type, hash)?;
    let key: Map<_, _> = match (sort, range) {
        (None, None) => [(hash_name, hash)].into_iter().collect(),
        (Some((name, kind)), Some(range)) => {
            let range = value(&name, &kind, range)?;
            [(hash_name, hash), (name, range)].into_iter().collect()
        }
        (None, Some(_)) => {
            let message = format!("{table} has no sort key: its items are dynamodb://{table}/VALUE-OF-{hash_name}");
            return Err(ToolError::arguments(message));
        }
        (Some(_), None) => {
            let arguments = json!({
                "table": table, "key_condition": "#hash = :hash", "names": { "#hash": hash_name }, "values": { ":hash": hash },
            });
            return Ok(document(uri, ask(bridge, caller, "dynamodb_query", arguments).await?));
        }
    };
    let answer = ask(bridge, caller, "dynamodb_get_items", json!({ "table": table, "keys": [key] })).await?;
    match answer["items"].as_array().map(Vec::as_slice) {
        Some([item]) => Ok(document(uri, item.clone())),
        // Longer than a page: its beginning, with what to do.
        None if answer["item_part"].is_string() => Ok(document(uri, answer)),
        _ => Err(ToolError::new(NO_ITEM, format!("{table} has no item {}", Value::Object(key)))),
    }
}

/// A key's value, as a tool takes it.
pub(super) fn value(name: &str, kind: &str, text: &str) -> Result<Value, ToolError> {
    match kind {
        "N" if text.parse::<f64>().is_err() => {
            Err(ToolError::arguments(format!("{name} is a number, and {text:?} is none")))
        }
        "N" => Ok(json!({ "$n": text })),
        "B" => Ok(json!({ "$b": text })),
        _ => Ok(json!(text)),
    }
}

fn document(uri: &str, value: Value) -> Vec<ResourceContents> {
    vec![ResourceContents::text(value.to_string(), uri).with_mime_type(JSON)]
}
