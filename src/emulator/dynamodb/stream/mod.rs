//! DynamoDB Streams: what each change of an item leaves for those who follow a table.
//!
//! A stream outlives its being switched off, and its table, by a day, so it is stored apart from the table: a row that
//! describes it, found by name and by id, and its records in the order of the store's sequence, which no clock moves.

mod arn;
mod iterator;
mod position;
mod record;
mod row;
mod sequence;
mod specification;
mod trim;

pub use arn::StreamArn;
pub use iterator::{Position, ShardIterator};
pub use position::{find, horizon, is_trimmed, last, list, records, since};
pub use record::record;
pub use row::{Shard, StreamRow};
pub use sequence::{parse as parse_sequence, show as show_sequence};
pub use specification::{LatestStream, Specification, apply, describe, end};
pub use trim::trim;
