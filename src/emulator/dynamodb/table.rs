//! Tables: their rows in the store, their names, and what DescribeTable shows of them.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};

use super::error;
use super::key::{KeyAttribute, KeySchema};
use super::value::{Item, Type};
use crate::emulator::error::AwsError;
use crate::emulator::store::{Read, StoreError, Table as Rows, Txn, key};

/// Where a table is: its account, region and name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableName {
    /// The account, twelve digits.
    pub account: String,
    /// The region.
    pub region: String,
    /// The table's name.
    pub name: String,
}

impl TableName {
    /// The table that a `TableName` parameter means to a caller: a name of the caller's own account and region, or an
    /// ARN.
    pub fn parse(account: &str, region: &str, given: &str) -> Result<Self, AwsError> {
        let own = |account: &str, region: &str, name: &str| Self {
            account: account.to_owned(),
            region: region.to_owned(),
            name: name.to_owned(),
        };
        if !given.starts_with("arn:") {
            return Ok(own(account, region, given));
        }
        let mut parts = given.splitn(6, ':').skip(2);
        match (parts.next(), parts.next(), parts.next(), parts.next().and_then(|part| part.strip_prefix("table/"))) {
            (Some("dynamodb"), Some(of_region), Some(of_account), Some(name))
                if !name.is_empty() && !name.contains('/') =>
            {
                // Other accounts' tables need a resource policy, and another region's are not here at all.
                if (of_region, of_account) == (region, account) {
                    Ok(own(account, region, name))
                } else {
                    Err(error::no_such_resource())
                }
            }
            _ => Err(AwsError::validation(format!("Invalid table ARN: {given}"))),
        }
    }

    /// The table's ARN.
    #[must_use]
    pub fn arn(&self) -> String {
        format!("arn:aws:dynamodb:{}:{}:table/{}", self.region, self.account, self.name)
    }

    /// The key of the table's row.
    #[must_use]
    pub fn row_key(&self) -> Vec<u8> {
        key::composite(&[self.account.as_bytes(), self.region.as_bytes(), self.name.as_bytes()])
    }

    /// What the row keys of all tables of an account in a region start with.
    #[must_use]
    pub fn prefix(account: &str, region: &str) -> Vec<u8> {
        key::composite(&[account.as_bytes(), region.as_bytes()])
    }
}

/// One attribute definition or element of a key schema, as stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeyElement {
    /// The attribute's name.
    pub name: String,
    /// `S`, `N` or `B`.
    pub kind: String,
}

/// Provisioned throughput, in units per second. It is shown, and never throttles.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Throughput {
    /// Read capacity units.
    pub read: i64,
    /// Write capacity units.
    pub write: i64,
}

/// A table's row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TableRow {
    /// What the keys of its items start with; never used again after it.
    pub id: u64,
    /// AWS's `TableId`.
    pub uuid: String,
    /// When it was made, in milliseconds since the Unix epoch.
    pub created: u64,
    /// The attribute definitions, in the order given.
    pub attributes: Vec<KeyElement>,
    /// The partition key's attribute.
    pub hash: String,
    /// The sort key's attribute.
    pub range: Option<String>,
    /// Its throughput where it is provisioned; `None` for PAY_PER_REQUEST.
    pub provisioned: Option<Throughput>,
    /// `TableClass`, where it was given.
    pub class: Option<String>,
    /// Whether DeleteTable is refused.
    pub protected: bool,
}

impl TableRow {
    /// The row as stored.
    pub fn encode(&self) -> Result<Vec<u8>, AwsError> {
        serde_json::to_vec(self).map_err(|_| error::damaged("a table's row"))
    }

    fn key_schema(&self) -> Result<KeySchema, AwsError> {
        let attribute = |name: &String| {
            let element = self.attributes.iter().find(|element| element.name == *name);
            let kind = element.and_then(|element| Type::from_name(&element.kind));
            kind.map(|kind| KeyAttribute { name: name.clone(), kind }).ok_or_else(|| error::damaged("a table's row"))
        };
        Ok(KeySchema::new(attribute(&self.hash)?, self.range.as_ref().map(attribute).transpose()?))
    }

    /// The table that this row describes.
    pub fn into_table(self, name: TableName) -> Result<Table, AwsError> {
        Ok(Table { name, schema: self.key_schema()?, row: self })
    }
}

/// A table as operations on items need it.
#[derive(Debug)]
pub struct Table {
    /// Where it is.
    pub name: TableName,
    /// Its row.
    pub row: TableRow,
    /// Its key schema.
    pub schema: KeySchema,
}

/// Number and size of a table's items.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Stats {
    /// `ItemCount`.
    pub items: u64,
    /// `TableSizeBytes`.
    pub bytes: u64,
}

impl Stats {
    /// The table's, as they stand.
    pub fn load(rows: &impl Read, table: u64) -> Result<Self, StoreError> {
        let row = rows.get(Rows::TableStats, &table.to_be_bytes())?;
        let number = |from: usize| {
            let bytes = row.as_deref().and_then(|row| row.get(from..from + 8));
            bytes.and_then(|bytes| bytes.try_into().ok()).map_or(0, u64::from_be_bytes)
        };
        Ok(Self { items: number(0), bytes: number(8) })
    }

