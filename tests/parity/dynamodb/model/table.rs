//! A table: its schema, its items, and its indexes, which are worked out anew each time.

use std::cmp::Ordering;

use serde_json::{Map, Value as Json};

use super::capacity::{Cost, write_units};
use super::evaluate::Fault;
use super::value::{Item, item_size, kind, order, parts, size};

/// The longest partition key, sort key and item, in bytes.
const HASH: usize = 2048;
const RANGE: usize = 1024;
pub const ITEM: usize = 400 * 1024;

/// An attribute of a key and its type.
pub type Part = (String, String);

#[derive(Debug, Clone, Default)]
pub struct Keys {
    pub hash: Vec<Part>,
    pub range: Vec<Part>,
}

#[derive(Debug, Clone)]
pub struct Index {
    pub name: String,
    pub local: bool,
    pub keys: Keys,
    /// As the request has it.
    pub declared: Json,
    /// Nothing for all attributes.
    included: Option<Vec<String>>,
}

#[derive(Debug, Clone, Default)]
pub struct Table {
    pub keys: Keys,
    pub indexes: Vec<Index>,
    pub items: Vec<Item>,
    /// Whether the model lost track of what is in it.
    pub lost: bool,
}

impl Keys {
    fn read(schema: &Json, types: &Map<String, Json>) -> Self {
        let of = |wanted: &str| {
            let parts = schema.as_array().into_iter().flatten().filter(|part| part["KeyType"] == wanted);
            let name = |part: &Json| part["AttributeName"].as_str().unwrap_or_default().to_owned();
            parts.map(|part| (name(part), types[&name(part)].as_str().unwrap_or_default().to_owned())).collect()
        };
        Self { hash: of("HASH"), range: of("RANGE") }
    }

    pub fn all(&self) -> impl Iterator<Item = &Part> {
        self.hash.iter().chain(&self.range)
    }

    pub fn has(&self, name: &str) -> bool {
        self.all().any(|(part, _)| part == name)
    }

    /// The order of two items that have all of these attributes.
    pub fn order(&self, one: &Item, other: &Item) -> Ordering {
        self.all()
            .map(|(name, _)| order(&one[name], &other[name]).unwrap_or(Ordering::Equal))
            .find(|order| order.is_ne())
            .unwrap_or(Ordering::Equal)
    }

    /// What is wrong with the values of those of these attributes that an item has.
    fn fit(&self, item: &Item) -> Result<(), Fault> {
        let fits = |(name, wanted): &Part| item.get(name).is_none_or(|value| kind(value) == wanted && !is_empty(value));
        let sizes = |parts: &[Part]| parts.iter().filter_map(|(name, _)| item.get(name)).map(size).collect::<Vec<_>>();
        let long =
            sizes(&self.hash).into_iter().any(|size| size > HASH) || sizes(&self.range).iter().sum::<usize>() > RANGE;
        if !self.all().all(fits) || long {
            return Err(Fault::Refused);
        }
        Ok(())
    }
}

fn is_empty(value: &Json) -> bool {
    ["S", "B"].contains(&kind(value)) && parts(value).1 == ""
}

impl Index {
    /// Items that were there before an index may have values in its keys that do not fit.
    pub fn holds(&self, item: &Item) -> bool {
        self.keys.all().all(|(name, _)| item.contains_key(name)) && self.keys.fit(item).is_ok()
    }

    /// Whether an attribute is in it, besides the keys of index and table.
    pub fn projects(&self, table: &Keys, name: &str) -> bool {
        let included = self.included.as_ref().is_none_or(|names| names.iter().any(|one| one == name));
        included || self.keys.has(name) || table.has(name)
    }

    /// The entry of an item.
    pub fn entry(&self, table: &Keys, item: &Item) -> Item {
        let shown = item.iter().filter(|(name, _)| self.projects(table, name));
        shown.map(|(name, value)| (name.clone(), value.clone())).collect()
    }
}

