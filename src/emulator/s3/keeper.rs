//! The background task that moves riders to their blobs and sweeps blobs that nothing refers to.
//!
//! One task does both, one after the other, so that a blob is never written and deleted at once.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use futures::{StreamExt, stream};
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinHandle;
use tokio::time::Instant;

use super::blobs::{BlobId, Blobs};
use super::catalogue::{BlobRow, Released};
use super::checksum;
use crate::emulator::store::{Read, Store, StoreError, Table};

/// How long riders gather before they are moved: what is overwritten at once is never moved at all.
const LINGER: Duration = Duration::from_millis(50);
/// How long to wait after a failure, such as a full disk.
const RETRY: Duration = Duration::from_secs(1);
/// How many riders are moved before one commit says so, which bounds the memory that they take.
const BATCH: usize = 128;
/// How many blobs are written at once.
const WRITERS: usize = 8;

/// The way to the background task. Cheap to clone.
#[derive(Debug, Clone)]
pub(super) struct Keeper {
    messages: mpsc::UnboundedSender<Message>,
    task: Arc<Mutex<Option<JoinHandle<()>>>>,
}

#[derive(Debug)]
enum Message {
    Riding(Vec<BlobId>),
    Freed(Vec<BlobId>, u64),
    /// The database names new bodies.
    Named,
    Dropped(BlobId),
    Settle(oneshot::Sender<()>),
    Close,
}

impl Keeper {
    /// Starts the task, which first finishes what an earlier process left. Must be called inside a runtime.
    pub(super) fn start(store: Store, blobs: Blobs) -> Self {
        let (messages, inbox) = mpsc::unbounded_channel();
        let task = tokio::spawn(Task::new(store, blobs).run(inbox));
        Self { messages, task: Arc::new(Mutex::new(Some(task))) }
    }

    /// Hands over what a committed change has left to do.
    pub(super) fn released(&self, released: Released, blobs: &Blobs) {
        if !released.freed.is_empty() {
            self.send(Message::Freed(released.freed, blobs.freed()));
        }
        if !released.riding.is_empty() {
            self.send(Message::Riding(released.riding));
        } else if released.newest.is_some() {
            self.send(Message::Named);
        }
    }

    /// A blob was written and its row was not.
    pub(super) fn dropped(&self, id: BlobId) {
        self.send(Message::Dropped(id));
    }

    /// Waits until every rider is in its blob and what no reader holds is swept.
    pub(super) async fn settle(&self) {
        let (done, settled) = oneshot::channel();
        self.send(Message::Settle(done));
        let _ = settled.await;
    }

    /// Ends the task after what it is at. Riders that are left are moved at the next opening.
    pub(super) async fn close(&self) {
        self.send(Message::Close);
        let task = self.task.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(task) = task
            && let Err(error) = task.await
        {
            tracing::error!(%error, "the keeper of bodies broke off");
        }
    }

    fn send(&self, message: Message) {
        // The task ends only on closing; what is left then is found again at the next opening.
        let _ = self.messages.send(message);
    }
}

struct Task {
    store: Store,
    blobs: Blobs,
    riding: Vec<BlobId>,
    freed: Vec<(BlobId, u64)>,
    /// Blobs that may have no row.
    suspects: Vec<BlobId>,
    waiting: Vec<oneshot::Sender<()>>,
}

impl Task {
    fn new(store: Store, blobs: Blobs) -> Self {
        Self { store, blobs, riding: Vec::new(), freed: Vec::new(), suspects: Vec::new(), waiting: Vec::new() }
    }

    async fn run(mut self, mut inbox: mpsc::UnboundedReceiver<Message>) {
        if let Err(error) = self.recover().await {
            tracing::error!(%error, "could not look for bodies left by an earlier process");
        }
        // When to work next. Messages do not put it off, so neither does a steady stream of writes.
        let mut next_work = self.has_work().then(|| Instant::now() + LINGER);
        loop {
            let message = tokio::select! {
                message = inbox.recv() => match message {
                    Some(message) => Some(message),
                    None => return,
                },
                () = self.blobs.released(), if !self.freed.is_empty() => None,
                () = tokio::time::sleep_until(next_work.unwrap_or_else(Instant::now)), if next_work.is_some() => None,
            };
            let mut due = message.is_none();
            let mut next = message;
            while let Some(message) = next {
                match message {
                    Message::Riding(ids) => self.riding.extend(ids),
                    Message::Freed(ids, epoch) => self.freed.extend(ids.into_iter().map(|id| (id, epoch))),
                    Message::Dropped(id) => self.suspects.push(id),
                    // The work that is due soon makes it durable.
                    Message::Named => {}
                    Message::Settle(done) => {
                        self.waiting.push(done);
                        due = true;
                    }
                    Message::Close => return,
                }
                next = inbox.try_recv().ok();
            }
            if due || self.riding.len() >= BATCH {
                next_work = match self.work().await {
                    Ok(()) => None,
                    Err(error) => {
                        tracing::error!(%error, "could not move or sweep bodies; trying again");
                        Some(Instant::now() + RETRY)
                    }
                };
            } else if next_work.is_none() {
                next_work = Some(Instant::now() + LINGER);
            }
        }
    }

    fn has_work(&self) -> bool {
        !(self.riding.is_empty() && self.freed.is_empty() && self.suspects.is_empty())
    }

