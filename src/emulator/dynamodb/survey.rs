//! Tables and their indexes against the items that are there: counts, sizes and entries. For whoever checks a data
//! directory.

use std::collections::BTreeSet;

use super::index::IndexStatus;
use super::item::{self, Row};
use super::key::table_prefix;
use super::table::{Stats, Table, TableName};
use crate::emulator::store::{Read, StoreError, Table as Rows, Txn};

/// What the items say of their tables.
#[derive(Debug, Default)]
pub struct Survey {
    /// How many tables there are.
    pub tables: u64,
    /// How many items they have.
    pub items: u64,
    /// What is wrong with them.
    pub faults: Vec<Fault>,
}

/// Something that is wrong with a table or an index.
#[derive(Debug)]
pub enum Fault {
    /// A row does not decode.
    Damaged {
        /// What row, for a person.
        what: String,
    },
    /// Number and size of items are counted wrongly.
    Stats {
        /// The table or the index, for a person.
        of: String,
        /// How to put it right.
        fix: Fix,
    },
    /// An index has not exactly the entries that the items make.
    Entries {
        /// The index, for a person.
        of: String,
        /// How many entries are missing or differ.
        missing: usize,
        /// How many belong to no item.
        surplus: usize,
        /// How to put it right.
        fix: Fix,
    },
}

/// Writes that put something right.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Fix {
    entries: Vec<(Vec<u8>, Option<Vec<u8>>)>,
    stats: Option<(u64, Stats)>,
}

impl Fix {
    /// Puts it right.
    pub fn apply(self, txn: &mut Txn<'_>) {
        for (key, row) in self.entries {
            match row {
                Some(row) => txn.put(Rows::Items, key, row),
                None => txn.delete(Rows::Items, key),
            }
        }
        if let Some((id, stats)) = self.stats {
            stats.store(txn, id);
        }
    }
}

impl Survey {
    /// Reads every table, item and index entry.
    pub fn of(read: &impl Read) -> Result<Self, StoreError> {
        let mut survey = Self::default();
        for row in read.prefix(Rows::Tables, &[])? {
            let row = row?;
            let named = TableName::of_row_key(row.key()).map(|(name, _)| name);
            let Some(Ok(table)) = named.map(|name| Table::decode(name, row.value().to_vec())) else {
                survey.faults.push(Fault::Damaged { what: "the row of a DynamoDB table".to_owned() });
                continue;
            };
            survey.tables += 1;
            survey.look_at(read, &table)?;
        }
        Ok(survey)
    }

    fn look_at(&mut self, read: &impl Read, table: &Table) -> Result<(), StoreError> {
        let TableName { account, region, name } = &table.name;
        let name = format!("table {name} ({account}, {region})");
        // One that is still being made or deleted is somewhere in between.
        let active: Vec<_> = table.indexes.iter().filter(|index| index.row.status == IndexStatus::Active).collect();
        let mut wanted: Vec<Entries> = active.iter().map(|_| Entries::default()).collect();
        let mut stats = Stats::default();
        let mut unreadable = 0;
        for row in read.prefix(Rows::Items, &table_prefix(table.row.id))? {
            let row = row?;
            stats.items += 1;
            let (Ok(head), Ok(item)) = (Row::read(row.value()), item::decode(row.value())) else {
                unreadable += 1;
                continue;
            };
            stats.bytes += head.size as u64;
            for (index, entries) in active.iter().zip(&mut wanted) {
                if let Some(entry) = index.entry(&item, row.value()) {
                    entries.compare(read, entry.key, entry.row)?;
                }
            }
        }
        self.items += stats.items;
        if unreadable > 0 {
            // Their entries in indexes are all that is left of them, and nothing may take them for surplus.
            self.faults.push(Fault::Damaged { what: format!("{unreadable} items of {name}") });
            return Ok(());
        }
        self.count(read, &name, table.row.id, stats)?;
        for (index, entries) in active.iter().zip(wanted) {
            let of = format!("index {} of {name}", index.row.name);
            self.finish(read, of, index.row.id, entries)?;
        }
        Ok(())
    }

    /// Compares the counts of a table or an index.
    fn count(&mut self, read: &impl Read, of: &str, id: u64, counted: Stats) -> Result<(), StoreError> {
        if Stats::load(read, id)? != counted {
            let fix = Fix { stats: Some((id, counted)), ..Fix::default() };
            self.faults.push(Fault::Stats { of: of.to_owned(), fix });
        }
        Ok(())
    }

    /// Looks for entries of an index that belong to no item, and at its counts.
    fn finish(&mut self, read: &impl Read, of: String, id: u64, wanted: Entries) -> Result<(), StoreError> {
        let Entries { keys, stats, missing } = wanted;
        let mut surplus = Vec::new();
        for row in read.prefix(Rows::Items, &table_prefix(id))? {
            let row = row?;
            if !keys.contains(row.key()) {
                surplus.push(row.key().to_vec());
            }
        }
        if missing.is_empty() && surplus.is_empty() {
            return self.count(read, &of, id, stats);
        }
        let counts = (missing.len(), surplus.len());
        let entries = missing.into_iter().map(|(key, row)| (key, Some(row)));
        let entries = entries.chain(surplus.into_iter().map(|key| (key, None))).collect();
        let fix = Fix { entries, stats: Some((id, stats)) };
        self.faults.push(Fault::Entries { of, missing: counts.0, surplus: counts.1, fix });
        Ok(())
    }
}

/// The entries that an index should have.
#[derive(Default)]
struct Entries {
    keys: BTreeSet<Vec<u8>>,
    stats: Stats,
    /// Those that are not there, or not so.
    missing: Vec<(Vec<u8>, Vec<u8>)>,
}

impl Entries {
    fn compare(&mut self, read: &impl Read, key: Vec<u8>, row: Vec<u8>) -> Result<(), StoreError> {
        self.stats.items += 1;
        // An entry of ours always has a head.
        self.stats.bytes += Row::read(&row).map_or(0, |row| row.size) as u64;
        if read.get(Rows::Items, &key)?.as_deref() != Some(row.as_slice()) {
            self.missing.push((key.clone(), row));
        }
        self.keys.insert(key);
        Ok(())
    }
}
