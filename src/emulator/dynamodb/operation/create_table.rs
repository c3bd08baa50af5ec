//! CreateTable.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::{Context, Outcome};
use crate::emulator::dynamodb::answer::Answer;
use crate::emulator::dynamodb::describe::{Status, describe};
use crate::emulator::dynamodb::encryption::Encryption;
use crate::emulator::dynamodb::index::{self, Declared, IndexStatus};
use crate::emulator::dynamodb::request::Request;
use crate::emulator::dynamodb::schema::{self, Keys};
use crate::emulator::dynamodb::stream::{self, Specification};
use crate::emulator::dynamodb::table::{Changes, KeyElement, Stats, Table, TableRow, Throughput};
use crate::emulator::dynamodb::tags;
use crate::emulator::dynamodb::throughput;
use crate::emulator::error::AwsError;

/// Parameters for what tables of this emulator do not have yet. Refused, so that nobody believes they took effect.
pub(super) const MISSING: &[&str] =
    &["VectorIndexes", "ResourcePolicy", "GlobalTableSourceArn", "GlobalTableSettingsReplicationMode"];

pub async fn run(context: &Context, request: Request) -> Outcome {
    let name = context.table_name(&request)?;
    refuse_missing(&request)?;
    let encryption =
        request.get("SSESpecification").map(|given| Encryption::read(given, "CreateTable", &name)).transpose()?;
    let provisioned = throughput(&request)?;
    let keys = Keys::of_table(request.get("KeySchema"))?;
    let attributes = schema::attributes(request.get("AttributeDefinitions"))?;
    keys.check_defined(&attributes)?;
    let mut indexes = Declared::local(request.get("LocalSecondaryIndexes"), &keys)?;
    indexes.extend(Declared::global(request.get("GlobalSecondaryIndexes"), provisioned.is_some())?);
    indexes.iter().try_for_each(|index| index.keys().check_defined(&attributes))?;
    index::check_together(&[], &indexes)?;
    check_used(&attributes, &keys, &indexes)?;
    let (on_demand, warm) = throughput::limits(|name| request.get(name), provisioned)?;
    let now = context.service.clock.millis();
    let mut row = TableRow {
        id: 0,
        uuid: context.service.ids.next().to_string(),
        created: now,
        attributes,
        hash: keys.hash.concat(),
        range: keys.range.into_iter().next(),
        provisioned,
        changes: Changes::default(),
        on_demand_since: None,
        on_demand,
        warm,
        class: request.text("TableClass").map(str::to_owned),
        protected: request.flag("DeletionProtectionEnabled"),
        encrypted: encryption.is_some_and(Encryption::is_managed),
        indexes: Vec::new(),
        stream: None,
        ttl: None,
        tags: tags::read(request.get("Tags"))?,
    };
    let stream = request.get("StreamSpecification").map(Specification::of_new_table).transpose()?;
    let catalogue = Arc::clone(&context.service.catalogue);
    let description = context
        .write(Vec::new(), move |txn| {
            if catalogue.load(txn, &name)?.is_some() {
                let message = format!("Table already exists: {}", name.name);
                return Err(AwsError::new(400, "ResourceInUseException", message));
            }
            row.id = txn.next_sequence()?;
            for index in indexes {
                row.indexes.push(index.into_row(txn.next_sequence()?, IndexStatus::Active));
            }
            if let Some(asked @ Specification::Enable(_)) = stream {
                stream::apply(txn, &name, &mut row, asked, now)?;
            }
            let table = Table::store(txn, name, &row)?;
            table.ids().for_each(|id| Stats::default().store(txn, id));
            describe(&table, txn, Status::Creating, now)
        })
        .await?;
    context.service.upkeep.wake();
    let mut answer = Answer::with_capacity(1024);
    answer.json("TableDescription", &description);
    Ok(answer)
}

fn refuse_missing(request: &Request) -> Result<(), AwsError> {
    // Empty lists ask for nothing.
    let asks = |name: &str| request.get(name).is_some_and(|value| value.as_array().is_none_or(|list| !list.is_empty()));
    match MISSING.iter().find(|name| asks(name)) {
        Some(name) => Err(AwsError::not_implemented(&format!("CreateTable with {name}"))),
        None => Ok(()),
    }
}

fn throughput(request: &Request) -> Result<Option<Throughput>, AwsError> {
    let invalid = |why: &str| Err(AwsError::validation(format!("One or more parameter values were invalid: {why}")));
    let given = request.get("ProvisionedThroughput");
    match (request.text("BillingMode"), given) {
        (Some("PAY_PER_REQUEST"), None) => Ok(None),
        (Some("PAY_PER_REQUEST"), Some(_)) => invalid(
            "Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is PAY_PER_REQUEST",
        ),
        (_, None) => {
            invalid("ReadCapacityUnits and WriteCapacityUnits must both be specified when BillingMode is PROVISIONED")
        }
        (_, Some(given)) => Ok(Some(throughput::provisioned(given))),
    }
}

/// Refuses attribute definitions that no key uses, of the table or of an index.
fn check_used(attributes: &[KeyElement], keys: &Keys, indexes: &[Declared]) -> Result<(), AwsError> {
    let used: BTreeSet<_> = keys.names().chain(indexes.iter().flat_map(|index| index.keys().names())).collect();
    if used.len() == attributes.len() {
        return Ok(());
    }
    let list = |names: &mut dyn Iterator<Item = &str>| names.collect::<Vec<_>>().join(", ");
    let why = if indexes.is_empty() {
        "Number of attributes in KeySchema does not exactly match number of attributes defined in AttributeDefinitions"
            .to_owned()
    } else {
        format!(
            "Some AttributeDefinitions are not used. AttributeDefinitions: [{}], keys used: [{}]",
            list(&mut attributes.iter().map(|attribute| attribute.name.as_str())),
            list(&mut used.iter().copied())
        )
    };
    Err(AwsError::validation(format!("One or more parameter values were invalid: {why}")))
}
