//! Indexes as CreateTable and UpdateTable declare them.
//!
//! The sentences are AWS's (its documentation, and answers that people published).

use serde_json::Value as Json;

use super::row::{IndexRow, IndexStatus, OnDemand, Projected};
use crate::emulator::dynamodb::schema::{self, Keys};
use crate::emulator::dynamodb::table::{Changes, Throughput};
use crate::emulator::dynamodb::throughput;
use crate::emulator::error::AwsError;

/// The most local secondary indexes of a table (AWS's quotas page).
const MOST_LOCAL: usize = 5;
/// The most global secondary indexes of a table.
const MOST_GLOBAL: usize = 20;
/// The most `NonKeyAttributes` of all indexes of a table together.
const MOST_PROJECTED: usize = 100;
/// The most attributes of each kind in the key of a global secondary index.
const MOST_PARTS: usize = 4;

/// An index as a request declares it.
#[derive(Debug)]
pub struct Declared {
    name: String,
    local: bool,
    keys: Keys,
    projection: Projected,
    provisioned: Option<Throughput>,
    on_demand: Option<OnDemand>,
    warm: Option<Throughput>,
}

impl Declared {
    /// The local secondary indexes of a CreateTable request on a table with these keys.
    pub fn local(list: Option<&Json>, table: &Keys) -> Result<Vec<Self>, AwsError> {
        let Some(list) = list.and_then(Json::as_array) else { return Ok(Vec::new()) };
        if list.is_empty() {
            return Err(invalid("List of LocalSecondaryIndexes is empty"));
        }
        if table.range.is_empty() {
            return Err(invalid(
                "Table KeySchema does not have a range key, which is required when specifying a LocalSecondaryIndex",
            ));
        }
        let indexes = list.iter().map(|json| {
            let (name, keys) = (name(json), Keys::parse(json.get("KeySchema"), 1)?);
            if keys.range.is_empty() {
                return Err(invalid(&format!("Index KeySchema does not have a range key for index: {name}")));
            }
            if keys.hash != table.hash {
                return Err(invalid(&format!(
                    "Index KeySchema does not have the same leading hash key as table KeySchema for index: {name}. index \
                     hash key: {}, table hash key: {}",
                    keys.hash.join(", "),
                    table.hash.join(", ")
                )));
            }
            let projection = projection(json.get("Projection"))?;
            Ok(Self { name, local: true, keys, projection, provisioned: None, on_demand: None, warm: None })
        });
        indexes.collect()
    }

    /// The global secondary indexes of a CreateTable request, whose table is provisioned or not.
    pub fn global(list: Option<&Json>, provisioned: bool) -> Result<Vec<Self>, AwsError> {
        let Some(list) = list.and_then(Json::as_array) else { return Ok(Vec::new()) };
        if list.is_empty() {
            return Err(invalid("List of GlobalSecondaryIndexes is empty"));
        }
        list.iter().map(|json| Self::one_global(json, provisioned)).collect()
    }

    /// A global secondary index on a table that is provisioned or not.
    pub fn one_global(json: &Json, provisioned: bool) -> Result<Self, AwsError> {
        let name = name(json);
        let keys = Keys::parse(json.get("KeySchema"), MOST_PARTS)?;
        let projection = projection(json.get("Projection"))?;
        let throughput = schema::present(json, "ProvisionedThroughput").map(throughput::provisioned);
        if provisioned && throughput.is_none() {
            return Err(invalid(&format!("ProvisionedThroughput is not specified for index: {name}")));
        }
        if !provisioned && throughput.is_some() {
            return Err(invalid(&format!(
                "ProvisionedThroughput should not be specified for index: {name} when BillingMode is PAY_PER_REQUEST"
            )));
        }
        let (on_demand, warm) = throughput::limits(|name| schema::present(json, name), throughput)?;
        Ok(Self { name, local: false, keys, projection, provisioned: throughput, on_demand, warm })
    }

    /// Its name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its key attributes.
    #[must_use]
    pub fn keys(&self) -> &Keys {
        &self.keys
    }

    /// Its row, under an id of the store's sequence.
    #[must_use]
    pub fn into_row(self, id: u64, status: IndexStatus) -> IndexRow {
        IndexRow {
            id,
            name: self.name,
            local: self.local,
            hash: self.keys.hash,
            range: self.keys.range,
            projection: self.projection,
            provisioned: self.provisioned,
            changes: Changes::default(),
            on_demand: self.on_demand,
            warm: self.warm,
            status,
        }
    }
}

/// Checks what holds of a table's indexes together: those that it has, and those that are declared.
pub fn check_together(known: &[IndexRow], declared: &[Declared]) -> Result<(), AwsError> {
    let count = |local: bool| {
        known.iter().filter(|index| index.local == local).count()
            + declared.iter().filter(|index| index.local == local).count()
    };
    for (local, most, too_many) in [
        (true, MOST_LOCAL, "Number of LocalSecondaryIndexes exceeds per-table limit"),
        (false, MOST_GLOBAL, "GlobalSecondaryIndex count exceeds the per-table limit"),
    ] {
        if count(local) > most {
            return Err(invalid(&format!("{too_many} of {most}")));
        }
    }
    // AWS looks at the names of global indexes first.
    let of = |local: bool| declared.iter().filter(move |index| index.local == local).map(|index| &index.name);
    let names: Vec<_> = known.iter().map(|index| &index.name).chain(of(false)).chain(of(true)).collect();
    if let Some((_, name)) = names.iter().enumerate().find(|(at, name)| names[..*at].contains(*name)) {
        return Err(invalid(&format!("Duplicate index name: {name}")));
    }
    let projections = known.iter().map(|index| &index.projection).chain(declared.iter().map(|index| &index.projection));
    let projected: usize = projections
        .map(|projection| match projection {
            Projected::Include(names) => names.len(),
            Projected::All | Projected::KeysOnly => 0,
        })
        .sum();
    if projected > MOST_PROJECTED {
        return Err(invalid(&format!(
            "Number of NonKeyAttributes in all indexes exceeds per-table limit of {MOST_PROJECTED}"
        )));
    }
    Ok(())
}

fn name(json: &Json) -> String {
    json.get("IndexName").and_then(Json::as_str).unwrap_or_default().to_owned()
}

fn projection(json: Option<&Json>) -> Result<Projected, AwsError> {
    let member = |name: &str| json.and_then(|json| schema::present(json, name));
    let names = member("NonKeyAttributes").and_then(Json::as_array);
    let names = names.map(|names| names.iter().filter_map(Json::as_str).map(str::to_owned).collect::<Vec<_>>());
    match (member("ProjectionType").and_then(Json::as_str), names) {
        (Some("ALL"), None) => Ok(Projected::All),
        (Some("KEYS_ONLY"), None) => Ok(Projected::KeysOnly),
        (Some("INCLUDE"), Some(names)) => Ok(Projected::Include(names)),
        (Some("INCLUDE"), None) => Err(invalid("ProjectionType is INCLUDE, but NonKeyAttributes is not specified")),
        (Some(kind), Some(_)) => Err(invalid(&format!("ProjectionType is {kind}, but NonKeyAttributes is specified"))),
        (kind, _) => Err(invalid(&format!("Unknown ProjectionType: {}", kind.unwrap_or("null")))),
    }
}

fn invalid(what: &str) -> AwsError {
    AwsError::validation(format!("One or more parameter values were invalid: {what}"))
}
