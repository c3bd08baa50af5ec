//! Items: Query by key, and Scan, a page of DynamoDB's each.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::{AttributeValue, ConsumedCapacity, ReturnConsumedCapacity};
use footbridge_tui::ask::{Answer, ItemPage, KeyCondition, Read, Trouble};
use serde_json::{Value, json};

use super::asked::Asked;
use super::filter::Filter;
use super::trouble::wrong;
use super::{keys, tables};
use crate::json::{self as natural, Item};
use crate::mcp::ToolError;

/// The most items that are read for a page.
const MOST: u32 = 1000;

pub(super) async fn page(asked: &Asked<'_>, read: &Read) -> Result<Answer, Trouble> {
    let tool = if read.key.is_some() { "dynamodb_query" } else { "dynamodb_scan" };
    let fetch = Box::pin(async {
        let filter = Filter::read(&read.filter)?;
        let page = match &read.key {
            Some(key) => query(asked, read, key, &filter).await,
            None => scan(asked, read, &filter).await,
        };
        let page = page.map_err(|error| filter.explain(error))?;
        Ok((json!({ "count": page.items.len(), "scanned": page.scanned }), page))
    });
    let page = asked.read(tool, arguments(read), Some(format!("dynamodb://{}", read.table)), fetch).await?;
    Ok(Answer::Items(page))
}

/// The question for the record.
fn arguments(read: &Read) -> Value {
    let mut told = json!({ "table": read.table, "limit": limit(read) });
    let mut put = |name: &str, value: Option<Value>| {
        if let Some(value) = value {
            told[name] = value;
        }
    };
    put("index", read.index.as_ref().map(|index| json!(index)));
    put("filter", Some(&read.filter).filter(|filter| !filter.is_empty()).map(|filter| json!(filter)));
    put("key", read.key.as_ref().map(|key| json!({ "hash": key.hash, "range": key.range })));
    put("descending", read.descending.then_some(json!(true)));
    told
}

fn limit(read: &Read) -> i32 {
    i32::try_from(read.limit.clamp(1, MOST)).unwrap_or(1)
}

async fn query(asked: &Asked<'_>, read: &Read, key: &KeyCondition, filter: &Filter) -> Result<ItemPage, ToolError> {
    // What kind of values the key has hangs on the table as it is now: it may have been made anew.
    let table = tables::describe(asked, &read.table).await?;
    let condition = keys::condition(&keys::of(&table, read.index.as_deref())?, key)?;
    let mut names = filter.names.map().unwrap_or_default();
    names.extend(condition.names);
    let mut values: HashMap<_, _> = filter.values.iter().cloned().collect();
    values.extend(condition.values);
    let request = asked.dynamodb().query().table_name(&read.table).set_index_name(read.index.clone());
    let answer = request
        .key_condition_expression(condition.expression)
        .set_filter_expression(filter.expression.clone())
        .set_expression_attribute_names(Some(names))
        .set_expression_attribute_values(Some(values))
        .scan_index_forward(!read.descending)
        .limit(limit(read))
        .set_exclusive_start_key(start(read)?)
        .return_consumed_capacity(ReturnConsumedCapacity::Total)
        .send()
        .await?;
    let taken = answer.consumed_capacity.as_ref();
    shown(answer.items.as_deref(), answer.last_evaluated_key.as_ref(), answer.scanned_count, taken)
}

async fn scan(asked: &Asked<'_>, read: &Read, filter: &Filter) -> Result<ItemPage, ToolError> {
    let values: HashMap<String, AttributeValue> = filter.values.iter().cloned().collect();
    let request = asked.dynamodb().scan().table_name(&read.table).set_index_name(read.index.clone());
    let answer = request
        .set_filter_expression(filter.expression.clone())
        .set_expression_attribute_names(filter.names.map())
        .set_expression_attribute_values((!values.is_empty()).then_some(values))
        .limit(limit(read))
        .set_exclusive_start_key(start(read)?)
        .return_consumed_capacity(ReturnConsumedCapacity::Total)
        .send()
        .await?;
    let taken = answer.consumed_capacity.as_ref();
    shown(answer.items.as_deref(), answer.last_evaluated_key.as_ref(), answer.scanned_count, taken)
}

/// The key after which the page begins: a token is the last key of the page before.
fn start(read: &Read) -> Result<Option<Item>, ToolError> {
    let Some(token) = &read.after else { return Ok(None) };
    let key = serde_json::from_str(token).ok().and_then(|key: Value| natural::to_item(&key, "key").ok());
    key.map(Some).ok_or_else(|| wrong("this is no page's token"))
}

fn shown(
    items: Option<&[Item]>,
    last: Option<&Item>,
    scanned: i32,
    taken: Option<&ConsumedCapacity>,
) -> Result<ItemPage, ToolError> {
    let items = items.unwrap_or_default().iter().map(natural::from_item).collect::<Result<_, _>>()?;
    let next = last.map(natural::from_item).transpose()?.map(|key| key.to_string());
    let capacity = taken.and_then(ConsumedCapacity::capacity_units).unwrap_or_default();
    Ok(ItemPage { items, next, scanned: u64::try_from(scanned).unwrap_or_default(), capacity })
}
