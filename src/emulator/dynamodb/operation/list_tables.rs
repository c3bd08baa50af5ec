//! ListTables: the names of the caller's tables in the region.

use std::ops::Bound;

use super::{Context, Outcome};
use crate::emulator::dynamodb::answer::Answer;
use crate::emulator::dynamodb::request::Request;
use crate::emulator::dynamodb::table::TableName;
use crate::emulator::store::{Read, StoreError, Table as Rows, key, prefix_range};

const PAGE: usize = 100;

pub async fn run(context: &Context, request: Request) -> Outcome {
    let limit = request.integer("Limit").and_then(|limit| usize::try_from(limit).ok()).unwrap_or(PAGE);
    let prefix = TableName::prefix(&context.account, &context.region);
    let (low, high) = prefix_range(&prefix);
    let low = match request.text("ExclusiveStartTableName") {
        Some(start) => Bound::Excluded(context.named(start)?.row_key()),
        None => low,
    };
    let snapshot = context.service.store.read()?;
    let rows = snapshot.range(Rows::Tables, (low, high), false)?;
    let mut names = Vec::new();
    for row in rows.take(limit + 1) {
        let row = row?;
        let name = key::split(&row.key()[prefix.len()..]).and_then(|(name, _)| String::from_utf8(name).ok());
        names.push(name.ok_or_else(|| StoreError::Damaged { table: "tables", what: "a table's name".to_owned() })?);
    }
    let more = names.len() > limit;
    names.truncate(limit);
    let mut answer = Answer::new();
    answer.json("TableNames", &names);
    if let Some(last) = names.last().filter(|_| more) {
        answer.json("LastEvaluatedTableName", last);
    }
    Ok(answer)
}
