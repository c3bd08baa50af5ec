//! What an argument of a template may be: names of buckets and tables, keys of objects and items.

use std::collections::{BTreeSet, HashMap};

use rmcp::ErrorData;
use rmcp::model::{CompleteRequestParams, CompletionInfo, Reference};
use serde_json::{Value, json};

use super::{address, ask};
use crate::mcp::authorizer::Caller;
use crate::mcp::bridge::Bridge;
use crate::mcp::error::ToolError;

/// What fits, at most a hundred; nothing where it cannot be found out, since a person types on meanwhile.
///
/// # Errors
/// -32602 where there is no such template, or it has no such argument.
pub(crate) async fn complete(
    bridge: &Bridge,
    caller: &Caller,
    request: CompleteRequestParams,
) -> Result<CompletionInfo, ErrorData> {
    let wrong = |message: &str| ErrorData::invalid_params(message.to_owned(), None);
    let Reference::Resource(template) = &request.r#ref else {
        return Err(wrong("there are no prompts, and so nothing of one to complete"));
    };
    let begun = request.argument.value.as_str();
    let given = request.context.and_then(|context| context.arguments).unwrap_or_default();
    let found = match (template.uri.as_str(), request.argument.name.as_str()) {
        (address::OBJECT, "bucket") => buckets(bridge, caller, begun).await,
        (address::OBJECT, "key") => objects(bridge, caller, &given, begun).await,
        (address::TABLE | address::ITEM, "table") => tables(bridge, caller, begun).await,
        (address::ITEM, "pk") => hashes(bridge, caller, &given, begun).await,
        (address::ITEM, "sk") => ranges(bridge, caller, &given, begun).await,
        (address::OBJECT | address::TABLE | address::ITEM, _) => {
            return Err(wrong("the template has no such argument"));
        }
        _ => return Err(wrong("there is no such template")),
    };
    let Found { mut values, mut more } = found.unwrap_or_default();
    more |= values.len() > CompletionInfo::MAX_VALUES;
    values.truncate(CompletionInfo::MAX_VALUES);
    CompletionInfo::with_pagination(values, None, more).map_err(|error| ErrorData::internal_error(error, None))
}

/// What fits, and whether there may be more.
#[derive(Default)]
struct Found {
    values: Vec<String>,
    more: bool,
}

impl Found {
    fn of(answer: &Value, values: impl IntoIterator<Item = String>) -> Self {
        Self { values: values.into_iter().collect(), more: answer["cursor"].is_string() }
    }
}

fn list<'a>(answer: &'a Value, member: &str) -> impl Iterator<Item = &'a Value> {
    answer[member].as_array().into_iter().flatten()
}

async fn buckets(bridge: &Bridge, caller: &Caller, begun: &str) -> Result<Found, ToolError> {
    let answer = ask(bridge, caller, "s3_list_buckets", json!({ "prefix": begun, "limit": 100 })).await?;
    let names = list(&answer, "buckets").filter_map(|bucket| bucket["name"].as_str());
    Ok(Found::of(&answer, names.map(str::to_owned)))
}

async fn tables(bridge: &Bridge, caller: &Caller, begun: &str) -> Result<Found, ToolError> {
    let answer = ask(bridge, caller, "dynamodb_list_tables", json!({ "prefix": begun, "limit": 100 })).await?;
    Ok(Found::of(&answer, list(&answer, "tables").filter_map(Value::as_str).map(str::to_owned)))
}

/// A level of folders at a time.
async fn objects(
    bridge: &Bridge,
    caller: &Caller,
    given: &HashMap<String, String>,
    begun: &str,
) -> Result<Found, ToolError> {
    let Some(bucket) = given.get("bucket") else { return Ok(Found::default()) };
    let arguments = json!({ "bucket": bucket, "prefix": begun, "delimiter": "/", "limit": 100 });
    let answer = ask(bridge, caller, "s3_list_objects", arguments).await?;
    let keys = list(&answer, "objects").filter_map(|object| object["key"].as_str());
    let all: BTreeSet<_> = keys.chain(list(&answer, "prefixes").filter_map(Value::as_str)).map(str::to_owned).collect();
    Ok(Found::of(&answer, all))
}

/// The names and types of a table's keys.
async fn keys(bridge: &Bridge, caller: &Caller, table: &str) -> Result<Vec<(String, String)>, ToolError> {
    let answer = ask(bridge, caller, "dynamodb_describe_table", json!({ "table": table })).await?;
    let keys = answer["keys"].as_object().cloned().unwrap_or_default();
    Ok(keys.into_iter().map(|(name, kind)| (name, kind.as_str().unwrap_or("S").to_owned())).collect())
}

/// Partition keys, of a page of the table.
async fn hashes(
    bridge: &Bridge,
    caller: &Caller,
    given: &HashMap<String, String>,
    begun: &str,
) -> Result<Found, ToolError> {
    let Some(table) = given.get("table") else { return Ok(Found::default()) };
    let keys = keys(bridge, caller, table).await?;
    let Some((name, kind)) = keys.first() else { return Ok(Found::default()) };
    let mut arguments = json!({ "table": table, "fields": [name], "limit": 100 });
    if kind == "S" && !begun.is_empty() {
        arguments["filter"] = json!("begins_with(#hash, :begun)");
        arguments["names"] = json!({ "#hash": name });
        arguments["values"] = json!({ ":begun": begun });
    }
    let answer = ask(bridge, caller, "dynamodb_scan", arguments).await?;
    Ok(fitting(&answer, name, begun))
}

/// Sort keys of a partition.
async fn ranges(
    bridge: &Bridge,
    caller: &Caller,
    given: &HashMap<String, String>,
    begun: &str,
) -> Result<Found, ToolError> {
    let (Some(table), Some(hash)) = (given.get("table"), given.get("pk")) else { return Ok(Found::default()) };
    let keys = keys(bridge, caller, table).await?;
    let [(hash_name, hash_type), (name, kind)] = keys.as_slice() else { return Ok(Found::default()) };
    let hash = super::read::value(hash_name, hash_type, hash)?;
    let mut arguments = json!({
        "table": table,
        "key_condition": "#hash = :hash",
        "names": { "#hash": hash_name },
        "values": { ":hash": hash },
        "fields": [name],
        "limit": 100,
    });
    if kind == "S" && !begun.is_empty() {
        arguments["key_condition"] = json!("#hash = :hash AND begins_with(#range, :begun)");
        arguments["names"]["#range"] = json!(name);
        arguments["values"][":begun"] = json!(begun);
    }
    let answer = ask(bridge, caller, "dynamodb_query", arguments).await?;
    Ok(fitting(&answer, name, begun))
}

/// The values of one attribute that begin as asked, each once, as they stand in a URI before it is escaped.
fn fitting(answer: &Value, name: &str, begun: &str) -> Found {
    let text = |value: &Value| match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Object(typed) => ["$n", "$b"].iter().find_map(|kind| Some(typed.get(*kind)?.as_str()?.to_owned())),
        _ => None,
    };
    let values: BTreeSet<_> = list(answer, "items").filter_map(|item| text(&item[name])).collect();
    Found::of(answer, values.into_iter().filter(|value| value.starts_with(begun)))
}
