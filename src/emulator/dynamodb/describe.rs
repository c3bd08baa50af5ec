//! `TableDescription`, shaped as recorded for CreateTable, DescribeTable and DeleteTable.

use serde_json::{Value as Json, json};

use super::encryption;
use super::index::{Index, IndexStatus, OnDemand, Projected};
use super::stream;
use super::table::{Changes, Stats, Table, Throughput};
use super::throughput::DAY;
use crate::emulator::error::AwsError;
use crate::emulator::store::Read;

/// Which operation's answer a description is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// CreateTable's.
    Creating,
    /// UpdateTable's.
    Updating,
    /// DescribeTable's.
    Active,
    /// DeleteTable's.
    Deleting,
}

/// Describes the table as `rows` hold it, at `now` in milliseconds since the Unix epoch.
pub fn describe(table: &Table, rows: &impl Read, answering: Status, now: u64) -> Result<Json, AwsError> {
    let row = &table.row;
    let stats = Stats::load(rows, row.id)?;
    let mut description = json!({
        "TableName": table.name.name,
        "TableStatus": match answering {
            Status::Creating => "CREATING",
            Status::Active if !table.is_changing() => "ACTIVE",
            Status::Active | Status::Updating => "UPDATING",
            Status::Deleting => "DELETING",
        },
        "TableArn": table.name.arn(),
        "TableId": row.uuid,
        "ItemCount": stats.items,
        "TableSizeBytes": stats.bytes,
        "DeletionProtectionEnabled": row.protected,
        "ProvisionedThroughput": provisioned(row.provisioned, row.changes, now),
    });
    if answering != Status::Deleting {
        description["CreationDateTime"] = seconds(row.created);
        description["AttributeDefinitions"] = row
            .attributes
            .iter()
            .map(|element| json!({"AttributeName": element.name, "AttributeType": element.kind}))
            .collect();
        description["KeySchema"] = key_schema(std::slice::from_ref(&row.hash), row.range.as_slice());
        for (local, list) in [(true, "LocalSecondaryIndexes"), (false, "GlobalSecondaryIndexes")] {
            let indexes = table.indexes.iter().filter(|index| index.row.local == local);
            let indexes = indexes.map(|index| describe_index(index, table, rows, answering, now));
            let indexes: Vec<_> = indexes.collect::<Result<_, AwsError>>()?;
            if !indexes.is_empty() {
                description[list] = Json::Array(indexes);
            }
        }
    }
    let switched = row.on_demand_since.or((row.provisioned.is_none()).then_some(row.created));
    if let Some(switched) = switched {
        let mode = if row.provisioned.is_none() { "PAY_PER_REQUEST" } else { "PROVISIONED" };
        description["BillingModeSummary"] = json!({"BillingMode": mode});
        if matches!(answering, Status::Active | Status::Updating) {
            description["BillingModeSummary"]["LastUpdateToPayPerRequestDateTime"] = seconds(switched);
        }
    }
    if let Some(class) = &row.class {
        description["TableClassSummary"] = json!({"TableClass": class});
    }
    if let Some(encryption) = encryption::describe(row, &table.name) {
        description["SSEDescription"] = encryption;
    }
    if let Some(on_demand) = row.on_demand.map(OnDemand::describe) {
        description["OnDemandThroughput"] = on_demand;
    }
    if let Some(warm) = warm(row.warm, row.provisioned, answering) {
        description["WarmThroughput"] = warm;
    }
    stream::describe(&mut description, &table.name, row);
    Ok(description)
}

/// Describes an index. A local one has no status on AWS either.
fn describe_index(
    index: &Index,
    table: &Table,
    rows: &impl Read,
    answering: Status,
    now: u64,
) -> Result<Json, AwsError> {
    let row = &index.row;
    let stats = Stats::load(rows, row.id)?;
    let mut description = json!({
        "IndexName": row.name,
        "IndexArn": format!("{}/index/{}", table.name.arn(), row.name),
        "KeySchema": key_schema(&row.hash, &row.range),
        "Projection": projection(&row.projection),
        "IndexSizeBytes": stats.bytes,
        "ItemCount": stats.items,
    });
    if row.local {
        return Ok(description);
    }
    description["IndexStatus"] = json!(match row.status {
        IndexStatus::Active if answering != Status::Creating => "ACTIVE",
        IndexStatus::Active | IndexStatus::Creating => "CREATING",
        IndexStatus::Deleting => "DELETING",
    });
    if row.status == IndexStatus::Creating {
        description["Backfilling"] = json!(true);
    }
    description["ProvisionedThroughput"] = provisioned(row.provisioned, row.changes, now);
    if let Some(on_demand) = row.on_demand.map(OnDemand::describe) {
        description["OnDemandThroughput"] = on_demand;
    }
    if let Some(warm) = warm(row.warm, row.provisioned, answering) {
        description["WarmThroughput"] = warm;
    }
    Ok(description)
}

fn provisioned(throughput: Option<Throughput>, changes: Changes, now: u64) -> Json {
    let throughput = throughput.unwrap_or(Throughput { read: 0, write: 0 });
    let today = changes.decreased.is_some_and(|decreased| decreased / DAY == now / DAY);
    let mut shown = json!({
        "NumberOfDecreasesToday": if today { changes.decreases } else { 0 },
        "ReadCapacityUnits": throughput.read,
        "WriteCapacityUnits": throughput.write,
    });
    for (name, when) in [("LastIncreaseDateTime", changes.increased), ("LastDecreaseDateTime", changes.decreased)] {
        if let Some(when) = when {
            shown[name] = seconds(when);
        }
    }
    shown
}

/// `WarmThroughput`: what was asked for at once, what follows by itself once the table or index is there.
fn warm(asked: Option<Throughput>, provisioned: Option<Throughput>, answering: Status) -> Option<Json> {
    let ready = matches!(answering, Status::Active | Status::Updating);
    let warm = asked.or(ready.then(|| Throughput::warm(provisioned))).filter(|_| answering != Status::Deleting)?;
    let status = if ready { "ACTIVE" } else { "UPDATING" };
    Some(json!({"ReadUnitsPerSecond": warm.read, "WriteUnitsPerSecond": warm.write, "Status": status}))
}

impl OnDemand {
    /// `OnDemandThroughput`; -1 is no limit.
    fn describe(self) -> Json {
        json!({"MaxReadRequestUnits": self.read.unwrap_or(-1), "MaxWriteRequestUnits": self.write.unwrap_or(-1)})
    }
}

pub(super) fn key_schema(hash: &[String], range: &[String]) -> Json {
    let hash = hash.iter().map(|name| json!({"AttributeName": name, "KeyType": "HASH"}));
    let range = range.iter().map(|name| json!({"AttributeName": name, "KeyType": "RANGE"}));
    hash.chain(range).collect()
}

fn projection(projected: &Projected) -> Json {
    match projected {
        Projected::All => json!({"ProjectionType": "ALL"}),
        Projected::KeysOnly => json!({"ProjectionType": "KEYS_ONLY"}),
        Projected::Include(names) => json!({"ProjectionType": "INCLUDE", "NonKeyAttributes": names}),
    }
}

/// A time as DynamoDB's JSON has it: seconds since the Unix epoch with a fraction.
pub(super) fn seconds(millis: u64) -> Json {
    // Exact: milliseconds since 1970 stay far below 2^53.
    #[allow(clippy::cast_precision_loss, reason = "milliseconds since 1970 are below 2^53")]
    let seconds = millis as f64 / 1000.0;
    json!(seconds)
}
