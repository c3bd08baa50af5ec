//! What the benches share: the servers that they measure, and a small HTTP client.

#![allow(dead_code, reason = "each bench uses its own part of it")]

pub mod aws;
pub mod http;
pub mod many;
pub mod server;

use std::io::Write as _;

/// Says a line. A reader that has gone away is no error.
pub fn say(line: impl std::fmt::Display) {
    let _ = writeln!(std::io::stdout().lock(), "{line}");
}
