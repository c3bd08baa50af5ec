//! Query strings and percent-encoding as signatures see them.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode, percent_encode};

/// All but RFC 3986's unreserved characters.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// The same, with the slashes of a path kept.
const PATH: &AsciiSet = &RESERVED.remove(b'/');

/// The parameters of a raw query, decoded (`+` is a space), in the order received.
pub(crate) fn pairs(raw: &str) -> impl Iterator<Item = (Vec<u8>, Vec<u8>)> + '_ {
    raw.split('&').filter(|pair| !pair.is_empty()).map(|pair| {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        (decode(name), decode(value))
    })
}

/// The first parameter of this name, decoded.
pub(crate) fn value(raw: &str, name: &str) -> Option<String> {
    pairs(raw).find(|(key, _)| key == name.as_bytes()).map(|(_, value)| String::from_utf8_lossy(&value).into_owned())
}

/// A component as signatures encode it.
pub(super) fn encode(component: &[u8]) -> String {
    percent_encode(component, RESERVED).to_string()
}

/// A raw path decoded and encoded again, segment by segment as it stands: no `..` or `//` is resolved.
pub(super) fn encode_path(raw: &str) -> String {
    let decoded: Vec<u8> = percent_decode(raw.as_bytes()).collect();
    percent_encode(&decoded, PATH).to_string()
}

/// An encoded path encoded once more.
pub(super) fn encode_path_again(encoded: &str) -> String {
    percent_encode(encoded.as_bytes(), PATH).to_string()
}

fn decode(text: &str) -> Vec<u8> {
    let spaced: Vec<u8> = text.bytes().map(|byte| if byte == b'+' { b' ' } else { byte }).collect();
    percent_decode(&spaced).collect()
}
