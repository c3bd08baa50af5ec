//! The Range header.

use std::ops::Range;

use super::refusal::Refusal;

/// The bytes that a range asks for of so many; none where it is no single range, which AWS takes for no range at all.
pub fn asked(range: &str, size: usize) -> Result<Option<Range<usize>>, Refusal> {
    let Some((first, last)) = range.strip_prefix("bytes=").and_then(|range| range.split_once('-')) else {
        return Ok(None);
    };
    // A number of any length; past every object where it does not fit.
    let number = |text: &str| {
        let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        digits.then(|| text.parse().unwrap_or(usize::MAX))
    };
    let beyond = || {
        Refusal::new(416, "InvalidRange", "The requested range is not satisfiable")
            .with("RangeRequested", range)
            .with("ActualObjectSize", size.to_string())
    };
    match (number(first), number(last)) {
        (Some(first), Some(last)) if first > last => Ok(None),
        (Some(_), None) if !last.is_empty() => Ok(None),
        (Some(first), _) if first >= size => Err(beyond()),
        (Some(first), last) => Ok(Some(first..last.map_or(size, |last| size.min(last.saturating_add(1))))),
        (None, Some(0)) if first.is_empty() => Err(beyond()),
        (None, Some(_)) if first.is_empty() && size == 0 => Err(beyond()),
        (None, Some(suffix)) if first.is_empty() => Ok(Some(size.saturating_sub(suffix)..size)),
        _ => Ok(None),
    }
}
