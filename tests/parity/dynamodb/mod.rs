//! Histories of DynamoDB calls, and the model of what they do.

pub mod generate;
pub mod model;
pub mod stored;
