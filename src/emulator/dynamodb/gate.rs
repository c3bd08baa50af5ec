//! A hold on what goes on in the background, for those who look at what is under way.

use std::sync::Arc;

use tokio::sync::{OwnedRwLockWriteGuard, RwLock, RwLockReadGuard};

/// Background work takes each of its steps with this open. All clones are one gate.
#[derive(Debug, Clone, Default)]
pub struct Gate(Arc<RwLock<()>>);

/// While this lives, no step is taken.
#[derive(Debug)]
#[must_use]
pub struct Held(#[expect(dead_code, reason = "held for what its drop does")] OwnedRwLockWriteGuard<()>);

impl Gate {
    /// Waits until nobody holds the background work. Whoever wants to hold it waits for the end of this step.
    pub async fn step(&self) -> RwLockReadGuard<'_, ()> {
        self.0.read().await
    }

    /// Holds the background work, once the steps under way are done.
    pub async fn hold(&self) -> Held {
        Held(Arc::clone(&self.0).write_owned().await)
    }
}
