//! What S3 and DynamoDB do, as functions that run unchanged wherever AWS's SDK gets an answer.
//!
//! A contract is given clients and a prefix for names ([`world::World`]), and nothing else: not that the place is empty,
//! nor that it is fast, nor that nobody else uses it. [`table`] lists them, and makes each one a test of each place:
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs, reason = "a test fails by panicking")]
#![allow(clippy::disallowed_macros, reason = "what was run is for who reads the test's output")]

#[path = "../support/account/mod.rs"]
mod account;
mod aws;
#[path = "../common/mod.rs"]
mod common;
#[path = "../support/engines.rs"]
mod support;

mod dynamodb;
mod engines;
mod place;
mod s3;
mod table;
mod world;
