//! A table that is not there, or is there already.

use aws_sdk_dynamodb::config::Region;

use super::case::{Case, Lesson, look};
use super::near::{listed, nearest, same_but_for_spelling};
use super::{indexes, keys};
use crate::emulator::region::REGIONS;
use crate::mcp::context::Context;
use crate::mcp::quoted::quoted;

/// The most tables among which one is looked for.
const AMONG: i32 = 100;

/// No such table: the nearest, or where it is. Looked for here at home alone: to list tables is another permission.
pub(super) async fn missing(case: &Case<'_>) -> Option<Lesson> {
    if !case.context.is_local() {
        return None;
    }
    let listing = case.context.dynamodb.list_tables().limit(AMONG).send();
    let mut tables = look(case.context, listing).await.ok()?.table_names.unwrap_or_default();
    tables.retain(|name| case.context.allowed.shows_table(name));
    let wanted = case.tables().find(|wanted| tables.iter().all(|table| table != wanted))?;
    let near = nearest(wanted, tables.iter().map(String::as_str));
    if let Some(near) = near.filter(|near| same_but_for_spelling(near, wanted)) {
        return Some(format!("the table is called {}.", quoted(near)).into());
    }
    if let Some(region) = elsewhere(case.context, wanted).await {
        let wanted = quoted(wanted);
        return Some(format!("{wanted} exists in {region}: a person can restart with --region {region}.").into());
    }
    Some(
        match (near, tables.is_empty()) {
            (Some(near), _) => format!("there is no table {}, but {}.", quoted(wanted), quoted(near)),
            (None, true) => "there are no tables in this region; dynamodb_create_table makes one.".to_owned(),
            (None, false) => format!("the tables here are {}.", listed(tables.iter().map(String::as_str))),
        }
        .into(),
    )
}

/// The region of this machine's in which a table is.
async fn elsewhere(context: &Context, table: &str) -> Option<&'static str> {
    for region in REGIONS.into_iter().filter(|region| *region != context.target.region) {
        let there = aws_sdk_dynamodb::config::Builder::new().region(Region::new(region));
        let request = context.dynamodb.describe_table().table_name(table).customize().config_override(there);
        if look(context, request.send()).await.is_ok() {
            return Some(region);
        }
    }
    None
}

/// Such a table is there: with which keys.
pub(super) async fn there_already(case: &Case<'_>) -> Option<Lesson> {
    let table = case.described().await?;
    let mut hint = format!("it is there, with the key {}", keys::Schema::of_table(&table));
    let indexes = indexes::told(&table);
    if !indexes.is_empty() {
        hint.push_str(" and the indexes ");
        hint.push_str(&indexes);
    }
    hint.push_str("; dynamodb_update_table changes it.");
    Some(hint.into())
}
