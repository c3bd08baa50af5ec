//! What others wrote inside our own sentences: marked as data, on one line, and short.

use std::borrow::Cow;

use footbridge_record::text;

use super::budget::start_within;

/// The most bytes of stored data in a sentence.
const MOST: usize = 120;

/// A stored name or value as a JSON string, shortened: a reader sees where it begins and where it ends.
pub(crate) fn quoted(data: &str) -> String {
    let short = start_within(data, MOST);
    let cut = if short.len() < data.len() { "…" } else { "" };
    text::visible_json(&serde_json::Value::from(format!("{short}{cut}")).to_string()).into_owned()
}

/// A message on one line: what it quotes cannot begin a line of ours.
pub(super) fn one_line(message: &str) -> Cow<'_, str> {
    text::visible(message)
}
