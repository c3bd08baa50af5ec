//! UpdateTable: throughput and billing, deletion protection, table class, encryption, the stream, and one index made or
//! deleted.
//!
//! All but an index takes effect at once: the answer says `UPDATING`, as on AWS, and DescribeTable `ACTIVE`.

use std::sync::Arc;

use serde_json::Value as Json;

use super::{Context, Outcome};
use crate::emulator::dynamodb::answer::Answer;
use crate::emulator::dynamodb::describe::{Status, describe};
use crate::emulator::dynamodb::encryption::Encryption;
use crate::emulator::dynamodb::error;
use crate::emulator::dynamodb::index::{IndexStatus, IndexUpdate, only_one};
use crate::emulator::dynamodb::request::Request;
use crate::emulator::dynamodb::schema;
use crate::emulator::dynamodb::stream::{self, Specification};
use crate::emulator::dynamodb::table::{KeyElement, Table, TableName, TableRow, Throughput};
use crate::emulator::dynamodb::throughput;
use crate::emulator::error::AwsError;
use crate::emulator::store::Txn;

/// Parameters for what tables of this emulator do not have yet. Refused, so that nobody believes they took effect.
pub(super) const MISSING: &[&str] = &[
    "ReplicaUpdates",
    "MultiRegionConsistency",
    "GlobalTableWitnessUpdates",
    "GlobalTableSettingsReplicationMode",
    "DisassociationProtectionEnabled",
    "VectorIndexUpdates",
];
/// The parameters of which one must be there.
const ANY_OF: &[&str] = &[
    "BillingMode",
    "ProvisionedThroughput",
    "GlobalSecondaryIndexUpdates",
    "StreamSpecification",
    "SSESpecification",
    "TableClass",
    "DeletionProtectionEnabled",
    "OnDemandThroughput",
    "WarmThroughput",
];

pub async fn run(context: &Context, request: Request) -> Outcome {
    let name = context.table_name(&request)?;
    let update = Update::parse(request, &name)?;
    let catalogue = Arc::clone(&context.service.catalogue);
    let now = context.service.clock.millis();
    let description = context
        .write(Vec::new(), move |txn| {
            let table = catalogue.load(txn, &name)?.ok_or_else(|| error::no_such_table(&name.name))?;
            if let Some(encryption) = update.encryption {
                return encrypt(txn, &table, encryption, now);
            }
            let row = update.apply(txn, &table, now)?;
            let table = Table::store(txn, name, &row)?;
            describe(&table, txn, Status::Updating, now)
        })
        .await?;
    context.service.sweeper.resume();
    context.service.upkeep.wake();
    let mut answer = Answer::with_capacity(1024);
    answer.json("TableDescription", &description);
    Ok(answer)
}

/// A change of encryption, which is one by itself: the table goes on as it is, and only its encryption is `UPDATING`.
fn encrypt(txn: &mut Txn<'_>, table: &Table, encryption: Encryption, now: u64) -> Result<Json, AwsError> {
    let mut row = table.row.clone();
    let shown = encryption.apply(&mut row, &table.name)?;
    let table = Table::store(txn, table.name.clone(), &row)?;
    let mut description = describe(&table, txn, Status::Active, now)?;
    description["SSEDescription"] = shown;
    Ok(description)
}

/// What a request asks for.
#[derive(Debug)]
struct Update {
    request: Request,
    encryption: Option<Encryption>,
    attributes: Vec<KeyElement>,
    indexes: Vec<IndexUpdate>,
    stream: Option<Specification>,
}

impl Update {
    fn parse(request: Request, name: &TableName) -> Result<Self, AwsError> {
        if let Some(missing) = request.present(MISSING).first() {
            return Err(AwsError::not_implemented(&format!("UpdateTable with {missing}")));
        }
        let encryption = request.get("SSESpecification");
        if encryption.is_some() && request.present(ANY_OF).len() > 1 {
            return Err(invalid("Server-Side Encryption modification must be the only operation in the request"));
        }
        let encryption = encryption.map(|given| Encryption::read(given, "UpdateTable", name)).transpose()?;
        let empty = |name: &&str| request.get(name).and_then(Json::as_array).is_some_and(Vec::is_empty);
        if request.present(ANY_OF).iter().all(empty) {
            return Err(AwsError::validation(
                "At least one of ProvisionedThroughput, BillingMode, UpdateStreamEnabled, GlobalSecondaryIndexUpdates or \
                 SSESpecification or ReplicaUpdates is required",
            ));
        }
        if request.text("BillingMode") == Some("PAY_PER_REQUEST") && request.has("ProvisionedThroughput") {
            return Err(invalid(
                "Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is PAY_PER_REQUEST",
            ));
        }
        let attributes = schema::attributes(request.get("AttributeDefinitions"))?;
        let indexes = IndexUpdate::parse(request.get("GlobalSecondaryIndexUpdates"))?;
        let stream = request.get("StreamSpecification").map(Specification::of_update).transpose()?;
        Ok(Self { request, encryption, attributes, indexes, stream })
    }

