//! How an item is written so that nobody's work is lost: what is sent, and on which condition.
//!
//! An edit sets what changed and removes what is gone, and leaves all else alone: what others added meanwhile stays. It hangs
//! on every attribute being as it was seen, as far as DynamoDB's expressions have room for that; what changes comes first.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;
use serde_json::{Map, Value, json};

use super::trouble::wrong;
use crate::json::{self as natural, Item};
use crate::mcp::ToolError;

/// DynamoDB's limits of an expression: its text in bytes, and its operators and functions.
const LONGEST: usize = 4096;
const OPERATORS: usize = 300;

/// A write as it is sent.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Plan {
    pub(super) what: What,
    /// The whole item of an insert, the key of any other.
    pub(super) item: Item,
    pub(super) condition: String,
    pub(super) names: HashMap<String, String>,
    pub(super) values: HashMap<String, AttributeValue>,
    /// Attributes that were seen and that the condition has no room for.
    pub(super) unheld: usize,
}

/// What kind of write it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum What {
    Insert,
    Edit {
        update: String,
        /// How many attributes change.
        changed: usize,
    },
    Delete,
}

impl Plan {
    /// The write that makes `item` of what was `seen`, in a table with these key attributes; `None` where both are the same.
    pub(super) fn of(keys: &[String], seen: Option<&Item>, item: Option<&Item>) -> Result<Option<Self>, ToolError> {
        for key in keys {
            let (before, after) = (seen.map(|seen| seen.get(key)), item.map(|item| item.get(key)));
            if before == Some(None) || after == Some(None) {
                return Err(wrong(format!("{key}: the item has no such attribute, and it is a part of the key")));
            }
            if let (Some(Some(before)), Some(Some(after))) = (before, after)
                && !same(before, after)
            {
                let message = format!(
                    "{key} is a part of the key, which no write can change: put a new item, and delete this one"
                );
                return Err(ToolError::new("key_changed", message));
            }
        }
        match (seen, item) {
            (None, None) => Err(wrong("there is neither an item to write nor one to delete")),
            (None, Some(item)) => Self::insert(keys, item).map(Some),
            (Some(seen), None) => Self::delete(keys, seen).map(Some),
            (Some(seen), Some(item)) => Self::edit(keys, seen, item),
        }
    }

    fn insert(keys: &[String], item: &Item) -> Result<Self, ToolError> {
        let mut condition = Condition::default();
        for key in keys.iter().take(1) {
            let name = condition.name(key);
            condition.must(&format!("attribute_not_exists({name})"))?;
        }
        Ok(condition.plan(What::Insert, item.clone(), 0))
    }

    fn delete(keys: &[String], seen: &Item) -> Result<Self, ToolError> {
        let mut condition = Condition::existing(keys)?;
        let unheld = sorted(seen)
            .into_iter()
            .filter(|(name, _)| !keys.contains(name))
            .filter(|(name, value)| !condition.holds(name, value))
            .count();
        Ok(condition.plan(What::Delete, key_of(keys, seen), unheld))
    }

    fn edit(keys: &[String], seen: &Item, item: &Item) -> Result<Option<Self>, ToolError> {
        let (old, new) = (sorted(seen), sorted(item));
        let set: Vec<_> =
            new.iter().filter(|(name, value)| !seen.get(*name).is_some_and(|old| same(old, value))).collect();
        let gone: Vec<_> = old.iter().filter(|(name, _)| !item.contains_key(*name)).collect();
        let changed = set.len() + gone.len();
        if changed == 0 {
            return Ok(None);
        }
        let mut condition = Condition::existing(keys)?;
        let mut update = String::new();
        for (at, (name, value)) in set.iter().enumerate() {
            let placeholder = condition.name(name);
            let (given, value) = ((*value).clone(), format!(":n{at}"));
            condition.values.insert(value.clone(), given);
            update.push_str(if at == 0 { "SET " } else { ", " });
            update.extend([placeholder.as_str(), " = ", &value]);
        }
        for (at, (name, _)) in gone.iter().enumerate() {
            let placeholder = condition.name(name);
            update.push_str(match (at, update.is_empty()) {
                (0, true) => "REMOVE ",
                (0, false) => " REMOVE ",
                _ => ", ",
            });
            update.push_str(&placeholder);
        }
        let touched: Vec<&String> =
            set.iter().map(|(name, _)| *name).chain(gone.iter().map(|(name, _)| *name)).collect();
        for name in &touched {
            let held = match seen.get(*name) {
                Some(value) => condition.holds(name, value),
                None => condition.lacks(name),
            };
            if !held || update.len() > LONGEST || changed > OPERATORS {
                let message =
                    format!("{changed} attributes change, which is more than DynamoDB takes at once: change fewer");
                return Err(ToolError::new("too_many_changes", message));
            }
        }
        let rest = old.into_iter().filter(|(name, _)| !touched.contains(name) && !keys.contains(name));
        let unheld = rest.filter(|(name, value)| !condition.holds(name, value)).count();
        Ok(Some(condition.plan(What::Edit { update, changed }, key_of(keys, seen), unheld)))
    }

