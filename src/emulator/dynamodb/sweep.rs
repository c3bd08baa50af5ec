//! What goes on in the background after tables and indexes changed, in bounded batches: new indexes are backfilled, and
//! the rows of deleted tables and indexes deleted.

use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::gate::Gate;
use super::index::{self, backfill};
use super::key::table_prefix;
use super::table::TableName;
use crate::emulator::error::AwsError;
use crate::emulator::store::{Read, Store, StoreError, Table, Txn};

const BATCH: usize = 1000;
/// What keys of the rows that name a table or an index to sweep start with, in [`Table::Meta`]; its id follows. Their
/// value is empty, or the row key of the table whose index it is.
const QUEUE: &[u8] = b"dynamodb/sweep/";

/// Backfills new indexes and deletes the rows of tables and indexes that are gone. Ids are never used again, so nothing
/// sees those rows meanwhile.
#[derive(Debug)]
pub struct Sweeper {
    store: Store,
    gate: Gate,
    stop: CancellationToken,
    tasks: TaskTracker,
}

impl Sweeper {
    /// A sweeper of this store, with nothing to do.
    #[must_use]
    pub fn new(store: Store, gate: Gate) -> Self {
        Self { store, gate, stop: CancellationToken::new(), tasks: TaskTracker::new() }
    }

    /// Notes inside the table's own deletion that its rows are to be swept.
    pub fn enqueue(txn: &mut Txn<'_>, table: u64) {
        txn.put(Table::Meta, queue_key(table), Vec::new());
    }

    /// Notes inside the deletion of a table's index that its entries are to be swept.
    pub fn enqueue_index(txn: &mut Txn<'_>, table: &TableName, index: u64) {
        txn.put(Table::Meta, queue_key(index), table.row_key());
    }

    /// Starts everything that was enqueued and committed.
    pub fn resume(&self) {
        let (store, gate, stop) = (self.store.clone(), self.gate.clone(), self.stop.clone());
        self.tasks.spawn(async move {
            // What cannot be done now stays enqueued and is done after the next change or start.
            if let Err(error) = stop.run_until_cancelled(work(&store, &gate)).await.unwrap_or(Ok(())) {
                tracing::warn!(%error, "background work on tables stopped");
            }
        });
    }

    /// Ends once there is nothing left to do.
    pub async fn rest(&self) {
        self.tasks.close();
        self.tasks.wait().await;
        self.tasks.reopen();
    }

    /// Ends between two batches.
    pub async fn close(&self) {
        self.stop.cancel();
        self.tasks.close();
        self.tasks.wait().await;
    }
}

async fn work(store: &Store, gate: &Gate) -> Result<(), AwsError> {
    loop {
        if let Some(index) = backfill::first_queued(&store.read()?)? {
            in_batches(store, gate, move |txn| backfill::run_batch(txn, index, backfill::BATCH)).await?;
        } else if let Some(id) = first_queued(store)? {
            in_batches(store, gate, move |txn| sweep_batch(txn, id)).await?;
        } else {
            return Ok(());
        }
    }
}

/// One batch after the other, until one says that there are no more.
async fn in_batches<F>(store: &Store, gate: &Gate, batch: F) -> Result<(), AwsError>
where
    F: Fn(&mut Txn<'_>) -> Result<bool, AwsError> + Copy + Send + 'static,
{
    loop {
        let _step = gate.step().await;
        if !store.write(batch).await? {
            return Ok(());
        }
    }
}

fn first_queued(store: &Store) -> Result<Option<u64>, StoreError> {
    let snapshot = store.read()?;
    let first = snapshot.prefix(Table::Meta, QUEUE)?.next().transpose()?;
    let id = first.and_then(|row| row.key()[QUEUE.len()..].try_into().ok());
    Ok(id.map(u64::from_be_bytes))
}

/// Deletes a batch of rows, and then of the sizes of item collections; whether there may be more.
fn sweep_batch(txn: &mut Txn<'_>, id: u64) -> Result<bool, AwsError> {
    let more = delete_batch(txn, Table::Items, id)? || delete_batch(txn, Table::TableStats, id)?;
    if !more {
        let of = txn.get(Table::Meta, &queue_key(id))?;
        if let Some((table, _)) = of.as_deref().and_then(TableName::of_row_key) {
            index::drop_deleted(txn, table, id)?;
        }
        txn.delete(Table::Meta, queue_key(id));
    }
    Ok(more)
}

/// Deletes a batch of the rows of an id; whether there may be more.
fn delete_batch(txn: &mut Txn<'_>, rows: Table, id: u64) -> Result<bool, StoreError> {
    let found = txn.prefix(rows, &table_prefix(id))?.take(BATCH);
    let keys: Vec<_> = found.map(|row| Ok(row?.key().to_vec())).collect::<Result<_, StoreError>>()?;
    let more = keys.len() == BATCH;
    for key in keys {
        txn.delete(rows, key);
    }
    Ok(more)
}

fn queue_key(table: u64) -> Vec<u8> {
    [QUEUE, &table.to_be_bytes()].concat()
}
