//! What comes from outside, wrong in every way: nothing panics, hangs or ends in an error of ours, each answer is one of
//! its protocol, and what is asked next is answered.
//!
//! Each target makes valid input and then changes some of it. In `cargo test` it is a few hundred inputs, the same ones
//! each time; `FOOTBRIDGE_FUZZ_CASES=100000 FOOTBRIDGE_FUZZ_SEED=random cargo test --test fuzz` looks further. What fails
//! is said with the seed that finds it again.
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs, reason = "a test fails by panicking")]
#![allow(clippy::disallowed_macros, reason = "a program that hangs is ended with the reason")]

mod change;
mod chunked;
mod config;
mod dynamodb;
mod expression;
mod forms;
mod http_head;
mod journal;
mod json;
mod mcp;
mod s3_xml;
mod signatures;
mod target;

#[path = "../support/dynamodb.rs"]
mod dynamo;
#[allow(dead_code, reason = "a part of it is used")]
#[path = "../s3/form.rs"]
mod form;
#[allow(dead_code, reason = "a part of it is used")]
#[path = "../s3/harness.rs"]
mod harness;
#[allow(dead_code, reason = "a part of it is used")]
#[path = "../mcp/support.rs"]
mod session;
