//! Times and durations, as people read them.

/// `19:13:51.470` at `millis` since the Unix epoch, `offset` seconds east of Greenwich.
#[must_use]
pub fn of_day(millis: u64, offset: i32) -> String {
    let (_, of_day) = split(millis, offset);
    let (seconds, millis) = (of_day / 1000, of_day % 1000);
    format!("{:02}:{:02}:{:02}.{millis:03}", seconds / 3600, seconds / 60 % 60, seconds % 60)
}

/// `2026-11-22 19:13:51.470 +01:00`.
#[must_use]
pub fn full(millis: u64, offset: i32) -> String {
    let (days, _) = split(millis, offset);
    let (year, month, day) = civil(days);
    let sign = if offset < 0 { '-' } else { '+' };
    let minutes = offset.unsigned_abs() / 60;
    format!("{year:04}-{month:02}-{day:02} {} {sign}{:02}:{:02}", of_day(millis, offset), minutes / 60, minutes % 60)
}

/// `2026-11-22T19:13:51.470Z`, always with three digits, so that columns line up.
#[must_use]
pub fn rfc3339(millis: u64) -> String {
    let (year, month, day) = civil(split(millis, 0).0);
    format!("{year:04}-{month:02}-{day:02}T{}Z", of_day(millis, 0))
}

/// Days since the epoch and milliseconds of the day.
fn split(millis: u64, offset: i32) -> (i64, i64) {
    let local = i64::try_from(millis).unwrap_or(i64::MAX).saturating_add(i64::from(offset) * 1000);
    (local.div_euclid(86_400_000), local.rem_euclid(86_400_000))
}

/// Year, month and day of days since the epoch, in the Gregorian calendar. Howard Hinnant's `civil_from_days`
/// (<https://howardhinnant.github.io/date_algorithms.html>).
fn civil(days: i64) -> (i64, i64, i64) {
    let days = days.saturating_add(719_468);
    let era = days.div_euclid(146_097);
    let of_era = days.rem_euclid(146_097);
    let year_of_era = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let day_of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    (year_of_era + era * 400 + i64::from(month <= 2), month, day)
}

/// A duration in milliseconds in at most seven characters: `812µs` is `0.812ms`, then `12.3ms`, `1.23s`, `2m05s`.
#[must_use]
pub fn duration(ms: f64) -> String {
    if !ms.is_finite() || ms < 0.0 {
        "?".to_owned()
    } else if ms < 9.9995 {
        format!("{ms:.2}ms")
    } else if ms < 99.95 {
        format!("{ms:.1}ms")
    } else if ms < 999.5 {
        format!("{ms:.0}ms")
    } else if ms < 59_995.0 {
        format!("{:.2}s", ms / 1000.0)
    } else {
        let seconds = (ms / 1000.0).round();
        let minutes = (seconds / 60.0).floor();
        if minutes < 60.0 {
            format!("{minutes:.0}m{:02.0}s", seconds - minutes * 60.0)
        } else {
            format!("{:.1}h", minutes / 60.0)
        }
    }
}

/// A number of bytes: `512 B`, `1.5 KiB`.
#[must_use]
pub fn bytes(count: u64) -> String {
    // Sizes are shown to two digits; what a double drops does not show.
    #[allow(clippy::cast_precision_loss)]
    let mut amount = count as f64;
    if count < 1024 {
        return format!("{count} B");
    }
    let mut unit = "B";
    for next in ["KiB", "MiB", "GiB", "TiB"] {
        if amount < 1024.0 {
            break;
        }
        amount /= 1024.0;
        unit = next;
    }
    format!("{amount:.1} {unit}")
}

#[cfg(test)]
mod tests {
    use super::{bytes, duration, full, of_day, rfc3339};

    #[test]
    fn times_are_those_of_the_calendar() {
        assert_eq!(full(1_795_374_831_470, 0), "2026-11-22 19:13:51.470 +00:00");
        assert_eq!(full(1_795_374_831_470, -5 * 3600 - 1800), "2026-11-22 13:43:51.470 -05:30");
        assert_eq!(full(951_782_399_999, 0), "2000-02-28 23:59:59.999 +00:00");
        assert_eq!(full(951_782_399_999, 3600), "2000-02-29 00:59:59.999 +01:00");
        assert_eq!(rfc3339(1_795_374_831_470), "2026-11-22T19:13:51.470Z");
        assert_eq!(of_day(0, -1), "23:59:59.000");
    }

    #[test]
    fn durations_stay_short() {
        let shown: Vec<_> =
            [0.812, 9.9996, 99.96, 999.7, 1234.0, 59_996.0, 125_000.0, 7_200_000.0, -1.0].map(duration).into();
        assert_eq!(shown, ["0.81ms", "10.0ms", "100ms", "1.00s", "1.23s", "1m00s", "2m05s", "2.0h", "?"]);
        assert!(shown.iter().all(|text| text.chars().count() <= 7));
        assert_eq!((bytes(512), bytes(1536)), ("512 B".to_owned(), "1.5 KiB".to_owned()));
    }
}
