//! What became of each call, and of all.

use footbridge_record::{Brief, brief};
use serde::Serialize;
use uuid::Uuid;

use super::{Comparison, Difference, Skip};
use crate::journal::Call;

/// What became of one call.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Step {
    /// Counted from one, as the calls began.
    pub call: usize,
    /// Its id in the (left) journal.
    pub id: Uuid,
    /// The tool or operation.
    pub name: String,
    /// What it is about.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub resources: Vec<String>,
    /// The call on one line.
    pub brief: Brief,
    /// How its answers compare.
    #[serde(flatten)]
    pub verdict: Verdict,
    /// Whether an answer was cut in a journal, so that only the rest of it was compared.
    #[serde(skip_serializing_if = "is_false")]
    pub cut: bool,
    /// Whether an answer is recorded by its shape alone, so that shapes were compared.
    #[serde(skip_serializing_if = "is_false")]
    pub shapes: bool,
    /// An earlier call on the same resource that was not made or ended differently, which may be why this one differs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub follows: Option<usize>,
    /// How long the replayed call took, in milliseconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ms: Option<f64>,
}

/// How a call's answers compare.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "verdict", rename_all = "snake_case")]
pub enum Verdict {
    /// They are the same.
    Same,
    /// They are not.
    Differs {
        /// Where.
        differences: Vec<Difference>,
    },
    /// It was not made again.
    NotReplayed {
        /// Why.
        reason: Skip,
    },
    /// Only the left journal has it.
    LeftOnly,
    /// Only the right journal has it.
    RightOnly,
}

impl Step {
    pub(super) fn new(number: usize, call: &Call, verdict: Verdict) -> Self {
        Self {
            call: number,
            id: call.id,
            name: call.name().to_owned(),
            resources: call.started.resources.clone(),
            brief: brief(call),
            verdict,
            cut: false,
            shapes: false,
            follows: None,
            ms: None,
        }
    }

    pub(super) fn compared(number: usize, call: &Call, comparison: Comparison) -> Self {
        let Comparison { differences, cut, shapes } = comparison;
        let verdict = if differences.is_empty() { Verdict::Same } else { Verdict::Differs { differences } };
        Self { cut, shapes, ..Self::new(number, call, verdict) }
    }
}

/// How many of each there were.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Summary {
    /// All of them.
    pub calls: usize,
    /// With the same answer.
    pub same: usize,
    /// With another answer.
    pub differ: usize,
    /// Of those that differ, the ones that may do so because an earlier call was not made or ended differently.
    pub follow: usize,
    /// Not made again.
    pub not_replayed: usize,
    /// Of those, the ones that nobody allowed.
    pub not_allowed: usize,
    /// Those that no admitted caller signed.
    pub not_admitted: usize,
    /// Those of another account, or of a region that cannot be reached.
    pub elsewhere: usize,
    /// And those of which the journal has not all that was sent.
    pub partial: usize,
    /// Only in the left journal.
    pub left_only: usize,
    /// Only in the right journal.
    pub right_only: usize,
    /// Compared as far as a cut answer goes.
    pub cut: usize,
    /// Compared by shape.
    pub shapes: usize,
}

impl Summary {
    /// Counts a step.
    pub fn add(&mut self, step: &Step) {
        self.calls += 1;
        self.cut += usize::from(step.cut);
        self.shapes += usize::from(step.shapes);
        match &step.verdict {
            Verdict::Same => self.same += 1,
            Verdict::Differs { .. } => {
                self.differ += 1;
                self.follow += usize::from(step.follows.is_some());
            }
            Verdict::NotReplayed { reason } => {
                self.not_replayed += 1;
                self.not_allowed += usize::from(reason.code == "not_allowed");
                self.not_admitted +=
                    usize::from(matches!(reason.code, "not_admitted" | "unsigned" | "presigned" | "form"));
                self.elsewhere += usize::from(matches!(reason.code, "other_account" | "other_region"));
                self.partial += usize::from(matches!(reason.code, "partial" | "endpoint"));
            }
            Verdict::LeftOnly => self.left_only += 1,
            Verdict::RightOnly => self.right_only += 1,
        }
    }

    /// Whether something was not the same.
    #[must_use]
    pub fn differs(&self) -> bool {
        self.differ + self.left_only + self.right_only > 0
    }
}

// The signature is serde's.
#[allow(clippy::trivially_copy_pass_by_ref)]
fn is_false(flag: &bool) -> bool {
    !*flag
}
