//! What part of an object is read, and how its bytes are shown.

use std::collections::BTreeMap;

use aws_sdk_s3::operation::get_object::GetObjectOutput;
use aws_sdk_s3::primitives::ByteStream;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::{compact, etag, time};
use crate::mcp::budget::{json_len, start_within};
use crate::mcp::error::ToolError;
use crate::mcp::quoted::named;

/// Fewer bytes than a few characters could not be shown as text.
const LEAST: u64 = 16;

/// The part of an object that a call asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wanted {
    /// From the first byte given, to the last if one is given.
    From(u64, Option<u64>),
    /// The last bytes.
    Last(u64),
}

impl Wanted {
    /// Reads `bytes=0-99`, `0-99`, `100-` or `-100`.
    pub(super) fn parse(range: &str) -> Result<Self, ToolError> {
        let wrong =
            || ToolError::arguments(format!("range: {} is none of bytes=0-99, bytes=100-, bytes=-100", named(range)));
        let number = |text: &str| text.parse::<u64>().map_err(|_| wrong());
        let (first, last) = range.trim().trim_start_matches("bytes=").split_once('-').ok_or_else(wrong)?;
        match (first, last) {
            ("", last) => Ok(Self::Last(number(last)?)),
            (first, "") => Ok(Self::From(number(first)?, None)),
            (first, last) => {
                let (first, last) = (number(first)?, number(last)?);
                if first <= last { Ok(Self::From(first, Some(last))) } else { Err(wrong()) }
            }
        }
    }

    /// As a Range header of at most `most` bytes, where the beginning is known.
    pub(super) fn header(self, most: u64) -> String {
        match self {
            Self::From(first, last) => {
                let end = first.saturating_add(most.max(LEAST) - 1);
                format!("bytes={first}-{}", last.map_or(end, |last| last.min(end)))
            }
            Self::Last(count) => format!("bytes=-{count}"),
        }
    }

    /// As a Range header, all of it; none where all of the object is wanted.
    pub(super) fn whole(self) -> Option<String> {
        match self {
            Self::From(0, None) => None,
            Self::From(first, last) => Some(format!("bytes={first}-{}", last.map_or(String::new(), |l| l.to_string()))),
            Self::Last(count) => Some(format!("bytes=-{count}")),
        }
    }
}

/// Where a body stands in its object: `bytes 0-99/1234`, or the whole where there is no such header.
pub(super) fn position(content_range: Option<&str>, length: Option<i64>) -> (u64, u64) {
    let parsed = content_range.and_then(|text| {
        let (range, total) = text.strip_prefix("bytes ")?.split_once('/')?;
        Some((range.split_once('-')?.0.parse().ok()?, total.parse().ok()?))
    });
    parsed.unwrap_or((0, length.and_then(|length| u64::try_from(length).ok()).unwrap_or_default()))
}

/// What GetObject tells of an object of this size, its body apart.
pub(super) fn describe(answer: &GetObjectOutput, bucket: &str, key: &str, size: u64) -> Value {
    compact(json!({
        "bucket": bucket,
        "key": key,
        "size": size,
        "content_type": answer.content_type(),
        "etag": etag(answer.e_tag()),
        "modified": time(answer.last_modified()),
        "metadata": answer.metadata().map(|all| all.iter().collect::<BTreeMap<_, _>>()),
        "version_id": answer.version_id(),
    }))
}

/// The first bytes of a body, at most `most`; the rest stays unread.
pub(super) async fn read(mut body: ByteStream, most: u64) -> Result<Vec<u8>, ToolError> {
    let most = usize::try_from(most.max(LEAST)).unwrap_or(usize::MAX);
    let mut bytes = Vec::new();
    while bytes.len() < most {
        let chunk = body.try_next().await.map_err(|error| {
            let mut error = ToolError::new("no_answer", format!("the object's body broke off: {error}"));
            error.retryable = true;
            error
        })?;
        let Some(chunk) = chunk else { break };
        bytes.extend_from_slice(&chunk[..chunk.len().min(most - bytes.len())]);
    }
    Ok(bytes)
}

/// How bytes are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Show {
    /// As JSON where they are the whole of a JSON document, as text where they are text, else as base64.
    Auto { json: bool },
    /// As text.
    Text,
    /// As JSON.
    Json,
    /// As base64.
    Base64,
}

