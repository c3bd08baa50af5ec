//! Keeping answers within their byte budget.

use serde_json::{Value, json};

use super::authorizer::Caller;

/// A page of values that grows until its JSON would pass the budget.
#[derive(Debug)]
pub(crate) struct Page {
    values: Vec<Value>,
    left: usize,
}

impl Page {
    /// An empty page of at most `budget` bytes.
    pub(crate) fn new(budget: usize) -> Self {
        Self { values: Vec::new(), left: budget }
    }

    /// Adds a value, or gives it back where it does not fit.
    pub(crate) fn push(&mut self, value: Value) -> Result<(), Value> {
        let size = json_len(&value) + 1;
        if size > self.left {
            return Err(value);
        }
        self.left -= size;
        self.values.push(value);
        Ok(())
    }

    pub(crate) fn len(&self) -> usize {
        self.values.len()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    pub(crate) fn into_values(self) -> Vec<Value> {
        self.values
    }
}

/// What clients take of an answer that cut longer ones, by how their names begin: Codex cuts the middle out of what passes
/// 10,000 tokens. It counts four bytes for one, and of ids and numbers a tokenizer makes one of hardly two.
const CUTTING: [(&str, usize); 1] = [("codex", 16 * 1024)];

/// The most bytes of an answer that this caller's program shows whole, where it is known to cut.
pub(super) fn of_reader(caller: &Caller) -> Option<usize> {
    let Caller::Client(client) = caller else { return None };
    let name = client.name.to_ascii_lowercase();
    CUTTING.iter().find(|(start, _)| name.starts_with(start)).map(|(_, most)| *most)
}

/// The length of a value as compact JSON.
pub(crate) fn json_len(value: &Value) -> usize {
    struct Count(usize);
    impl std::io::Write for Count {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0 += bytes.len();
            Ok(bytes.len())
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }
    let mut count = Count(0);
    // Counting cannot fail, and a Value always serializes.
    let _ = serde_json::to_writer(&mut count, value);
    count.0
}

/// The longest start of `text` whose JSON string takes at most `budget` bytes; at least one character.
pub(crate) fn start_within(text: &str, budget: usize) -> &str {
    let mut used = 2;
    for (at, character) in text.char_indices() {
        used += match character {
            '"' | '\\' | '\n' | '\r' | '\t' | '\u{8}' | '\u{c}' => 2,
            c if (c as u32) < 0x20 => 6,
            c => c.len_utf8(),
        };
        if used > budget && at > 0 {
            return &text[..at];
        }
    }
    text
}

/// Shortens a value's strings and arrays until its JSON fits: the last resort, for answers that have no pages.
pub(crate) fn shorten(value: Value, budget: usize) -> Value {
    if json_len(&value) <= budget {
        return value;
    }
    for cap in [4096, 1024, 256, 64, 16, 4] {
        let mut short = capped(&value, cap);
        if let Value::Object(map) = &mut short {
            map.insert("shortened".into(), json!("long values are cut to fit; read them on their own"));
        }
        if json_len(&short) <= budget {
            return short;
        }
    }
    let text = value.to_string();
    json!({ "shortened": start_within(&text, budget.saturating_sub(32)) })
}

fn capped(value: &Value, cap: usize) -> Value {
    match value {
        Value::String(text) => match text.char_indices().nth(cap) {
            Some((at, _)) => json!(format!("{}… ({} bytes in all)", &text[..at], text.len())),
            None => json!(text),
        },
        Value::Array(elements) if elements.len() > cap => {
            let mut short: Vec<_> = elements[..cap].iter().map(|element| capped(element, cap)).collect();
            short.push(json!(format!("… ({} in all)", elements.len())));
            Value::Array(short)
        }
        Value::Array(elements) => Value::Array(elements.iter().map(|element| capped(element, cap)).collect()),
        Value::Object(map) => {
            // A cursor is of use only whole.
            let short = |name: &str, value: &Value| if name == "cursor" { value.clone() } else { capped(value, cap) };
            let members = map.iter().take(cap.max(16)).map(|(name, value)| (name.clone(), short(name, value)));
            Value::Object(members.collect())
        }
        other => other.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_takes_what_fits_and_gives_back_the_rest() {
        let mut page = Page::new(20);
        assert!(page.push(json!({"a": "12345"})).is_ok());
        assert_eq!(page.push(json!("123456")), Err(json!("123456")));
        assert_eq!(page.into_values(), [json!({"a": "12345"})]);
    }

    #[test]
    fn a_text_is_cut_between_characters_and_by_its_escaped_length() {
        assert_eq!(start_within("äöü", 6), "äö");
        assert_eq!(start_within("\u{1}\u{1}\u{1}", 14), "\u{1}\u{1}");
        assert_eq!(start_within("abc", 5), "abc");
        assert_eq!(start_within("😀", 1), "😀");
    }

    #[test]
    fn any_value_can_be_shortened_to_fit() {
        let wide: serde_json::Map<_, _> = (0..5000).map(|i| (format!("attribute{i}"), json!("x".repeat(50)))).collect();
        for value in [json!("x".repeat(100_000)), json!({"item": {"deep": [vec!["y".repeat(9000); 40]]}}), json!(wide)]
        {
            assert!(json_len(&shorten(value, 2048)) <= 2048);
        }
        assert_eq!(shorten(json!({"a": 1}), 2048), json!({"a": 1}));
    }
}
