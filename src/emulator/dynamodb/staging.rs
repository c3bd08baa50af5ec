//! Tables that a restore makes beside those that are there, and then puts in their place in one commit.
//!
//! Until then nothing names their ids but a mark, by which the next opening sweeps what was broken off.

use super::index::keep;
use super::portable::{Checker, TableEntry};
use super::service::Service;
use super::stream::{self, Specification};
use super::sweep::Sweeper;
use super::table::{Stats, Table, TableName, TableRow};
use super::{collection, error, index, ttl, undo};
use crate::emulator::error::AwsError;
use crate::emulator::store::{Read, StoreError, Table as Rows, Txn};

/// What the keys of the marks start with, in [`Rows::Meta`]; an id follows.
const MARKS: &[u8] = b"dynamodb/staging/";
/// The most items of one commit, and their bytes.
const BATCH: (usize, usize) = (500, 1 << 20);

/// A table that is being made.
#[derive(Debug)]
pub struct Staged {
    service: Service,
    checker: Checker,
    batch: Vec<(Vec<u8>, Vec<u8>)>,
    bytes: usize,
}

impl Service {
    /// Begins a table as a snapshot has it.
    ///
    /// # Errors
    /// What no call could have made so.
    pub async fn stage(&self, entry: TableEntry) -> Result<Staged, AwsError> {
        let mut checker = Checker::of(entry)?;
        let (name, mut row) = (checker.table.name.clone(), checker.table.row.clone());
        checker.table = self
            .0
            .store
            .write(move |txn| {
                row.id = txn.next_sequence()?;
                for index in &mut row.indexes {
                    index.id = txn.next_sequence()?;
                }
                let stored = serde_json::to_vec(&row).map_err(|_| error::damaged("a table's row"))?;
                let table = Table::decode(name, stored)?;
                for id in table.ids() {
                    Stats::default().store(txn, id);
                    txn.put(Rows::Meta, mark(id), Vec::new());
                }
                Ok::<_, AwsError>(table)
            })
            .await?;
        Ok(Staged { service: self.clone(), checker, batch: Vec::new(), bytes: 0 })
    }

    /// Leaves what was begun and not finished to the sweeper.
    pub async fn discard_staged(&self) -> Result<(), AwsError> {
        self.0.store.write(|txn| Ok::<_, AwsError>(sweep(txn)?)).await?;
        self.0.sweeper.resume();
        Ok(())
    }

    /// Deletes a table, as a part of a restore; `also` is in the same commit.
    pub async fn remove(
        &self,
        name: TableName,
        also: impl FnOnce(&mut Txn<'_>) -> Result<(), AwsError> + Send + 'static,
    ) -> Result<(), AwsError> {
        let now = self.0.clock.millis();
        let write = move |txn: &mut Txn<'_>| {
            if let Some(stored) = txn.get(Rows::Tables, &name.row_key())? {
                drop_table(txn, &Table::decode(name, stored)?, now)?;
            }
            also(txn)
        };
        self.0.store.write(write).await?;
        self.0.sweeper.resume();
        Ok(())
    }
}

impl Staged {
    /// Adds an item, in DynamoDB JSON; each has a greater key than the one before.
    ///
    /// # Errors
    /// What no call could have put.
    pub async fn add(&mut self, json: &[u8]) -> Result<(), AwsError> {
        let (key, row) = self.checker.item(json)?;
        self.bytes += row.len();
        self.batch.push((key, row));
        if self.batch.len() >= BATCH.0 || self.bytes >= BATCH.1 { self.flush().await } else { Ok(()) }
    }

    async fn flush(&mut self) -> Result<(), AwsError> {
        let (batch, table) = (std::mem::take(&mut self.batch), self.checker.table.clone());
        self.bytes = 0;
        let write = move |txn: &mut Txn<'_>| {
            for (key, row) in batch {
                let size = Some(super::item::Row::read(&row)?.size);
                Stats::replace(txn, table.row.id, None, size)?;
                let indexes = keep(txn, &table, None, Some(&row))?;
                collection::grow(txn, &table, &key, index::growth(None, size), &indexes)?;
                txn.put(Rows::Items, key, row);
            }
            Ok::<_, AwsError>(())
        };
        self.service.0.store.write(write).await
    }

    /// Puts it in the place of the table of its name, or of none; `also` is in the same commit.
    pub async fn finish(
        mut self,
        also: impl FnOnce(&mut Txn<'_>) -> Result<(), AwsError> + Send + 'static,
    ) -> Result<(), AwsError> {
        self.flush().await?;
        let Self { service, checker: Checker { table, .. }, .. } = self;
        let now = service.0.clock.millis();
        let write = move |txn: &mut Txn<'_>| {
            if let Some(stored) = txn.get(Rows::Tables, &table.name.row_key())? {
                drop_table(txn, &Table::decode(table.name.clone(), stored)?, now)?;
            }
            let mut row = table.row.clone();
            open_stream(txn, &table.name, &mut row, now)?;
            open_ttl(txn, &table.name, &mut row)?;
            table.ids().for_each(|id| txn.delete(Rows::Meta, mark(id)));
            Table::store(txn, table.name, &row)?;
            also(txn)
        };
        service.0.store.write(write).await?;
        service.0.sweeper.resume();
        service.0.upkeep.wake();
        Ok(())
    }
}

/// Opens a new stream where the row says that there is one.
pub(super) fn open_stream(txn: &mut Txn<'_>, name: &TableName, row: &mut TableRow, now: u64) -> Result<(), AwsError> {
    match row.stream.take().and_then(|stream| stream.view) {
        Some(view) => stream::apply(txn, name, row, Specification::Enable(view), now),
        None => Ok(()),
    }
}

/// Puts the table on the list of those whose items expire where the row says so.
pub(super) fn open_ttl(txn: &mut Txn<'_>, name: &TableName, row: &mut TableRow) -> Result<(), AwsError> {
    match row.ttl.take() {
        Some(ttl) => match ttl.attribute {
            Some(attribute) => ttl::enable(txn, name, row, attribute, ttl.changed),
            None => Ok(()),
        },
        None => Ok(()),
    }
}

/// Deletes a table: it is gone at once; its rows follow in the background, or when nobody can take that back any more.
pub(super) fn drop_table(txn: &mut Txn<'_>, table: &Table, now: u64) -> Result<(), AwsError> {
    let kept = undo::note_end(txn, table)?;
    stream::end(txn, &table.row, now)?;
    ttl::forget(txn, &table.row);
    txn.delete(Rows::Tables, table.name.row_key());
    for id in table.ids() {
        txn.delete(Rows::TableStats, id.to_be_bytes().to_vec());
        index::backfill::dequeue(txn, id);
        if !kept {
            Sweeper::enqueue(txn, id);
        }
    }
    Ok(())
}

/// Leaves every table that is not finished to the sweeper.
pub fn sweep(txn: &mut Txn<'_>) -> Result<(), StoreError> {
    let marks: Vec<_> =
        txn.prefix(Rows::Meta, MARKS)?.map(|row| Ok(row?.key().to_vec())).collect::<Result<_, StoreError>>()?;
    for key in marks {
        if let Some(id) = key[MARKS.len()..].try_into().ok().map(u64::from_be_bytes) {
            Sweeper::enqueue(txn, id);
        }
        txn.delete(Rows::Meta, key);
    }
    Ok(())
}

fn mark(id: u64) -> Vec<u8> {
    [MARKS, &id.to_be_bytes()].concat()
}
