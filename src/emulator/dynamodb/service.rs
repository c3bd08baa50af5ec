//! The DynamoDB service: its data, and what runs beside its operations.

use std::sync::Arc;

use super::gate::{Gate, Held};
use super::sweep::Sweeper;
use super::table::Catalogue;
use super::transaction::flights::Flights;
use super::upkeep::Upkeep;
use crate::clock::{Clock, Ids};
use crate::emulator::error::AwsError;
use crate::emulator::store::{Store, Table, Txn};

/// DynamoDB on this store. Cheap to clone; all clones are one service.
#[derive(Debug, Clone)]
pub struct Service(pub(super) Arc<Inner>);

/// What the clones of a service share.
#[derive(Debug)]
pub struct Inner {
    pub(super) store: Store,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) ids: Arc<dyn Ids>,
    pub(super) catalogue: Arc<Catalogue>,
    pub(super) sweeper: Sweeper,
    pub(super) upkeep: Upkeep,
    gate: Gate,
    /// The items that requests under way write.
    pub(super) items: Arc<Flights>,
    /// The client tokens of transactions under way.
    pub(super) tokens: Arc<Flights>,
}

impl Service {
    /// The service on `store`; goes on deleting the rows of tables whose deletion a restart broke off, expires items and
    /// trims streams in the background. Must be called inside a tokio runtime.
    #[must_use]
    pub fn new(store: Store, clock: Arc<dyn Clock>, ids: Arc<dyn Ids>) -> Self {
        let gate = Gate::default();
        let sweeper = Sweeper::new(store.clone(), gate.clone());
        sweeper.resume();
        let catalogue = Arc::default();
        let upkeep = Upkeep::start(store.clone(), Arc::clone(&catalogue), Arc::clone(&clock), gate.clone());
        Self(Arc::new(Inner {
            store,
            clock,
            ids,
            catalogue,
            sweeper,
            upkeep,
            gate,
            items: Arc::default(),
            tokens: Arc::default(),
        }))
    }

    /// Holds the background work where it is, once the steps under way are done: indexes stay in the making, and rows of
    /// deleted tables where they are, until what this gives is dropped. [`settle`](Self::settle) and
    /// [`close`](Self::close) do not wait for that. For tests.
    #[doc(hidden)]
    pub async fn hold(&self) -> Held {
        self.0.gate.hold().await
    }

    /// Ends once the rows of every table deleted so far are gone. For tests.
    #[doc(hidden)]
    pub async fn swept(&self) {
        self.0.sweeper.rest().await;
    }

    /// Ends once everything that the clock made due is done: items expired, stream records trimmed. It happens by
    /// itself within a second or so; for those who move the clock and want to look at once.
    pub async fn settle(&self) -> Result<(), AwsError> {
        self.0.upkeep.run().await
    }

    /// Ends background work; what is left of it goes on after the next start.
    pub async fn close(&self) {
        self.0.upkeep.close().await;
        self.0.sweeper.close().await;
    }
}

/// Deletes all tables, items, streams and client tokens.
pub fn clear(txn: &mut Txn<'_>) {
    for table in [Table::Tables, Table::Items, Table::TableStats, Table::Streams, Table::Tokens] {
        txn.clear(table);
    }
}
