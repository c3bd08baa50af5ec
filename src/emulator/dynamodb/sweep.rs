//! Deletes the rows of deleted tables in the background, in bounded batches.

use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::key::table_prefix;
use crate::emulator::error::AwsError;
use crate::emulator::store::{Read, Store, StoreError, Table, Txn};

const BATCH: usize = 1000;
/// What keys of the rows that name a table to sweep start with, in [`Table::Meta`]; the table's id follows.
const QUEUE: &[u8] = b"dynamodb/sweep/";

/// Deletes rows of tables that are gone. A table's id is never used again, so nothing sees the rows meanwhile.
#[derive(Debug)]
pub struct Sweeper {
    store: Store,
    stop: CancellationToken,
    tasks: TaskTracker,
}

impl Sweeper {
    /// A sweeper of this store, with nothing to do.
    #[must_use]
    pub fn new(store: Store) -> Self {
        Self { store, stop: CancellationToken::new(), tasks: TaskTracker::new() }
    }

    /// Notes inside the table's own deletion that its rows are to be swept.
    pub fn enqueue(txn: &mut Txn<'_>, table: u64) {
        txn.put(Table::Meta, queue_key(table), Vec::new());
    }

    /// Starts sweeping everything that was enqueued and committed.
    pub fn resume(&self) {
        let (store, stop) = (self.store.clone(), self.stop.clone());
        self.tasks.spawn(async move {
            // What cannot be swept now stays enqueued and is swept after the next deletion or start.
            if let Err(error) = stop.run_until_cancelled(sweep_all(&store)).await.unwrap_or(Ok(())) {
                tracing::warn!(%error, "sweeping the rows of deleted tables stopped");
            }
        });
    }

    /// Ends once there is nothing left to sweep.
    pub async fn rest(&self) {
        self.tasks.close();
        self.tasks.wait().await;
        self.tasks.reopen();
    }

    /// Ends sweeping between two batches.
    pub async fn close(&self) {
        self.stop.cancel();
        self.tasks.close();
        self.tasks.wait().await;
    }
}

async fn sweep_all(store: &Store) -> Result<(), AwsError> {
    loop {
        let Some(table) = first_queued(store)? else { return Ok(()) };
        while store.write(move |txn| sweep_batch(txn, table)).await? {}
    }
}

fn first_queued(store: &Store) -> Result<Option<u64>, StoreError> {
    let snapshot = store.read()?;
    let first = snapshot.prefix(Table::Meta, QUEUE)?.next().transpose()?;
    let id = first.and_then(|row| row.key()[QUEUE.len()..].try_into().ok());
    Ok(id.map(u64::from_be_bytes))
}

/// Deletes a batch of the table's rows; whether there may be more.
fn sweep_batch(txn: &mut Txn<'_>, table: u64) -> Result<bool, StoreError> {
    let rows = txn.prefix(Table::Items, &table_prefix(table))?.take(BATCH);
    let keys: Vec<_> = rows.map(|row| Ok(row?.key().to_vec())).collect::<Result<_, StoreError>>()?;
    let more = keys.len() == BATCH;
    for key in keys {
        txn.delete(Table::Items, key);
    }
    // The sizes of its item collections.
    let rows = txn.prefix(Table::TableStats, &table_prefix(table))?.take(BATCH);
    let sizes: Vec<_> = rows.map(|row| Ok(row?.key().to_vec())).collect::<Result<_, StoreError>>()?;
    let more = more || sizes.len() == BATCH;
    for key in sizes {
        txn.delete(Table::TableStats, key);
    }
    if !more {
        txn.delete(Table::Meta, queue_key(table));
    }
    Ok(more)
}

fn queue_key(table: u64) -> Vec<u8> {
    [QUEUE, &table.to_be_bytes()].concat()
}
