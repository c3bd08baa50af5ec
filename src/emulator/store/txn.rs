//! One operation inside a batch: it reads, collects its write set, and writes nothing until it has succeeded.

use std::collections::BTreeMap;
use std::ops::Bound;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use redb::{ReadableTable, WriteTransaction};

use super::log::Log;
use super::snapshot::stored;
use super::{KeyRange, Read, Row, RowSource, Rows, StoreError, Table, as_slices, is_empty};

const SEQUENCE_KEY: &[u8] = b"sequence";

type OpenTable<'txn> = redb::Table<'txn, &'static [u8], &'static [u8]>;

/// Every table of a write transaction, opened once for the whole batch.
pub(super) struct Tables<'txn>(Vec<OpenTable<'txn>>);

impl<'txn> Tables<'txn> {
    pub(super) fn open(txn: &'txn WriteTransaction) -> Result<Self, StoreError> {
        Table::ALL.iter().map(|table| Ok(txn.open_table(table.definition())?)).collect::<Result<_, _>>().map(Self)
    }

    fn of(&self, table: Table) -> &OpenTable<'txn> {
        &self.0[table as usize]
    }

    /// Applies a write set that an operation has computed.
    pub(super) fn apply(&mut self, pending: Pending) -> Result<(), StoreError> {
        for (table, writes) in pending.0 {
            let open = &mut self.0[table as usize];
            if writes.cleared {
                open.retain(|_, _| false)?;
            }
            for (key, value) in writes.rows {
                match value {
                    Some(value) => drop(open.insert(key.as_slice(), value.as_slice())?),
                    None => drop(open.remove(key.as_slice())?),
                }
            }
        }
        Ok(())
    }
}

/// What an operation wants written, by table.
#[derive(Debug, Default)]
pub(super) struct Pending(BTreeMap<Table, Writes>);

/// What it wants written in one table.
#[derive(Debug, Default)]
struct Writes {
    /// Whether all that the table holds goes first.
    cleared: bool,
    /// A value for each key, or `None` to delete.
    rows: BTreeMap<Vec<u8>, Option<Vec<u8>>>,
}

impl Pending {
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// An operation's view of the store and its write set. Its reads see its own writes.
pub struct Txn<'a> {
    tables: &'a Tables<'a>,
    pending: Pending,
    rows_read: &'a Arc<AtomicU64>,
    /// What is noted of it, where a tool call makes it.
    pub(super) log: Option<Log>,
}

impl std::fmt::Debug for Txn<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Txn").field("pending", &self.pending).finish_non_exhaustive()
    }
}

impl<'a> Txn<'a> {
    pub(super) fn new(tables: &'a Tables<'a>, rows_read: &'a Arc<AtomicU64>) -> Self {
        Self { tables, pending: Pending::default(), rows_read, log: None }
    }

    pub(super) fn into_pending(self) -> Pending {
        self.pending
    }

    /// Writes a row when this operation succeeds.
    pub fn put(&mut self, table: Table, key: Vec<u8>, value: Vec<u8>) {
        self.pending.0.entry(table).or_default().rows.insert(key, Some(value));
    }

    /// Deletes a row when this operation succeeds. A row that is not there is no error.
    pub fn delete(&mut self, table: Table, key: Vec<u8>) {
        self.pending.0.entry(table).or_default().rows.insert(key, None);
    }

    /// Deletes every row of a table when this operation succeeds, those that it wrote before too.
    pub fn clear(&mut self, table: Table) {
        self.pending.0.insert(table, Writes { cleared: true, rows: BTreeMap::new() });
    }

    /// The next number of the store's one sequence: larger than any before, across restarts, whatever the clock says.
    pub fn next_sequence(&mut self) -> Result<u64, StoreError> {
        let next = last_sequence(self)? + 1;
        self.put(Table::Meta, SEQUENCE_KEY.to_vec(), next.to_be_bytes().to_vec());
        Ok(next)
    }

    /// Sees to it that the sequence goes on after `least`, and gives its last number.
    pub fn raise_sequence(&mut self, least: u64) -> Result<u64, StoreError> {
        let so_far = last_sequence(self)?;
        if least > so_far {
            self.put(Table::Meta, SEQUENCE_KEY.to_vec(), least.to_be_bytes().to_vec());
        }
        Ok(so_far.max(least))
    }
}

/// The last number that the store's sequence gave, 0 where it gave none.
pub fn last_sequence(read: &impl Read) -> Result<u64, StoreError> {
    let Some(row) = read.get(Table::Meta, SEQUENCE_KEY)? else { return Ok(0) };
    let last = row.as_slice().try_into().map(u64::from_be_bytes);
    last.map_err(|_| StoreError::Damaged { table: "meta", what: "the sequence".into() })
}

impl Read for Txn<'_> {
    fn get(&self, table: Table, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
        if let Some(pending) = self.pending.0.get(&table) {
            match pending.rows.get(key) {
                Some(row) => return Ok(row.clone()),
                None if pending.cleared => return Ok(None),
                None => {}
            }
        }
        Ok(self.tables.of(table).get(key)?.map(|value| value.value().to_vec()))
    }

    fn range(&self, table: Table, range: KeyRange, reverse: bool) -> Result<Rows<'_>, StoreError> {
        if is_empty(&range) {
            return Ok(Box::new(std::iter::empty()));
        }
        let writes = self.pending.0.get(&table);
        let base: Rows<'_> = if writes.is_some_and(|writes| writes.cleared) {
            Box::new(std::iter::empty())
        } else {
            stored(self.tables.of(table).range::<&[u8]>(as_slices(&range))?, reverse, self.rows_read)
        };
        let Some(writes) = writes else { return Ok(base) };
        let pending = writes.rows.range::<[u8], (Bound<&[u8]>, Bound<&[u8]>)>(as_slices(&range));
        if reverse { Ok(overlay(base, pending.rev(), true)) } else { Ok(overlay(base, pending, false)) }
    }
}

/// Merges rows of the store with pending ones, which win.
fn overlay<'a>(
    base: Rows<'a>,
    pending: impl Iterator<Item = (&'a Vec<u8>, &'a Option<Vec<u8>>)> + 'a,
    reverse: bool,
) -> Rows<'a> {
    let mut base = base.peekable();
    let mut pending = pending.peekable();
    Box::new(std::iter::from_fn(move || {
        loop {
            let order = match (base.peek(), pending.peek()) {
                (Some(Err(_)), _) | (_, None) => return base.next(),
                (None, Some(_)) => std::cmp::Ordering::Greater,
                (Some(Ok(row)), Some((key, _))) => {
                    let order = row.key().cmp(key.as_slice());
                    if reverse { order.reverse() } else { order }
                }
            };
            if order.is_lt() {
                return base.next();
            }
            if order.is_eq() {
                base.next();
            }
            if let Some((key, Some(value))) = pending.next() {
                return Some(Ok(Row(RowSource::Pending(key.clone(), value.clone()))));
            }
        }
    }))
}
