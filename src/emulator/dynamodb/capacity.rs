//! Consumed capacity: units, and how answers show them.

use serde_json::{Value as Json, json};

use super::request::Request;

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

    /// `ConsumedCapacity` for `units` on a table, where it is wanted.
    #[must_use]
    pub fn show(self, table: &str, units: f64) -> Option<Json> {
        match self {
            Self::None => None,
            Self::Total => Some(json!({"TableName": table, "CapacityUnits": units})),
            Self::Indexes => {
                Some(json!({"TableName": table, "CapacityUnits": units, "Table": {"CapacityUnits": units}}))
            }
        }
    }
}
