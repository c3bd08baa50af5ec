//! What TransactWriteItems and TransactGetItems are made of.

pub mod action;
pub mod cancel;
pub mod flights;
pub mod tokens;
