//! Calls of DynamoDB and its streams, as operations and as tools.

mod came;
mod tables;

use serde_json::{Map, Value};

use super::expression::{self, Bound, Kind};
use super::value::{self, is_note, more_of};
use super::view::{View, count, counted, elements, find};
use super::{Effect, Parts, effect};

/// Keys and tags that are shown of many.
const SOME: usize = 3;

pub(super) fn parts(view: &View<'_>) -> Parts {
    let mut parts = Parts {
        name: view.name.clone(),
        on: on(view),
        asked: Vec::new(),
        came: came::came(view),
        effect: effect(&view.name),
    };
    asked(view, &mut parts);
    parts
}

/// The table, with the index: `orders/by-date`. Of several tables, the first ones.
fn on(view: &View<'_>) -> String {
    let mut tables: Vec<&str> = view.resources("dynamodb://").collect();
    if tables.is_empty() {
        let given = ["TableName", "table", "ResourceArn", "StreamArn", "TableArn"];
        tables.extend(view.text(&given).map(table_of_arn));
        let batch = view.object(&["RequestItems"]).into_iter().flat_map(Map::keys);
        tables.extend(batch.map(String::as_str).map(table_of_arn));
        for part in elements(view.parameter(&["TransactItems", "operations"])) {
            let inner = part.as_object().and_then(|part| part.values().find(|value| value.is_object()));
            let named = [Some(part), inner].into_iter().flatten().find_map(|of| find(of, &["TableName", "table"]));
            match named.and_then(Value::as_str).map(table_of_arn) {
                Some(table) if !tables.contains(&table) => tables.push(table),
                _ => {}
            }
        }
    }
    let index = view.text(&["IndexName", "index"]).map_or(String::new(), |index| format!("/{index}"));
    let more = tables.len().saturating_sub(SOME);
    let more = if more > 0 { format!(", {more} more") } else { String::new() };
    tables.truncate(SOME);
    tables.join(", ") + &more + &index
}

/// The table in an ARN; anything else as it is.
fn table_of_arn(text: &str) -> &str {
    let Some((_, after)) = text.strip_prefix("arn:").and_then(|rest| rest.split_once(":table/")) else { return text };
    after.split('/').next().unwrap_or(after)
}

fn asked(view: &View<'_>, parts: &mut Parts) {
    match view.name.as_str() {
        "Query" | "Scan" | "ExportItems" | "Count" | "DeleteByQuery" => reading(view, &mut parts.asked),
        "UpdateByQuery" => {
            reading(view, &mut parts.asked);
            updates(view, &mut parts.asked);
        }
        "GetItem" | "GetItems" | "DeleteItem" | "DeleteItems" | "BatchGetItem" | "TransactGetItems" => {
            keys(view, parts);
        }
        "PutItem" | "PutItems" => puts(view, parts),
        "UpdateItem" => {
            parts.asked.extend(view.parameter(&["Key", "key"]).map(|key| value::item(key, view.is_tool)));
            updates(view, &mut parts.asked);
        }
        "BatchWriteItem" | "TransactWriteItems" | "TransactWrite" => many(view, parts),
        "CreateTable" => tables::created(view, &mut parts.asked),
        "UpdateTable" => tables::changed(view, parts),
        "UpdateTimeToLive" => parts.asked.extend(tables::time_to_live(view)),
        _ => others(view, &mut parts.asked),
    }
    condition(view, &mut parts.asked);
}

fn bound<'a>(view: &View<'a>) -> Bound<'a> {
    let values = view.object(&["ExpressionAttributeValues", "values"]);
    Bound {
        names: view.object(&["ExpressionAttributeNames", "names"]),
        values,
        typed: values.is_some_and(|values| value::is_typed_item(values, view.is_tool)),
    }
}

fn expression(view: &View<'_>, names: &[&str], kind: Kind) -> Option<String> {
    let text = view.text(names)?;
    Some(if is_note(text) { text.to_owned() } else { expression::shown(text, kind, &bound(view)) })
}

/// A query or a scan.
fn reading(view: &View<'_>, asked: &mut Vec<String>) {
    asked.extend(expression(view, &["KeyConditionExpression", "key_condition"], Kind::Keys));
    asked.extend(view.object(&["KeyConditions"]).map(|conditions| legacy(conditions, " ")));
    let filter = expression(view, &["FilterExpression", "filter"], Kind::Other);
    let older = || view.object(&["QueryFilter", "ScanFilter"]).map(|conditions| legacy(conditions, " and "));
    asked.extend(filter.or_else(older).map(|filter| format!("filter {filter}")));
    if let (Some(segment), Some(of)) = (view.parameter(&["Segment"]), view.parameter(&["TotalSegments"])) {
        asked.push(format!("segment {} of {}", value::value(segment, false), value::value(of, false)));
    }
    limit(view, asked);
    if view.is_false(&["ScanIndexForward"]) || view.is_true(&["descending"]) {
        asked.push("desc".to_owned());
    }
    if view.text(&["Select"]) == Some("COUNT") || view.is_true(&["count"]) {
        asked.push("count".to_owned());
    }
    after(view, asked);
    fields(view, asked);
}

