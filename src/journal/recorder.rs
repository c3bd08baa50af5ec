//! Records calls as they begin and end.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock, PoisonError, Weak};
use std::time::{Duration, SystemTime};

use serde_json::Value;
use tempfile::TempDir;
use tokio::sync::oneshot;
use uuid::Uuid;

use super::draft::Pen;
use super::excerpt::Policy;
use super::item::{self, Item, OnFile};
use super::scribe::Desk;
use super::writer::Writer;
use super::{AwsCall, Consented, JournalError, Limits, Outcome, Record, Redactor, Subject, Target, Who, milliseconds};
use crate::clock::{Clock, Ids};
use crate::emulator::access::Access;

/// How long a process that ends waits for its last records.
const LAST_RECORDS: Duration = Duration::from_secs(2);

/// How long a call waits until its record is on file.
const ON_FILE: Duration = Duration::from_secs(10);

/// A call that begins.
#[derive(Debug, Clone)]
pub struct Start {
    /// Who calls.
    pub who: Who,
    /// What the call goes to.
    pub target: Target,
    /// The name of it, where a person gave it one.
    pub target_name: Option<String>,
    /// The tool or operation.
    pub subject: Subject,
    /// What it is about: `s3://bucket/key`, `dynamodb://table`.
    pub resources: Vec<String>,
    /// What IAM asks of it, where it is one AWS call.
    pub access: Access,
    /// The parameters as given, `Null` for none. Redacted and cut before they are recorded.
    pub parameters: Value,
    /// Bytes of body that the caller sends, where it says so.
    pub bytes_in: Option<u64>,
}

/// A call that ends.
#[derive(Debug, Clone)]
pub struct Finish {
    /// How.
    pub outcome: Outcome,
    /// The AWS calls that it made, in order.
    pub aws_calls: Vec<AwsCall>,
    /// How many more it made of which no more is kept.
    pub aws_calls_left_out: u64,
    /// Bytes of body that the caller was given, where known.
    pub bytes_out: Option<u64>,
    /// The answer, `Null` for none. Redacted and cut before it is recorded.
    pub response: Value,
}

/// One process's way to write the journal. Cheap to clone.
///
/// Calls are handed over to a thread, which writes them within some ten milliseconds. It has written all when the last
/// clone is dropped.
#[derive(Debug, Clone)]
pub struct Recorder(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    desk: Arc<Desk>,
    dir: PathBuf,
    limits: Limits,
    thread: OnceLock<()>,
    /// Removed with the last clone, once all is written.
    _temporary: Option<TempDir>,
}

/// The desks of this process, so that [`settle`] finds them.
static DESKS: Mutex<Vec<Weak<Desk>>> = Mutex::new(Vec::new());

/// Waits until everything that this process recorded is on file, for two seconds at most. For the end of a process, which
/// does not wait for threads: who goes on settles a recorder of its own, since what others have on its way is recorded as far
/// as it has come.
pub fn settle() {
    // Not under the lock: others may begin to record meanwhile.
    let desks: Vec<_> = DESKS.lock().unwrap_or_else(PoisonError::into_inner).iter().filter_map(Weak::upgrade).collect();
    for desk in desks {
        desk.queue.flush(LAST_RECORDS);
    }
}

impl Recorder {
    /// Records in `dir`, which is created with the first record.
    ///
    /// # Errors
    /// [`JournalError::Pattern`] where redaction does not work.
    pub fn in_dir(
        dir: impl Into<PathBuf>,
        limits: Limits,
        clock: Arc<dyn Clock>,
        ids: Arc<dyn Ids>,
    ) -> Result<Self, JournalError> {
        Self::new(dir.into(), limits, clock, ids, None)
    }

    /// Records in a temporary directory, which goes with the recorder.
    ///
    /// # Errors
    /// [`JournalError`] where no such directory can be created.
    pub fn temporary(limits: Limits, clock: Arc<dyn Clock>, ids: Arc<dyn Ids>) -> Result<Self, JournalError> {
        let dir = tempfile::Builder::new()
            .prefix(super::TEMPORARY)
            .tempdir()
            .map_err(JournalError::io("create a directory in", &std::env::temp_dir()))?;
        Self::new(dir.path().to_owned(), limits, clock, ids, Some(dir))
    }

    fn new(
        dir: PathBuf,
        limits: Limits,
        clock: Arc<dyn Clock>,
        ids: Arc<dyn Ids>,
        temporary: Option<TempDir>,
    ) -> Result<Self, JournalError> {
        let local = Policy::local(limits.body_bytes);
        let pen = Pen { redactor: Redactor::new()?, local, pid: std::process::id() };
        let desk = Arc::new(Desk::new(pen, clock, ids));
        let mut desks = DESKS.lock().unwrap_or_else(PoisonError::into_inner);
        desks.retain(|desk| desk.strong_count() > 0);
        desks.push(Arc::downgrade(&desk));
        Ok(Self(Arc::new(Inner { desk, dir, limits, thread: OnceLock::new(), _temporary: temporary })))
    }