    /// Stores them.
    pub fn store(self, txn: &mut Txn<'_>, table: u64) {
        let row = [self.items.to_be_bytes(), self.bytes.to_be_bytes()].concat();
        txn.put(Rows::TableStats, table.to_be_bytes().to_vec(), row);
    }
}

/// Finds tables. Remembers decoded rows; a remembered one counts only while the stored row is the same, so that it
/// never differs from the snapshot that is read.
#[derive(Debug, Default)]
pub struct Catalogue(Mutex<HashMap<Vec<u8>, Known>>);

/// A stored row and the table that it decodes to.
type Known = (Vec<u8>, Arc<Table>);

impl Catalogue {
    /// The table, or `None` where there is none.
    pub fn load(&self, rows: &impl Read, name: &TableName) -> Result<Option<Arc<Table>>, AwsError> {
        let key = name.row_key();
        let Some(stored) = rows.get(Rows::Tables, &key)? else { return Ok(None) };
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((row, table)) = known.get(&key)
            && *row == stored
        {
            return Ok(Some(Arc::clone(table)));
        }
        let row: TableRow = serde_json::from_slice(&stored).map_err(|_| error::damaged("a table's row"))?;
        let table = Arc::new(row.into_table(name.clone())?);
        known.insert(key, (stored, Arc::clone(&table)));
        Ok(Some(table))
    }

    /// Forgets a table that is gone.
    pub fn forget(&self, name: &TableName) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&name.row_key());
    }
}

/// What a table's description says beside what its row holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// In CreateTable's answer.
    Creating,
    /// In DescribeTable's.
    Active,
    /// In DeleteTable's.
    Deleting,
}

impl Table {
    /// The row key of an item, or of a key, whose key attributes were checked.
    pub fn row_key(&self, item: &Item) -> Result<Vec<u8>, AwsError> {
        self.schema.row_key(self.row.id, item).ok_or_else(|| error::damaged("a key that was checked"))
    }

    /// `TableDescription`, shaped as recorded for CreateTable, DescribeTable and DeleteTable.
    #[must_use]
    pub fn describe(&self, stats: Stats, answering: Status) -> Json {
        let row = &self.row;
        let throughput = row.provisioned.unwrap_or(Throughput { read: 0, write: 0 });
        let mut description = json!({
            "TableName": self.name.name,
            "TableStatus": match answering {
                Status::Creating => "CREATING",
                Status::Active => "ACTIVE",
                Status::Deleting => "DELETING",
            },
            "TableArn": self.name.arn(),
            "TableId": row.uuid,
            "ItemCount": stats.items,
            "TableSizeBytes": stats.bytes,
            "DeletionProtectionEnabled": row.protected,
            "ProvisionedThroughput": {
                "NumberOfDecreasesToday": 0,
                "ReadCapacityUnits": throughput.read,
                "WriteCapacityUnits": throughput.write,
            },
        });
        if answering != Status::Deleting {
            description["CreationDateTime"] = seconds(row.created);
            description["AttributeDefinitions"] = row
                .attributes
                .iter()
                .map(|element| json!({"AttributeName": element.name, "AttributeType": element.kind}))
                .collect();
            let hash = json!({"AttributeName": row.hash, "KeyType": "HASH"});
            let range = row.range.as_ref().map(|range| json!({"AttributeName": range, "KeyType": "RANGE"}));
            description["KeySchema"] = std::iter::once(hash).chain(range).collect();
        }
        if row.provisioned.is_none() {
            description["BillingModeSummary"] = json!({"BillingMode": "PAY_PER_REQUEST"});
            if answering == Status::Active {
                description["BillingModeSummary"]["LastUpdateToPayPerRequestDateTime"] = seconds(row.created);
            }
        }
        if let Some(class) = &row.class {
            description["TableClassSummary"] = json!({"TableClass": class});
        }
        if answering == Status::Active {
            // What a table is warm for when nothing else was asked for: its provisioned units, or on-demand's initial
            // 12,000 reads and 4,000 writes (LocalStack's snapshot of AWS, test_gsi_with_billing_mode).
            let warm = row.provisioned.unwrap_or(Throughput { read: 12_000, write: 4_000 });
            description["WarmThroughput"] =
                json!({"ReadUnitsPerSecond": warm.read, "WriteUnitsPerSecond": warm.write, "Status": "ACTIVE"});
        }
        description
    }
}

/// A time as DynamoDB's JSON has it: seconds since the Unix epoch with a fraction.
fn seconds(millis: u64) -> Json {
    // Exact: milliseconds since 1970 stay far below 2^53.
    #[allow(clippy::cast_precision_loss, reason = "milliseconds since 1970 are below 2^53")]
    let seconds = millis as f64 / 1000.0;
    json!(seconds)
}
