//! The client of the call at hand, as far as it may have left.

use tokio_util::sync::CancellationToken;

tokio::task_local! {
    static GONE: CancellationToken;
}

/// Makes a call for a client of whom `gone` tells that it has left.
pub(in crate::mcp) async fn for_client<F: Future>(gone: CancellationToken, call: F) -> F::Output {
    GONE.scope(gone, call).await
}

/// Ends once the client of the call at hand has left.
pub(super) async fn gone() {
    match GONE.try_with(Clone::clone) {
        Ok(gone) => gone.cancelled_owned().await,
        Err(_) => std::future::pending().await,
    }
}
