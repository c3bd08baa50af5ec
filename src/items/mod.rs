//! Files of items: how they are read and written, and how their items come into a table.
//!
//! What a file holds is told by its content, not by its name:
//!
//! | content | items |
//! |---|---|
//! | one JSON object a line | each; also `{"Item": …}`, as AWS exports tables |
//! | a JSON array | its elements |
//! | JSON objects over several lines | each; of what `aws dynamodb scan` prints, its `Items`; of a file for `batch-write-item`, its puts |
//! | anything else, if its first line names the table's keys | CSV |
//!
//! All of these may be compressed (gzip). Items are natural or typed JSON ([`crate::json`]); numbers are taken with all of
//! their digits. In CSV an empty field is no attribute, keys have the table's types, a column `NAME:TYPE` has that type
//! (`N`, `BOOL`, `JSON`, …), and all else are strings, as AWS imports it.

mod batch;
mod csv;
mod cut;
mod decimal;
mod error;
mod exact;
mod keys;
mod load;
mod quotes;
mod read;
mod size;
mod write;

pub(crate) use batch::write as write_batch;
pub(crate) use batch::{BatchError, Patience, WRITES};
pub(crate) use csv::{Columns, Doubts};
pub(crate) use decimal::Decimal;
pub(crate) use error::ReadError;
pub(crate) use keys::{Keys, canonical};
pub(crate) use load::{Exists, Lanes, LoadError, Tally};
pub(crate) use read::{Format, Found, Row, read};
pub(crate) use size::{Sum, size};
pub(crate) use write::{CsvTable, Writer};

#[cfg(test)]
mod tests;
