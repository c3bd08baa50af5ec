//! Two journals of one session, compared call by call. Nothing is called.

use super::follow::Traces;
use super::{Comparer, Pair, ReplayError, Script, Side, Skip, Step, Verdict, align};
use crate::journal::{Call, Outcome, Subject, Target};

/// Compares the calls of two journals, and gives each step to `show` in order.
///
/// # Errors
/// [`ReplayError::Pattern`] where comparing does not work, else what `show` says.
pub fn diff<E: From<ReplayError>>(
    left: &Script,
    right: &Script,
    mut show: impl FnMut(Step) -> Result<(), E>,
) -> Result<(), E> {
    let mut comparer = Comparer::new().map_err(ReplayError::from)?;
    let mut traces = Traces::default();
    let (left, right) = (comparable(left), comparable(right));
    for (index, pair) in align(&left, &right).into_iter().enumerate() {
        let number = index + 1;
        let (call, mut step) = match pair {
            Pair::Left(at) => (left[at], Step::new(number, left[at], Verdict::LeftOnly)),
            Pair::Right(at) => (right[at], Step::new(number, right[at], Verdict::RightOnly)),
            Pair::Both(at, other) => {
                let (call, like) = (left[at], right[other]);
                let step = if let (Some(a), Some(b)) = (side(call), side(like)) {
                    Step::compared(number, call, comparer.compare_ends(call, a, b))
                } else {
                    let reason = Skip::new("unfinished", "its end is not recorded on both sides");
                    Step::new(number, call, Verdict::NotReplayed { reason })
                };
                (call, step)
            }
        };
        traces.follow(&mut step, call);
        show(step)?;
    }
    Ok(())
}

/// Calls whose answers are recorded, without those that tell of the bridge itself.
fn comparable(script: &Script) -> Vec<&Call> {
    let is_comparable = |call: &&Call| match &call.started.subject {
        Subject::Tool { tool } => tool != "bridge_status",
        Subject::Operation { .. } => {
            call.finished.as_ref().is_some_and(|end| end.outcome != Outcome::Ok || !end.response.is_null())
        }
    };
    script.calls.iter().filter(is_comparable).collect()
}

fn side(call: &Call) -> Option<Side<'_>> {
    let end = call.finished.as_ref().filter(|end| end.outcome != Outcome::Abandoned)?;
    let (outcome, response) = (&end.outcome, &end.response);
    Some(Side { outcome, response, partial: end.response_partial, region: region(call) })
}

/// The region of the target that a call was made on.
pub(super) fn region(call: &Call) -> Option<&str> {
    match &call.started.target {
        Target::Local { region, .. } | Target::Aws { region, .. } | Target::Custom { region, .. } => region.as_deref(),
    }
}
