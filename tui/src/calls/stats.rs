//! How many calls there are, how many went wrong and how long they take: kept up as calls come, change and go.

use std::collections::{BTreeMap, HashMap, VecDeque};

use super::store::Key;
use crate::row::{Name, Row, Standing};

/// The latest durations that bars are drawn from.
const RECENT: usize = 64;

/// The seconds over which calls are counted for their rate.
pub(super) const RATE: u64 = 10;

/// What differs by less than this factor does not fill the whole height: small differences are to look small.
const LEAST: f64 = 8.0;

/// How long some calls took.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Summary {
    /// How many calls, those that run among them.
    pub(super) calls: usize,
    /// How many of them went wrong.
    pub(super) bad: usize,
    /// How many took so long, by [`step`]: on a screen, percentiles are exact.
    took: BTreeMap<u64, u32>,
    ended: usize,
    /// The latest that ended, the newest last, in milliseconds.
    recent: VecDeque<(Key, f64)>,
}

/// All calls together, and each tool or operation for itself.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Stats {
    /// All together.
    pub(super) all: Summary,
    tools: HashMap<Name, Summary>,
    /// Calls that began in a second, and those of them that went wrong; of the latest seconds.
    seconds: BTreeMap<u64, (u32, u32)>,
}

impl Stats {
    /// Counts `row`.
    pub(super) fn add(&mut self, row: &Row) {
        self.all.add(row);
        match self.tools.get_mut(&row.subject.name) {
            Some(summary) => summary.add(row),
            None => self.tools.entry(row.subject.name.clone()).or_default().add(row),
        }
        let second = row.at / 1000;
        let newest = self.seconds.last_key_value().map_or(second, |(newest, _)| *newest);
        if second + RATE >= newest {
            let (calls, bad) = self.seconds.entry(second).or_default();
            *calls += 1;
            *bad += u32::from(row.standing.is_bad());
            if second > newest {
                self.seconds = self.seconds.split_off(&second.saturating_sub(RATE));
            }
        }
    }

    /// Counts `row` no longer.
    pub(super) fn remove(&mut self, row: &Row) {
        self.all.remove(row);
        if let Some(summary) = self.tools.get_mut(&row.subject.name) {
            summary.remove(row);
            if summary.calls == 0 {
                self.tools.remove(&row.subject.name);
            }
        }
        if let Some((calls, bad)) = self.seconds.get_mut(&(row.at / 1000)) {
            *calls = calls.saturating_sub(1);
            *bad = bad.saturating_sub(u32::from(row.standing.is_bad()));
        }
    }

    /// How many tools and operations there are.
    pub(super) fn tools_count(&self) -> usize {
        self.tools.len()
    }

    /// Whether there were calls in the last seconds before `now`.
    pub(super) fn is_lively(&self, now: u64) -> bool {
        let second = now / 1000;
        self.seconds.range((second + 1).saturating_sub(RATE)..).any(|(_, (calls, _))| *calls > 0)
    }

    /// Each tool or operation, the most called first.
    pub(super) fn tools(&self) -> Vec<(&Name, &Summary)> {
        let mut tools: Vec<_> = self.tools.iter().collect();
        tools.sort_unstable_by(|(a, of_a), (b, of_b)| of_b.calls.cmp(&of_a.calls).then_with(|| a.cmp(b)));
        tools
    }

    /// How many calls began in the last seconds before `now`, for each second.
    pub(super) fn rate(&self, now: u64) -> f64 {
        let second = now / 1000;
        let calls: u32 =
            self.seconds.range((second + 1).saturating_sub(RATE)..=second).map(|(_, (calls, _))| *calls).sum();
        // Ten seconds.
        f64::from(calls) / 10.0
    }
}

impl Summary {
    fn add(&mut self, row: &Row) {
        self.calls += 1;
        self.bad += usize::from(row.standing.is_bad());
        let Some(ms) = took(row) else { return };
        self.ended += 1;
        *self.took.entry(step(ms)).or_default() += 1;
        let key = Key::of(row);
        let place = self.recent.partition_point(|(other, _)| *other < key);
        if place > 0 || self.recent.len() < RECENT {
            self.recent.insert(place, (key, ms));
            if self.recent.len() > RECENT {
                self.recent.pop_front();
            }
        }
    }

    fn remove(&mut self, row: &Row) {
        self.calls = self.calls.saturating_sub(1);
        self.bad = self.bad.saturating_sub(usize::from(row.standing.is_bad()));
        let Some(ms) = took(row) else { return };
        self.ended = self.ended.saturating_sub(1);
        if let Some(count) = self.took.get_mut(&step(ms)) {
            *count -= 1;
            if *count == 0 {
                self.took.remove(&step(ms));
            }
        }
        let key = Key::of(row);
        if let Ok(place) = self.recent.binary_search_by(|(other, _)| other.cmp(&key)) {
            self.recent.remove(place);
        }
    }

