//! The DynamoDB tools.

crate::mcp::tool::tools! {
    list_tables::ListTables,
    describe_table::DescribeTable,
    create_table::CreateTable,
    update_table::UpdateTable,
    delete_table::DeleteTable,
    get_items::GetItems,
    put_items::PutItems,
    update_item::UpdateItem,
    delete_items::DeleteItems,
    query::Query,
    scan::Scan,
    transact_write::TransactWrite,
    load_items::LoadItems,
    export_items::ExportItems,
    count::Count,
    update_by_query::UpdateByQuery,
    delete_by_query::DeleteByQuery,
}

mod batch;
mod billing;
mod design;
mod each;
mod expression;
mod follow;
mod key_names;
mod lists;
mod matching;
mod paging;
mod reading;
mod selection;

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
