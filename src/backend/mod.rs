//! The backend selector.

pub mod aws;
mod error;

pub use error::{BridgeError, BridgeErrorKind};
