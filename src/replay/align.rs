//! Pairs the calls of two journals.

use std::borrow::Cow;

use similar::{Algorithm, DiffOp, capture_diff_slices};

use super::{endpoint, normal};
use crate::journal::{Call, Subject, Target};

/// Calls of two journals, by their places in them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pair {
    /// The same call.
    Both(usize, usize),
    /// A call that the right journal lacks.
    Left(usize),
    /// A call that the left journal lacks.
    Right(usize),
}

/// Pairs calls of the same tool with the same arguments, in order, so that as many as possible have their like. Ids that
/// a backend gave do not count as arguments; where a journal has arguments by their shape, only resources count.
#[must_use]
pub fn align(left: &[&Call], right: &[&Call]) -> Vec<Pair> {
    let in_full = left.iter().chain(right).all(|call| matches!(call.started.target, Target::Local { .. }));
    let keys = |calls: &[&Call]| calls.iter().map(|call| key(call, in_full)).collect::<Vec<_>>();
    let mut pairs = Vec::new();
    for op in capture_diff_slices(Algorithm::Myers, &keys(left), &keys(right)) {
        if let DiffOp::Equal { old_index, new_index, len } = op {
            pairs.extend((0..len).map(|at| Pair::Both(old_index + at, new_index + at)));
        } else {
            pairs.extend(op.old_range().map(Pair::Left));
            pairs.extend(op.new_range().map(Pair::Right));
        }
    }
    pairs
}

/// What two records of one call have in common.
fn key(call: &Call, in_full: bool) -> String {
    let mut key = format!("{} {}", call.name(), call.started.resources.join(" "));
    let parameters = match &call.started.subject {
        Subject::Tool { .. } => Cow::Borrowed(&call.started.parameters),
        Subject::Operation { service, .. } => Cow::Owned(endpoint::without(service, &call.started.parameters)),
    };
    if let Some(arguments) = parameters.as_object().filter(|_| in_full) {
        let mut members: Vec<_> =
            arguments.iter().filter(|(name, _)| !normal::GIVEN.contains(&name.as_str())).collect();
        members.sort_unstable_by_key(|(name, _)| *name);
        for (name, value) in members {
            key.extend([" ", name, "=", &value.to_string()]);
        }
    }
    key
}