    /// The journal's directory.
    #[must_use]
    pub fn dir(&self) -> &Path {
        &self.0.dir
    }

    /// Tells `tap` of each record from now on, whether it can be written or not, on the thread that writes. Only the first
    /// tap counts.
    pub fn tell(&self, tap: impl Fn(&Record) + Send + Sync + 'static) {
        self.0.desk.tell(tap);
    }

    /// Why the last record could not be written; `None` once one was. What waits to be written is tried first.
    #[must_use]
    pub fn failure(&self) -> Option<String> {
        let _ = self.flush(Duration::from_millis(200));
        self.0.desk.failure()
    }

    /// Waits until everything that was handed over is on file, or could not be written; for at most `patience`. Whether
    /// it is so.
    #[must_use]
    pub fn flush(&self, patience: Duration) -> bool {
        self.0.desk.queue.flush(patience)
    }

    /// Waits until everything that was handed over is on file, for two seconds at most.
    pub fn settle(&self) {
        let _ = self.flush(LAST_RECORDS);
    }

    /// Records that a call begins, and goes on.
    #[must_use]
    pub fn start(&self, start: Start) -> OpenCall {
        self.open(start, None)
    }

    /// Records that a call begins, and waits until that is on file. An error means that it is not: a call to AWS must then
    /// not be made.
    ///
    /// # Errors
    /// [`JournalError`] where the record is not written.
    pub async fn start_on_file(&self, start: Start) -> Result<OpenCall, JournalError> {
        let (sender, told) = oneshot::channel();
        let call = self.open(start, Some(sender));
        let outcome = match tokio::time::timeout(ON_FILE, told).await {
            Ok(Ok(outcome)) => outcome,
            Ok(Err(_)) => Err(self.0.desk.failure().unwrap_or_else(|| "the journal is closed".to_owned())),
            Err(_) => Err(format!("the journal in {} does not keep up", self.0.dir.display())),
        };
        match outcome {
            Ok(()) => Ok(call),
            Err(why) => {
                call.forget();
                Err(JournalError::Unwritten(why))
            }
        }
    }

    fn open(&self, start: Start, on_file: Option<OnFile>) -> OpenCall {
        let (id, began) = (self.0.desk.ids.next(), self.0.desk.clock.now());
        let local = matches!(start.target, Target::Local { .. });
        let started = item::Started { id, at: began, start, let_go: false, on_file };
        let open = self.push(Item::Started(Box::new(started)));
        OpenCall { recorder: self.clone(), id, began, local, open, consent: None }
    }

    /// Hands over half a call; whether there was room for it.
    pub(super) fn push(&self, item: Item) -> bool {
        let Inner { desk, dir, limits, thread, .. } = &*self.0;
        thread.get_or_init(|| desk.begin(Writer::new(dir.clone(), *limits, desk.pen.pid)));
        desk.queue.push(item)
    }

    /// What may be recorded of a local call.
    pub(super) fn local_policy(&self) -> Policy {
        self.0.desk.pen.local
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        if self.thread.get().is_some() && !self.desk.queue.close(LAST_RECORDS) {
            tracing::error!(journal = %self.dir.display(), "the last records are not written yet, and are not waited for");
        }
    }
}

/// A call under way. Dropped without [`finish`](Self::finish), it is recorded as abandoned.
#[derive(Debug)]
pub struct OpenCall {
    recorder: Recorder,
    id: Uuid,
    began: SystemTime,
    local: bool,
    open: bool,
    consent: Option<Consented>,
}

impl OpenCall {
    /// The call's id in the journal.
    #[must_use]
    pub fn id(&self) -> Uuid {
        self.id
    }

    /// The call runs with this yes: its end says so, however it ends.
    pub fn consented(&mut self, consent: Consented) {
        self.consent = Some(consent);
    }

    /// Records that the call has ended, and goes on.
    pub fn finish(mut self, finish: Finish) {
        self.end(finish);
    }

    /// There was no such call.
    fn forget(mut self) {
        self.open = false;
    }

    fn end(&mut self, finish: Finish) {
        // A call that was left out has no end either.
        if std::mem::take(&mut self.open) {
            let at = self.recorder.0.desk.clock.now();
            let ms = milliseconds(at.duration_since(self.began).unwrap_or_default());
            let (id, local, consent) = (self.id, self.local, self.consent.take());
            let finished = item::Finished { id, at, ms, local, finish, consent, let_go: false };
            self.recorder.push(Item::Finished(Box::new(finished)));
        }
    }
}

impl Drop for OpenCall {
    fn drop(&mut self) {
        let abandoned = Finish {
            outcome: Outcome::Abandoned,
            aws_calls: Vec::new(),
            aws_calls_left_out: 0,
            bytes_out: None,
            response: Value::Null,
        };
        self.end(abandoned);
    }
}
