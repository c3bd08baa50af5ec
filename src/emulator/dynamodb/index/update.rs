//! What UpdateTable does to a table's global secondary indexes.

use serde_json::Value as Json;

use super::backfill;
use super::declare::{Declared, check_together};
use super::row::{IndexRow, IndexStatus};
use crate::emulator::dynamodb::error;
use crate::emulator::dynamodb::schema::present;
use crate::emulator::dynamodb::sweep::Sweeper;
use crate::emulator::dynamodb::table::{KeyElement, Stats, Table, TableName, TableRow, Throughput};
use crate::emulator::dynamodb::throughput;
use crate::emulator::error::AwsError;
use crate::emulator::store::{Read, Table as Rows, Txn};

/// One of `GlobalSecondaryIndexUpdates`.
#[derive(Debug)]
pub enum IndexUpdate {
    /// A new index.
    Create(Json),
    /// Other throughput for the index of this name.
    Update(String, Json),
    /// The end of the index of this name.
    Delete(String),
}

impl IndexUpdate {
    /// Reads the list.
    pub fn parse(list: Option<&Json>) -> Result<Vec<Self>, AwsError> {
        let list = list.and_then(Json::as_array).into_iter().flatten();
        let updates: Vec<_> = list.map(Self::one).collect::<Result<_, _>>()?;
        if let Some(at) =
            (1..updates.len()).find(|at| updates[..*at].iter().any(|known| known.name() == updates[*at].name()))
        {
            return Err(invalid(&format!(
                "Only one global secondary index update per index is allowed simultaneously. Index: {}",
                updates[at].name()
            )));
        }
        if updates.iter().filter(|update| !matches!(update, Self::Update(..))).count() > 1 {
            return Err(only_one());
        }
        Ok(updates)
    }

    fn one(json: &Json) -> Result<Self, AwsError> {
        match (present(json, "Create"), present(json, "Update"), present(json, "Delete")) {
            (Some(create), None, None) => Ok(Self::Create(create.clone())),
            (None, Some(update), None) => Ok(Self::Update(name(update).to_owned(), update.clone())),
            (None, None, Some(delete)) => Ok(Self::Delete(name(delete).to_owned())),
            _ => Err(invalid(
                "Exactly one of GlobalSecondaryIndexUpdate.Update, GlobalSecondaryIndexUpdate.Create and \
                 GlobalSecondaryIndexUpdate.Delete must be specified",
            )),
        }
    }

    /// The index's name.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Create(json) => name(json),
            Self::Update(name, _) | Self::Delete(name) => name,
        }
    }

    /// Whether it makes or deletes an index.
    #[must_use]
    pub fn is_online(&self) -> bool {
        !matches!(self, Self::Update(..))
    }

    /// Applies it to the table's row, whose billing is already what the request makes it; `defined` are the request's
    /// `AttributeDefinitions`.
    pub fn apply(
        &self,
        txn: &mut Txn<'_>,
        table: &TableName,
        row: &mut TableRow,
        defined: &[KeyElement],
        now: u64,
    ) -> Result<(), AwsError> {
        match self {
            Self::Create(json) => create(txn, table, row, json, defined),
            Self::Update(name, json) => {
                let provisioned = row.provisioned;
                update(find(&mut row.indexes, name)?, json, provisioned, now)
            }
            Self::Delete(name) => {
                let index = find(&mut row.indexes, name)?;
                if index.status == IndexStatus::Deleting {
                    return Err(only_one());
                }
                index.status = IndexStatus::Deleting;
                backfill::dequeue(txn, index.id);
                Sweeper::enqueue_index(txn, table, index.id);
                Ok(())
            }
        }
    }
}

fn create(
    txn: &mut Txn<'_>,
    table: &TableName,
    row: &mut TableRow,
    json: &Json,
    defined: &[KeyElement],
) -> Result<(), AwsError> {
    let index = Declared::one_global(json, row.provisioned.is_some())?;
    if row.indexes.iter().any(|known| known.name == index.name()) {
        return Err(AwsError::validation("Attempting to create an index which already exists"));
    }
    if defined.is_empty() {
        return Err(invalid(&format!("AttributeDefinitions is not specified for index: {}", index.name())));
    }
    for name in index.keys().names() {
        // What the table knows of itself does not count (observed on AWS, nubo-db/dynoxide issue 144).
        let given = defined
            .iter()
            .find(|given| given.name == *name)
            .ok_or_else(|| AwsError::validation("Invalid KeySchema: Some index key attribute have no definition"))?;
        if !row.attributes.iter().any(|known| known.name == *name) {
            row.attributes.push(given.clone());
        }
    }
    check_together(&row.indexes, std::slice::from_ref(&index))?;
    let index = index.into_row(txn.next_sequence()?, IndexStatus::Creating);
    Stats::default().store(txn, index.id);
    backfill::enqueue(txn, table, index.id);
    row.indexes.push(index);
    Ok(())
}

fn update(index: &mut IndexRow, json: &Json, table: Option<Throughput>, now: u64) -> Result<(), AwsError> {
    let name = &index.name;
    if let Some(given) = present(json, "ProvisionedThroughput").map(throughput::provisioned) {
        if table.is_none() {
            return Err(invalid(&format!(
                "ProvisionedThroughput should not be specified for index: {name} when BillingMode is PAY_PER_REQUEST"
            )));
        }
        throughput::check_changes(index.provisioned, given, &format!("index {name}"))?;
        throughput::change(&mut index.changes, index.provisioned, given, now);
        index.provisioned = Some(given);
    }
    if let Some(given) = present(json, "OnDemandThroughput") {
        index.on_demand = throughput::on_demand(given, table)?.over(index.on_demand);
    }
    if let Some(given) = present(json, "WarmThroughput") {
        let warm = index.warm.unwrap_or_else(|| Throughput::warm(index.provisioned));
        index.warm = Some(throughput::warm(given, warm)?);
    }
    Ok(())
}

/// Takes an index whose entries are gone off its table, and the attribute definitions that no key uses any more.
pub fn drop_deleted(txn: &mut Txn<'_>, name: TableName, id: u64) -> Result<(), AwsError> {
    let Some(stored) = txn.get(Rows::Tables, &name.row_key())? else { return Ok(()) };
    let table = Table::decode(name, stored)?;
    let mut row = table.row.clone();
    row.indexes.retain(|index| index.id != id);
    let left = &row.indexes;
    row.attributes.retain(|attribute| {
        table.schema.contains(&attribute.name)
            || left.iter().any(|index| index.hash.iter().chain(&index.range).any(|name| *name == attribute.name))
    });
    Table::store(txn, table.name, &row)?;
    txn.delete(Rows::TableStats, id.to_be_bytes().to_vec());
    Ok(())
}

/// The refusal of a second index that is made or deleted while one is (AWS SDK users' reports agree).
#[must_use]
pub fn only_one() -> AwsError {
    AwsError::new(
        400,
        "LimitExceededException",
        "Subscriber limit exceeded: Only 1 online index can be created or deleted simultaneously per table",
    )
}

fn find<'r>(indexes: &'r mut [IndexRow], name: &str) -> Result<&'r mut IndexRow, AwsError> {
    let index = indexes.iter_mut().find(|index| index.name == name && !index.local);
    index.ok_or_else(error::no_such_resource)
}

fn name(json: &Json) -> &str {
    json.get("IndexName").and_then(Json::as_str).unwrap_or_default()
}

fn invalid(what: &str) -> AwsError {
    AwsError::validation(format!("One or more parameter values were invalid: {what}"))
}
