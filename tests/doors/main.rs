//! What stands at the doors: attacks from outside on a running endpoint.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on fails")]

#[path = "../common/mod.rs"]
mod common;
mod pages;
mod sessions;
mod signed;
mod wipe;
