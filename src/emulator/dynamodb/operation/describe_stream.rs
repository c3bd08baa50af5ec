//! DescribeStream: a stream and its shards, a page at a time.

use serde_json::{Value as Json, json};

use super::{Context, Outcome};
use crate::emulator::dynamodb::answer::Answer;
use crate::emulator::dynamodb::describe::{key_schema, seconds};
use crate::emulator::dynamodb::request::Request;
use crate::emulator::dynamodb::stream::{self, Shard};
use crate::emulator::error::AwsError;

const PAGE: usize = 100;

pub async fn run(context: &Context, request: Request) -> Outcome {
    let limit = request.integer("Limit").and_then(|limit| usize::try_from(limit).ok()).unwrap_or(PAGE);
    let arn = context.stream_arn(&request)?;
    let now = context.service.clock.millis();
    let stream = stream::find(&context.service.store.read()?, &arn, now)?;
    let parent = children_of(&request)?;
    let mut shards: Vec<_> = stream
        .readable(now)
        .filter(|shard| parent.is_none_or(|parent| shard.parent.as_deref() == Some(parent)))
        .collect();
    if let Some(start) = request.text("ExclusiveStartShardId") {
        // Ids go up, so a page goes on behind a shard that is gone meanwhile.
        shards.retain(|shard| shard.id.as_str() > start);
    }
    let more = shards.len() > limit;
    shards.truncate(limit);
    let mut description = json!({
        "StreamArn": arn.to_string(),
        "StreamLabel": arn.label,
        "StreamStatus": if stream.disabled.is_some() { "DISABLED" } else { "ENABLED" },
        "StreamViewType": stream.view,
        "CreationRequestDateTime": seconds(stream.created),
        "TableName": arn.table.name,
        "KeySchema": key_schema(std::slice::from_ref(&stream.hash), stream.range.as_slice()),
        "Shards": shards.iter().map(|shard| describe(shard)).collect::<Vec<_>>(),
    });
    if let Some(last) = shards.last().filter(|_| more) {
        description["LastEvaluatedShardId"] = json!(last.id);
    }
    let mut answer = Answer::with_capacity(1024);
    answer.json("StreamDescription", &description);
    Ok(answer)
}

/// The shard whose children are asked for.
fn children_of(request: &Request) -> Result<Option<&str>, AwsError> {
    let Some(filter) = request.get("ShardFilter") else { return Ok(None) };
    let member = |name: &str| filter.get(name).and_then(Json::as_str);
    match (member("Type"), member("ShardId")) {
        (Some(_), Some(parent)) => Ok(Some(parent)),
        _ => Err(AwsError::validation("ShardFilter must have both Type and ShardId")),
    }
}

fn describe(shard: &Shard) -> Json {
    let mut range = json!({"StartingSequenceNumber": stream::show_sequence(shard.start)});
    if let Some((_, end)) = shard.closed {
        range["EndingSequenceNumber"] = json!(stream::show_sequence(end));
    }
    let mut shown = json!({"ShardId": shard.id, "SequenceNumberRange": range});
    if let Some(parent) = &shard.parent {
        shown["ParentShardId"] = json!(parent);
    }
    shown
}
