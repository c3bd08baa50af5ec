//! The MCP server from the outside: what it lists, what it refuses, how it pages, and what stands on its stdout.

mod catalogue;
mod door;
mod files;
mod paging;
mod stdio;
mod support;
mod tools;
