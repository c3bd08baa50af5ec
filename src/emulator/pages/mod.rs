//! Web pages: which one asks, what it may do, and what a browser may make of an answer.
//!
//! A browser sends any page's requests to loopback. The endpoint finds out [`Who`] asks and marks the request with it;
//! [`allows`] is the one rule, held where the key is known. A request without the mark is a program's: those in process
//! and those of the attach listener have none, but what an endpoint forwarded.

mod inert;
mod refusal;
mod rule;
mod sender;
#[cfg(test)]
mod tests;

pub use inert::make_inert;
pub use refusal::refused;
pub use rule::{Key, What, allows};
pub use sender::Who;
