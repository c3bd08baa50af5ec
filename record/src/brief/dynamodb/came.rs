//! What came of a call of DynamoDB: how many, what of it there was more of, what it cost.

use serde_json::Value;

use crate::brief::view::{View, counted, find, length};
use crate::brief::{Effect, effect, other, value};
use crate::time::bytes;

pub(super) fn came(view: &View<'_>) -> String {
    let mut parts = Vec::new();
    if !view.response.is_null() {
        results(view, &mut parts);
    }
    if parts.is_empty() {
        parts.push(other::size(view, verb(&view.name)));
    }
    parts.extend(capacity(view));
    parts.join(" · ")
}

/// What was done, of a call whose answer says nothing.
fn verb(name: &str) -> &'static str {
    match name {
        "PutItem" | "PutItems" | "BatchWriteItem" => "written",
        "UpdateItem" | "UpdateTable" | "UpdateTimeToLive" => "updated",
        "DeleteItem" | "DeleteItems" => "deleted",
        "TransactWriteItems" | "TransactWrite" => "done",
        "TagResource" => "tagged",
        "UntagResource" => "untagged",
        _ => "",
    }
}

fn results(view: &View<'_>, parts: &mut Vec<String>) {
    let number = |names: &[&str]| view.answer(names).and_then(Value::as_u64);
    match view.name.as_str() {
        "Query" | "Scan" => {
            let found = number(&["Count", "count"]).or_else(|| view.answer(&["Items", "items"]).and_then(length));
            let Some(found) = found else { return };
            let scanned = number(&["ScannedCount", "scanned"]).filter(|scanned| *scanned != found);
            parts.push(match scanned {
                Some(scanned) => format!("{found} of {}", counted(scanned, "item", "items")),
                None => counted(found, "item", "items"),
            });
            if view.answer(&["LastEvaluatedKey", "cursor"]).is_some() {
                parts.push("more".to_owned());
            }
        }
        "GetItem" => parts.push(if view.answer(&["Item"]).is_some() { "1 item" } else { "no item" }.to_owned()),
        "GetItems" | "BatchGetItem" | "TransactGetItems" => gotten(view, parts),
        "PutItem" => parts.push(if view.answer(&["Attributes"]).is_some() { "replaced" } else { "written" }.to_owned()),
        "PutItems" => parts.extend(number(&["written"]).map(|written| match written {
            1 => "written".to_owned(),
            several => format!("{several} written"),
        })),
        "UpdateItem" => match view.answer(&["Attributes", "attributes"]) {
            Some(attributes) => parts.push(format!("updated {}", value::item(attributes, view.is_tool))),
            None => parts.push("updated".to_owned()),
        },
        "DeleteItem" => {
            parts.push(if view.answer(&["Attributes"]).is_some() { "1 deleted" } else { "deleted" }.to_owned());
        }
        "DeleteItems" => parts.extend(number(&["deleted"]).map(|deleted| match deleted {
            1 => "deleted".to_owned(),
            several => format!("{several} deleted"),
        })),
        "BatchWriteItem" => {
            parts.push("written".to_owned());
            parts.extend(left_over(view, "UnprocessedItems"));
        }
        "TransactWriteItems" => parts.push("done".to_owned()),
        "TransactWrite" => parts.extend(number(&["done"]).map(|done| format!("{done} done"))),
        "ListTables" => list(view, &["TableNames", "tables"], "table", "tables", parts),
        "ListTagsOfResource" => list(view, &["Tags"], "tag", "tags", parts),
        "ListStreams" => list(view, &["Streams"], "stream", "streams", parts),
        "GetRecords" => list(view, &["Records"], "record", "records", parts),
        "DescribeStream" => {
            let of = view.answer(&["StreamDescription"]);
            let shards = of.and_then(|of| of.get("Shards")).and_then(length);
            parts.extend(shards.map(|shards| counted(shards, "shard", "shards")));
        }
        _ => described(view, parts),
    }
}

fn list(view: &View<'_>, names: &[&str], one: &str, several: &str, parts: &mut Vec<String>) {
    parts.extend(view.answer(names).and_then(length).map(|found| counted(found, one, several)));
    let next = ["LastEvaluatedTableName", "NextToken", "LastEvaluatedStreamArn", "cursor"];
    if view.answer(&next).is_some() {
        parts.push("more".to_owned());
    }
}

fn gotten(view: &View<'_>, parts: &mut Vec<String>) {
    let found = match view.answer(&["Responses", "items"]) {
        Some(Value::Object(tables)) => Some(tables.values().filter_map(length).sum()),
        Some(Value::Array(answers)) if view.name == "TransactGetItems" => {
            Some(answers.iter().filter(|answer| answer.get("Item").is_some()).count() as u64)
        }
        Some(items) => length(items),
        None => None,
    };
    parts.extend(found.map(|found: u64| counted(found, "item", "items")));
    let missing = view.answer(&["missing"]).and_then(length).filter(|missing| *missing > 0);
    parts.extend(missing.map(|missing| format!("{missing} missing")));
    parts.extend(left_over(view, "UnprocessedKeys"));
    if view.answer(&["cursor"]).is_some() {
        parts.push("more".to_owned());
    }
}

/// What AWS left for another call.
fn left_over(view: &View<'_>, name: &str) -> Option<String> {
    let tables = view.answer(&[name])?.as_object()?;
    let left: u64 = tables.values().filter_map(|of| length(of).or_else(|| of.get("Keys").and_then(length))).sum();
    (left > 0).then(|| format!("{left} unprocessed"))
}

/// A table's state, or what a description says of a setting.
fn described(view: &View<'_>, parts: &mut Vec<String>) {
    let table = view.answer(&["TableDescription", "Table"]).unwrap_or(view.response);
    let status = find(table, &["TableStatus", "status"]).and_then(Value::as_str);
    parts.extend(status.map(|status| value::text(&status.to_ascii_lowercase())));
    if view.name == "DescribeTable" {
        let items = find(table, &["ItemCount", "items"]).and_then(Value::as_u64);
        parts.extend(items.map(|items| counted(items, "item", "items")));
        parts.extend(find(table, &["TableSizeBytes", "bytes"]).and_then(Value::as_u64).map(bytes));
    }
    if view.name == "DeleteTable" && view.answer(&["deleted"]).is_some() {
        parts.push("deleted".to_owned());
    }
    let ttl = view.answer(&["TimeToLiveDescription", "TimeToLiveSpecification"]);
    if let Some(ttl) = ttl {
        let name = ttl.get("AttributeName").and_then(Value::as_str).map(value::text);
        let off = ttl.get("TimeToLiveStatus").and_then(Value::as_str) == Some("DISABLED")
            || ttl.get("Enabled").and_then(Value::as_bool) == Some(false);
        parts.push(if off { "ttl off".to_owned() } else { format!("ttl {}", name.unwrap_or_else(|| "on".to_owned())) });
    }
}

/// What it cost: `2 RCU`, `1 WCU`.
fn capacity(view: &View<'_>) -> Option<String> {
    let of = view.answer(&["ConsumedCapacity"])?;
    let units = |of: &Value| of.get("CapacityUnits").and_then(Value::as_f64);
    let total = match of {
        Value::Array(tables) => tables.iter().filter_map(units).reduce(|sum, units| sum + units)?,
        one => units(one)?,
    };
    let unit = if effect(&view.name) == Effect::Read { "RCU" } else { "WCU" };
    let total = (total * 10.0).round() / 10.0;
    (total.is_finite() && total.abs() < 1e15).then(|| format!("{total} {unit}"))
}
