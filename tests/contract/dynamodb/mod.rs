//! What DynamoDB does.

pub mod batches;
pub mod conditions;
pub mod indexes;
pub mod items;
pub mod queries;
pub mod scans;
pub mod streams;
pub mod tables;
pub mod transactions;
pub mod updates;

use std::collections::HashMap;

use aws_sdk_dynamodb::operation::put_item::builders::PutItemFluentBuilder;
use aws_sdk_dynamodb::types::{AttributeValue, PutRequest, WriteRequest};

use crate::world::World;

pub type Item = HashMap<String, AttributeValue>;

/// How validation refuses a request.
pub const INVALID: &str = "400 ValidationException";
/// How a condition that does not hold refuses a write.
pub const FAILED: &str = "400 ConditionalCheckFailedException";

pub fn s(text: &str) -> AttributeValue {
    AttributeValue::S(text.to_owned())
}

#[allow(clippy::needless_pass_by_value, reason = "a number is written as it is: n(1)")]
pub fn n(number: impl ToString) -> AttributeValue {
    AttributeValue::N(number.to_string())
}

pub fn item<const N: usize>(members: [(&str, AttributeValue); N]) -> Item {
    members.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

pub fn putting(world: &World, table: &str, item: Item) -> PutItemFluentBuilder {
    world.dynamodb.put_item().table_name(table).set_item(Some(item))
}

pub async fn put(world: &World, table: &str, item: Item) {
    putting(world, table, item).send().await.unwrap();
}

/// Puts at most 25 items at once.
pub async fn fill(world: &World, table: &str, items: impl IntoIterator<Item = Item>) {
    let put = |item| PutRequest::builder().set_item(Some(item)).build().unwrap();
    let requests = items.into_iter().map(|item| WriteRequest::builder().put_request(put(item)).build()).collect();
    let mut left = HashMap::from([(table.to_owned(), requests)]);
    while !left.is_empty() {
        let written = world.dynamodb.batch_write_item().set_request_items(Some(left)).send().await.unwrap();
        left = written.unprocessed_items.unwrap_or_default();
    }
}

/// The item with this key, read consistently.
pub async fn get(world: &World, table: &str, key: Item) -> Option<Item> {
    let get = world.dynamodb.get_item().table_name(table).set_key(Some(key)).consistent_read(true);
    get.send().await.unwrap().item
}

/// The numbers of an attribute, in the order of the items.
pub fn numbers(items: &[Item], name: &str) -> Vec<i64> {
    items.iter().map(|item| item[name].as_n().unwrap().parse().unwrap()).collect()
}
