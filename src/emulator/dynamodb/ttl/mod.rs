//! Time to live: items whose time is past are deleted in the background.
//!
//! A table with TTL has an entry for each item that expires, in the order of time: finding what is due costs what is
//! due, however large the table. Every change of an item keeps its entry, so an item that got another time, or none, is
//! no longer found at its old one.

mod entry;
mod expiry;
mod filling;
mod registry;

pub use entry::keep;
pub use expiry::expire;
pub use registry::{TimeToLive, disable, enable, forget};
