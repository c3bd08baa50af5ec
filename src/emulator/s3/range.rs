//! The Range header.

use std::ops::Range;

use crate::emulator::error::AwsError;

/// The bytes that a `Range` header asks for of an object of `size` bytes; `None` for all of it.
///
/// As on AWS, what is malformed, reversed or several ranges asks for the whole object, and what lies outside is 416.
pub(super) fn resolve(header: &str, size: u64) -> Result<Option<Range<u64>>, AwsError> {
    let Some((first, last)) = parse(header) else { return Ok(None) };
    let range = match (first, last) {
        (Some(first), _) if first >= size => None,
        (Some(first), last) => Some(first..last.map_or(size, |last| size.min(last.saturating_add(1)))),
        // As reports quote AWS: of nothing, the last bytes are all of it.
        (None, Some(suffix)) if suffix > 0 && size == 0 => return Ok(None),
        (None, Some(suffix)) => (suffix > 0).then(|| size.saturating_sub(suffix)..size),
        (None, None) => return Ok(None),
    };
    match range {
        Some(range) => Ok(Some(range)),
        None => Err(AwsError::new(416, "InvalidRange", "The requested range is not satisfiable")
            .with("RangeRequested", header)
            .with("ActualObjectSize", size)),
    }
}

/// First and last byte, or the suffix length as the last; `None` where it is not one range.
fn parse(header: &str) -> Option<(Option<u64>, Option<u64>)> {
    let (first, last) = header.trim().strip_prefix("bytes=")?.split_once('-')?;
    let number = |text: &str| -> Option<Option<u64>> {
        let text = text.trim();
        if text.is_empty() {
            return Some(None);
        }
        if !text.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        // A number past u64 is past every object.
        Some(Some(text.parse().unwrap_or(u64::MAX)))
    };
    let (first, last) = (number(first)?, number(last)?);
    match (first, last) {
        (Some(first), Some(last)) if first > last => None,
        (None, None) => None,
        both => Some(both),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_resolve_as_on_aws() {
        for (header, expected) in [
            ("bytes=0-8", Some(0..9)),
            ("bytes=1-1", Some(1..2)),
            ("bytes=5-", Some(5..10)),
            ("bytes=-3", Some(7..10)),
            ("bytes=-30", Some(0..10)),
            ("bytes=8-100", Some(8..10)),
            ("bytes=0-99999999999999999999999", Some(0..10)),
            ("bytes=3-1", None),
            ("bytes=0-1,3-4", None),
            ("bytes=a-b", None),
            ("bytes=-", None),
            ("lines=1-2", None),
            ("bytes=-1-2", None),
        ] {
            assert_eq!(resolve(header, 10).expect(header), expected, "{header}");
        }
        for header in ["bytes=10-", "bytes=100-200", "bytes=-0", "bytes=99999999999999999999999-"] {
            let error = resolve(header, 10).expect_err(header);
            assert_eq!((error.status, error.code.as_ref()), (416, "InvalidRange"), "{header}");
        }
        assert_eq!(resolve("bytes=-1", 0).expect("all of nothing"), None);
        for header in ["bytes=0-", "bytes=-0", "bytes=0-0"] {
            assert_eq!(resolve(header, 0).expect_err("empty").status, 416, "{header}");
        }
    }
}
