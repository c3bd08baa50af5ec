//! The MCP server from the outside: what it lists, what it refuses, how it pages, and what stands on its stdout.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking, in its helpers too")]
#![allow(clippy::format_collect, reason = "a file is written as its lines, and how fast is all the same")]

mod bulk;
mod catalogue;
mod codes;
mod distorted;
mod door;
mod files;
mod http;
mod indexes;
mod lines;
mod list;
mod loads;
mod matching;
mod mistakes;
mod objects;
mod offered;
mod paging;
mod program;
mod progress;
mod resources;
mod start;
mod stdio;
mod support;
mod table;
#[path = "../tasks/mod.rs"]
mod tasks;
mod teach;
mod tools;
mod untrusted;
