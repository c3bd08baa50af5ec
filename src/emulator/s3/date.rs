//! Dates as S3 writes and reads them.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use s3s::dto::{Timestamp, TimestampFormat};

/// Milliseconds since the Unix epoch as s3s's type.
pub(super) fn stamp(millis: u64) -> Timestamp {
    (UNIX_EPOCH + Duration::from_millis(millis)).into()
}

/// Milliseconds since the Unix epoch, cut to whole seconds, which is what S3 keeps.
pub(super) fn whole_seconds(millis: u64) -> u64 {
    millis / 1000 * 1000
}

/// `Wed, 21 Oct 2015 07:28:00 GMT`.
pub(super) fn http(millis: u64) -> String {
    format(millis, TimestampFormat::HttpDate)
}

/// `2015-10-21T07:28:00.000Z`: whole seconds, which is what S3 keeps.
pub(super) fn iso(millis: u64) -> String {
    format(whole_seconds(millis), TimestampFormat::DateTime)
}

fn format(millis: u64, form: TimestampFormat) -> String {
    let mut text = Vec::new();
    // A String takes every write, and every time since 1970 has both forms.
    match stamp(millis).format(form, &mut text) {
        Ok(()) => String::from_utf8_lossy(&text).into_owned(),
        Err(_) => String::new(),
    }
}

/// Milliseconds since the Unix epoch, from an HTTP date or an ISO one; `None` where it is neither.
pub(super) fn parse(text: &str) -> Option<u64> {
    let parsed = Timestamp::parse(TimestampFormat::HttpDate, text)
        .or_else(|_| Timestamp::parse(TimestampFormat::DateTime, text))
        .ok()?;
    let time: SystemTime = time_of(&parsed);
    u64::try_from(time.duration_since(UNIX_EPOCH).ok()?.as_millis()).ok()
}

fn time_of(stamp: &Timestamp) -> SystemTime {
    let mut text = Vec::new();
    // s3s's type gives its value only as text without the `time` crate.
    let seconds = match stamp.format(TimestampFormat::EpochSeconds, &mut text) {
        Ok(()) => String::from_utf8_lossy(&text).parse::<f64>().unwrap_or_default(),
        Err(_) => 0.0,
    };
    UNIX_EPOCH + Duration::try_from_secs_f64(seconds).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_read_as_they_are_written() {
        let text = "Wed, 21 Oct 2015 07:28:00 GMT";
        assert_eq!(parse(text), Some(1_445_412_480_000));
        assert_eq!(http(1_445_412_480_999), text);
        assert_eq!(parse("2015-10-21T07:28:00Z"), Some(1_445_412_480_000));
        assert_eq!(parse("tomorrow"), None);
    }
}
