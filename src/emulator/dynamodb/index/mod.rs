//! Secondary indexes. One is stored as a table is: its entries are rows under an id of its own, keyed by the index's key
//! attributes and then the table's, and hold what the index projects of an item.

pub mod backfill;
mod check;
mod declare;
mod entry;
mod keep;
mod row;
mod update;

pub use check::EMPTIED;
pub use declare::{Declared, check_together};
pub use entry::Index;
pub use keep::{IndexWrite, growth, keep};
pub use row::{IndexRow, IndexStatus, OnDemand, Projected};
pub use update::{IndexUpdate, drop_deleted, only_one};
