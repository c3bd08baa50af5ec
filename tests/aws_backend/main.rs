//! The AWS backend without AWS: every server that the SDK's provider chain speaks to is one of ours, reached by the
//! SDK's own variables, in an environment that holds nothing else.

#![allow(clippy::unwrap_used, clippy::expect_used)] // A helper of a test fails as the test would.

mod endpoints;
mod fake;
mod faults;
#[path = "../support/port.rs"]
mod port;
mod providers;
mod renewal;
mod repository;
mod served;
mod signature;
mod world;
