//! The call at hand: what belongs to it and not to the bridge. A tool works in its call's own task.

use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use aws_sdk_dynamodb::types::TableDescription;

use super::progress::Progress;
use crate::emulator::ToolCall;
use crate::emulator::store::log::UnderWay;
use crate::journal::AwsCall;

/// One call under way.
#[derive(Clone, Default)]
pub(crate) struct Current(Arc<Members>);

#[derive(Default)]
struct Members {
    aws_calls: Mutex<Vec<AwsCall>>,
    notes: Mutex<Vec<String>>,
    progress: Option<Progress>,
    budget: Option<usize>,
    /// The table that was last described to say what was wrong with the call.
    described: Mutex<Option<TableDescription>>,
    /// What the local emulator is told of it, so that it can be taken back.
    tool_call: OnceLock<(ToolCall, UnderWay)>,
}

tokio::task_local! {
    static CURRENT: Current;
}

impl Current {
    /// A call whose progress is told to somebody, and whose answer may have so many bytes where its reader cuts longer ones.
    pub(crate) fn new(progress: Option<Progress>, budget: Option<usize>) -> Self {
        Self(Arc::new(Members { progress, budget, ..Members::default() }))
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
    pub(crate) fn take_aws_calls(&self) -> Vec<AwsCall> {
        std::mem::take(&mut *self.0.aws_calls.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// What was said so far, each once.
    pub(crate) fn take_notes(&self) -> Vec<String> {
        std::mem::take(&mut *self.0.notes.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Tells of an AWS call that was made. Outside a call there is nobody to tell.
pub(super) fn made(call: AwsCall) {
    let _ = CURRENT.try_with(|current| {
        current.0.aws_calls.lock().unwrap_or_else(PoisonError::into_inner).push(call);
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

/// Who is told how far the call is.
pub(super) fn progress() -> Option<Progress> {
    CURRENT.try_with(|current| current.0.progress.clone()).ok().flatten()
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

/// The most bytes that the reader of the answer takes.
pub(super) fn budget() -> Option<usize> {
    CURRENT.try_with(|current| current.0.budget).ok().flatten()
}
