//! What to do about a call that failed, or that gave nothing: the words that make the next one right.
//!
//! A teacher is asked after the call has failed, with its tool, its arguments and what it was about. `table.rs` says who
//! is asked for which error. Teaching costs one or two cheap reads and asks AWS for no permission that the call itself
//! does not need; a read that fails teaches nothing and hides nothing. What is stored, or somebody else's message, is
//! quoted and shortened wherever it stands in a sentence.

#![allow(clippy::unnecessary_wraps, reason = "the table has one type of teacher, and most may have nothing to say")]

mod arguments;
mod buckets;
mod case;
mod design;
mod empty;
mod expression;
mod indexes;
mod keys;
mod near;
mod objects;
mod operands;
mod query;
mod table;
mod tables;
mod values;

pub(super) use arguments::wrong as wrong_argument;
pub(super) use case::{Asked, describe, look};
pub(super) use empty::{Reading, said as said_of_nothing, said_of_no_item};
pub(super) use expression::{Kind, tokens};
pub(super) use near::none_begins_so;
pub(super) use objects::{near_key, nothing_begins_so};
pub(super) use table::said;