    /// Finds riders, freed blobs and blobs of writes that broke off, which an earlier process left.
    async fn recover(&mut self) -> Result<(), Failure> {
        let store = self.store.clone();
        let blobs = self.blobs.clone();
        let found = tokio::task::spawn_blocking(move || {
            // In this order: a write that ends meanwhile is either still pending or has its row in the snapshot.
            let idle: Vec<BlobId> = blobs.unsettled().into_iter().filter(|id| !blobs.is_pending(*id)).collect();
            let snapshot = store.read()?;
            let mut riding = Vec::new();
            for row in snapshot.prefix(Table::Riders, &[])? {
                riding.extend(BlobId::from_key(row?.key()));
            }
            let mut freed = Vec::new();
            for row in snapshot.prefix(Table::Blobs, &[])? {
                let row = row?;
                let Some(id) = BlobId::from_key(row.key()) else { continue };
                if BlobRow::decode(row.value())?.references == 0 {
                    freed.push(id);
                }
            }
            Ok::<_, StoreError>((riding, freed, idle))
        });
        let (riding, freed, suspects) = found.await.map_err(|_| StoreError::Panicked)??;
        self.riding = riding;
        let epoch = self.blobs.freed();
        self.freed = freed.into_iter().map(|id| (id, epoch)).collect();
        self.suspects = suspects;
        Ok(())
    }

    async fn work(&mut self) -> Result<(), Failure> {
        while !self.riding.is_empty() {
            let batch = self.riding.split_off(self.riding.len().saturating_sub(BATCH));
            if let Err(error) = self.move_riders(&batch).await {
                self.riding.extend(batch);
                return Err(error);
            }
        }
        self.sweep().await?;
        let blobs = self.blobs.clone();
        let synced = tokio::task::spawn_blocking(move || blobs.sync_note());
        synced.await.map_err(|_| StoreError::Panicked)?;
        for done in self.waiting.drain(..) {
            let _ = done.send(());
        }
        Ok(())
    }

    /// Writes riders as blobs, then takes them out of the store.
    async fn move_riders(&mut self, batch: &[BlobId]) -> Result<(), Failure> {
        let snapshot = self.store.read()?;
        let mut riders = Vec::with_capacity(batch.len());
        for id in batch {
            if let Some(bytes) = snapshot.get(Table::Riders, &id.key())? {
                let crc64 = BlobRow::find(&snapshot, *id)?.and_then(|row| row.crc64);
                if crc64.is_some_and(|crc64| crc64 != checksum::crc64(&bytes)) {
                    // Moved all the same: its readers hold it against its checksum there as here.
                    tracing::error!(blob = ?id, "a small body is damaged in the database; `footbridge fsck` tells more");
                }
                riders.push((*id, Bytes::from(bytes)));
            }
        }
        drop(snapshot);
        let ids: Vec<BlobId> = riders.iter().map(|(id, _)| *id).collect();
        let mut writes = stream::iter(riders).map(|(id, bytes)| self.blobs.put(id, bytes)).buffer_unordered(WRITERS);
        while let Some(written) = writes.next().await {
            written?;
        }
        drop(writes);
        if ids.is_empty() {
            return Ok(());
        }
        let (moved, strays) = self
            .store
            .write(move |txn| {
                let (mut moved, mut strays) = (Vec::new(), Vec::new());
                for id in ids {
                    if txn.get(Table::Riders, &id.key())?.is_some() {
                        txn.delete(Table::Riders, id.key());
                        moved.push(id);
                    } else {
                        // Deleted while it was moved.
                        strays.push(id);
                    }
                }
                Ok::<_, StoreError>((moved, strays))
            })
            .await?;
        self.blobs.settled(&moved);
        self.suspects.extend(strays);
        Ok(())
    }

    /// Deletes freed blobs that no reader can see, and blobs that turn out to have no row.
    async fn sweep(&mut self) -> Result<(), Failure> {
        let (gone, kept) = std::mem::take(&mut self.freed).into_iter().partition(|(_, at)| self.blobs.is_unseen(*at));
        self.freed = kept;
        let gone: Vec<(BlobId, u64)> = gone;
        let suspects = std::mem::take(&mut self.suspects);
        if gone.is_empty() && suspects.is_empty() {
            return Ok(());
        }
        match self.delete(&gone, &suspects).await {
            Ok(()) => Ok(()),
            Err(error) => {
                self.freed.extend(gone);
                self.suspects.extend(suspects);
                Err(error)
            }
        }
    }

    async fn delete(&self, gone: &[(BlobId, u64)], suspects: &[BlobId]) -> Result<(), Failure> {
        for (id, _) in gone {
            self.blobs.delete(*id).await?;
        }
        let freed: Vec<BlobId> = gone.iter().map(|(id, _)| *id).collect();
        let suspects = suspects.to_vec();
        // In the writer's queue this stands behind the write whose caller went away, if it still came through.
        let (known, unknown) = self
            .store
            .write(move |txn| {
                for id in freed {
                    txn.delete(Table::Blobs, id.key());
                }
                let (mut known, mut unknown) = (Vec::new(), Vec::new());
                for id in suspects {
                    let there = BlobRow::find(txn, id)?.is_some();
                    if there { &mut known } else { &mut unknown }.push(id);
                }
                Ok::<_, StoreError>((known, unknown))
            })
            .await?;
        self.blobs.settled(&known);
        for id in unknown {
            if !self.blobs.is_pending(id) {
                self.blobs.delete(id).await?;
                self.blobs.settled(&[id]);
            }
        }
        Ok(())
    }
}

#[derive(Debug, thiserror::Error)]
enum Failure {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Blobs(#[from] super::blobs::BlobError),
}
