//! Somebody's own AWS account, with a guard before it: names of this run only, a budget of calls, and nothing left behind.
#![allow(dead_code, reason = "each test binary uses a part")]

pub mod clean;
pub mod guard;
pub mod ledger;
mod listing;
pub mod named;
mod open;

pub use open::{Account, Reached};

/// AWS's regions differ; this is the one that footbridge is compared with.
const REGION: &str = "us-east-1";

/// Milliseconds since the Unix epoch.
fn now() -> i64 {
    chrono::Utc::now().timestamp_millis()
}
