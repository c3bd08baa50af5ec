//! The date forms of signatures: ISO 8601 basic, HTTP dates, and the extended form that errors show.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use aws_smithy_types::DateTime;
use aws_smithy_types::date_time::Format;

/// Reads `20261122T175819Z`.
pub(super) fn parse_basic(text: &str) -> Option<SystemTime> {
    let digits = |range: std::ops::Range<usize>| text.get(range).filter(|t| t.bytes().all(|b| b.is_ascii_digit()));
    if text.len() != 16 || text.get(8..9)? != "T" || text.get(15..)? != "Z" {
        return None;
    }
    let (date, time) = (digits(0..8)?, digits(9..15)?);
    let extended =
        format!("{}-{}-{}T{}:{}:{}Z", &date[..4], &date[4..6], &date[6..], &time[..2], &time[2..4], &time[4..]);
    since_epoch(&DateTime::from_str(&extended, Format::DateTime).ok()?)
}

/// Reads `Sun, 22 Nov 2026 17:58:19 GMT`, and the zone as mail writes it: `+0000` (AWS's own examples of signature
/// version 2) or `-0000` (botocore, where a caller sets `Date`).
pub(super) fn parse_http(text: &str) -> Option<SystemTime> {
    let bare = ["+0000", "-0000"].iter().find_map(|zone| text.strip_suffix(zone));
    let text = bare.map_or_else(|| text.into(), |bare| std::borrow::Cow::from(format!("{bare}GMT")));
    since_epoch(&DateTime::from_str(&text, Format::HttpDate).ok()?)
}

/// Writes `20261122T175819Z`.
pub(super) fn basic(time: SystemTime) -> String {
    iso(time).chars().filter(|c| !matches!(c, '-' | ':')).collect()
}

/// Writes `2026-11-22T17:58:19Z`, whole seconds.
pub(crate) fn iso(time: SystemTime) -> String {
    let seconds = time.duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
    let seconds = i64::try_from(seconds).unwrap_or(i64::MAX);
    // A time past the year 9999 has no such form; no clock that can be set by a client gets here.
    DateTime::from_secs(seconds).fmt(Format::DateTime).unwrap_or_default()
}

/// The time that is this many seconds after the epoch, if that can be held.
pub(super) fn from_seconds(seconds: u64) -> Option<SystemTime> {
    UNIX_EPOCH.checked_add(Duration::from_secs(seconds))
}

fn since_epoch(date: &DateTime) -> Option<SystemTime> {
    from_seconds(u64::try_from(date.secs()).ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_read_in_the_forms_that_clients_sign() {
        let time = from_seconds(1_174_966_826);
        // The last two: AWS's example of a version 2 signature, and botocore where a caller sets `Date`.
        for text in
            ["Tue, 27 Mar 2007 03:40:26 GMT", "Tue, 27 Mar 2007 03:40:26 +0000", "Tue, 27 Mar 2007 03:40:26 -0000"]
        {
            assert_eq!(parse_http(text), time, "{text}");
        }
        assert_eq!(parse_basic("20070327T034026Z"), time);
        for text in ["", "+0000", "Tue, 27 Mar 2007 03:40:26", "Tue, 27 Mar 2007 03:40:26 +0100", "20070327T034026Z"] {
            assert_eq!(parse_http(text), None, "{text}");
        }
    }
}
