//! A stream's record as the dashboard takes it.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;
use aws_sdk_dynamodbstreams::types::{AttributeValue as Streamed, Record};
use footbridge_tui::ask::StreamRecord;
use serde_json::{Value, json};

use super::super::asked::millis;
use crate::clock::{Clock as _, SystemClock};
use crate::json::{self as natural, Item};
use crate::mcp::ToolError;

/// What stands where records were passed over: those that are gone before they were read.
const GAP: &str = "TRIMMED";

/// The record; `None` where there is nothing in it.
pub(super) fn read(record: &Record) -> Result<Option<StreamRecord>, ToolError> {
    let Some(change) = record.dynamodb() else { return Ok(None) };
    Ok(Some(StreamRecord {
        at: millis(change.approximate_creation_date_time()).unwrap_or_default(),
        event: record.event_name().map(|name| name.as_str().to_owned()).unwrap_or_default(),
        keys: shown(change.keys())?.unwrap_or_else(|| json!({})),
        old: shown(change.old_image())?,
        new: shown(change.new_image())?,
    }))
}

/// Says that records were passed over.
pub(super) fn gap() -> StreamRecord {
    StreamRecord { at: SystemClock.millis(), event: GAP.to_owned(), keys: json!({}), old: None, new: None }
}

fn shown(image: Option<&HashMap<String, Streamed>>) -> Result<Option<Value>, ToolError> {
    let Some(image) = image else { return Ok(None) };
    Ok(Some(natural::from_item(&item(image)?)?))
}

/// The same item: each SDK has a type of its own for values.
fn item(image: &HashMap<String, Streamed>) -> Result<Item, ToolError> {
    image.iter().map(|(name, streamed)| Ok((name.clone(), value(streamed)?))).collect()
}

fn value(streamed: &Streamed) -> Result<AttributeValue, ToolError> {
    Ok(match streamed {
        Streamed::S(text) => AttributeValue::S(text.clone()),
        Streamed::N(text) => AttributeValue::N(text.clone()),
        Streamed::B(blob) => AttributeValue::B(blob.clone()),
        Streamed::Bool(flag) => AttributeValue::Bool(*flag),
        Streamed::Null(null) => AttributeValue::Null(*null),
        Streamed::L(elements) => AttributeValue::L(elements.iter().map(value).collect::<Result<_, _>>()?),
        Streamed::M(map) => AttributeValue::M(item(map)?),
        Streamed::Ss(set) => AttributeValue::Ss(set.clone()),
        Streamed::Ns(set) => AttributeValue::Ns(set.clone()),
        Streamed::Bs(set) => AttributeValue::Bs(set.clone()),
        _ => return Err(ToolError::new("unexpected_answer", "a value of a type newer than this footbridge")),
    })
}
