//! How far a call is.

use std::sync::Arc;

use super::current;

/// Is told how far a call is: how much is done, and of how much where that is known. It must not block.
pub type Progress = Arc<dyn Fn(u64, Option<u64>) + Send + Sync>;

/// Tells whoever waits for the call at hand how far it is.
pub(crate) fn report(done: u64, total: Option<u64>) {
    if let Some(progress) = current::progress() {
        let waited = current::seconds_waited();
        progress(done.saturating_add(waited), total.map(|total| total.saturating_add(waited)));
    }
}

/// Tells whoever waits for the call at hand that it waits for a person, this second of so many. What the call says of itself
/// then counts on from there: its client wants each figure above the last.
pub(super) fn wait(second: u64, of: u64) {
    current::waited(second);
    if let Some(progress) = current::progress() {
        progress(second, Some(of));
    }
}
