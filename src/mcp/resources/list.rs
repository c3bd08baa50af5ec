//! The resources that are listed: buckets and tables. What is in them is reached by the templates.

use rmcp::model::{ListResourcesResult, Resource, ResourceTemplate};
use serde_json::{Value, json};

use super::address::{self, Address};
use super::ask;
use crate::mcp::authorizer::Caller;
use crate::mcp::bridge::Bridge;
use crate::mcp::error::ToolError;

/// The most of a page.
const PAGE: usize = 100;
const JSON: &str = "application/json";

/// What is listed, a page after the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shelf {
    Buckets,
    Tables,
}

impl Shelf {
    const ALL: [Self; 2] = [Self::Buckets, Self::Tables];

    fn tool(self) -> &'static str {
        match self {
            Self::Buckets => "s3_list_buckets",
            Self::Tables => "dynamodb_list_tables",
        }
    }

    /// With what a cursor of it begins.
    fn mark(self) -> &'static str {
        match self {
            Self::Buckets => "buckets:",
            Self::Tables => "tables:",
        }
    }

    fn resources(self, answer: &Value) -> Vec<Resource> {
        let all = |member: &str| answer[member].as_array().cloned().unwrap_or_default();
        let resource = |address: Address, name: &str, what: &str| {
            Resource::new(address.to_string(), name).with_description(what).with_mime_type(JSON)
        };
        match self {
            Self::Buckets => {
                let names = all("buckets").into_iter().filter_map(|bucket| bucket["name"].as_str().map(str::to_owned));
                names
                    .map(|name| resource(Address::Bucket(name.clone()), &name, "S3 bucket: what lies at its top"))
                    .collect()
            }
            Self::Tables => {
                let names = all("tables").into_iter().filter_map(|name| name.as_str().map(str::to_owned));
                names
                    .map(|name| resource(Address::Table(name.clone()), &name, "DynamoDB table: keys, indexes, size"))
                    .collect()
            }
        }
    }
}

/// The templates of what the tools that are offered can read.
pub(crate) fn templates(bridge: &Bridge) -> Vec<ResourceTemplate> {
    let offered = |tool: &str| bridge.tools().any(|(name, _)| name == tool);
    let mut templates = Vec::new();
    if offered("s3_get_object") {
        let object = ResourceTemplate::new(address::OBJECT, "s3_object");
        templates.push(object.with_title("S3 object").with_description("An object's content; a long one's beginning"));
    }
    if offered("dynamodb_describe_table") {
        let table = ResourceTemplate::new(address::TABLE, "dynamodb_table").with_title("DynamoDB table");
        templates.push(table.with_description("A table's keys, indexes, size, billing, stream").with_mime_type(JSON));
        if offered("dynamodb_get_items") {
            let item = ResourceTemplate::new(address::ITEM, "dynamodb_item").with_title("DynamoDB item");
            let what = "An item by its key, as plain JSON; without the sort key, the items of that partition";
            templates.push(item.with_description(what).with_mime_type(JSON));
        }
    }
    templates
}

/// A page of buckets, and of tables after the last of them. What one service refuses does not hide the other.
pub(crate) async fn list(
    bridge: &Bridge,
    caller: &Caller,
    cursor: Option<&str>,
) -> Result<ListResourcesResult, ToolError> {
    let (mut from, mut cursor) = match cursor {
        None => (0, None),
        Some(cursor) => {
            let found = Shelf::ALL.iter().position(|shelf| cursor.starts_with(shelf.mark()));
            let at = found.ok_or_else(|| ToolError::arguments("cursor: it is none of this list"))?;
            let rest = &cursor[Shelf::ALL[at].mark().len()..];
            (at, Some(rest.to_owned()).filter(|rest| !rest.is_empty()))
        }
    };
    let offered: Vec<_> = bridge.tools().map(|(name, _)| name.to_owned()).collect();
    let mut resources = Vec::new();
    let mut refused = None;
    let mut told = false;
    let goes_on = cursor.is_some();
    while let Some(shelf) = Shelf::ALL.get(from).copied() {
        let room = PAGE - resources.len();
        if room == 0 {
            let mut page = ListResourcesResult::with_all_items(resources);
            page.next_cursor = Some(shelf.mark().to_owned());
            return Ok(page);
        }
        if offered.iter().any(|name| name == shelf.tool()) {
            let arguments = json!({ "limit": room, "cursor": cursor.take() });
            match ask(bridge, caller, shelf.tool(), arguments).await {
                Ok(answer) => {
                    told = true;
                    resources.extend(shelf.resources(&answer));
                    if let Some(next) = answer["cursor"].as_str() {
                        let mut page = ListResourcesResult::with_all_items(resources);
                        page.next_cursor = Some(format!("{}{next}", shelf.mark()));
                        return Ok(page);
                    }
                }
                Err(error) if goes_on && resources.is_empty() => return Err(error),
                Err(error) => refused = Some(error),
            }
        }
        cursor = None;
        from += 1;
    }
    match refused {
        Some(error) if !told => Err(error),
        _ => Ok(ListResourcesResult::with_all_items(resources)),
    }
}
