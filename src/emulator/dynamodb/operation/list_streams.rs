//! ListStreams: the streams of the caller's tables in the region, or of one table, deleted ones too.

use serde_json::json;

use super::{Context, Outcome};
use crate::emulator::dynamodb::answer::Answer;
use crate::emulator::dynamodb::error;
use crate::emulator::dynamodb::request::Request;
use crate::emulator::dynamodb::stream::{self, StreamArn};
use crate::emulator::dynamodb::table::TableName;
use crate::emulator::error::AwsError;

const PAGE: usize = 100;

pub async fn run(context: &Context, request: Request) -> Outcome {
    let limit = request.integer("Limit").and_then(|limit| usize::try_from(limit).ok()).unwrap_or(PAGE);
    let table = request.has("TableName").then(|| context.table_name(&request)).transpose()?;
    let prefix = match &table {
        Some(table) => table.row_key(),
        None => TableName::prefix(&context.account, &context.region),
    };
    let after = request.text("ExclusiveStartStreamArn").map(StreamArn::parse).transpose()?;
    let after = after.map(|arn| context.own_stream(arn)).transpose()?;
    if let (Some(table), Some(after)) = (&table, &after)
        && after.table != *table
    {
        return Err(AwsError::validation("ExclusiveStartStreamArn is not a stream of the given table"));
    }
    let snapshot = context.service.store.read()?;
    let found = stream::list(&snapshot, &prefix, after.as_ref(), context.service.clock.millis())?;
    let mut streams: Vec<_> = found.take(limit + 1).collect::<Result<_, AwsError>>()?;
    if streams.is_empty()
        && let Some(table) = &table
        && context.service.catalogue.load(&snapshot, table)?.is_none()
    {
        return Err(error::no_such_table(&table.name));
    }
    let more = streams.len() > limit;
    streams.truncate(limit);
    let arns: Vec<_> = streams.iter().map(stream::StreamRow::arn).collect();
    let shown = arns
        .iter()
        .map(|arn| json!({"StreamArn": arn.to_string(), "TableName": arn.table.name, "StreamLabel": arn.label}));
    let mut answer = Answer::new();
    answer.json("Streams", &shown.collect::<Vec<_>>());
    if let Some(last) = arns.last().filter(|_| more) {
        answer.json("LastEvaluatedStreamArn", &last.to_string());
    }
    Ok(answer)
}
