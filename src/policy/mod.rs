//! The IAM policy for what a journal shows: the least that lets the same calls through again.
//!
//! [`Needs`] takes calls and knows what IAM asks of them (see [`access`](crate::emulator::access)); [`Document`] is the
//! policy, its statements as few and short as they can be; [`terraform`] writes it down together with the tables and
//! buckets that it is about. Policies follow AWS's grammar of the JSON policy language
//! (<https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html>).

mod arn;
mod document;
mod keys;
mod needs;
pub mod terraform;

pub use arn::Place;
pub use document::{Document, LARGEST, Statement};
pub use keys::Keys;
pub use needs::{InUse, Needs, Options};

#[cfg(test)]
mod tests;
