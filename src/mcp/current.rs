//! The call at hand: what belongs to it and not to the bridge. A tool works in its call's own task.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use aws_sdk_dynamodb::types::TableDescription;

use super::consent::Asker;
use super::progress::Progress;
use crate::emulator::ToolCall;
use crate::emulator::store::log::UnderWay;
use crate::journal::AwsCall;

/// How many of a call's AWS calls are kept: one may make a hundred thousand.
const KEPT: usize = 200;

/// The AWS calls that a call made.
#[derive(Debug, Default)]
pub(crate) struct Made {
    /// The first of them, in order, and of the others some that failed.
    pub(crate) calls: Vec<AwsCall>,
    /// How many more there were.
    pub(crate) left_out: u64,
}

/// One call under way.
#[derive(Clone, Default)]
pub(crate) struct Current(Arc<Members>);

#[derive(Default)]
struct Members {
    made: Mutex<Made>,
    notes: Mutex<Vec<String>>,
    progress: Option<Progress>,
    budget: Option<usize>,
    /// How its client shows forms.
    asker: Option<Asker>,
    /// The table that was last described to say what was wrong with the call.
    described: Mutex<Option<TableDescription>>,
    /// How long it has waited for a person.
    waited: AtomicU64,
    /// Whether its answer names what is stored, which others may have chosen.
    tells: AtomicBool,
    /// What the local emulator is told of it, so that it can be taken back.
    tool_call: OnceLock<(ToolCall, UnderWay)>,
}

tokio::task_local! {
    static CURRENT: Current;
}

impl Current {
    /// A call whose progress is told to somebody, and whose answer may have so many bytes where its reader cuts longer ones.
    pub(super) fn new(progress: Option<Progress>, budget: Option<usize>, asker: Option<Asker>) -> Self {
        Self(Arc::new(Members { progress, budget, asker, ..Members::default() }))
    }

    /// How its client shows forms.
    pub(super) fn asker(&self) -> Option<Asker> {
        self.0.asker.clone()
    }

    /// Says which call it is, to the local emulator alone.
    pub(crate) fn is(&self, call: ToolCall) {
        let under_way = UnderWay::begin(call.call);
        let _ = self.0.tool_call.set((call, under_way));
    }

    /// Does `work` as part of this call.
    pub(crate) async fn scope<F: Future>(&self, work: F) -> F::Output {
        CURRENT.scope(self.clone(), work).await
    }

    /// The AWS calls made so far.
    pub(crate) fn take_aws_calls(&self) -> Made {
        std::mem::take(&mut *self.0.made.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Whether its answer names what is stored.
    pub(super) fn tells(&self) -> bool {
        self.0.tells.load(Ordering::Relaxed)
    }

    /// What was said so far, each once.
    pub(crate) fn take_notes(&self) -> Vec<String> {
        std::mem::take(&mut *self.0.notes.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Tells of an AWS call that was made. Outside a call there is nobody to tell.
pub(super) fn made(call: AwsCall) {
    let _ = CURRENT.try_with(|current| {
        let mut made = current.0.made.lock().unwrap_or_else(PoisonError::into_inner);
        let failed = call.status.is_none_or(|status| status >= 400);
        if made.calls.len() < if failed { 2 * KEPT } else { KEPT } {
            made.calls.push(call);
        } else {
            made.left_out += 1;
        }
    });
}

/// Which call it is, where that is to be told.
pub(super) fn tool_call() -> Option<ToolCall> {
    CURRENT.try_with(|current| current.0.tool_call.get().map(|(call, _)| call.clone())).ok().flatten()
}

/// Adds to what is said of the call.
pub(super) fn said(note: String) {
    let _ = CURRENT.try_with(|current| {
        let mut notes = current.0.notes.lock().unwrap_or_else(PoisonError::into_inner);
        if !notes.contains(&note) {
            notes.push(note);
        }
    });
}

/// The answer names what is stored.
pub(super) fn tells() {
    let _ = CURRENT.try_with(|current| current.0.tells.store(true, Ordering::Relaxed));
}

/// Who is told how far the call is.
pub(super) fn progress() -> Option<Progress> {
    CURRENT.try_with(|current| current.0.progress.clone()).ok().flatten()
}

/// How the client of the call at hand shows forms while the call lasts.
pub(super) fn sends_forms() -> Option<Asker> {
    let asker = CURRENT.try_with(Current::asker).ok().flatten();
    asker.filter(|asker| matches!(asker, Asker::Sends(_)))
}

/// The table of this name, as it was described before in this call.
pub(super) fn described(table: &str) -> Option<TableDescription> {
    let of = |current: &Current| current.0.described.lock().unwrap_or_else(PoisonError::into_inner).clone();
    CURRENT.try_with(of).ok().flatten().filter(|known| known.table_name() == Some(table))
}

/// Keeps how a table is described.
pub(super) fn describes(table: &TableDescription) {
    let keep = |current: &Current| {
        *current.0.described.lock().unwrap_or_else(PoisonError::into_inner) = Some(table.clone());
    };
    let _ = CURRENT.try_with(keep);
}

/// It has waited so many seconds for a person.
pub(super) fn waited(seconds: u64) {
    let _ = CURRENT.try_with(|current| current.0.waited.store(seconds, Ordering::Relaxed));
}

/// How many seconds it has waited for a person.
pub(super) fn seconds_waited() -> u64 {
    CURRENT.try_with(|current| current.0.waited.load(Ordering::Relaxed)).unwrap_or_default()
}

/// The most bytes that the reader of the answer takes.
pub(super) fn budget() -> Option<usize> {
    CURRENT.try_with(|current| current.0.budget).ok().flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn call(status: u16) -> AwsCall {
        AwsCall {
            service: "s3".to_owned(),
            operation: "DeleteObjects".to_owned(),
            status: Some(status),
            error: None,
            ms: 1.0,
            request_id: None,
            attempts: 1,
            access: crate::emulator::access::Access::new(),
        }
    }

    #[tokio::test]
    async fn of_very_many_aws_calls_the_first_are_kept_and_those_that_failed_and_the_others_are_counted() {
        let current = Current::new(None, None, None);
        let statuses = (0..100_000).map(|n| if n == 90_000 { 500 } else { 200 });
        current.scope(async { statuses.for_each(|status| made(call(status))) }).await;
        let Made { calls, left_out } = current.take_aws_calls();
        assert_eq!((calls.len(), left_out), (KEPT + 1, 100_000 - KEPT as u64 - 1));
        assert_eq!(calls.last().and_then(|call| call.status), Some(500));
        // However many fail.
        current.scope(async { (0..1000).for_each(|_| made(call(500))) }).await;
        let Made { calls, left_out } = current.take_aws_calls();
        assert_eq!((calls.len(), left_out), (2 * KEPT, 1000 - 2 * KEPT as u64));
    }
}
