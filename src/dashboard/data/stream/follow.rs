//! Going on in a stream.

use aws_sdk_dynamodbstreams::Client;
use aws_sdk_dynamodbstreams::operation::get_records::{GetRecordsError, GetRecordsOutput};
use aws_sdk_dynamodbstreams::operation::get_shard_iterator::GetShardIteratorError;
use aws_sdk_dynamodbstreams::types::{Shard, ShardIteratorType, StreamStatus};
use footbridge_tui::ask::{Answer, StreamRecord, Trouble};
use futures::future::join_all;
use serde_json::json;

use super::super::asked::Asked;
use super::super::tables;
use super::place::{self, At, Place};
use super::record;
use crate::mcp::ToolError;

/// The most shards that are read for an answer; the others have their turn with the next.
const AT_ONCE: usize = 16;

pub(in super::super) async fn follow(asked: &Asked<'_>, table: &str, after: Option<&str>) -> Result<Answer, Trouble> {
    let read = Box::pin(async {
        let (records, place) = match after {
            None => (Vec::new(), begin(asked, table).await?),
            Some(token) => Follower { asked, table, place: Place::read(token)?, records: Vec::new() }.go_on().await?,
        };
        let next = place.token();
        Ok((json!({ "records": records.len() }), Answer::Stream { records, next }))
    });
    let arguments = json!({ "table": table });
    asked.read("dynamodb_stream", arguments, Some(format!("dynamodb://{table}")), read).await
}

/// The end of each shard as it is now.
async fn begin(asked: &Asked<'_>, table: &str) -> Result<Place, ToolError> {
    let arn = stream_of(asked, table).await?;
    let streams = &asked.reach.streams;
    let (shards, _) = shards(streams, &arn).await?;
    let open = shards.iter().filter(|shard| !is_closed(shard)).filter_map(Shard::shard_id);
    let open = join_all(open.map(|id| At::latest(streams, &arn, id))).await;
    let open = open.into_iter().collect::<Result<_, _>>()?;
    Ok(Place { arn, shards: open, known: ids(&shards) })
}

/// The stream that is on.
async fn stream_of(asked: &Asked<'_>, table: &str) -> Result<String, ToolError> {
    let described = tables::describe(asked, table).await?;
    let on = described.stream_specification().is_some_and(aws_sdk_dynamodb::types::StreamSpecification::stream_enabled);
    described.latest_stream_arn.filter(|_| on).ok_or_else(|| {
        ToolError::new(
            "no_stream",
            format!("table {table} has no stream: UpdateTable with a StreamSpecification gives it one"),
        )
    })
}

/// The shards of a stream, and whether it is on.
async fn shards(streams: &Client, arn: &str) -> Result<(Vec<Shard>, bool), ToolError> {
    let (mut all, mut after) = (Vec::new(), None);
    loop {
        let answer = streams.describe_stream().stream_arn(arn).set_exclusive_start_shard_id(after).send().await?;
        let Some(stream) = answer.stream_description else { return Ok((all, false)) };
        let on = matches!(stream.stream_status, Some(StreamStatus::Enabled | StreamStatus::Enabling));
        all.extend(stream.shards.unwrap_or_default());
        after = stream.last_evaluated_shard_id;
        if after.is_none() {
            return Ok((all, on));
        }
    }
}

fn is_closed(shard: &Shard) -> bool {
    shard.sequence_number_range().is_some_and(|range| range.ending_sequence_number().is_some())
}

fn ids(shards: &[Shard]) -> Vec<String> {
    shards.iter().filter_map(Shard::shard_id).map(str::to_owned).collect()
}

struct Follower<'a> {
    asked: &'a Asked<'a>,
    table: &'a str,
    place: Place,
    records: Vec<StreamRecord>,
}

