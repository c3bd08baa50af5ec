//! A person's yes: against a far side that stands in for AWS and counts what is written there, whatever a model or a broken
//! client tries, nothing is written without one; and each way to say it lets the call run exactly once.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on fails")]

mod allowed;
mod answered;
mod bound;
mod client;
mod covered;
mod effects;
mod forms;
mod kept;
mod program;
mod record;
mod seen;
#[path = "../mcp/program.rs"]
#[allow(dead_code, reason = "a part of it is used")]
mod server;
mod tried;
mod untrusted;
mod world;
