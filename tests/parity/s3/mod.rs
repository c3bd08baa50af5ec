//! Histories of S3 calls, and the model of what they do.

pub mod commands;
pub mod generate;
#[path = "../../s3/harness.rs"]
#[allow(dead_code, reason = "of what S3's own tests use, only the service is needed here")]
mod harness;
pub mod model;
mod settled;
