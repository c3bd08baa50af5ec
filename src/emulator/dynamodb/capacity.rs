//! Consumed capacity: units, and how answers show them.

use std::collections::BTreeMap;

use serde_json::{Map, Value as Json, json};

use super::request::Request;
use super::write::Written;

const READ_UNIT: usize = 4096;
const WRITE_UNIT: usize = 1024;

/// The units of reading `bytes` at once: one for each started 4 KB, half where the read is eventually consistent; at
/// least one.
#[must_use]
pub fn read_units(bytes: usize, consistent: bool) -> f64 {
    let units = units(bytes, READ_UNIT);
    if consistent { units } else { units / 2.0 }
}

/// The units of writing an item: one for each started 1 KB of the larger of its old and new image; at least one.
#[must_use]
pub fn write_units(old: Option<usize>, new: Option<usize>) -> f64 {
    units(old.max(new).unwrap_or(0), WRITE_UNIT)
}

fn units(bytes: usize, unit: usize) -> f64 {
    #[allow(clippy::cast_precision_loss, reason = "a request handles at most 16 MB")]
    let units = bytes.div_ceil(unit).max(1) as f64;
    units
}

/// How much of consumed capacity the caller wants to see.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wanted {
    /// Nothing.
    None,
    /// The sum.
    Total,
    /// The sum, and the table's and each index's share.
    Indexes,
}

impl Wanted {
    /// The request's `ReturnConsumedCapacity`.
    #[must_use]
    pub fn of(request: &Request) -> Self {
        match request.text("ReturnConsumedCapacity") {
            Some("TOTAL") => Self::Total,
            Some("INDEXES") => Self::Indexes,
            _ => Self::None,
        }
    }
}

/// What a transaction's items cost more than others: twice the units, on the table alone.
const TRANSACTION: f64 = 2.0;

/// Units of the two kinds.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
struct Units {
    read: f64,
    write: f64,
}

impl Units {
    fn plus(self, other: Self) -> Self {
        Self { read: self.read + other.read, write: self.write + other.write }
    }

    /// The members that show them; transactions show of which kind they are.
    fn show(self, transaction: bool) -> Map<String, Json> {
        let mut shown = Map::new();
        shown.insert("CapacityUnits".to_owned(), json!(self.read + self.write));
        if transaction {
            let kinds = [("ReadCapacityUnits", self.read), ("WriteCapacityUnits", self.write)];
            let kinds = kinds.into_iter().filter(|(_, units)| *units > 0.0);
            shown.extend(kinds.map(|(name, units)| (name.to_owned(), json!(units))));
        }
        shown
    }
}

/// The capacity that a request consumed on one table and its indexes, in units.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Consumed {
    transaction: bool,
    table: Units,
    local: BTreeMap<String, Units>,
    global: BTreeMap<String, Units>,
}

impl Consumed {
    /// Adds a read of the table itself.
    pub fn read(&mut self, units: f64) {
        let times = self.times();
        self.table.read += units * times;
    }

    /// Adds a read of an index.
    pub fn read_index(&mut self, name: &str, local: bool, units: f64) {
        self.index(name, local).read += units;
    }

    /// Adds a change of an item and what it changed in indexes, or the attempt at one.
    pub fn write(&mut self, written: &Written) {
        let times = self.times();
        self.table.write += write_units(written.old, written.new) * times;
        for index in &written.indexes {
            self.index(&index.name, index.local).write += index.units;
        }
    }

    fn index(&mut self, name: &str, local: bool) -> &mut Units {
        let arms = if local { &mut self.local } else { &mut self.global };
        arms.entry(name.to_owned()).or_default()
    }

    /// What the table's own units count.
    fn times(&self) -> f64 {
        if self.transaction { TRANSACTION } else { 1.0 }
    }

    /// `ConsumedCapacity` on the table of this name, where it is wanted.
    #[must_use]
    pub fn show(&self, table: &str, wanted: Wanted) -> Option<Json> {
        let indexes = self.local.values().chain(self.global.values());
        let total = indexes.fold(self.table, |sum, units| sum.plus(*units));
        let mut shown = Map::new();
        shown.insert("TableName".to_owned(), json!(table));
        shown.extend(total.show(self.transaction));
        match wanted {
            Wanted::None => return None,
            Wanted::Total => {}
            Wanted::Indexes => {
                shown.insert("Table".to_owned(), Json::Object(self.table.show(self.transaction)));
                for (name, arms) in [("LocalSecondaryIndexes", &self.local), ("GlobalSecondaryIndexes", &self.global)] {
                    if !arms.is_empty() {
                        let arms = arms.iter().map(|(name, units)| (name.clone(), units.show(self.transaction).into()));
                        shown.insert(name.to_owned(), Json::Object(arms.collect()));
                    }
                }
            }
        }
        Some(Json::Object(shown))
    }
}

