//! Removing what is older than a day, in bounded batches.

use super::record::{head, key};
use super::row::{self, StreamRow, is_old};
use crate::emulator::error::AwsError;
use crate::emulator::store::{Read, Store, Table as Rows, Txn};

/// The most records that one write removes.
const BATCH: usize = 1000;

/// Removes what is too old to be read; whether there are streams at all.
pub async fn trim(store: &Store, now: u64) -> Result<bool, AwsError> {
    let streams = row::ids(&store.read()?)?;
    for &id in &streams {
        while is_due(store, id, now)? {
            store.write(move |txn| batch(txn, id, now)).await?;
        }
    }
    Ok(!streams.is_empty())
}

/// Looks before anything is written, so that an idle stream costs no commit.
fn is_due(store: &Store, id: u64, now: u64) -> Result<bool, AwsError> {
    let rows = store.read()?;
    let Some(stream) = StreamRow::load(&rows, id)? else { return Ok(false) };
    let first = rows.prefix(Rows::Streams, &key(id, 0)[..9])?.next().transpose()?;
    let old = match first {
        Some(row) => is_old(head(row.key(), row.value())?.1, now),
        None => false,
    };
    Ok(old || stream.is_gone(now) || stream.shards.iter().any(|shard| shard.is_gone(now)))
}

fn batch(txn: &mut Txn<'_>, id: u64, now: u64) -> Result<(), AwsError> {
    let Some(mut stream) = StreamRow::load(txn, id)? else { return Ok(()) };
    // A clock that went back must not keep records of a stream that is gone.
    let gone = stream.is_gone(now);
    let mut keys = Vec::new();
    for row in txn.prefix(Rows::Streams, &key(id, 0)[..9])?.take(BATCH) {
        let row = row?;
        let (number, at) = head(row.key(), row.value())?;
        if !gone && !is_old(at, now) {
            break;
        }
        stream.trimmed = number;
        keys.push(row.key().to_vec());
    }
    let more = keys.len() == BATCH;
    for key in keys {
        txn.delete(Rows::Streams, key);
    }
    if gone && !more {
        stream.delete(txn);
        return Ok(());
    }
    if !more {
        stream.shards.retain(|shard| !shard.is_gone(now));
    }
    stream.store(txn)
}
