//! The MCP server from the outside: what it lists, what it refuses, how it pages, and what stands on its stdout.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking, in its helpers too")]

mod catalogue;
mod door;
mod files;
mod indexes;
mod lines;
mod list;
mod paging;
mod program;
mod start;
mod stdio;
mod support;
mod tools;