/// The capacity that a request consumed on each of its tables, in the order in which it met them.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Bill {
    transaction: bool,
    tables: Vec<(String, Consumed)>,
}

impl Bill {
    /// Nothing yet, of a transaction.
    #[must_use]
    pub fn of_transaction() -> Self {
        Self { transaction: true, ..Self::default() }
    }

    /// What is consumed on the table of this name.
    pub fn on(&mut self, table: &str) -> &mut Consumed {
        let at = self.tables.iter().position(|(name, _)| name == table).unwrap_or_else(|| {
            let consumed = Consumed { transaction: self.transaction, ..Consumed::default() };
            self.tables.push((table.to_owned(), consumed));
            self.tables.len() - 1
        });
        &mut self.tables[at].1
    }

    /// The list of `ConsumedCapacity`, where it is wanted.
    #[must_use]
    pub fn show(&self, wanted: Wanted) -> Option<Vec<Json>> {
        let shown: Vec<_> = self.tables.iter().filter_map(|(name, consumed)| consumed.show(name, wanted)).collect();
        Some(shown).filter(|shown| !shown.is_empty())
    }
}

#[cfg(test)]
mod tests {
    use super::super::index::IndexWrite;
    use super::*;

    fn change(old: Option<usize>, new: Option<usize>) -> Written {
        Written { old, new, indexes: Vec::new(), collection: None }
    }

    #[test]
    fn units_are_rounded_up_each_and_halved_where_eventual() {
        assert_eq!((read_units(0, true), read_units(4096, true), read_units(4097, true)), (1.0, 1.0, 2.0));
        assert_eq!((read_units(0, false), read_units(4097, false)), (0.5, 1.0));
        assert_eq!((write_units(None, None), write_units(Some(1024), Some(1025))), (1.0, 2.0));
        assert_eq!((write_units(Some(5000), Some(1)), write_units(Some(1), None)), (5.0, 1.0));
    }

    #[test]
    fn a_transaction_counts_twice_on_the_table_and_says_of_which_kind() {
        let mut bill = Bill::of_transaction();
        bill.on("a").write(&change(None, Some(1500)));
        bill.on("b").read(1.0);
        assert_eq!(
            bill.show(Wanted::Indexes),
            Some(vec![
                json!({"TableName": "a", "CapacityUnits": 4.0, "WriteCapacityUnits": 4.0,
                    "Table": {"CapacityUnits": 4.0, "WriteCapacityUnits": 4.0}}),
                json!({"TableName": "b", "CapacityUnits": 2.0, "ReadCapacityUnits": 2.0,
                    "Table": {"CapacityUnits": 2.0, "ReadCapacityUnits": 2.0}}),
            ])
        );
        assert_eq!((bill.show(Wanted::None), Bill::default().show(Wanted::Total)), (None, None));
    }

    #[test]
    fn indexes_have_arms_of_their_own_that_count_once_in_transactions_too() {
        let index = |name: &str, local, units| IndexWrite { name: name.to_owned(), local, units, grown: 0 };
        let mut written = change(None, Some(100));
        written.indexes = vec![index("l", true, 1.0), index("g", false, 2.0)];
        let mut bill = Bill::of_transaction();
        bill.on("a").write(&written);
        let arm = |units: f64| json!({"CapacityUnits": units, "WriteCapacityUnits": units});
        assert_eq!(
            bill.show(Wanted::Indexes),
            Some(vec![json!({
                "TableName": "a", "CapacityUnits": 5.0, "WriteCapacityUnits": 5.0, "Table": arm(2.0),
                "LocalSecondaryIndexes": {"l": arm(1.0)}, "GlobalSecondaryIndexes": {"g": arm(2.0)},
            })])
        );
        let mut read = Consumed::default();
        read.read_index("g", false, 0.5);
        assert_eq!(
            read.show("a", Wanted::Indexes),
            Some(json!({
                "TableName": "a", "CapacityUnits": 0.5, "Table": {"CapacityUnits": 0.0},
                "GlobalSecondaryIndexes": {"g": {"CapacityUnits": 0.5}},
            }))
        );
    }
}
