//! Dates as S3 writes and reads them.

use aws_smithy_types::DateTime;
use aws_smithy_types::date_time::Format;

/// Milliseconds since the Unix epoch, cut to whole seconds, which is what S3 keeps.
pub(super) fn whole_seconds(millis: u64) -> u64 {
    millis / 1000 * 1000
}

/// `Wed, 21 Oct 2015 07:28:00 GMT`.
pub(super) fn http(millis: u64) -> String {
    seconds(millis).fmt(Format::HttpDate).unwrap_or_default()
}

/// `2015-10-21T07:28:00.000Z`: whole seconds, which is what S3 keeps.
pub(super) fn iso(millis: u64) -> String {
    let text = seconds(millis).fmt(Format::DateTime).unwrap_or_default();
    text.replace('Z', ".000Z")
}

fn seconds(millis: u64) -> DateTime {
    DateTime::from_secs(i64::try_from(millis / 1000).unwrap_or_default())
}

/// Milliseconds since the Unix epoch, from an HTTP date or an ISO one; `None` where it is neither.
pub(super) fn parse(text: &str) -> Option<u64> {
    let read = |form| DateTime::from_str(text, form).ok();
    let parsed = read(Format::HttpDate).or_else(|| read(Format::DateTimeWithOffset))?;
    u64::try_from(parsed.to_millis().ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_read_as_they_are_written() {
        let text = "Wed, 21 Oct 2015 07:28:00 GMT";
        assert_eq!(parse(text), Some(1_445_412_480_000));
        assert_eq!(http(1_445_412_480_999), text);
        assert_eq!(iso(1_445_412_480_999), "2015-10-21T07:28:00.000Z");
        assert_eq!(parse("2015-10-21T07:28:00Z"), Some(1_445_412_480_000));
        assert_eq!(parse("2015-10-21T07:28:00.000Z"), Some(1_445_412_480_000));
        assert_eq!(parse("tomorrow"), None);
    }
}
