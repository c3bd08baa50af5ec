//! GetItem, and the reads of batches and transactions.

use serde_json::{Value as Json, json};

use super::capacity::{Cost, Costs, read_units};
use super::evaluate::{Fault, overlap, project};
use super::parse::{Bindings, Path};
use super::table::Table;
use super::value::{Item, item_size, items};

/// A read of one item: its key, and what is to be shown of it.
pub struct Read {
    pub key: Item,
    paths: Option<Vec<Path>>,
}

/// The paths of a projection.
pub fn projection(input: &Json, bindings: &mut Bindings) -> Result<Option<Vec<Path>>, Fault> {
    let Some(text) = input.get("ProjectionExpression").and_then(Json::as_str) else { return Ok(None) };
    let paths = bindings.projection(text)?;
    let overlapping = |at: usize| paths[..at].iter().any(|other| overlap(&paths[at], other));
    if (0..paths.len()).any(overlapping) { Err(Fault::Refused) } else { Ok(Some(paths)) }
}

impl Read {
    /// The reads of these keys with one projection.
    pub fn all<'k>(keys: impl IntoIterator<Item = &'k Json>, input: &Json) -> Result<Vec<Self>, Fault> {
        let mut bindings = Bindings::of(input)?;
        let paths = projection(input, &mut bindings)?;
        bindings.all_used()?;
        let read = |key: &Json| {
            let key = key.as_object().and_then(items).ok_or(Fault::Refused)?;
            Ok(Self { key, paths: paths.clone() })
        };
        keys.into_iter().map(read).collect()
    }

    /// What is shown of the item, and its size.
    pub fn of(&self, table: &Table) -> Option<(Item, usize)> {
        let item = table.find(&self.key)?;
        Some((self.paths.as_ref().map_or_else(|| item.clone(), |paths| project(item, paths)), item_size(item)))
    }
}

pub fn get(table: &Table, input: &Json) -> Result<Json, Fault> {
    let read = Read::all([&input["Key"]], input)?.remove(0);
    table.check_key(&read.key)?;
    let found = read.of(table);
    let mut output = json!({});
    let units = read_units(found.as_ref().map_or(0, |(_, size)| *size), input["ConsistentRead"] == true);
    let mut costs = Costs::default();
    costs.add(input["TableName"].as_str().unwrap_or_default(), Cost::of_table(units));
    if let Some((item, _)) = found {
        output["Item"] = json!(item);
    }
    costs.tell(input, "Read", false, &mut output);
    Ok(output)
}
