//! The lines of standard input and output: one JSON-RPC message each.
//!
//! The protocol's library takes what it understands. What it would leave without an answer is answered here, with the
//! id that stands in it: a client that waits for an answer waits for minutes.

mod batch;
mod glimpse;
mod judge;
mod output;
mod params;
mod reader;
mod transport;

pub(super) use judge::{Fault, no_message, unreadable};
pub(super) use params::{fault as params_fault, is_bare_list};
pub(super) use transport::Lines;
