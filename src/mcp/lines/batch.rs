//! Several messages on one line, as revision 2025-03-26 has them: their answers are one line too.

use std::collections::HashSet;

use rmcp::model::RequestId;
use serde_json::Value;

/// A batch whose answers are not all there.
#[derive(Debug, Default)]
pub(super) struct Batch {
    open: Vec<RequestId>,
    answers: Vec<Value>,
}

impl Batch {
    /// Takes a request in that is to be answered.
    pub(super) fn expect(&mut self, id: RequestId) {
        self.open.push(id);
    }

    /// Takes an answer in.
    pub(super) fn answer(&mut self, answer: Value) {
        self.answers.push(answer);
    }

    /// Whether it waits for the answer to `id`, which it then waits for no more.
    pub(super) fn settle(&mut self, id: &RequestId) -> bool {
        let found = self.open.iter().position(|open| open == id);
        found.map(|at| self.open.swap_remove(at)).is_some()
    }

    /// Waits no more for what is not among `open`.
    pub(super) fn settle_closed(&mut self, open: &HashSet<RequestId>) {
        self.open.retain(|id| open.contains(id));
    }

    /// All answers as a line, once they are there. `None` before, and where nothing is to be answered.
    pub(super) fn line(&mut self) -> Option<Vec<u8>> {
        if !self.open.is_empty() || self.answers.is_empty() {
            return None;
        }
        let mut line = Value::Array(std::mem::take(&mut self.answers)).to_string().into_bytes();
        line.push(b'\n');
        Some(line)
    }

    /// Whether nothing more comes of it.
    pub(super) fn is_over(&self) -> bool {
        self.open.is_empty()
    }
}