    /// The tool that would do the same.
    pub(super) fn tool(&self) -> &'static str {
        match self.what {
            What::Insert => "dynamodb_put_items",
            What::Edit { .. } => "dynamodb_update_item",
            What::Delete => "dynamodb_delete_items",
        }
    }

    /// What that tool would be called with.
    pub(super) fn arguments(&self, table: &str) -> Result<Value, ToolError> {
        let item = natural::from_item(&self.item)?;
        let mut told = json!({ "table": table });
        match &self.what {
            What::Insert => told["items"] = json!([item]),
            What::Edit { update, .. } => {
                told["key"] = item;
                told["update"] = json!(update);
            }
            What::Delete => told["keys"] = json!([item]),
        }
        told["condition"] = json!(self.condition);
        told["names"] = json!(sorted(&self.names).into_iter().collect::<std::collections::BTreeMap<_, _>>());
        if !self.values.is_empty() {
            let values = sorted(&self.values).into_iter().map(|(name, value)| Ok((name.clone(), operand(value)?)));
            told["values"] = Value::Object(values.collect::<Result<Map<_, _>, ToolError>>()?);
        }
        Ok(told)
    }

    /// Which attributes are not as the write wanted them, of the item that was found in place of the one seen.
    pub(super) fn differences(seen: &Item, item: Option<&Item>, found: &Item) -> Vec<String> {
        let changed =
            sorted(seen).into_iter().filter(|(name, value)| !found.get(*name).is_some_and(|one| same(one, value)));
        let added = sorted(found)
            .into_iter()
            .filter(|(name, _)| !seen.contains_key(*name) && item.is_some_and(|item| item.contains_key(*name)));
        changed.chain(added).map(|(name, _)| name.clone()).collect()
    }
}

/// A condition as it grows.
#[derive(Debug, Default)]
struct Condition {
    text: String,
    operators: usize,
    names: HashMap<String, String>,
    values: HashMap<String, AttributeValue>,
    placeholders: HashMap<String, String>,
}

impl Condition {
    /// That there is an item at all.
    fn existing(keys: &[String]) -> Result<Self, ToolError> {
        let mut condition = Self::default();
        for key in keys.iter().take(1) {
            let name = condition.name(key);
            condition.must(&format!("attribute_exists({name})"))?;
        }
        Ok(condition)
    }

    fn name(&mut self, name: &str) -> String {
        let number = self.placeholders.len();
        let placeholder = self.placeholders.entry(name.to_owned()).or_insert_with(|| format!("#a{number}")).clone();
        self.names.insert(placeholder.clone(), name.to_owned());
        placeholder
    }

    /// Asks that the attribute is as it was seen; whether there is room for that.
    fn holds(&mut self, name: &str, value: &AttributeValue) -> bool {
        let known = self.placeholders.contains_key(name);
        let placeholder = self.name(name);
        let number = placeholder.trim_start_matches("#a").to_owned();
        let held = self.add(&format!("{placeholder} = :s{number}"));
        if held {
            self.values.insert(format!(":s{number}"), value.clone());
        } else if !known {
            // DynamoDB refuses names that nothing uses.
            self.placeholders.remove(name);
            self.names.remove(&placeholder);
        }
        held
    }

    /// Asks that there is no such attribute; whether there is room for that.
    fn lacks(&mut self, name: &str) -> bool {
        let placeholder = self.name(name);
        self.add(&format!("attribute_not_exists({placeholder})"))
    }

    fn must(&mut self, part: &str) -> Result<(), ToolError> {
        if self.add(part) { Ok(()) } else { Err(wrong("the condition has no room")) }
    }

    fn add(&mut self, part: &str) -> bool {
        let joint = if self.text.is_empty() { "" } else { " AND " };
        let operators = self.operators + 1 + usize::from(!joint.is_empty());
        if self.text.len() + joint.len() + part.len() > LONGEST || operators > OPERATORS {
            return false;
        }
        self.operators = operators;
        self.text.push_str(joint);
        self.text.push_str(part);
        true
    }

    fn plan(self, what: What, item: Item, unheld: usize) -> Plan {
        Plan { what, item, condition: self.text, names: self.names, values: self.values, unheld }
    }
}

fn key_of(keys: &[String], item: &Item) -> Item {
    item.iter().filter(|(name, _)| keys.contains(name)).map(|(name, value)| (name.clone(), value.clone())).collect()
}

fn sorted<T>(map: &HashMap<String, T>) -> Vec<(&String, &T)> {
    let mut all: Vec<_> = map.iter().collect();
    all.sort_unstable_by_key(|(name, _)| *name);
    all
}

/// A value as the tools take it in an expression, where a map that looks like typed JSON is marked.
fn operand(value: &AttributeValue) -> Result<Value, ToolError> {
    let shown = natural::from_attribute(value)?;
    let plain = natural::to_expression_value(&shown, "value").is_ok();
    Ok(if plain { shown } else { json!({ "$m": shown }) })
}

/// Whether two values are the same to DynamoDB: the order of a set's elements is nobody's.
fn same(one: &AttributeValue, other: &AttributeValue) -> bool {
    use AttributeValue::{Bs, L, M, Ns, Ss};
    match (one, other) {
        (Ss(one), Ss(other)) | (Ns(one), Ns(other)) => alike(one, other, String::as_bytes),
        (Bs(one), Bs(other)) => alike(one, other, |blob| blob.as_ref()),
        (L(one), L(other)) => one.len() == other.len() && one.iter().zip(other).all(|(one, other)| same(one, other)),
        (M(one), M(other)) => {
            one.len() == other.len()
                && one.iter().all(|(name, value)| other.get(name).is_some_and(|other| same(value, other)))
        }
        (one, other) => one == other,
    }
}

fn alike<T>(one: &[T], other: &[T], bytes: impl Fn(&T) -> &[u8]) -> bool {
    let [mut one, mut other] = [one, other].map(|set| set.iter().map(&bytes).collect::<Vec<_>>());
    one.sort_unstable();
    other.sort_unstable();
    one == other
}
