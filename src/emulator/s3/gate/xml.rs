//! XML that s3s's reader takes wrongly, put so that it takes it rightly.

use std::borrow::Cow;

const OPEN: &str = "<![CDATA[";
const CLOSE: &str = "]]>";

/// The same document without CDATA sections, which s3s drops with their text, and without references to characters
/// beyond the basic plane, which it refuses.
pub(super) fn plain(xml: &str) -> Cow<'_, str> {
    if !xml.contains(OPEN) && !xml.contains("&#") {
        return Cow::Borrowed(xml);
    }
    let mut plain = String::with_capacity(xml.len());
    let mut rest = xml;
    while let Some(at) = rest.find(['<', '&']) {
        plain.push_str(&rest[..at]);
        rest = &rest[at..];
        if let Some((text, after)) = rest.strip_prefix(OPEN).and_then(|inside| inside.split_once(CLOSE)) {
            plain.push_str(&text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;"));
            rest = after;
        } else if let Some((character, after)) = beyond_basic_plane(rest) {
            plain.push(character);
            rest = after;
        } else {
            plain.push_str(&rest[..1]);
            rest = &rest[1..];
        }
    }
    plain.push_str(rest);
    Cow::Owned(plain)
}

fn beyond_basic_plane(text: &str) -> Option<(char, &str)> {
    let (number, after) = text.strip_prefix("&#")?.split_once(';')?;
    let code = match number.strip_prefix('x') {
        Some(hex) => u32::from_str_radix(hex, 16).ok()?,
        None => number.parse().ok()?,
    };
    Some((char::from_u32(code).filter(|character| *character >= '\u{10000}')?, after))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sections_and_references_become_text() {
        for (given, expected) in [
            ("<Key>a&amp;b&#13;</Key>", "<Key>a&amp;b&#13;</Key>"),
            ("<Key><![CDATA[a<b&c]]></Key>", "<Key>a&lt;b&amp;c</Key>"),
            ("<Key>&#x1F600;&#128512;&#65;</Key>", "<Key>😀😀&#65;</Key>"),
            ("<Key>&#xZZ;&#</Key><![CDATA[open", "<Key>&#xZZ;&#</Key><![CDATA[open"),
        ] {
            assert_eq!(plain(given), expected);
        }
    }
}
