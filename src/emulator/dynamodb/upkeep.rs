//! What time brings about, in the background: items expire, and stream records are trimmed.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::gate::Gate;
use super::table::Catalogue;
use super::{stream, ttl};
use crate::clock::Clock;
use crate::emulator::error::AwsError;
use crate::emulator::store::Store;

/// Between two looks while a table has TTL. AWS lets days pass; nobody at a desk wants to wait so long.
const EXPIRY: Duration = Duration::from_secs(1);
/// Between two looks while there are streams. What is too old is not shown meanwhile.
const TRIMMING: Duration = Duration::from_mins(1);

/// Does what time brings about, by the clock that was passed in.
#[derive(Debug, Clone)]
pub struct Upkeep(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    store: Store,
    catalogue: Arc<Catalogue>,
    clock: Arc<dyn Clock>,
    gate: Gate,
    wake: Notify,
    /// One pass at a time.
    pass: tokio::sync::Mutex<()>,
    stop: CancellationToken,
    tasks: TaskTracker,
}

impl Upkeep {
    /// Starts the background work. Must be called inside a tokio runtime.
    #[must_use]
    pub fn start(store: Store, catalogue: Arc<Catalogue>, clock: Arc<dyn Clock>, gate: Gate) -> Self {
        let inner = Inner {
            store,
            catalogue,
            clock,
            gate,
            wake: Notify::new(),
            pass: tokio::sync::Mutex::new(()),
            stop: CancellationToken::new(),
            tasks: TaskTracker::new(),
        };
        let upkeep = Self(Arc::new(inner));
        let (inner, stop) = (Arc::clone(&upkeep.0), upkeep.0.stop.clone());
        upkeep.0.tasks.spawn(async move { stop.run_until_cancelled(inner.go_on()).await });
        upkeep
    }

    /// Says that there may be something to look after where there was nothing.
    pub fn wake(&self) {
        self.0.wake.notify_one();
    }

    /// Does everything that is due by the clock.
    pub async fn run(&self) -> Result<(), AwsError> {
        self.0.once().await.map(drop)
    }

    /// Ends the work between two batches.
    pub async fn close(&self) {
        self.0.stop.cancel();
        self.0.tasks.close();
        self.0.tasks.wait().await;
    }
}

impl Inner {
    async fn go_on(&self) {
        loop {
            let step = self.gate.step().await;
            let pause = match self.once().await {
                Ok(pause) => pause,
                // What failed now is still due the next time.
                Err(error) => {
                    tracing::warn!(%error, "expiring items and trimming streams stopped");
                    Some(TRIMMING)
                }
            };
            drop(step);
            match pause {
                Some(pause) => drop(tokio::time::timeout(pause, self.wake.notified()).await),
                None => self.wake.notified().await,
            }
        }
    }

    /// One pass; how long to wait for the next, or `None` while there is nothing to look after.
    async fn once(&self) -> Result<Option<Duration>, AwsError> {
        let _pass = self.pass.lock().await;
        let expiring = ttl::expire(&self.store, &self.catalogue, &self.clock).await?;
        let streaming = stream::trim(&self.store, self.clock.millis()).await?;
        Ok(if expiring { Some(EXPIRY) } else { streaming.then_some(TRIMMING) })
    }
}
