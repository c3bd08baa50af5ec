//! The dashboard's side of footbridge: calls from the journals of a data directory, what stands round them, what waits for a
//! person, the data.

mod approvals;
pub mod data;
mod feed;
mod halves;
mod journals;
mod places;
mod sessions;

pub use approvals::Approvals;
pub use journals::{Journals, Watched};
pub use places::Places;
pub use sessions::Sessions;

#[cfg(test)]
mod tests;
