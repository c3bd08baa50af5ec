//! The program as a person meets it in a shell.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking, in its helpers too")]

mod calls;
mod completions;
mod documents;
mod examples;
mod healthcheck;
mod install;
mod messages;
mod parent;
mod reset;
mod running;
mod world;