impl Follower<'_> {
    async fn go_on(mut self) -> Result<(Vec<StreamRecord>, Place), ToolError> {
        let turn = self.place.shards.len().min(AT_ONCE);
        let reading: Vec<_> = self.place.shards.drain(..turn).collect();
        let streams = &self.asked.reach.streams;
        let read = |at: &At| streams.get_records().shard_iterator(&at.iterator).send();
        let answers = join_all(reading.iter().map(read)).await;
        let mut ended = false;
        for (at, answer) in reading.into_iter().zip(answers) {
            let error = match answer {
                Ok(answer) => {
                    ended |= self.take(at, answer)?;
                    continue;
                }
                Err(error) => error,
            };
            let again = match error.as_service_error() {
                // Nobody looked for a quarter of an hour.
                Some(GetRecordsError::ExpiredIteratorException(_)) => self.resume(at).await,
                Some(GetRecordsError::TrimmedDataAccessException(_)) => self.restart(at).await,
                _ => Err(error.into()),
            };
            match again {
                Ok(at) => self.place.shards.push(at),
                // A shard goes with its records after a day; whether the stream has gone too is told next.
                Err(error) if error.code == "ResourceNotFoundException" => {
                    self.records.push(record::gap());
                    ended = true;
                }
                Err(error) => return Err(error),
            }
        }
        if ended || self.place.shards.is_empty() {
            self.look_for_shards().await?;
        }
        self.records.sort_by_key(|record| record.at);
        Ok((self.records, self.place))
    }

    /// Takes what a shard gave; whether it has ended.
    fn take(&mut self, at: At, answer: GetRecordsOutput) -> Result<bool, ToolError> {
        let mut last = at.last;
        for record in answer.records() {
            let number = record.dynamodb().and_then(|change| change.sequence_number());
            last = number.map(str::to_owned).or(last);
            self.records.extend(record::read(record)?);
        }
        match answer.next_shard_iterator {
            Some(iterator) => self.place.shards.push(At { iterator, last, ..at }),
            None => return Ok(true),
        }
        Ok(false)
    }

    /// A new iterator where the old one is too old.
    async fn resume(&mut self, at: At) -> Result<At, ToolError> {
        let streams = &self.asked.reach.streams;
        let Some(last) = &at.last else {
            // Where that was cannot be said again.
            self.records.push(record::gap());
            return At::latest(streams, &self.place.arn, &at.id).await;
        };
        let request = streams.get_shard_iterator().stream_arn(&self.place.arn).shard_id(&at.id);
        let request = request.shard_iterator_type(ShardIteratorType::AfterSequenceNumber).sequence_number(last);
        match request.send().await {
            Ok(answer) => Ok(At { iterator: place::given(answer.shard_iterator)?, ..at }),
            Err(error)
                if error.as_service_error().is_some_and(GetShardIteratorError::is_trimmed_data_access_exception) =>
            {
                self.restart(at).await
            }
            Err(error) => Err(error.into()),
        }
    }

    /// What is left of a shard whose next records are gone.
    async fn restart(&mut self, at: At) -> Result<At, ToolError> {
        self.records.push(record::gap());
        At::beginning(&self.asked.reach.streams, &self.place.arn, at.id).await
    }

    /// Shards that there were not before, from their beginnings.
    async fn look_for_shards(&mut self) -> Result<(), ToolError> {
        let streams = &self.asked.reach.streams;
        let (found, on) = shards(streams, &self.place.arn).await?;
        let new = ids(&found).into_iter().filter(|id| !self.place.known.contains(id));
        let new = join_all(new.map(|id| At::beginning(streams, &self.place.arn, id))).await;
        for at in new {
            self.place.shards.push(at?);
        }
        self.place.known = ids(&found);
        // What there is comes first: an error would take it along.
        if self.place.shards.is_empty() && !on && self.records.is_empty() {
            // It was turned off, and perhaps on again, which makes another stream.
            let arn = stream_of(self.asked, self.table).await?;
            let (found, _) = shards(streams, &arn).await?;
            let all = join_all(ids(&found).into_iter().map(|id| At::beginning(streams, &arn, id))).await;
            self.place.shards = all.into_iter().collect::<Result<_, _>>()?;
            self.place.known = ids(&found);
            self.place.arn = arn;
        }
        Ok(())
    }
}
