//! Group commit: one thread that turns all waiting writes into one durable transaction.

use std::fs::File;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::atomic::Ordering;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::thread::JoinHandle;
use std::time::Duration;

use redb::backends::FileBackend;
use redb::{Database, ReadableDatabase};
use tokio::sync::oneshot;

use super::log::{Log, Running};
use super::txn::Tables;
use super::{Counters, Medium, Snapshot, StoreError, Txn, same_file, schema};
use crate::private;

/// redb's default cache is 1 GiB; the working set of a developer's machine is not.
const CACHE_BYTES: usize = 64 << 20;
/// How many operations share one commit at most, so that the first of them does not wait too long.
const BATCH: usize = 1024;
/// After this long without a write, one quick-repair commit keeps reopening after a crash fast.
const IDLE: Duration = Duration::from_millis(100);

/// A store: any number of concurrent readers, and writes that share commits.
#[derive(Debug, Clone)]
pub struct Store {
    shared: Arc<Shared>,
    jobs: Sender<Message>,
    writer: Arc<Mutex<Option<JoinHandle<()>>>>,
}

/// Gives a fresh handle on the database.
pub(super) type Opener = Box<dyn Fn() -> Result<Database, StoreError> + Send + Sync>;

struct Shared {
    medium: Medium,
    open: Opener,
    /// `None` while the database is being reopened after an I/O error, and after closing.
    database: RwLock<Option<Database>>,
    /// The data file, held open to tell whether the medium's path still leads to it.
    file: Option<File>,
    counters: Counters,
}

impl std::fmt::Debug for Shared {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Shared").field("medium", &self.medium).finish_non_exhaustive()
    }
}

enum Message {
    Job(Box<dyn Job>),
    Close,
}

impl Store {
    /// Opens or creates the store, brings its schema up to date and starts its writer.
    pub fn open(medium: Medium) -> Result<Self, StoreError> {
        let file = match &medium {
            Medium::File(path) => Some(path.clone()),
            Medium::Memory => None,
        };
        if let Some(path) = file.as_ref().filter(|path| !path.exists()) {
            create_file(path)?;
        }
        let opened = medium.clone();
        // Later, after an I/O error, a file that is missing is not made again: it would be empty.
        let store = Self::start(medium, Box::new(move || open_database(&opened)))?;
        if let Some(path) = file {
            clear_unfinished(&path);
            // Somebody may have put it there from a copy.
            private::file(&path).map_err(|error| StoreError::file("keeping the data file from others", error))?;
        }
        Ok(store)
    }

    pub(super) fn start(medium: Medium, open: Opener) -> Result<Self, StoreError> {
        let database = open()?;
        schema::bring_up(&database, &medium)?;
        let file = match &medium {
            // The disk of a crash model has no such file.
            Medium::File(path) => File::open(path).ok(),
            Medium::Memory => None,
        };
        let database = RwLock::new(Some(database));
        let shared = Arc::new(Shared { medium, open, database, file, counters: Counters::default() });
        let (jobs, inbox) = channel();
        let writer = {
            let shared = Arc::clone(&shared);
            std::thread::Builder::new()
                .name("store-writer".into())
                .spawn(move || shared.write_until_closed(&inbox))
                .map_err(|error| StoreError::file("starting the store's writer", error))?
        };
        Ok(Self { shared, jobs, writer: Arc::new(Mutex::new(Some(writer))) })
    }

    /// Runs `op` in the writer and returns what it gave once its batch is durable.
    ///
    /// An `op` that fails or panics leaves nothing. An I/O error fails every operation of the batch.
    pub async fn write<T, E, F>(&self, op: F) -> Result<T, E>
    where
        F: FnOnce(&mut Txn<'_>) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        let (reply, answer) = oneshot::channel();
        let job = Box::new(Operation { op: Some(op), result: None, reply, running: Running::current() });
        if self.jobs.send(Message::Job(job)).is_err() {
            return Err(StoreError::Closed.into());
        }
        answer.await.unwrap_or_else(|_| Err(StoreError::Closed.into()))
    }

    /// The store as it stands now.
    pub fn read(&self) -> Result<Snapshot, StoreError> {
        let database = self.shared.database.read().unwrap_or_else(PoisonError::into_inner);
        let txn = database.as_ref().ok_or(StoreError::Closed)?.begin_read()?;
        Ok(Snapshot::new(txn, Arc::clone(&self.shared.counters.rows_read)))
    }

