//! The backend selector.

mod error;

pub use error::{BridgeError, BridgeErrorKind};
