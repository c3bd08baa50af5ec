//! The row that describes a stream, and its shards.

use serde::{Deserialize, Serialize};

use super::StreamArn;
use super::specification::View;
use crate::emulator::dynamodb::error;
use crate::emulator::dynamodb::table::TableName;
use crate::emulator::error::AwsError;
use crate::emulator::store::{Read, Table as Rows, Txn};

/// For so long, in milliseconds, a record can be read, and a stream that no longer gets any.
const RETENTION: u64 = 24 * 60 * 60 * 1000;
/// For so long, in milliseconds, a shard takes records; then another follows it. AWS's roll after about four hours.
const SHARD_LIFE: u64 = 4 * 60 * 60 * 1000;

/// What the keys of [`Rows::Streams`] begin with: names that lead to ids, rows by id, records by id and sequence.
pub(super) const NAMES: u8 = 0;
const ROWS: u8 = 1;
pub(super) const RECORDS: u8 = 2;

/// A stream: the table's name and label are its ARN.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct StreamRow {
    /// What its records are stored under; never used again after it.
    pub id: u64,
    account: String,
    region: String,
    table: String,
    label: String,
    /// What its records show.
    pub view: View,
    /// When it was enabled, in milliseconds since the Unix epoch.
    pub created: u64,
    /// The table's partition key.
    pub hash: String,
    /// The table's sort key.
    pub range: Option<String>,
    /// When it was switched off, or its table deleted.
    pub disabled: Option<u64>,
    /// The sequence number of the last record that is gone; 0 while there is none.
    pub trimmed: u64,
    /// Oldest first; only the last can be open.
    pub shards: Vec<Shard>,
}

/// A stretch of a stream's records.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Shard {
    /// `ShardId`.
    pub id: String,
    /// The shard that it follows, which may be gone.
    pub parent: Option<String>,
    /// When it was opened, in milliseconds since the Unix epoch.
    pub opened: u64,
    /// `StartingSequenceNumber`, smaller than that of any record in it.
    pub start: u64,
    /// When it was closed, and `EndingSequenceNumber`.
    pub closed: Option<(u64, u64)>,
}

impl Shard {
    /// The largest sequence number that a record in it can have.
    #[must_use]
    pub fn end(&self) -> u64 {
        self.closed.map_or(u64::MAX, |(_, end)| end)
    }

    /// Whether everything in it is too old to be read.
    #[must_use]
    pub fn is_gone(&self, now: u64) -> bool {
        self.closed.is_some_and(|(at, _)| is_old(at, now))
    }
}

/// Whether what happened `at` is too old to be read.
#[must_use]
pub(super) fn is_old(at: u64, now: u64) -> bool {
    at.saturating_add(RETENTION) <= now
}

impl StreamRow {
    /// A new stream with one open shard.
    pub(super) fn open(
        txn: &mut Txn<'_>,
        arn: StreamArn,
        view: View,
        keys: (String, Option<String>),
        now: u64,
    ) -> Result<Self, AwsError> {
        let id = txn.next_sequence()?;
        txn.put(Rows::Streams, name_key(&arn), id.to_be_bytes().to_vec());
        let StreamArn { table: TableName { account, region, name }, label } = arn;
        let (hash, range) = keys;
        let mut row = Self {
            id,
            account,
            region,
            table: name,
            label,
            view,
            created: now,
            hash,
            range,
            disabled: None,
            trimmed: 0,
            shards: Vec::new(),
        };
        row.open_shard(txn, now)?;
        row.store(txn)?;
        Ok(row)
    }

    /// The stream with this id.
    pub fn load(rows: &impl Read, id: u64) -> Result<Option<Self>, AwsError> {
        let stored = rows.get(Rows::Streams, &row_key(id))?;
        stored.map(|stored| Self::decode(&stored)).transpose()
    }

    pub(super) fn decode(stored: &[u8]) -> Result<Self, AwsError> {
        serde_json::from_slice(stored).map_err(|_| error::damaged("a stream's row"))
    }

    pub(super) fn store(&self, txn: &mut Txn<'_>) -> Result<(), AwsError> {
        let stored = serde_json::to_vec(self).map_err(|_| error::damaged("a stream's row"))?;
        txn.put(Rows::Streams, row_key(self.id), stored);
        Ok(())
    }

    pub(super) fn delete(&self, txn: &mut Txn<'_>) {
        txn.delete(Rows::Streams, name_key(&self.arn()));
        txn.delete(Rows::Streams, row_key(self.id));
    }

    /// Its ARN.
    #[must_use]
    pub fn arn(&self) -> StreamArn {
        let table = TableName { account: self.account.clone(), region: self.region.clone(), name: self.table.clone() };
        StreamArn { table, label: self.label.clone() }
    }

    /// The region that its records name.
    #[must_use]
    pub fn region(&self) -> &str {
        &self.region
    }

    /// Whether it was switched off so long ago that nothing of it can be read.
    #[must_use]
    pub fn is_gone(&self, now: u64) -> bool {
        self.disabled.is_some_and(|at| is_old(at, now))
    }

    /// The shards that can be read.
    pub fn readable(&self, now: u64) -> impl Iterator<Item = &Shard> {
        self.shards.iter().filter(move |shard| !shard.is_gone(now))
    }

    /// Closes the open shard and opens its successor where it is old enough; whether it did.
    pub(super) fn roll(&mut self, txn: &mut Txn<'_>, now: u64) -> Result<bool, AwsError> {
        let due = |shard: &Shard| shard.closed.is_none() && now.saturating_sub(shard.opened) >= SHARD_LIFE;
        if !self.shards.last().is_some_and(due) {
            return Ok(false);
        }
        self.open_shard(txn, now)?;
        Ok(true)
    }

    /// Switches it off.
    pub(super) fn close(&mut self, txn: &mut Txn<'_>, now: u64) -> Result<(), AwsError> {
        let end = txn.next_sequence()?;
        self.close_shard(now, end);
        self.disabled = Some(now);
        self.store(txn)
    }

    fn close_shard(&mut self, now: u64, end: u64) {
        if let Some(open) = self.shards.last_mut().filter(|shard| shard.closed.is_none()) {
            open.closed = Some((now, end));
        }
    }

    fn open_shard(&mut self, txn: &mut Txn<'_>, now: u64) -> Result<(), AwsError> {
        let start = txn.next_sequence()?;
        self.close_shard(now, start - 1);
        let parent = self.shards.last();
        // Ids go by time on AWS; these also go up where the clock went back.
        let opened = parent.map_or(now, |parent| now.max(parent.opened + 1));
        let unique = crc32fast::hash(&[self.id.to_be_bytes(), start.to_be_bytes()].concat());
        let id = format!("shardId-{opened:020}-{unique:08x}");
        let parent = parent.map(|parent| parent.id.clone());
        self.shards.push(Shard { id, parent, opened, start, closed: None });
        Ok(())
    }
}

/// What leads from a stream's name to its id.
pub(super) fn name_key(arn: &StreamArn) -> Vec<u8> {
    [&[NAMES], arn.key().as_slice()].concat()
}

fn row_key(id: u64) -> Vec<u8> {
    [&[ROWS], id.to_be_bytes().as_slice()].concat()
}

/// The ids of all streams.
pub(super) fn ids(rows: &impl Read) -> Result<Vec<u64>, AwsError> {
    rows.prefix(Rows::Streams, &[ROWS])?
        .map(|row| row?.key()[1..].try_into().map(u64::from_be_bytes).map_err(|_| error::damaged("a stream's key")))
        .collect()
}
