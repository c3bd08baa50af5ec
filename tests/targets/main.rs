//! Several targets behind one server: each reached by its name, with its own data, mode and allow-lists.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking, in its helpers too")]

mod aws;
mod choice;
mod copies;
mod lists;
mod machine;
#[allow(dead_code, reason = "what the tests of one target need besides")]
#[path = "../mcp/program.rs"]
mod program;
mod trust;
