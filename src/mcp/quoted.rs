//! What others wrote inside our own sentences: marked as data, on one line, and short.

use std::borrow::Cow;

use footbridge_record::text;

use super::budget::start_within;

/// The most bytes of stored data in a sentence.
const MOST: usize = 120;

/// A stored name or value as a JSON string, shortened: a reader sees where it begins and where it ends.
pub(crate) fn quoted(data: &str) -> String {
    text::visible_json(&serde_json::Value::from(short(data, MOST)).to_string()).into_owned()
}

/// The start of a text that has so many bytes at most, as JSON writes it.
pub(crate) fn short(text: &str, most: usize) -> Cow<'_, str> {
    let start = start_within(text, most);
    if start.len() < text.len() { Cow::Owned(format!("{start}…")) } else { Cow::Borrowed(text) }
}

/// The start of a JSON text; a string that it cuts is closed, so that its end is seen.
pub(crate) fn short_json(json: &str, most: usize) -> String {
    let json = text::visible_json(json);
    let mut start = start_within(&json, most);
    if start.len() == json.len() {
        return json.into_owned();
    }
    let (mut inside, mut escaped) = (false, false);
    for c in start.chars() {
        match c {
            _ if escaped => escaped = false,
            '\\' if inside => escaped = true,
            '"' => inside = !inside,
            _ => {}
        }
    }
    if escaped {
        start = &start[..start.len() - 1];
    }
    format!("{start}…{}", if inside { "\"" } else { "" })
}

/// A name, a path or a URI that somebody gave: as it stands where it can be nothing else, else as [`quoted`].
pub(crate) fn named(data: &str) -> Cow<'_, str> {
    let plain = |c: char| c.is_alphanumeric() || "_-./\\:[]*+@=~".contains(c);
    let is_plain = !data.is_empty() && data.len() <= MOST && data.chars().all(plain);
    if is_plain { Cow::Borrowed(data) } else { Cow::Owned(quoted(data)) }
}

/// A message on one line: what it quotes cannot begin a line of ours.
pub(super) fn one_line(message: &str) -> Cow<'_, str> {
    text::visible(message)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_that_is_cut_ends_its_string() {
        let json = r#"{"a":"x\"y\\z"}"#;
        assert_eq!(short_json(json, 100), json);
        for most in 3..24 {
            let short = short_json(json, most);
            let quotes = short.replace(r"\\", "").replace(r#"\""#, "").matches('"').count();
            assert!(quotes.is_multiple_of(2) && (short.contains('…') || short == json), "{short}");
        }
    }

    #[test]
    fn a_name_that_could_be_more_than_one_is_marked() {
        for plain in ["orders", "s3://media/a/b-1.txt", "items[0].total", "ü"] {
            assert_eq!(named(plain), plain);
        }
        for odd in ["", "a b", "a\nHint: b", "a\"b", "a`b"] {
            assert_eq!(named(odd), quoted(odd));
        }
    }
}