    /// What was counted since the store was opened.
    #[must_use]
    pub fn counters(&self) -> &Counters {
        &self.shared.counters
    }

    /// Ends after all writes so far are durable. Later writes and reads answer [`StoreError::Closed`].
    pub fn close(&self) {
        let _ = self.jobs.send(Message::Close);
        let writer = self.writer.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(writer) = writer {
            let _ = writer.join();
        }
    }
}

fn open_database(medium: &Medium) -> Result<Database, StoreError> {
    let builder = builder();
    match medium {
        Medium::File(path) => Ok(builder.open(path)?),
        Medium::Memory => Ok(builder.create_with_backend(redb::backends::InMemoryBackend::new())?),
    }
}

fn builder() -> redb::Builder {
    let mut builder = Database::builder();
    builder.set_cache_size(CACHE_BYTES);
    builder
}

/// Makes a new file beside its place and renames it there: one whose making was cut short does not open.
fn create_file(path: &Path) -> Result<(), StoreError> {
    let failed = |error| StoreError::file("making the data file", error);
    let directory = path.parent().unwrap_or(Path::new("."));
    // Temporary files are made 0600 and keep that when renamed.
    let new =
        tempfile::Builder::new().prefix(schema::UNFINISHED).suffix(".redb").tempfile_in(directory).map_err(failed)?;
    drop(builder().create_with_backend(FileBackend::new(new.reopen().map_err(failed)?)?)?);
    new.as_file().sync_all().map_err(failed)?;
    new.persist(path).map_err(|error| failed(error.error))?;
    private::sync_directory(directory).map_err(failed)
}

/// Removes data files and copies that a crash kept from being finished: they may be as large as the data. The database is
/// open, so no other process is at one.
fn clear_unfinished(path: &Path) {
    let Some(entries) = path.parent().and_then(|directory| std::fs::read_dir(directory).ok()) else { return };
    for entry in entries.flatten() {
        let name = entry.file_name();
        let is_unfinished = |name: &str| {
            let middle = name.strip_prefix(schema::UNFINISHED).and_then(|rest| rest.strip_suffix(".redb"));
            middle.is_some_and(|middle| middle.len() == 6 && middle.bytes().all(|byte| byte.is_ascii_alphanumeric()))
        };
        if name.to_str().is_some_and(is_unfinished)
            && let Err(error) = std::fs::remove_file(entry.path())
        {
            tracing::warn!(%error, "a data file that was never finished is in the way");
        }
    }
}

impl Shared {
    fn write_until_closed(&self, inbox: &Receiver<Message>) {
        let mut untidy = false;
        loop {
            let first = if untidy {
                inbox.recv_timeout(IDLE)
            } else {
                inbox.recv().map_err(|_| RecvTimeoutError::Disconnected)
            };
            match first {
                Ok(Message::Job(first)) => {
                    let mut batch = vec![first];
                    let mut closing = false;
                    while batch.len() < BATCH && !closing {
                        match inbox.try_recv() {
                            Ok(Message::Job(job)) => batch.push(job),
                            Ok(Message::Close) => closing = true,
                            Err(_) => break,
                        }
                    }
                    self.run(batch);
                    untidy = true;
                    if closing {
                        break;
                    }
                }
                Err(RecvTimeoutError::Timeout) => {
                    self.tidy();
                    untidy = false;
                }
                Ok(Message::Close) | Err(RecvTimeoutError::Disconnected) => break,
            }
        }
        // Dropping the database closes it cleanly; jobs still in the inbox answer Closed as their replies drop.
        self.database.write().unwrap_or_else(PoisonError::into_inner).take();
    }

    fn run(&self, mut batch: Vec<Box<dyn Job>>) {
        let mut outcome = catch_unwind(AssertUnwindSafe(|| self.commit(&mut batch)));
        if let Ok(Err(error)) = &outcome {
            tracing::error!(%error, operations = batch.len(), "a batch failed and nothing of it was written");
            // What is at the path now is not what this process knows.
            if !matches!(error, StoreError::Gone)
                && let Err(error) = self.reopen()
            {
                tracing::error!(%error, "the store could not be reopened; the next write tries again");
            }
        }
        let outcome = match &mut outcome {
            Ok(outcome) => outcome.clone(),
            Err(_) => Err(StoreError::Panicked),
        };
        for job in batch {
            job.answer(outcome.clone());
        }
    }