fn limit(view: &View<'_>, asked: &mut Vec<String>) {
    asked.extend(view.parameter(&["Limit", "limit"]).map(|limit| format!("limit {}", value::value(limit, false))));
}

/// Where a page begins.
fn after(view: &View<'_>, asked: &mut Vec<String>) {
    match view.parameter(&["ExclusiveStartKey"]) {
        Some(key) => asked.push(format!("after {}", value::item(key, view.is_tool))),
        None if view.text(&["cursor"]).is_some() => asked.push("next page".to_owned()),
        None => {}
    }
}

/// What is wanted of each item.
fn fields(view: &View<'_>, asked: &mut Vec<String>) {
    let projected = expression(view, &["ProjectionExpression"], Kind::Other);
    let listed = || view.parameter(&["fields", "AttributesToGet"]).map(|fields| names(elements(Some(fields))));
    asked
        .extend(projected.or_else(listed).filter(|fields| !fields.is_empty()).map(|fields| format!("fields {fields}")));
    if view.is_true(&["ConsistentRead", "consistent"]) {
        asked.push("consistent".to_owned());
    }
}

/// What asks for items by their keys: one of them, or several.
fn keys(view: &View<'_>, parts: &mut Parts) {
    let batch =
        view.object(&["RequestItems"]).into_iter().flat_map(Map::values).flat_map(|of| elements(of.get("Keys")));
    let parted = elements(view.parameter(&["TransactItems"]))
        .iter()
        .map(|part| part.get("Get").map_or(part, |get| get.get("Key").unwrap_or(get)));
    let mut keys: Vec<&Value> = batch.chain(parted).collect();
    let given = view.parameter(&["Key", "key", "keys", "Keys"]);
    keys.extend(match given {
        Some(Value::Array(given)) => given.iter().collect(),
        other => other.into_iter().collect::<Vec<_>>(),
    });
    if let ("GetItems" | "DeleteItems", [one]) = (view.name.as_str(), keys.as_slice())
        && more_of(one).is_none()
    {
        view.name.trim_end_matches('s').clone_into(&mut parts.name);
    }
    match keys.as_slice() {
        [] => {}
        [one] => parts.asked.push(value::item(one, view.is_tool)),
        several => {
            let more: u64 = several.iter().filter_map(|key| more_of(key)).sum();
            let shown: Vec<&&Value> = several.iter().filter(|key| more_of(key).is_none()).collect();
            let total = (shown.len() as u64).saturating_add(more);
            let first: Vec<String> = shown.iter().take(SOME).map(|key| value::item(key, view.is_tool)).collect();
            let dots = if total > first.len() as u64 { ", …" } else { "" };
            parts.asked.push(format!("{} {}{dots}", counted(total, "key", "keys"), first.join(", ")));
        }
    }
    fields(view, &mut parts.asked);
}

/// What puts items: one of them, or several.
fn puts(view: &View<'_>, parts: &mut Parts) {
    match view.parameter(&["Item", "items", "item"]) {
        Some(Value::Array(items)) if items.len() == 1 && more_of(&items[0]).is_none() => {
            "PutItem".clone_into(&mut parts.name);
            parts.asked.push(value::item(&items[0], view.is_tool));
        }
        Some(Value::Array(items)) => {
            let puts = counted(count(items), "put", "puts");
            let first = items.first().filter(|item| more_of(item).is_none());
            parts
                .asked
                .push(first.map_or(puts.clone(), |item| format!("{puts} {}, …", value::item(item, view.is_tool))));
        }
        other => parts.asked.extend(other.map(|item| value::item(item, view.is_tool))),
    }
}

/// What changes an item.
fn updates(view: &View<'_>, asked: &mut Vec<String>) {
    asked.extend(expression(view, &["UpdateExpression", "update"], Kind::Other));
    let Some(updates) = view.object(&["AttributeUpdates"]) else { return };
    let shown = updates.iter().take(SOME).map(|(name, update)| {
        let action = update.get("Action").and_then(Value::as_str).unwrap_or("PUT").to_ascii_lowercase();
        let action = if action == "put" { "set" } else { &action };
        match update.get("Value") {
            Some(value) => format!("{action} {}={}", value::text(name), value::value(value, true)),
            None => format!("{action} {}", value::text(name)),
        }
    });
    asked.push(shown.collect::<Vec<_>>().join(", "));
}

/// Under which condition: `if not_exists(pk)`.
fn condition(view: &View<'_>, asked: &mut Vec<String>) {
    let condition = expression(view, &["ConditionExpression", "condition"], Kind::Other);
    let older = || view.object(&["Expected"]).map(|conditions| legacy(conditions, " and "));
    asked.extend(condition.or_else(older).filter(|text| !text.is_empty()).map(|text| format!("if {text}")));
}

