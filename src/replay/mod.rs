//! Recorded calls made again, and answers compared.
//!
//! [`Script`] reads the calls of a journal, [`Replay`] makes them through a bridge one by one, [`Comparer`] says where
//! two answers differ, [`align`] pairs the calls of two journals. What is not compared literally stands in `normal` and
//! nowhere else.

mod align;
mod compare;
mod diff;
mod endpoint;
mod error;
mod excerpted;
mod follow;
mod normal;
mod run;
mod scan;
mod script;
mod skip;
mod step;

pub use align::{Pair, align};
pub use compare::{Comparer, Comparison, Difference, Side};
pub use diff::diff;
pub use error::ReplayError;
pub use run::{Again, Fate, Replay, Stop, one};
pub use script::{Choice, Script};
pub use skip::Skip;
pub use step::{Step, Summary, Verdict};

#[cfg(test)]
mod tests;
