//! The DynamoDB tools.

pub(crate) mod create_table;
pub(crate) mod delete_items;
pub(crate) mod delete_table;
pub(crate) mod describe_table;
pub(crate) mod get_items;
pub(crate) mod list_tables;
pub(crate) mod put_items;
pub(crate) mod query;
pub(crate) mod scan;
pub(crate) mod transact_write;
pub(crate) mod update_item;
pub(crate) mod update_table;

mod batch;
mod billing;
mod design;
mod expression;
mod follow;
mod key_names;
mod paging;
mod reading;

pub(crate) use expression::Names;
use serde_json::{Map, Value};

use crate::json::{self, Item};
use crate::mcp::budget;
use crate::mcp::error::ToolError;

/// A JSON object of the arguments as an item or a key.
fn item(object: Map<String, Value>, at: &str) -> Result<Item, ToolError> {
    Ok(json::to_item(&Value::Object(object), at)?)
}

/// Items or keys, each named by its place.
fn items(objects: Vec<Map<String, Value>>, at: &str) -> Result<Vec<Item>, ToolError> {
    objects.into_iter().enumerate().map(|(index, object)| item(object, &format!("{at}[{index}]"))).collect()
}

/// Shows the item that made a condition false, shortened.
fn with_item(error: ToolError, found: Option<&Item>) -> ToolError {
    match found.map(json::from_item) {
        Some(Ok(item)) => error.after(&format!("the item is {}", budget::shorten(item, 2048))),
        _ => error,
    }
}
