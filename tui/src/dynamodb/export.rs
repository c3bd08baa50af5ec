//! What is shown, as a file.

use std::collections::HashMap;

use serde_json::Value;

use super::value::{Kind, brief, kind, members, typed_text};

/// What items are written as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Format {
    /// An item a line, in natural JSON.
    Ndjson,
    /// A heading, then an item a line; what is no text or number is JSON.
    Csv,
}

impl Format {
    pub(super) const ALL: [Self; 2] = [Self::Ndjson, Self::Csv];

    /// How a file of it ends.
    pub(super) fn ending(self) -> &'static str {
        match self {
            Self::Ndjson => "ndjson",
            Self::Csv => "csv",
        }
    }
}

/// `items` as a text of `format`; columns begin with `keys`.
pub(super) fn text<'a>(items: impl Iterator<Item = &'a Value> + Clone, keys: &[String], format: Format) -> String {
    match format {
        Format::Ndjson => items.map(|item| item.to_string() + "\n").collect(),
        Format::Csv => table(items, keys),
    }
}

fn table<'a>(items: impl Iterator<Item = &'a Value> + Clone, keys: &[String]) -> String {
    let mut columns: Vec<&str> = keys.iter().map(String::as_str).collect();
    let mut places: HashMap<&str, usize> = columns.iter().enumerate().map(|(at, name)| (*name, at)).collect();
    for name in items.clone().filter_map(members).flat_map(|item| item.keys()) {
        places.entry(name).or_insert_with(|| {
            columns.push(name);
            columns.len() - 1
        });
    }
    let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    // Writing to memory does not fail.
    let _ = writer.write_record(&columns);
    for item in items {
        let mut cells = vec![String::new(); columns.len()];
        for (name, value) in members(item).into_iter().flatten() {
            if let Some(cell) = places.get(name.as_str()).and_then(|at| cells.get_mut(*at)) {
                *cell = cell_text(value);
            }
        }
        let _ = writer.write_record(&cells);
    }
    String::from_utf8(writer.into_inner().unwrap_or_default()).unwrap_or_default()
}

fn cell_text(value: &Value) -> String {
    match kind(value) {
        Kind::Text | Kind::Number => typed_text(value),
        Kind::Bool | Kind::Null => brief(value, 8),
        _ => value.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{Format, text};

    #[test]
    fn items_become_lines_that_programs_read() {
        let items = [
            json!({"a": "x,\"y\"\n", "pk": "1"}),
            json!({"pk": "2", "n": {"$n": "12345678901234567890"}, "m": {"k": [1]}}),
        ];
        let keys = ["pk".to_owned()];
        assert_eq!(
            text(items.iter(), &keys, Format::Csv),
            "pk,a,n,m\r\n1,\"x,\"\"y\"\"\n\",,\r\n2,,12345678901234567890,\"{\"\"k\"\":[1]}\"\r\n"
        );
        assert_eq!(text(items[..1].iter(), &keys, Format::Ndjson), "{\"a\":\"x,\\\"y\\\"\\n\",\"pk\":\"1\"}\n");
    }
}
