//! Histories of S3 calls, and the model of what they do.

pub mod generate;
pub mod model;
