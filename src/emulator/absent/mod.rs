//! Services that footbridge does not have: what their clients are told, in the protocol that they speak.

mod answer;
mod protocol;
#[cfg(test)]
mod tests;

pub use answer::{not_here, refuse};
pub use protocol::Spoken;
