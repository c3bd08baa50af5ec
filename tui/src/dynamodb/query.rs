//! Asking for items by key: a form whose fields are those of the table, or of the index that is chosen.

use super::items::PAGE;
use crate::app::dialog::{Dialog, Field, Form};
use crate::ask::{KeyCondition, KeyPart, Read, TableFacts};

/// The form's name.
pub(super) const TAG: &str = "query";

/// What is asked of a range key, beside nothing.
const ANY: &str = "any";
const BETWEEN: &str = "between";

/// The most that a page may read.
const MOST: u32 = 1000;

/// A part of a range key: what is asked of it, and of which values.
#[derive(Debug, Clone, Default, PartialEq)]
struct Range {
    comparison: String,
    first: String,
    second: String,
}

/// What was filled in so far.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Query {
    table: String,
    keys: Vec<KeyPart>,
    /// Each index with its keys.
    indexes: Vec<(String, Vec<KeyPart>)>,
    index: Option<String>,
    hash: Vec<String>,
    range: Vec<Range>,
    filter: String,
    descending: bool,
    limit: String,
}

/// What a field of the form is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Slot {
    Index,
    Hash(usize),
    Comparison(usize),
    First(usize),
    Second(usize),
    Filter,
    Order,
    Limit,
}

impl Query {
    /// A form for a table, filled in with what is read of it now.
    pub(super) fn new(facts: &TableFacts, read: Option<&Read>) -> Self {
        let mut query = Self {
            table: facts.name.clone(),
            keys: facts.keys.clone(),
            indexes: facts.indexes.iter().map(|index| (index.name.clone(), index.keys.clone())).collect(),
            limit: read.map_or(PAGE, |read| read.limit).to_string(),
            ..Self::default()
        };
        if let Some(read) = read {
            query.index.clone_from(&read.index);
            query.filter.clone_from(&read.filter);
            query.descending = read.descending;
        }
        query.fit();
        if let Some(key) = read.and_then(|read| read.key.as_ref()) {
            for (field, value) in query.hash.iter_mut().zip(&key.hash) {
                field.clone_from(value);
            }
            for (part, (comparison, values)) in query.range.iter_mut().zip(&key.range) {
                part.comparison.clone_from(comparison);
                part.first = values.first().cloned().unwrap_or_default();
                part.second = values.get(1).cloned().unwrap_or_default();
            }
        }
        query
    }

    /// The keys of what is chosen.
    fn chosen(&self) -> &[KeyPart] {
        let of_index = self.index.as_ref().and_then(|name| self.indexes.iter().find(|(index, _)| index == name));
        of_index.map_or(self.keys.as_slice(), |(_, keys)| keys.as_slice())
    }

    fn parts(&self, range: bool) -> Vec<KeyPart> {
        self.chosen().iter().filter(|key| key.range == range).cloned().collect()
    }

    /// As many values as what is chosen has keys.
    fn fit(&mut self) {
        let (hash, range) = (self.parts(false).len(), self.parts(true).len());
        self.hash.resize(hash, String::new());
        self.range.resize_with(range, || Range { comparison: ANY.to_owned(), ..Range::default() });
    }

    fn slots(&self) -> Vec<Slot> {
        let mut slots = vec![Slot::Index];
        slots.extend((0..self.hash.len()).map(Slot::Hash));
        for (number, part) in self.range.iter().enumerate() {
            slots.push(Slot::Comparison(number));
            if part.comparison != ANY {
                slots.push(Slot::First(number));
            }
            if part.comparison == BETWEEN {
                slots.push(Slot::Second(number));
            }
        }
        slots.extend([Slot::Filter, Slot::Order, Slot::Limit]);
        slots
    }

    fn the_table(&self) -> String {
        format!("{} (the table)", self.table)
    }

