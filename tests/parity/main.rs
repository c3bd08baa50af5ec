//! The same history of calls gives the same answers from the emulator and from every reference.
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs, reason = "a test fails by panicking")]
#![allow(clippy::disallowed_macros, reason = "what was compared is for who reads the test's output")]
#![allow(
    clippy::format_collect,
    clippy::redundant_closure_for_method_calls,
    clippy::unnecessary_literal_bound,
    clippy::unnecessary_wraps,
    reason = "plain is better than fast in a test"
)]

mod accepted;
#[path = "../support/account/mod.rs"]
mod account;
mod against_model;
mod aws;
mod call;
mod dynamodb;
mod endpoint;
mod engines;
mod judge;
mod judged;
mod names;
mod normal;
mod play;
mod reference;
mod regressions;
mod report;
mod s3;
mod script;
#[path = "../support/engines.rs"]
mod support;
mod wire;
