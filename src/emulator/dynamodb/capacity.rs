//! Consumed capacity: units, and how answers show them.

use serde_json::{Value as Json, json};

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

/// The capacity that a request consumed on one table, in units.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Consumed {
    table: f64,
}

impl Consumed {
    /// Adds a read of the table itself.
    pub fn read(&mut self, units: f64) {
        self.table += units;
    }

    /// Adds a change of an item.
    pub fn write(&mut self, written: &Written) {
        self.table += write_units(written.old, written.new);
    }

    /// Adds a write that was refused, or changed nothing, at the cost of an item of `size` bytes.
    pub fn write_nothing(&mut self, size: Option<usize>) {
        self.table += write_units(size, None);
    }

    /// `ConsumedCapacity` on the table of this name, where it is wanted.
    #[must_use]
    pub fn show(&self, table: &str, wanted: Wanted) -> Option<Json> {
        let mut shown = json!({"TableName": table, "CapacityUnits": self.table});
        match wanted {
            Wanted::None => return None,
            Wanted::Total => {}
            Wanted::Indexes => shown["Table"] = json!({"CapacityUnits": self.table}),
        }
        Some(shown)
    }
}
