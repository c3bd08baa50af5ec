//! The S3 service: what every operation works with.

use std::sync::Arc;

use super::blobs::{BlobError, BlobId, Blobs, Reserved};
use super::catalogue::{BlobRow, Change, Released};
use super::ingest::{self, Claims, Stored};
use super::keeper::Keeper;
use crate::clock::{Clock, Ids};
use crate::emulator::body::Body;
use crate::emulator::error::AwsError;
use crate::emulator::store::{Snapshot, Store};

/// S3 over a store of rows and a store of bodies. Cheap to clone; all clones are one service.
#[derive(Debug, Clone)]
pub struct Service {
    core: Arc<Core>,
}

impl Service {
    /// Starts the service and its background task over rows and bodies that [belong together](super::agreement). Must be
    /// called inside a tokio runtime.
    ///
    /// What an earlier process left unfinished is taken up in the background: bodies that still ride in the store are
    /// moved, and blobs that were begun and that no row knows are deleted.
    #[must_use]
    pub fn new(store: Store, blobs: Blobs, clock: Arc<dyn Clock>, ids: Arc<dyn Ids>) -> Self {
        if let Err(error) = blobs.clear_unfinished() {
            tracing::warn!(%error, "could not clear unfinished bodies of an earlier process");
        }
        let keeper = Keeper::start(store.clone(), blobs.clone());
        let service = Self { core: Arc::new(Core { store, blobs, keeper, clock, ids }) };
        service.resume_sweep();
        service
    }

    /// Runs `op` as one commit, durable on return.
    pub async fn change<T, F>(&self, op: F) -> Result<T, AwsError>
    where
        F: FnOnce(&mut Change<'_, '_>) -> Result<T, AwsError> + Send + 'static,
        T: Send + 'static,
    {
        self.core.write(op).await
    }

    /// Waits until every body is in its blob, and blobs that nothing refers to and nobody reads are deleted.
    pub async fn settle(&self) {
        self.core.keeper.settle().await;
    }

    /// Ends the background task. Bodies that still ride in the store are moved after the next opening.
    pub async fn close(&self) {
        self.core.keeper.close().await;
        let blobs = self.core.blobs.clone();
        let _ = tokio::task::spawn_blocking(move || blobs.sync_note()).await;
    }

    /// The bodies, for tests that count what is read.
    #[doc(hidden)]
    #[must_use]
    pub fn blobs(&self) -> &Blobs {
        &self.core.blobs
    }

    pub(super) fn core(&self) -> &Core {
        &self.core
    }
}

/// The parts of the service.
#[derive(Debug)]
pub(super) struct Core {
    store: Store,
    blobs: Blobs,
    keeper: Keeper,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn Ids>,
}

impl Core {
    /// The catalogue as it stands.
    pub(super) fn read(&self) -> Result<Snapshot, AwsError> {
        Ok(self.store.read()?)
    }

    /// Runs `op` as one commit, durable on return.
    pub(super) async fn write<T, F>(&self, op: F) -> Result<T, AwsError>
    where
        F: FnOnce(&mut Change<'_, '_>) -> Result<T, AwsError> + Send + 'static,
        T: Send + 'static,
    {
        let (value, released) = self
            .store
            .write(move |txn| {
                let mut change = Change::new(txn);
                let value = op(&mut change)?;
                Ok::<_, AwsError>((value, change.finish()))
            })
            .await?;
        if let Some(sequence) = released.newest {
            self.blobs.note(sequence);
            self.blobs.settled(&released.named);
        }
        self.release(released);
        Ok(value)
    }

    /// Starts in the background what a committed change has left to do.
    pub(super) fn release(&self, released: Released) {
        self.keeper.released(released, &self.blobs);
    }

    /// Takes a body in; it is gone again unless a row names it and [`Stored::keep`] says so.
    pub(super) async fn ingest(&self, body: Body, claims: Claims) -> Result<Stored, AwsError> {
        ingest::ingest(&self.blobs, &self.keeper, self.reserve()?, body, claims).await
    }

    /// An id for a new blob, never one that a row or a write under way has.
    fn reserve(&self) -> Result<Reserved, AwsError> {
        let snapshot = self.store.read()?;
        loop {
            let id = BlobId::from(self.ids.next());
            if BlobRow::find(&snapshot, id)?.is_none()
                && let Some(reserved) = self.blobs.reserve(id)
            {
                return Ok(reserved);
            }
        }
    }

    pub(super) fn blobs(&self) -> &Blobs {
        &self.blobs
    }

    pub(super) fn clock(&self) -> &dyn Clock {
        &*self.clock
    }

    pub(super) fn ids(&self) -> &dyn Ids {
        &*self.ids
    }
}

impl From<BlobError> for std::io::Error {
    fn from(error: BlobError) -> Self {
        Self::other(error)
    }
}
