//! RFC 2047's encoded words, such as `=?UTF-8?Q?caf=C3=A9?=`: what HTTP's headers cannot hold travels in them.

use std::fmt::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// The text with its encoded words decoded; those that are broken, or in an unknown character set, stay as they are. Bytes
/// that are not UTF-8 become U+FFFD (recorded).
pub(super) fn decode(text: &str) -> String {
    let (mut decoded, mut rest) = (String::new(), text);
    // White space between two encoded words is no part of the text, as RFC 2047 has it.
    let mut follows = false;
    while let Some(start) = rest.find(|letter: char| !letter.is_ascii_whitespace()) {
        let (space, after) = rest.split_at(start);
        let (token, after) =
            after.split_at(after.find(|letter: char| letter.is_ascii_whitespace()).unwrap_or(after.len()));
        let word = word(token);
        if !(follows && word.is_some()) {
            decoded.push_str(space);
        }
        follows = word.is_some();
        decoded.push_str(word.as_deref().unwrap_or(token));
        rest = after;
    }
    decoded + rest
}

/// The text of one encoded word.
fn word(token: &str) -> Option<String> {
    let mut parts = token.strip_prefix("=?")?.strip_suffix("?=")?.split('?');
    let (charset, encoding, content) = (parts.next()?, parts.next()?, parts.next()?);
    let bytes = match encoding {
        "B" | "b" => STANDARD.decode(content).ok()?,
        "Q" | "q" => unquoted(content)?,
        _ => return None,
    };
    if parts.next().is_some() {
        return None;
    }
    match charset.to_ascii_uppercase().as_str() {
        "UTF-8" | "US-ASCII" => Some(String::from_utf8_lossy(&bytes).into_owned()),
        "ISO-8859-1" => Some(bytes.into_iter().map(char::from).collect()),
        _ => None,
    }
}

fn unquoted(content: &str) -> Option<Vec<u8>> {
    let mut bytes = content.bytes();
    let mut unquoted = Vec::new();
    while let Some(byte) = bytes.next() {
        unquoted.push(match byte {
            b'_' => b' ',
            b'=' => {
                let mut digit = || char::from(bytes.next()?).to_digit(16);
                u8::try_from(digit()? * 16 + digit()?).ok()?
            }
            other => other,
        });
    }
    Some(unquoted)
}

/// The text as one encoded word where it is not all printable ASCII: mostly ASCII as `Q`, else as `B` (recorded).
pub(super) fn encode(text: &str) -> String {
    let characters = text.chars().count();
    let plain = text.chars().filter(|character| (' '..'\u{7f}').contains(character)).count();
    if plain == characters {
        return text.to_owned();
    }
    if plain * 2 <= characters {
        return format!("=?UTF-8?B?{}?=", STANDARD.encode(text));
    }
    let quoted = text.bytes().fold(String::new(), |mut text, byte| {
        match byte {
            b' ' => text.push('_'),
            b'=' | b'_' | b'?' | 0..b' ' | 0x7f.. => {
                // Writing to a String cannot fail.
                let _ = write!(text, "={byte:02X}");
            }
            _ => text.push(char::from(byte)),
        }
        text
    });
    format!("=?UTF-8?Q?{quoted}?=")
}

#[cfg(test)]
mod tests {
    use super::{decode, encode};

    #[test]
    fn encoded_words_are_decoded_and_other_words_stay() {
        for (came, meant) in [
            ("plain =?text?=", "plain =?text?="),
            ("=?UTF-8?Q?caf=C3=A9?=", "café"),
            ("=?utf-8?b?YWJj?= and =?ISO-8859-1?q?=E9_=5f?=", "abc and é _"),
            ("a  =?UTF-8?Q?b?= \t =?UTF-8?Q?c?=  d ", "a  bc  d "),
            ("=?UTF-8?B?/2H/?=", "\u{fffd}a\u{fffd}"),
            // Broken, or in a character set that is not known here.
            ("=?UTF-8?B?YWJ?=", "=?UTF-8?B?YWJ?="),
            ("=?UTF-8?Q?=C?=", "=?UTF-8?Q?=C?="),
            ("=?UTF-8?Q?a?b?=", "=?UTF-8?Q?a?b?="),
            ("=?KOI8-R?Q?a?=", "=?KOI8-R?Q?a?="),
            ("=?=", "=?="),
            ("", ""),
        ] {
            assert_eq!(decode(came), meant, "{came}");
        }
    }

    #[test]
    fn what_is_encoded_comes_back() {
        for text in ["plain", "naïve = a_b?", "ä", "\u{1}\u{2}", "a tab\tand a line\r\nmore", "\u{10FFFF}"] {
            assert_eq!(decode(&encode(text)), text);
            assert!(encode(text).bytes().all(|byte| (b' '..0x7f).contains(&byte)), "{text}");
        }
        assert_eq!(encode("plain =?text?="), "plain =?text?=");
    }
}
