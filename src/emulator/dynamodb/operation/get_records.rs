//! GetRecords: what a shard holds from an iterator on.

use super::{Context, Outcome};
use crate::emulator::dynamodb::answer::Answer;
use crate::emulator::dynamodb::error;
use crate::emulator::dynamodb::request::Request;
use crate::emulator::dynamodb::stream::{self, Position, ShardIterator};

const PAGE: usize = 1000;

pub async fn run(context: &Context, request: Request) -> Outcome {
    let limit = request.integer("Limit").and_then(|limit| usize::try_from(limit).ok()).unwrap_or(PAGE);
    let now = context.service.clock.millis();
    let iterator = ShardIterator::parse(request.text("ShardIterator").unwrap_or_default(), now)?;
    let arn = context.own_stream(iterator.arn)?;
    let Position { shard: start, next } = iterator.at;
    let snapshot = context.service.store.read()?;
    let stream = stream::find(&snapshot, &arn, now)?;
    let shard = stream.readable(now).find(|shard| shard.start == start).ok_or_else(error::no_such_shard)?;
    if stream::is_trimmed(&snapshot, &stream, shard, next, now)? {
        return Err(error::trimmed());
    }
    let page = stream::records(&snapshot, &stream, shard, next, limit)?;
    let mut answer = Answer::with_capacity(page.json.len() + 512);
    answer.raw("Records", &page.json);
    if !page.drained {
        let at = Position { shard: start, next: page.next };
        answer.json("NextShardIterator", &ShardIterator { arn, at, given: now }.to_string());
    }
    Ok(answer)
}
