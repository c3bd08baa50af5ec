//! Tables as a snapshot has them: without the ids that are one store's own.

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use super::index::{self, IndexStatus};
use super::item::{self, Row};
use super::key::table_prefix;
use super::table::{Table, TableName, TableRow};
use super::value::{check_map_shape, item_from_json};
use super::wording::Wording;
use super::{error, tags};
use crate::emulator::error::AwsError;
use crate::emulator::region::REGIONS;
use crate::emulator::store::{Read, StoreError, Table as Rows};
use crate::emulator::unique;

/// The longest name of a table or an index.
const LONGEST_NAME: usize = 255;

/// A table in a snapshot.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(from = "Written", into = "Written")]
pub struct TableEntry {
    /// Where it is.
    pub name: TableName,
    /// Its row, without ids.
    row: Json,
}

/// The same as its line has it.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    account: String,
    region: String,
    name: String,
    row: Json,
}

impl From<Written> for TableEntry {
    fn from(Written { account, region, name, row }: Written) -> Self {
        Self { name: TableName { account, region, name }, row }
    }
}

impl From<TableEntry> for Written {
    fn from(TableEntry { name: TableName { account, region, name }, row }: TableEntry) -> Self {
        Self { account, region, name, row }
    }
}

/// Every table that `wanted` wants, in the order of account, region and name.
pub fn tables(read: &impl Read, wanted: impl Fn(&TableName) -> bool) -> Result<Vec<Table>, AwsError> {
    let mut found = Vec::new();
    for row in read.prefix(Rows::Tables, &[])? {
        let row = row?;
        let (name, _) = TableName::of_row_key(row.key()).ok_or_else(|| error::damaged("a table's name"))?;
        if wanted(&name) {
            found.push(Table::decode(name, row.value().to_vec())?);
        }
    }
    Ok(found)
}

/// The DynamoDB JSON of a table's items, by key.
pub fn items<'r>(
    read: &'r impl Read,
    table: &Table,
) -> Result<impl Iterator<Item = Result<Vec<u8>, AwsError>> + 'r, StoreError> {
    let rows = read.prefix(Rows::Items, &table_prefix(table.row.id))?;
    Ok(rows.map(|row| Ok(Row::read(row?.value())?.json.to_vec())))
}

/// The table with this row, as far as it is the same in every store: indexes are whole, or are not there.
pub(super) fn settled(table: &TableRow) -> TableRow {
    let mut row = table.clone();
    row.indexes.retain(|index| index.status != IndexStatus::Deleting);
    let used = |name: &String| {
        *name == row.hash
            || row.range.as_ref() == Some(name)
            || row.indexes.iter().any(|index| index.hash.iter().chain(&index.range).any(|known| known == name))
    };
    let attributes = row.attributes.iter().filter(|attribute| used(&attribute.name)).cloned().collect();
    row.attributes = attributes;
    row.id = 0;
    for index in &mut row.indexes {
        index.status = IndexStatus::Active;
        index.id = 0;
    }
    row.stream = row.stream.filter(|stream| stream.view.is_some());
    if let Some(stream) = &mut row.stream {
        stream.id = 0;
        stream.label.clear();
    }
    row.ttl = row.ttl.filter(|ttl| ttl.attribute.is_some());
    if let Some(ttl) = &mut row.ttl {
        ttl.id = 0;
    }
    row
}

impl TableEntry {
    /// The table's.
    pub fn of(table: &Table) -> Result<Self, AwsError> {
        let mut row = serde_json::to_value(settled(&table.row)).map_err(|_| error::damaged("a table's row"))?;
        each_with_id(&mut row, |part| drop(part.as_object_mut().and_then(|part| part.shift_remove("id"))));
        Ok(Self { name: table.name.clone(), row })
    }

    /// The table that it describes, with no ids yet.
    ///
    /// # Errors
    /// What no call could have made so.
    fn read(mut self) -> Result<Table, AwsError> {
        let Self { name, row } = &mut self;
        let wrong = |what: &str| AwsError::validation(format!("the table {:?} of the snapshot: {what}", name.name));
        if !is_name(&name.name) || name.name.len() < 3 {
            return Err(wrong("no table can have this name"));
        }
        let digits = name.account.len() == 12 && name.account.bytes().all(|byte| byte.is_ascii_digit());
        if !digits || !REGIONS.contains(&name.region.as_str()) {
            return Err(wrong("no such account or region"));
        }
        each_with_id(row, |part| {
            if let Some(part) = part.as_object_mut() {
                part.insert("id".to_owned(), Json::from(0));
            }
        });
        let given = std::mem::take(row);
        let row: TableRow = serde_json::from_value(given.clone()).map_err(|error| wrong(&error.to_string()))?;
        unique::all_read(&given, &row).map_err(|what| wrong(&what))?;
        check(&row).map_err(|error| wrong(&error.message))?;
        // Decoding looks at its keys and those of its indexes.
        let stored = serde_json::to_vec(&row).map_err(|_| error::damaged("a table's row"))?;
        Table::decode(name.clone(), stored).map_err(|_| wrong("its keys are not among its attributes"))
    }
}

