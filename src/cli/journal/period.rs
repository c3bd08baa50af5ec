//! `--since` and `--until`: which part of the past.

use chrono::{DateTime, Duration, NaiveDate, NaiveDateTime, NaiveTime, Utc};

use crate::journal::Filter;

/// Which part of the past.
#[derive(Debug, Clone, Default, clap::Args)]
pub(in crate::cli) struct Period {
    /// Only calls that began since then: 30s, 10m, 2h, 3d ago, or a time in UTC, as `journal tail` prints them: 2026-11-29,
    /// 2026-11-29T10:00; 2026-11-29T10:00+01:00 is another zone's
    #[arg(long, value_name = "WHEN", value_parser = When::parse)]
    since: Option<When>,
    /// Only calls that began until then, in the same words; a date is meant with its whole day
    #[arg(long, value_name = "WHEN", value_parser = When::parse)]
    until: Option<When>,
}

impl Period {
    /// Whether it has a beginning.
    pub(super) fn has_beginning(&self) -> bool {
        self.since.is_some()
    }

    /// Puts this part of the past, as seen `now`, into `filter`.
    pub(in crate::cli) fn narrow(&self, filter: &mut Filter, now: DateTime<Utc>) {
        filter.since = self.since.map(|when| when.first(now));
        filter.until = self.until.map(|when| when.last(now));
    }
}

/// A time as it was said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum When {
    Ago(Duration),
    Day(NaiveDate),
    /// To the minute: all of it is meant.
    Minute(DateTime<Utc>),
    At(DateTime<Utc>),
}

impl When {
    fn parse(text: &str) -> Result<Self, String> {
        ago(text).or_else(|| time(text.trim())).ok_or_else(|| {
            "want how long ago (30s, 10m, 2h, 3d, 1w), a date (2026-11-29) or a time (2026-11-29T10:00)".to_owned()
        })
    }

    /// The first millisecond of it.
    fn first(self, now: DateTime<Utc>) -> u64 {
        let at = match self {
            Self::Ago(long) => now.checked_sub_signed(long).unwrap_or(DateTime::UNIX_EPOCH),
            Self::Day(day) => day.and_time(NaiveTime::MIN).and_utc(),
            Self::Minute(at) | Self::At(at) => at,
        };
        u64::try_from(at.timestamp_millis()).unwrap_or_default()
    }

    /// The last one.
    fn last(self, now: DateTime<Utc>) -> u64 {
        let more = match self {
            Self::Day(_) => 86_400_000 - 1,
            Self::Minute(_) => 60_000 - 1,
            Self::Ago(_) | Self::At(_) => 0,
        };
        self.first(now).saturating_add(more)
    }
}

/// `10m`, `1h30m`.
fn ago(text: &str) -> Option<When> {
    let mut rest = text.trim();
    let mut long = Duration::zero();
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit())?;
        let count: i64 = rest[..digits].parse().ok()?;
        let unit = rest[digits..].chars().next()?;
        let seconds = match unit {
            's' => 1,
            'm' => 60,
            'h' => 3600,
            'd' => 86_400,
            'w' => 7 * 86_400,
            _ => return None,
        };
        long = long.checked_add(&Duration::try_seconds(count.checked_mul(seconds)?)?)?;
        rest = &rest[digits + 1..];
    }
    (long > Duration::zero() || text.trim().starts_with('0')).then_some(When::Ago(long))
}

fn time(text: &str) -> Option<When> {
    if let Ok(day) = NaiveDate::parse_from_str(text, "%Y-%m-%d") {
        return Some(When::Day(day));
    }
    // RFC 3339 has seconds, and people have none.
    let text = text.replacen(' ', "T", 1);
    let (clock, zone) = match text.find('T').and_then(|at| text[at..].find(['Z', '+', '-']).map(|zone| at + zone)) {
        Some(at) => text.split_at(at),
        None => (text.as_str(), "Z"),
    };
    let minute = NaiveDateTime::parse_from_str(&format!("{clock}:00"), "%Y-%m-%dT%H:%M:%S");
    let (naive, whole) = match minute {
        Ok(naive) => (naive, true),
        Err(_) => (NaiveDateTime::parse_from_str(clock, "%Y-%m-%dT%H:%M:%S%.f").ok()?, false),
    };
    let zone = DateTime::parse_from_rfc3339(&format!("2000-01-01T00:00:00{zone}")).ok()?.timezone();
    let at = naive.and_local_timezone(zone).single()?.to_utc();
    Some(if whole { When::Minute(at) } else { When::At(at) })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn span(text: &str) -> Option<(String, String)> {
        let now = DateTime::parse_from_rfc3339("2026-11-29T12:00:00Z").unwrap().to_utc();
        let when = When::parse(text).ok()?;
        Some((when.first(now), when.last(now)))
            .map(|(first, last)| (footbridge_record::time::rfc3339(first), footbridge_record::time::rfc3339(last)))
    }

    #[test]
    fn times_are_taken_as_people_write_them() {
        for (text, first, last) in [
            ("10m", "2026-11-29T11:50:00.000Z", "2026-11-29T11:50:00.000Z"),
            ("1h30m", "2026-11-29T10:30:00.000Z", "2026-11-29T10:30:00.000Z"),
            ("3d", "2026-11-26T12:00:00.000Z", "2026-11-26T12:00:00.000Z"),
            ("1w", "2026-11-22T12:00:00.000Z", "2026-11-22T12:00:00.000Z"),
            ("0s", "2026-11-29T12:00:00.000Z", "2026-11-29T12:00:00.000Z"),
            ("2026-11-29", "2026-11-29T00:00:00.000Z", "2026-11-29T23:59:59.999Z"),
            ("2026-11-29T10:00", "2026-11-29T10:00:00.000Z", "2026-11-29T10:00:59.999Z"),
            ("2026-11-29 10:00", "2026-11-29T10:00:00.000Z", "2026-11-29T10:00:59.999Z"),
            ("2026-11-29T10:00:05", "2026-11-29T10:00:05.000Z", "2026-11-29T10:00:05.000Z"),
            ("2026-11-29T10:00:05.123Z", "2026-11-29T10:00:05.123Z", "2026-11-29T10:00:05.123Z"),
            ("2026-11-29T10:00+01:30", "2026-11-29T08:30:00.000Z", "2026-11-29T08:30:59.999Z"),
            ("2026-11-29T10:00:05-05:00", "2026-11-29T15:00:05.000Z", "2026-11-29T15:00:05.000Z"),
        ] {
            assert_eq!(span(text), Some((first.to_owned(), last.to_owned())), "{text}");
        }
    }

    #[test]
    fn what_is_no_time_is_refused() {
        for text in [
            "",
            "10",
            "m",
            "10x",
            "-5m",
            "2026-13-01",
            "2026-11-29T25:00",
            "yesterday",
            "9223372036854775807w",
            "2026-11-29Tµ",
            "1µ",
        ] {
            assert_eq!(span(text), None, "{text}");
        }
    }
}