/// Bytes as they are shown: the member's name, its value, and how many bytes it took.
pub(super) fn show(
    bytes: &[u8],
    how: Show,
    whole: bool,
    budget: usize,
) -> Result<(&'static str, Value, usize), ToolError> {
    let text = as_text(bytes, whole);
    if how == Show::Base64 {
        return Ok(base64(bytes, budget));
    }
    let Some(text) = text else {
        return match how {
            Show::Auto { .. } => Ok(base64(bytes, budget)),
            _ => Err(ToolError::new("not_text", "the object is not UTF-8 text").hint("as: base64 shows any bytes.")),
        };
    };
    if matches!(how, Show::Json | Show::Auto { json: true }) && whole {
        match serde_json::from_str::<Value>(text) {
            Ok(value) if !has_long_numbers(text) && json_len(&value) <= budget => {
                return Ok(("json", value, bytes.len()));
            }
            Err(error) if how == Show::Json => {
                return Err(ToolError::new("not_json", error.to_string()).hint("as: text shows it as it is."));
            }
            // No JSON, too long, or with numbers that JSON's doubles would round: the text is exact.
            Ok(_) | Err(_) => {}
        }
    }
    let shown = start_within(text, budget);
    Ok(("text", json!(shown), shown.len()))
}

fn base64(bytes: &[u8], budget: usize) -> (&'static str, Value, usize) {
    let bytes = &bytes[..bytes.len().min(budget / 4 * 3)];
    ("base64", json!(STANDARD.encode(bytes)), bytes.len())
}

/// The bytes as text; a character cut off at the end of a part is left to the next.
fn as_text(bytes: &[u8], whole: bool) -> Option<&str> {
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) if error.error_len().is_none() && !whole && error.valid_up_to() > 0 => {
            std::str::from_utf8(&bytes[..error.valid_up_to()]).ok()?
        }
        Err(_) => return None,
    };
    (!text.contains('\0')).then_some(text)
}

/// Whether JSON holds a number of more than 15 digits.
fn has_long_numbers(json: &str) -> bool {
    let (mut digits, mut inside, mut escaped) = (0, false, false);
    for byte in json.bytes() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if inside => escaped = true,
            b'"' => inside = !inside,
            b'0'..=b'9' if !inside => {
                digits += 1;
                if digits > 15 {
                    return true;
                }
            }
            b'.' => {}
            _ => digits = 0,
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_read_as_http_writes_them() {
        assert_eq!(Wanted::parse("bytes=0-99").unwrap(), Wanted::From(0, Some(99)));
        assert_eq!(Wanted::parse("100-").unwrap(), Wanted::From(100, None));
        assert_eq!(Wanted::parse("-5").unwrap(), Wanted::Last(5));
        for wrong in ["", "5", "9-5", "a-b", "bytes=-", "0-1,3-4"] {
            assert!(Wanted::parse(wrong).is_err(), "{wrong}");
        }
        assert_eq!(Wanted::From(10, Some(1_000_000)).header(100), "bytes=10-109");
        assert_eq!(position(Some("bytes 10-19/300"), Some(10)), (10, 300));
        assert_eq!(position(None, Some(7)), (0, 7));
    }

    #[test]
    fn bytes_are_shown_as_what_they_are() {
        let auto = Show::Auto { json: true };
        assert_eq!(show(br#"{"b":1,"a":[]}"#, auto, true, 99).unwrap(), ("json", json!({"b": 1, "a": []}), 14));
        assert_eq!(show(b"[12345678901234567890]", auto, true, 99).unwrap().0, "text");
        assert_eq!(show(br#"["12345678901234567890"]"#, auto, true, 99).unwrap().0, "json");
        assert_eq!(show(b"{\"cut\":", auto, false, 99).unwrap().0, "text");
        assert_eq!(show(&[0xff, 0xfe], auto, true, 99).unwrap(), ("base64", json!("//4="), 2));
        assert_eq!(show("aé".as_bytes().split_last().unwrap().1, auto, false, 99).unwrap(), ("text", json!("a"), 1));
        assert_eq!(show(&[0xff], Show::Text, true, 99).unwrap_err().code, "not_text");
        assert_eq!(show(b"{", Show::Json, true, 99).unwrap_err().code, "not_json");
    }

    #[test]
    fn what_is_shown_fits_the_budget_and_says_how_far_it_went() {
        let (_, value, used) = show("\u{1}".repeat(100).as_bytes(), Show::Text, true, 62).unwrap();
        assert_eq!((json_len(&value), used), (62, 10));
        let (_, value, used) = show(&[0xff; 1000], Show::Base64, true, 100).unwrap();
        assert_eq!((json_len(&value), used), (102, 75));
    }
}
