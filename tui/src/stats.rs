//! How long calls take: percentiles and a row of bars.

use std::collections::BTreeMap;

use crate::model::Call;

/// The latest durations that bars are drawn from.
const RECENT: usize = 120;

/// What differs by less than this factor does not fill the whole height: small differences are to look small.
const LEAST: f64 = 8.0;

/// How long some calls took.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Summary {
    /// How many calls, those that run among them.
    pub calls: usize,
    /// How many of them went wrong.
    pub bad: usize,
    /// Half of them took no longer, in milliseconds; `None` where none has ended.
    pub p50: Option<f64>,
    /// 95 of 100 took no longer.
    pub p95: Option<f64>,
    /// 99 of 100 took no longer.
    pub p99: Option<f64>,
    /// The latest, the newest last, in milliseconds.
    pub recent: Vec<f64>,
}

/// All calls together, and each tool or operation for itself, the most called first.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Stats {
    /// All together.
    pub all: Summary,
    /// By name.
    pub tools: Vec<(String, Summary)>,
}

impl Stats {
    /// Of `calls`, the oldest first.
    pub fn of<'a>(calls: impl Iterator<Item = &'a Call> + Clone) -> Self {
        let mut tools: BTreeMap<&str, Vec<&Call>> = BTreeMap::new();
        for call in calls.clone() {
            tools.entry(&call.name).or_default().push(call);
        }
        let mut tools: Vec<_> =
            tools.into_iter().map(|(name, calls)| (name.to_owned(), Summary::of(calls.into_iter()))).collect();
        tools.sort_by_key(|(_, summary)| std::cmp::Reverse(summary.calls));
        Self { all: Summary::of(calls), tools }
    }
}

impl Summary {
    fn of<'a>(calls: impl Iterator<Item = &'a Call>) -> Self {
        let mut summary = Self::default();
        let mut took = Vec::new();
        for call in calls {
            summary.calls += 1;
            summary.bad += usize::from(call.status().is_bad());
            // What still runs, and what never ended, says nothing of how long it takes.
            took.extend(call.end.as_ref().and_then(|_| call.elapsed(0)));
        }
        summary.recent = took[took.len().saturating_sub(RECENT)..].to_vec();
        took.sort_unstable_by(f64::total_cmp);
        let rank = |percent: usize| took.get((took.len() * percent).div_ceil(100).saturating_sub(1)).copied();
        (summary.p50, summary.p95, summary.p99) = (rank(50), rank(95), rank(99));
        summary
    }
}

/// The heights, 0 to 7, of the latest `columns` durations. The scale is logarithmic, so that one slow call does not
/// flatten all others.
#[must_use]
pub fn heights(recent: &[f64], columns: usize) -> Vec<usize> {
    let shown = &recent[recent.len().saturating_sub(columns)..];
    let log = |ms: f64| ms.max(0.01).ln();
    let low = shown.iter().copied().map(log).fold(f64::INFINITY, f64::min);
    let high = shown.iter().copied().map(log).fold(f64::NEG_INFINITY, f64::max);
    let span = (high - low).max(LEAST.ln());
    // Between 0 and 7 by construction.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    shown.iter().map(|ms| (((log(*ms) - low) / span) * 7.0).round() as usize).collect()
}

#[cfg(test)]
mod tests {
    use super::{Stats, heights};
    use crate::testing::{call, ended, failed};

    #[test]
    fn percentiles_are_of_what_has_ended() {
        let mut calls: Vec<_> = (1..=100_u32)
            .map(|ms| {
                let mut call = call(u64::from(ms), "s3_get_object");
                call.end = Some(ended(f64::from(ms)));
                call
            })
            .collect();
        calls.push(call(101, "s3_get_object"));
        let mut bad = call(102, "dynamodb_query");
        bad.end = Some(failed("ValidationException", "no", 1000.0));
        calls.push(bad);
        let stats = Stats::of(calls.iter());
        assert_eq!((stats.all.calls, stats.all.bad), (102, 1));
        let (name, gets) = &stats.tools[0];
        assert_eq!((name.as_str(), gets.calls), ("s3_get_object", 101));
        assert_eq!((gets.p50, gets.p95, gets.p99), (Some(50.0), Some(95.0), Some(99.0)));
        assert_eq!(stats.tools[1].1.p50, Some(1000.0));
    }

    #[test]
    fn bars_show_the_latest_on_a_scale_that_one_slow_call_does_not_flatten() {
        assert_eq!(heights(&[5.0, 1.0, 10.0, 100.0], 3), [0, 4, 7]);
        assert_eq!(heights(&[3.0, 3.0, 3.3], 8), [0, 0, 0]);
        assert!(heights(&[], 8).is_empty());
    }
}
