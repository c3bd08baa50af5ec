//! What tools do alike that work on many items or objects in one call.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use serde_json::Value;

use crate::mcp::error::ToolError;
use crate::mcp::progress;
use crate::mcp::quoted;
use crate::mcp::tool::TRANSFER;

/// How long they work. The call's own limit comes later, so that they can say how far they came.
pub(super) const LIMIT: Duration = TRANSFER.saturating_sub(Duration::from_secs(10));
/// How many requests are under way at once.
pub(super) const AT_ONCE: usize = 16;
/// How often is told how far they are.
const TOLD_EVERY: Duration = Duration::from_millis(500);

/// Does `work` and tells how far it is; nothing comes of it where it takes longer than `limit`.
pub(super) async fn watched<T>(
    limit: Duration,
    work: impl Future<Output = T>,
    so_far: impl Fn() -> (u64, Option<u64>),
) -> Option<T> {
    let mut work = std::pin::pin!(work);
    let mut end = std::pin::pin!(tokio::time::sleep(limit));
    let mut ticks = tokio::time::interval(TOLD_EVERY);
    // The first comes at once.
    ticks.tick().await;
    let report = || {
        let (done, total) = so_far();
        progress::report(done, total);
    };
    loop {
        tokio::select! {
            biased;
            done = &mut work => {
                report();
                return Some(done);
            }
            () = &mut end => return None,
            _ = ticks.tick() => report(),
        }
    }
}

/// The error of a call that worked as long as it may.
pub(super) fn timed_out(how_far: &str) -> ToolError {
    let mut error = ToolError::new("timed_out", format!("no end after {} s ({how_far})", LIMIT.as_secs()));
    error.retryable = true;
    error
}

/// The error that ended a call half way: what is done, and how to go on.
pub(super) fn half_way(error: ToolError, done: &str, go_on: &str) -> ToolError {
    error.after(&format!("{done}; {go_on}"))
}

/// Work on a thread of its own, which ends once nobody waits for it any more.
pub(super) async fn blocking<T: Send + 'static>(
    work: impl FnOnce(&AtomicBool) -> T + Send + 'static,
) -> Result<T, ToolError> {
    struct Over(Arc<AtomicBool>);
    impl Drop for Over {
        fn drop(&mut self) {
            self.0.store(true, Ordering::Relaxed);
        }
    }
    let over = Over(Arc::default());
    let seen = Arc::clone(&over.0);
    let done = tokio::task::spawn_blocking(move || work(&seen)).await;
    done.map_err(|error| ToolError::new("internal", error.to_string()))
}

/// A text of others in a summary, shortened.
pub(super) fn short(text: &str) -> Value {
    quoted::short(text, 160).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn work_that_takes_too_long_ends_and_says_how_far_it_came() {
        let endless = std::future::pending::<()>();
        assert_eq!(watched(Duration::ZERO, endless, || (3, None)).await, None);
        assert!(LIMIT < TRANSFER);
        let error = timed_out("3 items written");
        assert!(error.retryable && error.message.contains("3 items written"), "{error}");
        assert_eq!(watched(LIMIT, std::future::ready(7), || (3, None)).await, Some(7));
    }
}
