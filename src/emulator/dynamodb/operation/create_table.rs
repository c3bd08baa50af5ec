//! CreateTable, for tables with nothing but a primary key.

use std::sync::Arc;

use serde_json::Value as Json;

use super::{Context, Outcome};
use crate::emulator::dynamodb::answer::Answer;
use crate::emulator::dynamodb::request::Request;
use crate::emulator::dynamodb::table::{KeyElement, Stats, Status, TableRow, Throughput};
use crate::emulator::error::AwsError;
use crate::emulator::store::Table as Rows;

/// Parameters for what tables of this emulator do not have yet. Refused, so that nobody believes they took effect.
const MISSING: &[&str] = &[
    "LocalSecondaryIndexes",
    "GlobalSecondaryIndexes",
    "VectorIndexes",
    "Tags",
    "WarmThroughput",
    "OnDemandThroughput",
    "ResourcePolicy",
    "GlobalTableSourceArn",
    "GlobalTableSettingsReplicationMode",
];

pub async fn run(context: &Context, request: Request) -> Outcome {
    let name = context.table_name(&request)?;
    refuse_missing(&request)?;
    let provisioned = throughput(&request)?;
    let (attributes, hash, range) = keys(&request)?;
    let mut row = TableRow {
        id: 0,
        uuid: context.service.ids.next().to_string(),
        created: context.service.clock.millis(),
        attributes,
        hash,
        range,
        provisioned,
        class: request.text("TableClass").map(str::to_owned),
        protected: request.flag("DeletionProtectionEnabled"),
    };
    let catalogue = Arc::clone(&context.service.catalogue);
    let table = context
        .write(Vec::new(), move |txn| {
            if catalogue.load(txn, &name)?.is_some() {
                let message = format!("Table already exists: {}", name.name);
                return Err(AwsError::new(400, "ResourceInUseException", message));
            }
            row.id = txn.next_sequence()?;
            txn.put(Rows::Tables, name.row_key(), row.encode()?);
            Stats::default().store(txn, row.id);
            row.into_table(name)
        })
        .await?;
    let mut answer = Answer::with_capacity(1024);
    answer.json("TableDescription", &table.describe(Stats::default(), Status::Creating));
    Ok(answer)
}

fn refuse_missing(request: &Request) -> Result<(), AwsError> {
    // Empty lists ask for nothing, as do a stream or a key of one's own that are switched off.
    let asks = |name: &str| request.get(name).is_some_and(|value| value.as_array().is_none_or(|list| !list.is_empty()));
    let switched_on = |name: &str, switch: &str| {
        request.get(name).is_some_and(|value| value.get(switch).and_then(Json::as_bool) != Some(false))
    };
    let missing = MISSING.iter().copied().find(|name| asks(name));
    let missing = missing
        .or_else(|| switched_on("StreamSpecification", "StreamEnabled").then_some("StreamSpecification"))
        .or_else(|| switched_on("SSESpecification", "Enabled").then_some("SSESpecification"));
    match missing {
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
        (_, Some(given)) => {
            let units = |name: &str| given.get(name).and_then(Json::as_i64).unwrap_or_default();
            Ok(Some(Throughput { read: units("ReadCapacityUnits"), write: units("WriteCapacityUnits") }))
        }
    }
}

type Keys = (Vec<KeyElement>, String, Option<String>);

/// The attribute definitions and the names of the key attributes, checked against one another.
fn keys(request: &Request) -> Result<Keys, AwsError> {
    let attributes: Vec<_> =
        pairs(request, "AttributeDefinitions", "AttributeType").map(|(name, kind)| KeyElement { name, kind }).collect();
    let schema: Vec<_> = pairs(request, "KeySchema", "KeyType").collect();
    let invalid = |why: String| AwsError::validation(why);
    let (hash, range) = match schema.as_slice() {
        [(hash, kind)] if kind == "HASH" => (hash, None),
        [(hash, kind), (range, second)] if kind == "HASH" => {
            if second != "RANGE" {
                return Err(invalid("Invalid KeySchema: The second KeySchemaElement is not a RANGE key type".into()));
            }
            if hash == range {
                return Err(invalid(
                    "Both the Hash Key and the Range Key element in the KeySchema have the same name".into(),
                ));
            }
            (hash, Some(range))
        }
        _ => return Err(invalid("Invalid KeySchema: The first KeySchemaElement is not a HASH key type".into())),
    };
    let defined: Vec<_> = attributes.iter().map(|attribute| attribute.name.as_str()).collect();
    if (1..defined.len()).any(|at| defined[..at].contains(&defined[at])) {
        return Err(invalid("Cannot have two attributes with the same name".into()));
    }
    let used: Vec<_> = std::iter::once(hash).chain(range).map(String::as_str).collect();
    if used.iter().any(|name| !defined.contains(name)) {
        return Err(invalid(format!(
            "One or more parameter values were invalid: Some index key attributes are not defined in \
             AttributeDefinitions. Keys: [{}], AttributeDefinitions: [{}]",
            used.join(", "),
            defined.join(", ")
        )));
    }
    if used.len() != defined.len() {
        return Err(invalid(
            "One or more parameter values were invalid: Number of attributes in KeySchema does not exactly match \
             number of attributes defined in AttributeDefinitions"
                .into(),
        ));
    }
    Ok((attributes, hash.clone(), range.cloned()))
}

/// Attribute names with their `member`, of a list of structures.
fn pairs(request: &Request, list: &str, member: &str) -> impl Iterator<Item = (String, String)> {
    let elements = request.get(list).and_then(Json::as_array).into_iter().flatten();
    elements.map(move |element| {
        let text = |name: &str| element.get(name).and_then(Json::as_str).unwrap_or_default().to_owned();
        (text("AttributeName"), text(member))
    })
}
