//! The dashboard without a server: a recorded journal plays in a loop, beside data that is made up.
//!
//! `cargo run --example demo -p footbridge-tui`

mod data;
mod play;

use std::sync::{Arc, Mutex};
use std::time::{SystemTime, UNIX_EPOCH};

use footbridge_tui::{Dashboard, Failure, Look, Options};

/// Milliseconds since the Unix epoch.
fn now() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
}

fn main() -> Result<(), Failure> {
    let played = Arc::new(Mutex::new(Vec::new()));
    let source = play::Play::new(Arc::clone(&played), now);
    let data = Arc::new(data::MadeUp::new(played));
    let look = Look::of_environment(|name| std::env::var(name).ok(), None, false);
    let options = Options { look, clock: Box::new(now), offset: 0, mouse: true };
    Dashboard::new(Box::new(source), data, options).run()
}
