//! The values and names of a call's expressions.

use serde_json::{Map, Value};

use crate::mcp::tokens::is_name_start;

/// The values and names of an expression, and those that are added to them.
pub(super) struct Placeholders {
    values: Map<String, Value>,
    names: Map<String, Value>,
    added: bool,
    /// The numbers that are tried next: what was taken once is taken still.
    next: (usize, usize),
}

impl Placeholders {
    pub(super) fn of(map: &Map<String, Value>) -> Self {
        let of = |name: &str| map.get(name).and_then(Value::as_object).cloned().unwrap_or_default();
        Self { values: of("values"), names: of("names"), added: false, next: (1, 1) }
    }

    pub(super) fn value(&mut self, value: Value) -> String {
        self.added = true;
        free(&mut self.values, ':', 'v', &mut self.next.0, value)
    }

    pub(super) fn name(&mut self, name: &str) -> String {
        let plain = name.starts_with(is_name_start) && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
        if plain {
            return name.to_owned();
        }
        self.added = true;
        free(&mut self.names, '#', 'a', &mut self.next.1, Value::from(name))
    }

    /// Takes values and names in that came with an expression, unless one of them is given otherwise already.
    pub(super) fn take(&mut self, values: Map<String, Value>, names: Map<String, Value>) -> bool {
        let other = |ours: &Map<String, Value>, theirs: &Map<String, Value>| {
            theirs.iter().any(|(name, value)| ours.get(name).is_some_and(|ours| ours != value))
        };
        if other(&self.values, &values) || other(&self.names, &names) {
            return false;
        }
        self.added = true;
        self.values.extend(values);
        self.names.extend(names);
        true
    }

    /// Puts them where they stood.
    pub(super) fn back(self, map: &mut Map<String, Value>) {
        if !self.added {
            return;
        }
        for (name, all) in [("values", self.values), ("names", self.names)] {
            if !all.is_empty() {
                map.insert(name.to_owned(), Value::Object(all));
            }
        }
    }
}

/// Adds under a name that nothing has yet, with or without its sign.
fn free(all: &mut Map<String, Value>, sign: char, letter: char, number: &mut usize, value: Value) -> String {
    loop {
        let bare = format!("{letter}{number}");
        let name = format!("{sign}{bare}");
        *number += 1;
        if !all.contains_key(&name) && !all.contains_key(&bare) {
            all.insert(name.clone(), value);
            return name;
        }
    }
}
