//! The emulator: AWS's S3, DynamoDB and STS at the HTTP boundary.

pub mod absent;
pub mod access;
pub mod auth;
pub mod body;
pub mod call;
pub mod control;
mod core;
pub mod dynamodb;
pub mod endpoint;
pub mod error;
pub mod fsck;
pub mod heard;
pub mod inventory;
pub mod inverse;
pub mod observer;
pub mod pages;
pub mod place;
pub mod region;
pub mod reset;
pub mod s3;
pub mod snapshot;
pub mod store;
pub mod sts;
pub mod undo;
mod unique;
mod xml;

pub use self::core::{Emulator, Location, OpenError, Options};
pub use s3::OpenNotice;
pub use store::log::ToolCall;
