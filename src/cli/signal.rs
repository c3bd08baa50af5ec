//! Being told to stop.

/// Waits for a signal that asks to end.
pub(super) async fn stop() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut term) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = term.recv() => {}
                _ = tokio::signal::ctrl_c() => {}
            }
            return;
        }
    }
    if tokio::signal::ctrl_c().await.is_err() {
        // A process that cannot hear signals ends by other means.
        std::future::pending::<()>().await;
    }
}

/// The same, or that the terminal is gone. Only for what is drawn on one: others may be meant to outlive it.
pub(super) async fn hang_up_or_stop() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut hang_up) = signal(SignalKind::hangup()) {
            tokio::select! {
                _ = hang_up.recv() => {}
                () = stop() => {}
            }
            return;
        }
    }
    stop().await;
}