    /// So many of 100 took no longer, in milliseconds; `None` where none has ended.
    pub(super) fn percentile(&self, percent: usize) -> Option<f64> {
        let mut left = self.ended - (self.ended * percent).div_ceil(100);
        for (microseconds, count) in self.took.iter().rev() {
            if left < *count as usize {
                // Half a century of microseconds is exact in a double.
                #[allow(clippy::cast_precision_loss)]
                return Some(*microseconds as f64 / 1e3);
            }
            left -= *count as usize;
        }
        None
    }

    /// The heights, 0 to 7, of the latest `columns` durations. The scale is logarithmic, so that one slow call does not
    /// flatten all others.
    pub(super) fn heights(&self, columns: usize) -> Vec<usize> {
        let shown: Vec<f64> =
            self.recent.iter().skip(self.recent.len().saturating_sub(columns)).map(|(_, ms)| *ms).collect();
        heights(&shown)
    }
}

/// How long `row` took. What still runs, and what never ended, says nothing of that.
fn took(row: &Row) -> Option<f64> {
    if row.standing == Standing::Running { None } else { row.elapsed(0) }
}

/// Microseconds, as far as a screen shows them. What is left out still counts as a microsecond, so that what is shown is
/// rounded as if all were there.
fn step(ms: f64) -> u64 {
    // Not below 0; what is more than there are microseconds is as many.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let exact = (ms * 1e3).round() as u64;
    let scale = match exact {
        0..10_000 => 1,
        10_000..100_000 => 10,
        100_000..1_000_000 => 100,
        _ => 1000,
    };
    exact / scale * scale + u64::from(!exact.is_multiple_of(scale))
}

fn heights(shown: &[f64]) -> Vec<usize> {
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
    use super::{Stats, heights, step};
    use crate::calls::tests::make::{Make, rows};
    use crate::row::Row;

    fn hundred() -> Vec<Row> {
        let mut makes: Vec<_> =
            (1..=100_u32).map(|ms| Make::tool("s3_get_object").at(u64::from(ms)).took(f64::from(ms))).collect();
        makes.push(Make::tool("s3_get_object").at(101));
        makes.push(Make::tool("dynamodb_query").at(102).failed("ValidationException", "no", 1000.0));
        rows(makes)
    }

    fn of(rows: &[Row]) -> Stats {
        let mut stats = Stats::default();
        for row in rows {
            stats.add(row);
        }
        stats
    }

    #[test]
    fn percentiles_are_of_what_has_ended() {
        let stats = of(&hundred());
        assert_eq!((stats.all.calls, stats.all.bad), (102, 1));
        let tools = stats.tools();
        let (name, gets) = tools[0];
        assert_eq!((&**name, gets.calls), ("s3_get_object", 101));
        assert_eq!([50, 95, 99, 100].map(|percent| gets.percentile(percent)), [50.0, 95.0, 99.0, 100.0].map(Some));
        assert_eq!(tools[1].1.percentile(50), Some(1000.0));
        assert_eq!(Stats::default().all.percentile(50), None);
    }

    #[test]
    fn what_is_taken_away_is_as_if_it_had_never_been_there() {
        let rows = hundred();
        let mut stats = of(&rows);
        rows[10..].iter().rev().for_each(|row| stats.remove(row));
        let few = of(&rows[..10]);
        assert_eq!((stats.all.calls, stats.all.bad, stats.tools().len()), (10, 0, 1));
        assert_eq!((&stats.all.took, stats.all.percentile(50)), (&few.all.took, few.all.percentile(50)));
    }

    #[test]
    fn the_rate_is_of_the_last_ten_seconds() {
        let rows = rows((0..30).map(|second| Make::tool("s3_get_object").at(second * 1000 + 500).took(1.0)));
        let stats = of(&rows);
        assert!((stats.rate(29_900) - 1.0).abs() < 1e-9, "{}", stats.rate(29_900));
        assert!((stats.rate(34_900) - 0.5).abs() < 1e-9);
        assert!(stats.rate(60_000) < 1e-9);
    }

    #[test]
    fn durations_are_shown_as_if_all_digits_were_counted() {
        assert_eq!([0.0, 0.35, 9.999, 10.004, 12.25, 12.251].map(step), [0, 350, 9999, 10_001, 12_250, 12_251]);
        for exact in [0.815, 9.995, 12.25, 12.251, 99.95, 185.5, 185.501, 1234.5, 1005.0, 59_990.0, 100_000.0] {
            let shown = |ms: f64| footbridge_record::time::duration(ms);
            let row = rows([Make::tool("s3_get_object").took(exact)]).remove(0);
            assert_eq!(of(&[row]).all.percentile(50).map(shown), Some(shown(exact)));
        }
    }

    #[test]
    fn bars_show_durations_on_a_scale_that_one_slow_call_does_not_flatten() {
        assert_eq!(heights(&[1.0, 10.0, 100.0]), [0, 4, 7]);
        assert_eq!(heights(&[3.0, 3.0, 3.3]), [0, 0, 0]);
        assert!(heights(&[]).is_empty());
    }
}