/// Several writes: `3 puts 1 delete`.
fn many(view: &View<'_>, parts: &mut Parts) {
    if view.name == "TransactWrite" {
        "TransactWriteItems".clone_into(&mut parts.name);
    }
    let batch = view.object(&["RequestItems"]).into_iter().flat_map(Map::values).flat_map(|of| elements(Some(of)));
    let [mut puts, mut updates, mut deletes, mut checks, mut more] = [0_u64; 5];
    for part in batch.chain(elements(view.parameter(&["TransactItems", "operations"]))) {
        let has = |names: &[&str]| find(part, names).is_some();
        if let Some(further) = more_of(part) {
            more = more.saturating_add(further);
        } else if has(&["PutRequest", "Put", "put"]) {
            puts += 1;
        } else if has(&["Update", "update"]) {
            updates += 1;
        } else if has(&["DeleteRequest", "Delete", "delete"]) {
            deletes += 1;
        } else if has(&["ConditionCheck", "check"]) {
            checks += 1;
        } else {
            more += 1;
        }
    }
    for (number, one, several) in [
        (puts, "put", "puts"),
        (updates, "update", "updates"),
        (deletes, "delete", "deletes"),
        (checks, "check", "checks"),
        (more, "more", "more"),
    ] {
        if number > 0 {
            parts.asked.push(counted(number, one, several));
        }
    }
    if deletes > 0 {
        parts.effect = Effect::Destroy;
    }
}

/// Everything else: the few things that such calls say.
fn others(view: &View<'_>, asked: &mut Vec<String>) {
    let arn = view.text(&["StreamArn"]).and_then(|arn| arn.split_once("/stream/"));
    asked.extend(arn.map(|(_, label)| format!("stream {}", value::text(label))));
    asked.extend(view.text(&["ShardId"]).map(|shard| format!("shard {}", value::text(shard))));
    asked.extend(view.text(&["ShardIteratorType"]).map(|kind| value::text(&kind.to_ascii_lowercase())));
    asked.extend(view.text(&["SequenceNumber"]).map(value::text));
    asked.extend(view.text(&["prefix"]).map(|prefix| format!("prefix {}", value::text(prefix))));
    limit(view, asked);
    let named = ["ExclusiveStartTableName", "ExclusiveStartStreamArn", "ExclusiveStartShardId"];
    asked.extend(view.text(&named).map(|name| format!("after {}", value::text(table_of_arn(name)))));
    after(view, asked);
    asked.extend(view.parameter(&["sample"]).map(|sample| format!("sample {}", value::value(sample, false))));
    let tags = elements(view.parameter(&["Tags"])).iter().take(SOME).filter_map(|tag| {
        let (name, of) = (tag.get("Key")?.as_str()?, tag.get("Value")?);
        Some(format!("{}={}", value::text(name), value::value(of, false)))
    });
    asked.extend(tags);
    let removed = names(elements(view.parameter(&["TagKeys"])));
    asked.extend((!removed.is_empty()).then_some(removed));
    let partiql = view.text(&["Statement"]).map(|statement| value::cut(statement, 100));
    asked.extend(partiql);
}

fn index_name(index: &Value) -> Option<&str> {
    index.get("IndexName")?.as_str()
}

/// `a, b, c, …`
fn names(values: &[Value]) -> String {
    let mut shown: Vec<String> = values.iter().take(2 * SOME).map(|name| value::value(name, false)).collect();
    if values.len() > shown.len() {
        shown.push("…".to_owned());
    }
    shown.join(", ")
}

/// The conditions of before there were expressions: `pk=a1 sk begins_with 2026`.
fn legacy(conditions: &Map<String, Value>, between: &str) -> String {
    let shown = conditions.iter().take(2 * SOME).map(|(name, condition)| {
        let name = value::text(name);
        let single = || condition.get("Value").map(|value| value::value(value, true));
        let listed = elements(condition.get("AttributeValueList"));
        let values: Vec<String> =
            listed.iter().take(SOME).map(|value| value::value(value, true)).chain(single()).collect();
        let of = values.join(" and ");
        match condition.get("ComparisonOperator").and_then(Value::as_str) {
            Some("EQ") => format!("{name}={of}"),
            Some("NE") => format!("{name}<>{of}"),
            Some("LE") => format!("{name}<={of}"),
            Some("LT") => format!("{name}<{of}"),
            Some("GE") => format!("{name}>={of}"),
            Some("GT") => format!("{name}>{of}"),
            Some("NULL") => format!("not_exists({name})"),
            Some("NOT_NULL") => format!("exists({name})"),
            Some(other) => format!("{name} {} {of}", value::cut(&other.to_ascii_lowercase(), 16)),
            None if condition.get("Exists").and_then(Value::as_bool) == Some(false) => format!("not_exists({name})"),
            None => format!("{name}={of}"),
        }
    });
    shown.collect::<Vec<_>>().join(between)
}
