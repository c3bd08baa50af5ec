//! What IAM asks of the operations of DynamoDB and DynamoDB Streams.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use serde::de::IgnoredAny;

use super::operation;
use crate::emulator::access::{ANY, Access, ask};

/// What IAM asks an operation's action for. The action has the operation's name, transactions apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum On {
    /// Nothing of its own.
    Service,
    /// The table.
    Table,
    /// An index where it reads one, else its table.
    Index,
    /// The stream.
    Stream,
    /// Each part of a transaction by itself.
    Parts,
}

/// What of a request names tables.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Named<'a> {
    /// A name, or an ARN.
    #[serde(borrow)]
    table_name: Option<Cow<'a, str>>,
    #[serde(borrow)]
    resource_arn: Option<Cow<'a, str>>,
    #[serde(borrow)]
    stream_arn: Option<Cow<'a, str>>,
    /// Begins with the stream's ARN.
    #[serde(borrow)]
    shard_iterator: Option<Cow<'a, str>>,
    #[serde(borrow)]
    index_name: Option<Cow<'a, str>>,
    #[allow(clippy::zero_sized_map_values, reason = "a set is read from an array, and this is an object")]
    request_items: Option<BTreeMap<String, IgnoredAny>>,
    transact_items: Option<Vec<BTreeMap<String, Part>>>,
    tags: Option<Vec<IgnoredAny>>,
}

/// A part of a transaction.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Part {
    table_name: Option<String>,
}

/// What IAM asks of a call to DynamoDB with this body; nothing where the operation is not known.
#[must_use]
pub fn of_dynamodb(operation: &str, body: &[u8]) -> Access {
    let mut access = Access::new();
    let Some(on) = operation::find(operation).map(|operation| operation.on) else { return access };
    let action = format!("dynamodb:{operation}");
    if on == On::Service {
        ask(&mut access, &action, ANY);
        return access;
    }
    // A body that cannot be read is refused before anybody asks what it may do.
    let Ok(named) = serde_json::from_slice::<Named<'_>>(body) else { return access };
    let given = [&named.table_name, &named.resource_arn, &named.stream_arn, &named.shard_iterator];
    for table in given.into_iter().flatten().map(|text| table_of(text)) {
        match (on, &named.index_name) {
            (On::Stream, _) => ask(&mut access, &action, format!("dynamodb://{table}/stream")),
            (On::Index, Some(index)) => ask(&mut access, &action, format!("dynamodb://{table}/index/{index}")),
            _ => ask(&mut access, &action, format!("dynamodb://{table}")),
        }
        if operation == "CreateTable" && named.tags.as_ref().is_some_and(|tags| !tags.is_empty()) {
            ask(&mut access, "dynamodb:TagResource", format!("dynamodb://{table}"));
        }
    }
    for table in named.request_items.iter().flat_map(|tables| tables.keys()) {
        ask(&mut access, &action, format!("dynamodb://{}", table_of(table)));
    }
    for (kind, part) in named.transact_items.iter().flatten().flatten() {
        let action = match kind.as_str() {
            "ConditionCheck" => "dynamodb:ConditionCheckItem",
            "Delete" => "dynamodb:DeleteItem",
            "Get" => "dynamodb:GetItem",
            "Put" => "dynamodb:PutItem",
            "Update" => "dynamodb:UpdateItem",
            _ => continue,
        };
        if let Some(table) = &part.table_name {
            ask(&mut access, action, format!("dynamodb://{}", table_of(table)));
        }
    }
    access
}

/// The tables that are asked for, as `dynamodb://table`, whatever of them it is.
#[must_use]
pub fn tables(access: &Access) -> Vec<String> {
    let named = access.values().flatten().filter_map(|resource| resource.strip_prefix("dynamodb://"));
    let tables: BTreeSet<&str> = named.filter_map(|name| name.split('/').next()).collect();
    tables.into_iter().map(|table| format!("dynamodb://{table}")).collect()
}

/// As [`of_dynamodb`], from what a journal without the body has.
#[must_use]
pub fn by_name(operation: &str, resources: &[String]) -> Option<Access> {
    let on = operation::find(operation)?.on;
    let tables = || resources.iter().filter_map(|resource| resource.strip_prefix("dynamodb://").map(table_of));
    let mut access = Access::new();
    let action = format!("dynamodb:{operation}");
    match on {
        On::Service => ask(&mut access, &action, ANY),
        On::Table => access.entry(action).or_default().extend(tables().map(|table| format!("dynamodb://{table}"))),
        On::Stream => {
            access.entry(action).or_default().extend(tables().map(|table| format!("dynamodb://{table}/stream")));
        }
        // Whether it read an index is not known, and the table does not stand for its indexes.
        On::Index => drop(access.entry(action).or_default()),
        On::Parts => {
            let parts: &[&str] = match operation {
                "TransactGetItems" => &["GetItem"],
                _ => &["ConditionCheckItem", "DeleteItem", "PutItem", "UpdateItem"],
            };
            access.extend(parts.iter().map(|part| (format!("dynamodb:{part}"), BTreeSet::new())));
        }
    }
    Some(access)
}

/// The table's name in a name, in an ARN of the table or its stream, or in a shard iterator.
fn table_of(text: &str) -> &str {
    let name = match text.split_once(":table/") {
        Some((head, name)) if head.starts_with("arn:") => name,
        _ => text,
    };
    name.split('/').next().unwrap_or_default()
}