impl Table {
    pub fn create(input: &Json) -> Self {
        let defined = input["AttributeDefinitions"].as_array().into_iter().flatten();
        let types: Map<String, Json> = defined
            .map(|one| (one["AttributeName"].as_str().unwrap_or_default().to_owned(), one["AttributeType"].clone()))
            .collect();
        let indexes = [("LocalSecondaryIndexes", true), ("GlobalSecondaryIndexes", false)].into_iter().flat_map(
            |(list, local)| {
                let types = types.clone();
                let index = move |index: &Json| {
                    let names = index["Projection"]["NonKeyAttributes"].as_array().into_iter().flatten();
                    let names = names.filter_map(|name| name.as_str().map(str::to_owned)).collect();
                    let all = index["Projection"]["ProjectionType"] == "ALL";
                    Index {
                        name: index["IndexName"].as_str().unwrap_or_default().to_owned(),
                        local,
                        declared: index.clone(),
                        keys: Keys::read(&index["KeySchema"], &types),
                        included: (!all).then_some(names),
                    }
                };
                input[list].as_array().cloned().unwrap_or_default().iter().map(index).collect::<Vec<_>>()
            },
        );
        let keys = Keys::read(&input["KeySchema"], &types);
        Self { keys, indexes: indexes.collect(), ..Self::default() }
    }

    /// What is wrong with a key.
    pub fn check_key(&self, key: &Item) -> Result<(), Fault> {
        let named = key.len() == self.keys.all().count() && self.keys.all().all(|(name, _)| key.contains_key(name));
        if named { self.keys.fit(key) } else { Err(Fault::Refused) }
    }

    /// What is wrong with an item that is to be stored.
    pub fn check_item(&self, item: &Item) -> Result<(), Fault> {
        if !self.keys.all().all(|(name, _)| item.contains_key(name)) || item_size(item) > ITEM {
            return Err(Fault::Refused);
        }
        self.keys.fit(item)?;
        self.indexes.iter().try_for_each(|index| index.keys.fit(item))
    }

    /// Whether this value empties the key of an index.
    pub fn is_emptied(&self, attribute: &str, value: &Json) -> bool {
        is_empty(value) && self.indexes.iter().any(|index| index.keys.has(attribute))
    }

    /// The key of an item that has one.
    pub fn key_of(&self, item: &Item) -> Item {
        self.keys.all().filter_map(|(name, _)| Some((name.clone(), item.get(name)?.clone()))).collect()
    }

    pub fn find(&self, key: &Item) -> Option<&Item> {
        let key = self.key_of(key);
        self.items.iter().find(|item| self.keys.order(item, &key).is_eq())
    }

    /// Puts the new item in place of the old, or takes the old away. What that costs.
    pub fn replace(&mut self, key: &Item, new: Option<Item>) -> Cost {
        let old = self.find(key).cloned();
        let larger = old.iter().chain(&new).map(item_size).max().unwrap_or_default();
        let mut cost = Cost::of_table(write_units(larger));
        for index in &self.indexes {
            let entry = |item: &Option<Item>| {
                item.as_ref().filter(|item| index.holds(item)).map(|item| index.entry(&self.keys, item))
            };
            let units = |entry: &Item| write_units(item_size(entry));
            let units = match (entry(&old), entry(&new)) {
                (None, None) => continue,
                (Some(one), None) | (None, Some(one)) => units(&one),
                (Some(old), Some(new)) if super::update::same(&old, &new) => continue,
                (Some(old), Some(new)) if index.keys.order(&old, &new).is_eq() => units(&old).max(units(&new)),
                (Some(old), Some(new)) => units(&old) + units(&new),
            };
            cost.add_index(&index.name, index.local, units);
        }
        let key = self.key_of(key);
        let keys = self.keys.clone();
        self.items.retain(|item| keys.order(item, &key).is_ne());
        self.items.extend(new);
        cost
    }
}
