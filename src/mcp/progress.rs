//! How far a call is.

use std::sync::Arc;

use super::current;

/// Is told how far a call is: how much is done, and of how much where that is known. It must not block.
pub type Progress = Arc<dyn Fn(u64, Option<u64>) + Send + Sync>;

/// Tells whoever waits for the call at hand how far it is.
pub(crate) fn report(done: u64, total: Option<u64>) {
    if let Some(progress) = current::progress() {
        progress(done, total);
    }
}
