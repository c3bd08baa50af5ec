//! The dashboard's data, asked as the dashboard asks it.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking, in its helpers too")]

mod door;
mod http;
mod network;
mod objects;
mod query;
mod stream;
mod transfer;
mod world;
mod write;
