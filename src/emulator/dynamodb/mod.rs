//! DynamoDB: the wire protocol, the operations and what they are made of.

mod account;
mod answer;
mod capacity;
mod collection;
pub mod constraint;
mod describe;
mod error;
pub mod expression;
mod guard;
mod index;
pub mod item;
pub mod key;
pub mod number;
pub mod operation;
mod page;
mod prepared;
mod read;
mod request;
mod schema;
mod service;
mod source;
mod stream;
pub mod survey;
mod sweep;
mod table;
mod tags;
mod throughput;
mod transaction;
mod ttl;
mod upkeep;
pub mod value;
mod wire;
pub mod wording;
mod write;

pub use service::{Service, clear};
pub use wire::{MAX_REQUEST, describe, handle, peek, refuse};
