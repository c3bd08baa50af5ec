//! Records calls as they begin and end.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

use serde_json::Value;
use tempfile::TempDir;
use uuid::Uuid;

use super::excerpt::{self, Policy};
use super::milliseconds;
use super::{
    AwsCall, Event, Finished, JournalError, Limits, Outcome, Record, Redactor, Started, Subject, Target, Who, Writer,
};
use crate::clock::{Clock, Ids};
use crate::emulator::access::Access;

/// A call that begins.
#[derive(Debug, Clone)]
pub struct Start<'a> {
    /// Who calls.
    pub who: Who,
    /// What the call goes to.
    pub target: Target,
    /// The tool or operation.
    pub subject: Subject,
    /// What it is about: `s3://bucket/key`, `dynamodb://table`.
    pub resources: Vec<String>,
    /// What IAM asks of it, where it is one AWS call.
    pub access: Access,
    /// The parameters as given, `Null` for none. Redacted and cut before they are recorded.
    pub parameters: &'a Value,
    /// Bytes of body that the caller sends, where it says so.
    pub bytes_in: Option<u64>,
}

/// A call that ends.
#[derive(Debug, Clone)]
pub struct Finish<'a> {
    /// How.
    pub outcome: Outcome,
    /// The AWS calls that it made, in order.
    pub aws_calls: Vec<AwsCall>,
    /// Bytes of body that the caller was given, where known.
    pub bytes_out: Option<u64>,
    /// The answer, `Null` for none. Redacted and cut before it is recorded.
    pub response: &'a Value,
}

/// One process's way to write the journal. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Recorder(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    writer: Writer,
    redactor: Redactor,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn Ids>,
    /// Removed with the last clone.
    _temporary: Option<TempDir>,
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
        Self::new(Writer::new(dir, limits), clock, ids, None)
    }

    /// Records in a temporary directory, which goes with the recorder.
    ///
    /// # Errors
    /// [`JournalError`] where no such directory can be created.
    pub fn temporary(limits: Limits, clock: Arc<dyn Clock>, ids: Arc<dyn Ids>) -> Result<Self, JournalError> {
        let dir = tempfile::Builder::new()
            .prefix("footbridge-journal-")
            .tempdir()
            .map_err(JournalError::io("create a directory in", &std::env::temp_dir()))?;
        Self::new(Writer::new(dir.path(), limits), clock, ids, Some(dir))
    }

    fn new(
        writer: Writer,
        clock: Arc<dyn Clock>,
        ids: Arc<dyn Ids>,
        temporary: Option<TempDir>,
    ) -> Result<Self, JournalError> {
        let redactor = Redactor::new()?;
        Ok(Self(Arc::new(Inner { writer, redactor, clock, ids, _temporary: temporary })))
    }

    /// The journal's directory.
    #[must_use]
    pub fn dir(&self) -> &Path {
        self.0.writer.dir()
    }

    /// Why the last record could not be written; `None` once one was.
    #[must_use]
    pub fn failure(&self) -> Option<String> {
        self.0.writer.failure()
    }

    /// Records that a call begins. An error means that it is not recorded: a call to AWS must then not be made.
    ///
    /// # Errors
    /// [`JournalError`] where the record is not written.
    pub fn start(&self, start: Start<'_>) -> Result<OpenCall, JournalError> {
        let (id, began) = (self.0.ids.next(), self.0.clock.now());
        let policy = self.policy(&start.target);
        self.begin(id, began, start)?;
        Ok(OpenCall { recorder: self.clone(), id, began, policy, open: true })
    }

    /// What may be recorded of a call to `target`.
    fn policy(&self, target: &Target) -> Policy {
        match target {
            Target::Local { .. } => Policy::local(self.0.writer.limits().body_bytes),
            Target::Aws { .. } | Target::Custom { .. } => Policy::remote(),
        }
    }

    /// Records that call `id` began at `began`.
    pub(super) fn begin(&self, id: Uuid, began: SystemTime, start: Start<'_>) -> Result<(), JournalError> {
        let Start { who, target, subject, resources, access, parameters, bytes_in } = start;
        let clean = |text: String| excerpt::text(&text, &self.0.redactor);
        let parameters = excerpt::parameters(parameters, self.policy(&target), &self.0.redactor);
        let started = Started {
            pid: self.0.writer.pid(),
            who: match who {
                Who::Mcp { client } => Who::Mcp { client: client.map(clean) },
                Who::Endpoint { user_agent } => Who::Endpoint { user_agent: user_agent.map(clean) },
                Who::Cli { command } => Who::Cli { command: clean(command) },
            },
            target: match target {
                Target::Local { account, region } => {
                    Target::Local { account: account.map(clean), region: region.map(clean) }
                }
                Target::Custom { url, region } => Target::Custom { url: clean(url), region },
                known @ Target::Aws { .. } => known,
            },
            subject: match subject {
                Subject::Tool { tool } => Subject::Tool { tool: clean(tool) },
                Subject::Operation { service, operation } => {
                    Subject::Operation { service: clean(service), operation: clean(operation) }
                }
            },
            resources: excerpt::resources(resources, &self.0.redactor),
            access: excerpt::access(access, &self.0.redactor),
            parameters: parameters.value,
            bytes_in,
            partial: parameters.partial,
        };
        self.0.writer.record(&Record::new(id, began, Event::Started(started)))
    }

    /// Records that call `id` ended now.
    pub(super) fn end(&self, id: Uuid, finished: Finished) -> Result<(), JournalError> {
        self.0.writer.record(&Record::new(id, self.0.clock.now(), Event::Finished(finished)))
    }

    /// `outcome` without secrets, and short.
    pub(super) fn clean(&self, outcome: Outcome) -> Outcome {
        let clean = |text: String| excerpt::text(&text, &self.0.redactor);
        match outcome {
            Outcome::Error { code, message } => Outcome::Error { code: clean(code), message: clean(message) },
            Outcome::Refused { reason } => Outcome::Refused { reason: clean(reason) },
            plain => plain,
        }
    }
}

