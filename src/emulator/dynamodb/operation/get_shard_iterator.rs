//! GetShardIterator: a place to read a shard from.

use super::{Context, Outcome};
use crate::emulator::dynamodb::answer::Answer;
use crate::emulator::dynamodb::error;
use crate::emulator::dynamodb::request::Request;
use crate::emulator::dynamodb::stream::{self, Position, Shard, ShardIterator, StreamRow};
use crate::emulator::error::AwsError;
use crate::emulator::store::Read;

pub async fn run(context: &Context, request: Request) -> Outcome {
    let arn = context.stream_arn(&request)?;
    let now = context.service.clock.millis();
    let snapshot = context.service.store.read()?;
    let stream = stream::find(&snapshot, &arn, now)?;
    let id = request.text("ShardId").unwrap_or_default();
    let shard = stream.readable(now).find(|shard| shard.id == id).ok_or_else(error::no_such_shard)?;
    let next = next(&request, &snapshot, &stream, shard, now)?;
    let iterator = ShardIterator { arn, at: Position { shard: shard.start, next }, given: now };
    let mut answer = Answer::new();
    answer.json("ShardIterator", &iterator.to_string());
    Ok(answer)
}

fn next(request: &Request, rows: &impl Read, stream: &StreamRow, shard: &Shard, now: u64) -> Result<u64, AwsError> {
    let kind = request.text("ShardIteratorType").unwrap_or_default();
    let (numbered, timed) = (matches!(kind, "AT_SEQUENCE_NUMBER" | "AFTER_SEQUENCE_NUMBER"), kind == "AT_TIMESTAMP");
    for (member, wanted) in [("SequenceNumber", numbered), ("Timestamp", timed)] {
        if request.has(member) != wanted {
            let fault = if wanted { "must" } else { "must not" };
            return Err(AwsError::validation(format!(
                "{member} {fault} be specified when ShardIteratorType is {kind}"
            )));
        }
    }
    match kind {
        "TRIM_HORIZON" => stream::horizon(rows, stream, shard, now),
        "LATEST" => {
            let (start, last) = (shard.start.max(stream.trimmed), stream::last(rows, stream.id, shard)?);
            Ok(last.map_or(start, |(number, _)| number) + 1)
        }
        "AT_TIMESTAMP" => {
            let seconds = request.get("Timestamp").and_then(serde_json::Value::as_f64).unwrap_or_default();
            #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a cast of a float saturates")]
            let millis = (seconds * 1000.0).round() as u64;
            if millis > now {
                return Err(AwsError::validation("Timestamp must not be in the future"));
            }
            Ok(stream::since(rows, stream, shard, millis)?.max(stream::horizon(rows, stream, shard, now)?))
        }
        _ => {
            let given = request.text("SequenceNumber").unwrap_or_default();
            let number = stream::parse_sequence(given).filter(|number| (shard.start..=shard.end()).contains(number));
            let number = number
                .ok_or_else(|| AwsError::validation(format!("Invalid SequenceNumber: {given} is not in the shard")))?;
            if stream::is_trimmed(rows, stream, shard, number, now)? {
                return Err(error::trimmed());
            }
            Ok(if kind == "AT_SEQUENCE_NUMBER" { number } else { number + 1 })
        }
    }
}
