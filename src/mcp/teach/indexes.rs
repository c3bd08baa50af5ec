//! An index that is not there, or is there already.

use aws_sdk_dynamodb::types::TableDescription;
use serde_json::Value;

use super::case::{Case, Lesson};
use super::keys::Schema;
use super::near::{nearest, same_but_for_spelling};
use super::tables;
use crate::mcp::quoted::quoted;

/// The most indexes that are listed.
const LISTED: usize = 5;

/// The names and keys of a table's indexes.
pub(super) fn all(table: &TableDescription) -> Vec<(&str, Schema)> {
    let global = table.global_secondary_indexes().iter().map(|index| (index.index_name(), index.key_schema()));
    let local = table.local_secondary_indexes().iter().map(|index| (index.index_name(), index.key_schema()));
    let named = global.chain(local).filter_map(|(name, schema)| Some((name?, schema)));
    named.map(|(name, schema)| (name, Schema::of(table, schema))).collect()
}

/// A table's indexes with their keys, in words.
pub(super) fn told(table: &TableDescription) -> String {
    let all = all(table);
    let mut told: Vec<_> = all.iter().take(LISTED).map(|(name, schema)| format!("{} {schema}", quoted(name))).collect();
    if all.len() > LISTED {
        told.push("…".to_owned());
    }
    told.join(", ")
}

/// No such index: the nearest, or those there are.
pub(super) async fn missing(case: &Case<'_>) -> Option<Lesson> {
    let wanted = ["index", "delete_index", "update_index"].iter().find_map(|name| case.asked.get(*name)?.as_str());
    let Some(table) = case.described().await else { return tables::missing(case).await };
    let wanted = wanted?;
    let all = all(&table);
    let names = || all.iter().map(|(name, _)| *name);
    if names().any(|name| name == wanted) {
        return None;
    }
    let by_key = all.iter().find(|(_, schema)| schema.hash() == Some(wanted)).map(|(name, _)| *name);
    Some(
        match nearest(wanted, names()).or(by_key) {
            Some(near) if same_but_for_spelling(near, wanted) => format!("the index is called {}.", quoted(near)),
            Some(near) => format!("there is no index {}, but {}.", quoted(wanted), named(&all, near)),
            None if all.is_empty() => format!(
                "the table has no index: leave index out; its key is {}. dynamodb_update_table adds one with add_index.",
                Schema::of_table(&table)
            ),
            None => format!("the indexes are {}.", told(&table)),
        }
        .into(),
    )
}

fn named(all: &[(&str, Schema)], name: &str) -> String {
    let schema = all.iter().find(|(known, _)| *known == name).map(|(_, schema)| schema.to_string());
    format!("{} {}", quoted(name), schema.unwrap_or_default())
}

/// Such an index is there: with which keys.
pub(super) async fn there_already(case: &Case<'_>) -> Option<Lesson> {
    let wanted = case.asked.get("add_index")?.get("name").and_then(Value::as_str)?;
    let table = case.described().await?;
    let all = all(&table);
    all.iter().any(|(name, _)| *name == wanted).then(|| {
        format!("{} is there; delete_index deletes it, in a call before that which adds another.", named(&all, wanted))
            .into()
    })
}