/// A call under way. Dropped without [`finish`](Self::finish), it is recorded as abandoned.
#[derive(Debug)]
pub struct OpenCall {
    recorder: Recorder,
    id: Uuid,
    began: SystemTime,
    policy: Policy,
    open: bool,
}

impl OpenCall {
    /// The call's id in the journal.
    #[must_use]
    pub fn id(&self) -> Uuid {
        self.id
    }

    /// Records that the call has ended.
    ///
    /// # Errors
    /// [`JournalError`] where the record is not written.
    pub fn finish(mut self, finish: Finish<'_>) -> Result<(), JournalError> {
        self.open = false;
        self.end(finish)
    }

    fn end(&self, finish: Finish<'_>) -> Result<(), JournalError> {
        let inner = &self.recorder.0;
        let Finish { outcome, mut aws_calls, bytes_out, response } = finish;
        for call in &mut aws_calls {
            call.access = excerpt::access(std::mem::take(&mut call.access), &inner.redactor);
        }
        let finished = Finished {
            outcome: self.recorder.clean(outcome),
            ms: milliseconds(inner.clock.now().duration_since(self.began).unwrap_or_default()),
            http_status: None,
            bytes_out,
            aws_calls,
            response: excerpt::response(response, self.policy, &inner.redactor).value,
        };
        self.recorder.end(self.id, finished)
    }
}

impl Drop for OpenCall {
    fn drop(&mut self) {
        if !self.open {
            return;
        }
        let abandoned =
            Finish { outcome: Outcome::Abandoned, aws_calls: Vec::new(), bytes_out: None, response: &Value::Null };
        if let Err(error) = self.end(abandoned) {
            tracing::error!(%error, id = %self.id, "an abandoned call is not in the journal");
        }
    }
}
