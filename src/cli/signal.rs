//! Being told to stop.

/// Listens from now on for a signal that asks to end. What it gives ends once one has come.
pub(super) fn stop() -> impl Future<Output = ()> + Send {
    #[cfg(unix)]
    let mut term = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate());
    #[cfg(unix)]
    let interrupt = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::interrupt());
    #[cfg(windows)]
    let interrupt = tokio::signal::windows::ctrl_c();
    let interrupted = async move {
        match interrupt {
            Ok(mut interrupt) => drop(interrupt.recv().await),
            // A process that cannot hear signals ends by other means.
            Err(_) => std::future::pending().await,
        }
    };
    async move {
        #[cfg(unix)]
        if let Ok(term) = &mut term {
            tokio::select! {
                _ = term.recv() => {}
                () = interrupted => {}
            }
            return;
        }
        interrupted.await;
    }
}

/// The same, or that the terminal is gone or SIGQUIT came. Only for what is drawn on one: others may be meant to outlive it.
pub(super) fn hang_up_or_stop() -> impl Future<Output = ()> + Send {
    #[cfg(unix)]
    let hang_up = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::hangup());
    #[cfg(unix)]
    let quit = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::quit());
    let told = stop();
    async move {
        #[cfg(unix)]
        if let (Ok(mut hang_up), Ok(mut quit)) = (hang_up, quit) {
            tokio::select! {
                _ = hang_up.recv() => {}
                _ = quit.recv() => {}
                () = told => {}
            }
            return;
        }
        told.await;
    }
}

/// Reads standard input from now on, and ends once that does: whoever holds the other end of the pipe has closed it or is
/// gone, however it ended.
pub(super) fn end_of_input() -> std::io::Result<impl Future<Output = ()> + Send> {
    let (end, ended) = tokio::sync::oneshot::channel::<()>();
    // A thread of its own, because the runtime would wait for one of its own at the end.
    std::thread::Builder::new().name("parent".to_owned()).spawn(move || {
        // An input that cannot be read tells of a parent as little as one that has ended.
        let _ = std::io::copy(&mut std::io::stdin().lock(), &mut std::io::sink());
        drop(end);
    })?;
    Ok(async move { drop(ended.await) })
}