    fn commit(&self, batch: &mut [Box<dyn Job>]) -> Result<(), StoreError> {
        self.is_there()?;
        if self.database.read().unwrap_or_else(PoisonError::into_inner).is_none() {
            self.reopen()?;
        }
        let database = self.database.read().unwrap_or_else(PoisonError::into_inner);
        let txn = database.as_ref().ok_or(StoreError::Closed)?.begin_write()?;
        let mut tables = Tables::open(&txn)?;
        let mut dirty = false;
        for job in batch {
            let mut view = Txn::new(&tables, &self.counters.rows_read);
            // A panic leaves only the view, which is dropped: nothing of this operation has been applied.
            if job.run(&mut view) {
                let pending = view.into_pending();
                dirty |= !pending.is_empty();
                tables.apply(pending)?;
            }
        }
        drop(tables);
        if dirty {
            txn.commit()?;
            // Nothing is acknowledged that only an unlinked file holds.
            self.is_there()?;
            self.counters.commits.fetch_add(1, Ordering::Relaxed);
        } else {
            txn.abort()?;
        }
        Ok(())
    }

    /// Fails once the data file was deleted or replaced.
    fn is_there(&self) -> Result<(), StoreError> {
        match (&self.medium, &self.file) {
            (Medium::File(path), Some(file)) if !same_file(file, path) => Err(StoreError::Gone),
            _ => Ok(()),
        }
    }

    /// redb answers `PreviousIo` for ever after an I/O error: a fresh handle does not.
    fn reopen(&self) -> Result<(), StoreError> {
        if matches!(self.medium, Medium::Memory) {
            return Ok(());
        }
        let mut database = self.database.write().unwrap_or_else(PoisonError::into_inner);
        drop(database.take());
        *database = Some((self.open)()?);
        Ok(())
    }

    fn tidy(&self) {
        let database = self.database.read().unwrap_or_else(PoisonError::into_inner);
        let Some(database) = database.as_ref() else { return };
        let result = database.begin_write().map_err(StoreError::from).and_then(|mut txn| {
            txn.set_quick_repair(true);
            Ok(txn.commit()?)
        });
        if let Err(error) = result {
            tracing::warn!(%error, "the idle commit failed");
        }
    }
}

/// One waiting operation.
trait Job: Send {
    /// Runs the operation's reads; whether it has a write set to apply.
    fn run(&mut self, txn: &mut Txn<'_>) -> bool;
    /// Tells the caller how it ended.
    fn answer(self: Box<Self>, batch: Result<(), StoreError>);
}

struct Operation<F, T, E> {
    op: Option<F>,
    result: Option<Result<T, E>>,
    reply: oneshot::Sender<Result<T, E>>,
    /// The tool call that it is part of.
    running: Option<Arc<Running>>,
}

impl<F, T, E> Job for Operation<F, T, E>
where
    F: FnOnce(&mut Txn<'_>) -> Result<T, E> + Send,
    T: Send,
    E: From<StoreError> + Send,
{
    fn run(&mut self, txn: &mut Txn<'_>) -> bool {
        // A caller that has gone away gets nothing written: it was never told that anything was.
        if self.reply.is_closed() {
            return false;
        }
        let Some(op) = self.op.take() else { return false };
        txn.log = self.running.take().map(Log::new);
        let result = catch_unwind(AssertUnwindSafe(|| {
            let given = op(txn)?;
            txn.finish_log()?;
            Ok(given)
        }));
        let result = result.unwrap_or_else(|_| Err(StoreError::Panicked.into()));
        let succeeded = result.is_ok();
        self.result = Some(result);
        succeeded
    }

    fn answer(self: Box<Self>, batch: Result<(), StoreError>) {
        let Self { result, reply, .. } = *self;
        let answer = match (batch, result) {
            (Err(error), _) => Err(error.into()),
            (Ok(()), Some(result)) => result,
            (Ok(()), None) => Err(StoreError::Closed.into()),
        };
        let _ = reply.send(answer);
    }
}
