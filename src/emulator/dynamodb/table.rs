//! Tables: their rows in the store, their names, and what DescribeTable shows of them.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use serde::{Deserialize, Serialize};

use super::index::{Index, IndexRow, IndexStatus, OnDemand};
use super::key::{KeyAttribute, KeySchema};
use super::stream::LatestStream;
use super::tags::Tags;
use super::ttl::TimeToLive;
use super::value::{Item, Type};
use super::{error, undo};
use crate::emulator::error::AwsError;
use crate::emulator::store::{Read, StoreError, Table as Rows, Txn, key};

/// Where a table is: its account, region and name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
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

    /// The table of a row key, and what follows that.
    #[must_use]
    pub fn of_row_key(key: &[u8]) -> Option<(Self, &[u8])> {
        let (account, rest) = key::split(key)?;
        let (region, rest) = key::split(rest)?;
        let (name, rest) = key::split(rest)?;
        let text = |bytes| String::from_utf8(bytes).ok();
        Some((Self { account: text(account)?, region: text(region)?, name: text(name)? }, rest))
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

impl Throughput {
    /// What a table or an index is warm for when nothing else was asked for: its provisioned units, or on-demand's
    /// initial 12,000 reads and 4,000 writes (LocalStack's snapshot of AWS, test_gsi_with_billing_mode).
    #[must_use]
    pub fn warm(provisioned: Option<Self>) -> Self {
        provisioned.unwrap_or(Self { read: 12_000, write: 4_000 })
    }
}

/// When provisioned throughput changed, in milliseconds since the Unix epoch.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Changes {
    /// Its last increase.
    pub increased: Option<u64>,
    /// Its last decrease.
    pub decreased: Option<u64>,
    /// How many decreases there were on the day, by UTC, of the last.
    pub decreases: u32,
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
    /// When that changed.
    #[serde(default)]
    pub changes: Changes,
    /// When it was last switched to PAY_PER_REQUEST, where it was not made so.
    #[serde(default)]
    pub on_demand_since: Option<u64>,
    /// The most units a second that were asked for on demand.
    #[serde(default)]
    pub on_demand: Option<OnDemand>,
    /// What it was asked to be warm for.
    #[serde(default)]
    pub warm: Option<Throughput>,
    /// `TableClass`, where it was given.
    pub class: Option<String>,
    /// Whether DeleteTable is refused.
    pub protected: bool,
    /// Whether the key that AWS manages was asked for.
    #[serde(default)]
    pub encrypted: bool,
    /// Its secondary indexes, in the order in which they were made.
    #[serde(default)]
    pub indexes: Vec<IndexRow>,
    /// Its latest stream.
    #[serde(default)]
    pub stream: Option<LatestStream>,
    /// Its TTL settings, once they were changed.
    #[serde(default)]
    pub ttl: Option<TimeToLive>,
    /// Its tags.
    #[serde(default)]
    pub tags: Tags,
}

impl TableRow {
    fn key_schema(&self, hash: &[String], range: &[String]) -> Result<KeySchema, AwsError> {
        let attribute = |name: &String| {
            let element = self.attributes.iter().find(|element| element.name == *name);
            let kind = element.and_then(|element| Type::from_name(&element.kind));
            kind.map(|kind| KeyAttribute { name: name.clone(), kind }).ok_or_else(|| error::damaged("a table's row"))
        };
        let attributes = |names: &[String]| names.iter().map(attribute).collect::<Result<_, _>>();
        Ok(KeySchema { hash: attributes(hash)?, range: attributes(range)? })
    }
}

/// A table as operations on items need it.
#[derive(Debug, Clone)]
pub struct Table {
    /// Where it is.
    pub name: TableName,
    /// Its row.
    pub row: TableRow,
    /// Its key schema.
    pub schema: KeySchema,
    /// Its secondary indexes.
    pub indexes: Vec<Index>,
    /// Its row as stored.
    stored: Vec<u8>,
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

    /// Brings them from an item's size before to its size after.
    pub fn replace(txn: &mut Txn<'_>, table: u64, old: Option<usize>, new: Option<usize>) -> Result<(), StoreError> {
        let count = |size: Option<usize>| (u64::from(size.is_some()), size.unwrap_or(0) as u64);
        let ((items_before, before), (items_after, after)) = (count(old), count(new));
        let stats = Self::load(txn, table)?;
        let updated = Self {
            items: (stats.items + items_after).saturating_sub(items_before),
            bytes: (stats.bytes + after).saturating_sub(before),
        };
        if updated != stats {
            updated.store(txn, table);
        }
        Ok(())
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
pub struct Catalogue(Mutex<HashMap<Vec<u8>, Arc<Table>>>);

impl Catalogue {
    /// The table, or `None` where there is none.
    pub fn load(&self, rows: &impl Read, name: &TableName) -> Result<Option<Arc<Table>>, AwsError> {
        let key = name.row_key();
        let Some(stored) = rows.get(Rows::Tables, &key)? else { return Ok(None) };
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(table) = known.get(&key)
            && table.stored == stored
        {
            return Ok(Some(Arc::clone(table)));
        }
        let table = Arc::new(Table::decode(name.clone(), stored)?);
        known.insert(key, Arc::clone(&table));
        Ok(Some(table))
    }

    /// Forgets a table that is gone.
    pub fn forget(&self, name: &TableName) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&name.row_key());
    }
}

impl Table {
    /// The table of a stored row.
    pub fn decode(name: TableName, stored: Vec<u8>) -> Result<Self, AwsError> {
        let row: TableRow = serde_json::from_slice(&stored).map_err(|_| error::damaged("a table's row"))?;
        let schema = row.key_schema(std::slice::from_ref(&row.hash), row.range.as_slice())?;
        let index = |of: &IndexRow| Ok(Index::new(of.clone(), row.key_schema(&of.hash, &of.range)?, &schema));
        let indexes = row.indexes.iter().map(index).collect::<Result<_, AwsError>>()?;
        Ok(Self { name, row, schema, indexes, stored })
    }

    /// Stores a table's row; the table that it describes.
    pub fn store(txn: &mut Txn<'_>, name: TableName, row: &TableRow) -> Result<Self, AwsError> {
        let stored = serde_json::to_vec(row).map_err(|_| error::damaged("a table's row"))?;
        undo::note_table(txn, &name, row)?;
        txn.put(Rows::Tables, name.row_key(), stored.clone());
        Self::decode(name, stored)
    }

    /// The table as it stands in what `rows` holds: itself, unless its row was changed since it was read.
    pub fn current(&self, rows: &impl Read) -> Result<Cow<'_, Self>, AwsError> {
        match rows.get(Rows::Tables, &self.name.row_key())? {
            Some(stored) if stored != self.stored => Self::decode(self.name.clone(), stored).map(Cow::Owned),
            _ => Ok(Cow::Borrowed(self)),
        }
    }

    /// The row key of an item, or of a key, whose key attributes were checked.
    pub fn row_key(&self, item: &Item) -> Result<Vec<u8>, AwsError> {
        self.schema.row_key(self.row.id, item).ok_or_else(|| error::damaged("a key that was checked"))
    }

    /// Whether an index is being made or deleted.
    #[must_use]
    pub fn is_changing(&self) -> bool {
        self.row.indexes.iter().any(|index| index.status != IndexStatus::Active)
    }

    /// The ids that its rows and its indexes' entries are stored under.
    pub fn ids(&self) -> impl Iterator<Item = u64> {
        std::iter::once(self.row.id).chain(self.row.indexes.iter().map(|index| index.id))
    }
}