    /// What the table's row becomes.
    fn apply(&self, txn: &mut Txn<'_>, table: &Table, now: u64) -> Result<TableRow, AwsError> {
        self.check_state(table)?;
        let mut row = table.row.clone();
        self.bill(&mut row, now)?;
        if let Some(protected) = self.request.get("DeletionProtectionEnabled").and_then(Json::as_bool) {
            row.protected = protected;
        }
        if let Some(class) = self.request.text("TableClass") {
            row.class = Some(class.to_owned());
        }
        if let Some(given) = self.request.get("OnDemandThroughput") {
            row.on_demand = throughput::on_demand(given, row.provisioned)?.over(row.on_demand);
        }
        if let Some(given) = self.request.get("WarmThroughput") {
            row.warm = Some(throughput::warm(given, row.warm.unwrap_or_else(|| Throughput::warm(row.provisioned)))?);
        }
        if let Some(asked) = self.stream {
            stream::apply(txn, &table.name, &mut row, asked, now)?;
        }
        self.index(txn, &table.name, &mut row, now)?;
        Ok(row)
    }

    /// Refuses a change of a table that is being changed; an index may be deleted while it is backfilled.
    fn check_state(&self, table: &Table) -> Result<(), AwsError> {
        if !table.is_changing() {
            return Ok(());
        }
        let Some(online) = self.indexes.iter().find(|update| update.is_online()) else {
            return Err(error::in_use(&table.name.name, "updated"));
        };
        let backfilling = |row: &&crate::emulator::dynamodb::index::IndexRow| {
            row.name == online.name() && row.status == IndexStatus::Creating
        };
        match online {
            IndexUpdate::Delete(_) if table.row.indexes.iter().any(|row| backfilling(&row)) => Ok(()),
            _ => Err(only_one()),
        }
    }

    /// Applies `BillingMode` and `ProvisionedThroughput`.
    fn bill(&self, row: &mut TableRow, now: u64) -> Result<(), AwsError> {
        let given = self.request.get("ProvisionedThroughput").map(throughput::provisioned);
        let was = row.provisioned;
        match (self.request.text("BillingMode"), given) {
            (Some("PAY_PER_REQUEST"), _) if was.is_some() => {
                row.provisioned = None;
                row.on_demand_since = Some(now);
                row.indexes.iter_mut().for_each(|index| index.provisioned = None);
            }
            (Some("PROVISIONED"), None) if was.is_none() => {
                return Err(invalid(
                    "ReadCapacityUnits and WriteCapacityUnits must both be specified when BillingMode is PROVISIONED",
                ));
            }
            (Some("PROVISIONED"), Some(given)) if was.is_none() => {
                row.on_demand_since = Some(row.on_demand_since.unwrap_or(row.created));
                row.on_demand = None;
                row.indexes.iter_mut().for_each(|index| index.on_demand = None);
                row.provisioned = Some(given);
            }
            (_, Some(given)) => {
                if was.is_none() {
                    return Err(invalid(
                        "Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is \
                         PAY_PER_REQUEST",
                    ));
                }
                throughput::check_changes(was, given, "table")?;
                throughput::change(&mut row.changes, was, given, now);
                row.provisioned = Some(given);
            }
            (_, None) => {}
        }
        Ok(())
    }

    /// Applies the updates of indexes.
    fn index(&self, txn: &mut Txn<'_>, name: &TableName, row: &mut TableRow, now: u64) -> Result<(), AwsError> {
        for attribute in &self.attributes {
            if row.attributes.iter().any(|known| known.name == attribute.name && known.kind != attribute.kind) {
                return Err(invalid(&format!("The type of the key attribute {} cannot be changed", attribute.name)));
            }
        }
        for update in &self.indexes {
            update.apply(txn, name, row, &self.attributes, now)?;
        }
        let provisioned = row.provisioned.is_some();
        if let Some(index) = row.indexes.iter().find(|index| {
            provisioned && !index.local && index.provisioned.is_none() && index.status != IndexStatus::Deleting
        }) {
            return Err(invalid(&format!("ProvisionedThroughput is not specified for index: {}", index.name)));
        }
        let unused = |attribute: &&KeyElement| !row.attributes.iter().any(|known| known.name == attribute.name);
        if self.attributes.iter().any(|attribute| unused(&attribute)) {
            let list = |elements: &[KeyElement]| {
                elements.iter().map(|element| element.name.as_str()).collect::<Vec<_>>().join(", ")
            };
            return Err(invalid(&format!(
                "Some AttributeDefinitions are not used. AttributeDefinitions: [{}], keys used: [{}]",
                list(&self.attributes),
                list(&row.attributes)
            )));
        }
        Ok(())
    }
}

fn invalid(what: &str) -> AwsError {
    AwsError::validation(format!("One or more parameter values were invalid: {what}"))
}