/// What no call could have made.
fn check(row: &TableRow) -> Result<(), AwsError> {
    let wrong = |what: &str| Err(AwsError::validation(what));
    let names = || row.attributes.iter().map(|attribute| &attribute.name);
    if names().any(|name| name.is_empty() || name.len() > LONGEST_NAME)
        || row.attributes.iter().any(|attribute| !["S", "N", "B"].contains(&attribute.kind.as_str()))
        || names().enumerate().any(|(at, name)| names().take(at).any(|known| known == name))
        || row.range.as_ref() == Some(&row.hash)
    {
        return wrong("its attributes cannot be so");
    }
    for index in &row.indexes {
        let (hash, range) = (index.hash.len(), index.range.len());
        let local = hash == 1 && range == 1 && index.hash[0] == row.hash;
        let global = (1..=4).contains(&hash) && range <= 4;
        if !is_name(&index.name) || index.name.len() < 3 || (index.local && !local) || (!index.local && !global) {
            return wrong("its indexes cannot be so");
        }
    }
    index::check_together(&row.indexes, &[])?;
    let ttl = row.ttl.as_ref().and_then(|ttl| ttl.attribute.as_ref());
    if ttl.is_some_and(|attribute| attribute.is_empty() || attribute.len() > LONGEST_NAME) {
        return wrong("its TTL attribute cannot be so");
    }
    row.tags.keys().try_for_each(|key| tags::check_key(key))?;
    tags::check_count(&row.tags)
}

fn is_name(name: &str) -> bool {
    name.len() <= LONGEST_NAME && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_.-".contains(&byte))
}

/// Whether nothing stands beside the type of an attribute value and of those in it: a call passes over what it does not know.
fn has_one_type(value: &Json) -> bool {
    let Some(members) = value.as_object() else { return true };
    members.len() <= 1
        && members.iter().all(|(kind, inner)| match (kind.as_str(), inner) {
            ("M", Json::Object(map)) => map.values().all(has_one_type),
            ("L", Json::Array(list)) => list.iter().all(has_one_type),
            _ => true,
        })
}

/// Calls `with` for each part of a table's row that has an id in the store.
fn each_with_id(row: &mut Json, with: impl Fn(&mut Json)) {
    with(row);
    for index in row.get_mut("indexes").and_then(Json::as_array_mut).into_iter().flatten() {
        with(index);
    }
    for name in ["stream", "ttl"] {
        if let Some(part) = row.get_mut(name).filter(|part| part.is_object()) {
            with(part);
        }
    }
}

/// Holds the items of a table against what calls could have put, one after the other.
#[derive(Debug)]
pub struct Checker {
    pub(super) table: Table,
    last: Vec<u8>,
}

impl Checker {
    /// Of a table.
    ///
    /// # Errors
    /// What no call could have made so.
    pub fn of(entry: TableEntry) -> Result<Self, AwsError> {
        Ok(Self { table: entry.read()?, last: Vec::new() })
    }

    /// The row key and the row of the next item: they come by key.
    ///
    /// # Errors
    /// What no call could have put.
    pub fn item(&mut self, json: &[u8]) -> Result<(Vec<u8>, Vec<u8>), AwsError> {
        let json = unique::read(json).map_err(|error| AwsError::validation(error.to_string()))?;
        check_map_shape(&json)?;
        if !json.as_object().is_some_and(|item| item.values().all(has_one_type)) {
            return Err(AwsError::validation("an attribute value has more than its type and its value"));
        }
        let item = item_from_json(json, Wording::Plain)?;
        self.table.schema.check_item(&item)?;
        item::check_put_size(&item)?;
        let key = self.table.row_key(&item)?;
        if key <= self.last {
            return Err(AwsError::validation("the items are not in the order of their keys"));
        }
        self.last.clone_from(&key);
        Ok((key, item::encode(&item)))
    }
}
