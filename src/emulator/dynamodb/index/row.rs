//! An index as its table's row holds it.

use serde::{Deserialize, Serialize};

use crate::emulator::dynamodb::table::{Changes, Throughput};

/// An index as its table's row holds it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct IndexRow {
    /// What the keys of its entries start with; never used again after it.
    pub id: u64,
    /// AWS's `IndexName`.
    pub name: String,
    /// Whether it is a local secondary index; otherwise it is a global one.
    pub local: bool,
    /// The partition key's attributes: one, or up to four of a global index.
    pub hash: Vec<String>,
    /// The sort key's attributes: one of a local index, up to four of a global one.
    pub range: Vec<String>,
    /// What its entries hold beside the keys.
    pub projection: Projected,
    /// Its throughput where it is provisioned; local indexes share their table's.
    pub provisioned: Option<Throughput>,
    /// When that changed.
    #[serde(default)]
    pub changes: Changes,
    /// The most units a second that were asked for on demand.
    #[serde(default)]
    pub on_demand: Option<OnDemand>,
    /// What it was asked to be warm for.
    #[serde(default)]
    pub warm: Option<Throughput>,
    /// How far it is.
    pub status: IndexStatus,
}

/// How far an index is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum IndexStatus {
    /// Entries of items that were there before it are still being made.
    Creating,
    /// It holds all its entries.
    Active,
    /// Its entries are being deleted.
    Deleting,
}

/// What the entries of an index hold beside the keys.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Projected {
    /// The whole item.
    All,
    /// Nothing.
    KeysOnly,
    /// These attributes.
    Include(Vec<String>),
}

/// `OnDemandThroughput`: the most units a second. It is shown, and never throttles.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct OnDemand {
    /// `MaxReadRequestUnits`.
    pub read: Option<i64>,
    /// `MaxWriteRequestUnits`.
    pub write: Option<i64>,
}

impl OnDemand {
    /// These limits over the ones before: one that is not given stays, -1 takes one away. None where none is left.
    #[must_use]
    pub fn over(self, before: Option<Self>) -> Option<Self> {
        let limit = |given: Option<i64>, before: Option<i64>| given.or(before).filter(|units| *units != -1);
        let limits = Self {
            read: limit(self.read, before.and_then(|before| before.read)),
            write: limit(self.write, before.and_then(|before| before.write)),
        };
        (limits.read.is_some() || limits.write.is_some()).then_some(limits)
    }
}