    /// The form, at field `at`.
    pub(super) fn form(&self, at: usize, complaint: Option<String>) -> Dialog {
        let (hash, range) = (self.parts(false), self.parts(true));
        let label = |key: &KeyPart| format!("{} ({})", key.name, key.kind);
        let field = |slot: Slot| match slot {
            Slot::Index => {
                let mut choices = vec![self.the_table()];
                choices.extend(self.indexes.iter().map(|(name, _)| name.clone()));
                Field::choice("read", self.index.clone().unwrap_or_else(|| self.the_table()), choices)
            }
            Slot::Hash(number) => {
                let hint = if number == 0 { "its value; empty to scan page by page" } else { "its value" };
                Field::text(label(&hash[number]), self.hash[number].clone(), hint)
            }
            Slot::Comparison(number) => {
                let key = &range[number];
                let mut choices = vec![ANY, "=", "<", "<=", ">", ">="];
                // Numbers have no beginning.
                if key.kind != "N" {
                    choices.push("begins_with");
                }
                choices.push(BETWEEN);
                let choices = choices.into_iter().map(str::to_owned).collect();
                Field::choice(label(key), self.range[number].comparison.clone(), choices)
            }
            Slot::First(number) => Field::text("value", self.range[number].first.clone(), "its value"),
            Slot::Second(number) => Field::text("and", self.range[number].second.clone(), "the last value that counts"),
            Slot::Filter => Field::text("filter", self.filter.clone(), "total > 10 AND begins_with(name, \"a\")"),
            Slot::Order => {
                let choices = ["first come first", "last come first"].map(str::to_owned);
                Field::choice("order", choices[usize::from(self.descending)].clone(), choices.into())
            }
            Slot::Limit => Field::text("page", self.limit.clone(), "items to read at once"),
        };
        let fields: Vec<Field> = self.slots().into_iter().map(field).collect();
        let at = at.min(fields.len().saturating_sub(1));
        Dialog::Form(Form { tag: TAG, title: format!("Query {}", self.table), fields, at, complaint })
    }

    /// Takes what stands in the form's fields. The form has other fields then where another index or comparison is chosen.
    pub(super) fn take(&mut self, values: &[String]) {
        let before: Vec<String> = self.chosen().iter().map(|key| key.name.clone()).collect();
        for (slot, value) in self.slots().into_iter().zip(values) {
            let value = value.clone();
            match slot {
                Slot::Index => {
                    self.index = self.indexes.iter().map(|(name, _)| name).find(|name| **name == value).cloned();
                }
                Slot::Hash(number) => self.hash[number] = value,
                Slot::Comparison(number) => self.range[number].comparison = value,
                Slot::First(number) => self.range[number].first = value,
                Slot::Second(number) => self.range[number].second = value,
                Slot::Filter => self.filter = value,
                Slot::Order => self.descending = value.starts_with("last"),
                Slot::Limit => self.limit = value,
            }
        }
        let after: Vec<String> = self.chosen().iter().map(|key| key.name.clone()).collect();
        if before != after {
            // Values of other keys mean nothing here.
            self.hash.clear();
            self.range.clear();
        }
        self.fit();
    }

    /// What is to be read.
    ///
    /// # Errors
    /// What is missing or wrong, and the field that it is about.
    pub(super) fn read(&self) -> Result<Read, (usize, String)> {
        let slots = self.slots();
        let wrong = |slot: Slot, text: String| (slots.iter().position(|one| *one == slot).unwrap_or_default(), text);
        let limit = self.limit.trim().parse::<u32>().ok().filter(|limit| (1..=MOST).contains(limit));
        let limit = limit.ok_or_else(|| wrong(Slot::Limit, format!("a page has 1 to {MOST} items")))?;
        let read = Read {
            table: self.table.clone(),
            index: self.index.clone(),
            key: None,
            filter: self.filter.trim().to_owned(),
            descending: self.descending,
            limit,
            after: None,
        };
        let (hash, range) = (self.parts(false), self.parts(true));
        let asks_range = self.range.iter().any(|part| part.comparison != ANY);
        if self.hash.iter().all(String::is_empty) && !asks_range {
            return if self.descending {
                Err(wrong(Slot::Order, "a scan has no order: it needs a value of the hash key".to_owned()))
            } else {
                Ok(read)
            };
        }
        for (number, (key, value)) in hash.iter().zip(&self.hash).enumerate() {
            if value.is_empty() {
                return Err(wrong(Slot::Hash(number), format!("a query needs a value of {}", key.name)));
            }
            check(key, value).map_err(|text| wrong(Slot::Hash(number), text))?;
        }
        let mut asked = Vec::new();
        for (number, (key, part)) in range.iter().zip(&self.range).enumerate() {
            if part.comparison == ANY {
                continue;
            }
            if asked.len() < number {
                return Err(wrong(
                    Slot::Comparison(number),
                    format!("{} can only be asked of after the one before it", key.name),
                ));
            }
            let mut values = Vec::new();
            for (slot, value) in [(Slot::First(number), &part.first), (Slot::Second(number), &part.second)] {
                if slots.contains(&slot) {
                    check(key, value).map_err(|text| wrong(slot, text))?;
                    values.push(value.clone());
                }
            }
            asked.push((part.comparison.clone(), values));
        }
        Ok(Read { key: Some(KeyCondition { hash: self.hash.clone(), range: asked }), ..read })
    }
}

/// Whether `value` may be one of `key`.
fn check(key: &KeyPart, value: &str) -> Result<(), String> {
    if value.is_empty() {
        return Err(format!("{} needs a value", key.name));
    }
    if key.kind == "N" && value.trim().parse::<f64>().is_err() {
        return Err(format!("{} is a number, such as 7 or 12.5", key.name));
    }
    Ok(())
}
