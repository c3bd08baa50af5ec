//! Numbers with all the digits that a file has, which a double would round.

use std::borrow::Cow;

use serde_json::{Map, Value as Json};

use crate::json;

/// Digits that every double keeps.
const SAFE: usize = 15;

/// The same JSON, numbers of more digits and those with an exponent written as `{"$n": "…"}`. A file holds what its writer
/// meant, unlike a call, whose numbers may have been rounded on their way.
pub(super) fn numbers(json: &[u8]) -> Cow<'_, [u8]> {
    let mut out: Option<Vec<u8>> = None;
    // What was copied to `out` so far.
    let mut copied = 0;
    let mut at = 0;
    while let Some(&byte) = json.get(at) {
        let begun = at;
        match byte {
            b'"' => at = text_end(json, at),
            b'-' | b'0'..=b'9' => {
                at += json[at..]
                    .iter()
                    .take_while(|b| matches!(b, b'0'..=b'9' | b'-' | b'+' | b'.' | b'e' | b'E'))
                    .count();
                let number = &json[begun..at];
                if is_long(number) {
                    let out = out.get_or_insert_default();
                    out.extend(&json[copied..begun]);
                    out.extend_from_slice(b"{\"$n\":\"");
                    out.extend(number);
                    out.extend_from_slice(b"\"}");
                    copied = at;
                }
            }
            _ => at += 1,
        }
    }
    match out {
        Some(mut out) => {
            out.extend(&json[copied..]);
            Cow::Owned(out)
        }
        None => Cow::Borrowed(json),
    }
}

/// The same for an item in either JSON.
pub(super) fn settle_item(item: &mut Json) {
    match item {
        Json::Object(map) if json::is_typed_item(map) => map.values_mut().for_each(|value| settle(value, true)),
        item => settle(item, false),
    }
}

/// Takes the marks of [`numbers`] off where a text is taken in place of a number already: inside a mark that the file has
/// itself, and in a value in typed JSON. An attribute that is only named `N` keeps them.
pub(super) fn settle(value: &mut Json, typed: bool) {
    match value {
        Json::Array(elements) => elements.iter_mut().for_each(|element| settle(element, typed)),
        Json::Object(map) => match (typed, lone(map)) {
            (false, Some(("$n", inner))) | (true, Some(("N", inner))) => unmark(inner),
            (false, Some(("$ns", Json::Array(set)))) | (true, Some(("NS", Json::Array(set)))) => {
                set.iter_mut().for_each(unmark);
            }
            (false, Some(("$m", Json::Object(inner)))) | (true, Some(("M", Json::Object(inner)))) => {
                inner.values_mut().for_each(|value| settle(value, typed));
            }
            (true, Some(("L", list))) => settle(list, true),
            (true, _) => {}
            (false, _) => map.values_mut().for_each(|value| settle(value, false)),
        },
        _ => {}
    }
}

/// The only member of an object.
fn lone(map: &mut Map<String, Json>) -> Option<(&str, &mut Json)> {
    if map.len() == 1 { map.iter_mut().next().map(|(name, value)| (name.as_str(), value)) } else { None }
}

fn unmark(value: &mut Json) {
    if let Json::Object(map) = value
        && let Some(("$n", text @ Json::String(_))) = lone(map)
    {
        *value = text.take();
    }
}

/// Where the text that begins at `at` is over.
fn text_end(json: &[u8], mut at: usize) -> usize {
    at += 1;
    while let Some(&byte) = json.get(at) {
        match byte {
            b'"' => return at + 1,
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
    json.len()
}

fn is_long(number: &[u8]) -> bool {
    let digits = number.iter().filter(|b| b.is_ascii_digit()).count();
    digits > SAFE || number.iter().any(|b| matches!(b, b'e' | b'E'))
}
