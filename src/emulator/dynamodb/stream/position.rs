//! Finding streams, and places in them.

use std::ops::Bound;

use super::StreamArn;
use super::record::{head, json, key};
use super::row::{NAMES, Shard, StreamRow, is_old};
use crate::emulator::dynamodb::error;
use crate::emulator::error::AwsError;
use crate::emulator::store::{self, Read, Rows as Range, Table as Rows};

/// The stream at `arn`, if anything of it can still be read.
pub fn find(rows: &impl Read, arn: &StreamArn, now: u64) -> Result<StreamRow, AwsError> {
    let id = rows.get(Rows::Streams, &super::row::name_key(arn))?;
    let stream = id.map(|id| by_id(rows, &id)).transpose()?.flatten();
    stream.filter(|stream| !stream.is_gone(now)).ok_or_else(|| arn.not_found())
}

/// Streams that can be read, of those whose names start with `prefix`, after that of the name `after`: in the order of
/// their names.
pub fn list<'r>(
    rows: &'r impl Read,
    prefix: &[u8],
    after: Option<&StreamArn>,
    now: u64,
) -> Result<impl std::iter::Iterator<Item = Result<StreamRow, AwsError>> + 'r, AwsError> {
    let (low, high) = store::prefix_range(&[&[NAMES], prefix].concat());
    let low = after.map_or(low, |after| Bound::Excluded(super::row::name_key(after)));
    let found = rows.range(Rows::Streams, (low, high), false)?;
    Ok(found.filter_map(move |row| {
        let stream = row.map_err(AwsError::from).and_then(|row| by_id(rows, row.value())).transpose()?;
        Some(stream).filter(|stream| stream.as_ref().map_or(true, |stream| !stream.is_gone(now)))
    }))
}

fn by_id(rows: &impl Read, id: &[u8]) -> Result<Option<StreamRow>, AwsError> {
    let id = id.try_into().map(u64::from_be_bytes).map_err(|_| error::damaged("a stream's name"))?;
    StreamRow::load(rows, id)
}

fn range<R: Read>(rows: &R, stream: u64, from: u64, to: u64, reverse: bool) -> Result<Range<'_>, AwsError> {
    let bounds = (Bound::Included(key(stream, from)), Bound::Included(key(stream, to)));
    Ok(rows.range(Rows::Streams, bounds, reverse)?)
}

/// The number and the time, in milliseconds since the Unix epoch, of the first record in the shard whose number is
/// `from` or larger.
pub fn first(rows: &impl Read, stream: u64, shard: &Shard, from: u64) -> Result<Option<(u64, u64)>, AwsError> {
    let row = range(rows, stream, from, shard.end(), false)?.next().transpose()?;
    row.map(|row| head(row.key(), row.value())).transpose()
}

/// The same of the shard's last record.
pub fn last(rows: &impl Read, stream: u64, shard: &Shard) -> Result<Option<(u64, u64)>, AwsError> {
    let row = range(rows, stream, shard.start, shard.end(), true)?.next().transpose()?;
    row.map(|row| head(row.key(), row.value())).transpose()
}

/// The number to read from for all that can be read of a shard.
pub fn horizon(rows: &impl Read, stream: &StreamRow, shard: &Shard, now: u64) -> Result<u64, AwsError> {
    partition(rows, stream, shard, |at| is_old(at, now))
}

/// The number to read from for all that happened at `millis` or later.
pub fn since(rows: &impl Read, stream: &StreamRow, shard: &Shard, millis: u64) -> Result<u64, AwsError> {
    partition(rows, stream, shard, |at| at < millis)
}

/// Whether the first record that `from` means is gone, or too old to be read.
pub fn is_trimmed(rows: &impl Read, stream: &StreamRow, shard: &Shard, from: u64, now: u64) -> Result<bool, AwsError> {
    Ok(from <= stream.trimmed || first(rows, stream.id, shard, from)?.is_some_and(|(_, at)| is_old(at, now)))
}

/// The number of the first record that is not `before`, or one that no record has yet. Looks at a few records, however
/// many there are.
fn partition(
    rows: &impl Read,
    stream: &StreamRow,
    shard: &Shard,
    before: impl Fn(u64) -> bool,
) -> Result<u64, AwsError> {
    let mut low = shard.start.max(stream.trimmed) + 1;
    let Some((end, at)) = last(rows, stream.id, shard)? else { return Ok(low) };
    if before(at) {
        return Ok(end + 1);
    }
    let mut high = end;
    while low < high {
        let middle = low + (high - low) / 2;
        match first(rows, stream.id, shard, middle)? {
            Some((number, at)) if before(at) => low = number + 1,
            _ => high = middle,
        }
    }
    Ok(low)
}

/// What reading a shard gave.
#[derive(Debug)]
pub struct Page {
    /// The records, a JSON array.
    pub json: Vec<u8>,
    /// Where to read on.
    pub next: u64,
    /// Whether the shard holds nothing more, now or ever.
    pub drained: bool,
}

/// Reads at most `limit` records and about 1 MB from `next`.
pub fn records(rows: &impl Read, stream: &StreamRow, shard: &Shard, next: u64, limit: usize) -> Result<Page, AwsError> {
    let mut page = Page { json: vec![b'['], next, drained: false };
    let mut more = false;
    for (taken, row) in range(rows, stream.id, next, shard.end(), false)?.enumerate() {
        let row = row?;
        let record = json(row.value());
        if taken == limit || (taken > 0 && page.json.len() + record.len() > MOST_BYTES) {
            more = true;
            break;
        }
        if taken > 0 {
            page.json.push(b',');
        }
        page.json.extend_from_slice(record);
        page.next = head(row.key(), row.value())?.0 + 1;
    }
    page.json.push(b']');
    page.drained = !more && shard.closed.is_some();
    Ok(page)
}

/// The most that GetRecords answers with, unless one record alone is larger.
const MOST_BYTES: usize = 1024 * 1024;
