//! What calls cost: `ConsumedCapacity` as AWS's guide counts it.
//!
//! A write costs a unit for each started KB of the larger of the item before and after, and as much for each index entry
//! that it changes. A read costs a unit for each started 4 KB, half where it is eventually consistent. A transaction costs
//! twice as much on the table.

use std::collections::BTreeMap;

use serde_json::{Map, Value as Json, json};

const READ: usize = 4096;
const WRITE: usize = 1024;

/// What was consumed on each table, in the order in which tables were met.
#[derive(Debug, Default)]
pub struct Costs {
    transaction: bool,
    tables: Vec<(String, Cost)>,
}

/// What was consumed on one table: on itself, and on its indexes by list and name.
#[derive(Debug, Clone, Default)]
pub struct Cost {
    table: f64,
    indexes: BTreeMap<(&'static str, String), f64>,
}

fn started(bytes: usize, of: usize) -> f64 {
    f64::from(u32::try_from(bytes.div_ceil(of).max(1)).expect("few units"))
}

/// The units of a write of so many bytes.
pub fn write_units(bytes: usize) -> f64 {
    started(bytes, WRITE)
}

/// The units of a read of so many bytes.
pub fn read_units(bytes: usize, consistent: bool) -> f64 {
    started(bytes, READ) * if consistent { 1.0 } else { 0.5 }
}

impl Cost {
    pub fn of_table(units: f64) -> Self {
        Self { table: units, ..Self::default() }
    }

    pub fn add(&mut self, units: f64) {
        self.table += units;
    }

    pub fn add_index(&mut self, name: &str, local: bool, units: f64) {
        let list = if local { "LocalSecondaryIndexes" } else { "GlobalSecondaryIndexes" };
        *self.indexes.entry((list, name.to_owned())).or_default() += units;
    }
}

impl Costs {
    pub fn of_transaction() -> Self {
        Self { transaction: true, ..Self::default() }
    }

    pub fn add(&mut self, table: &str, cost: Cost) {
        let times = if self.transaction { 2.0 } else { 1.0 };
        let at = self.tables.iter().position(|(name, _)| name == table).unwrap_or_else(|| {
            self.tables.push((table.to_owned(), Cost::default()));
            self.tables.len() - 1
        });
        let sum = &mut self.tables[at].1;
        sum.table += cost.table * times;
        for (index, units) in cost.indexes {
            *sum.indexes.entry(index).or_default() += units;
        }
    }

    /// Puts them into an output where the input asks for them: of `Query` and such as one, of batches as a list. `kind`
    /// is `Read` or `Write`, which only transactions tell.
    pub fn tell(&self, input: &Json, kind: &str, many: bool, output: &mut Json) {
        let each = match input["ReturnConsumedCapacity"].as_str() {
            Some("TOTAL") => false,
            Some("INDEXES") => true,
            _ => return,
        };
        let units = |units: f64| {
            let mut shown = Map::from_iter([("CapacityUnits".to_owned(), json!(units))]);
            if self.transaction {
                shown.insert(format!("{kind}CapacityUnits"), json!(units));
            }
            shown
        };
        let told = self.tables.iter().map(|(name, cost)| {
            let mut shown = units(cost.table + cost.indexes.values().sum::<f64>());
            shown.insert("TableName".to_owned(), name.as_str().into());
            if each {
                shown.insert("Table".to_owned(), units(cost.table).into());
                for ((list, index), cost) in &cost.indexes {
                    let list = shown.entry((*list).to_owned()).or_insert_with(|| json!({}));
                    list[index] = units(*cost).into();
                }
            }
            Json::Object(shown)
        });
        let mut told: Vec<Json> = told.collect();
        output["ConsumedCapacity"] = if many { told.into() } else { told.remove(0) };
    }
}
