//! How much there is, by account and region: counted, not read.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::dynamodb::{Stats, Table, TableName};
use super::s3::survey::places;
use super::store::{Read as _, Snapshot, StoreError, Table as Rows};

/// How much there is.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Inventory {
    /// What each account has in each region.
    pub holdings: Vec<Holding>,
    /// Objects as they stand, all together.
    pub objects: u64,
}

/// What an account has in a region.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Holding {
    /// The account.
    pub account: String,
    /// The region.
    pub region: String,
    /// Tables in it.
    pub tables: u64,
    /// Their items.
    pub items: u64,
    /// Buckets in it.
    pub buckets: u64,
}

impl Inventory {
    /// Counts what there is. Reads a row for each table and bucket.
    pub(super) fn of(read: &Snapshot) -> Result<Self, StoreError> {
        let mut holdings: BTreeMap<(String, String), Holding> = BTreeMap::new();
        let mut holding = |account: String, region: String, count: &dyn Fn(&mut Holding)| {
            let known = holdings.entry((account.clone(), region.clone()));
            count(known.or_insert_with(|| Holding { account, region, ..Holding::default() }));
        };
        for row in read.prefix(Rows::Tables, &[])? {
            let row = row?;
            // What is damaged is told by who looks for that.
            let Some((name, _)) = TableName::of_row_key(row.key()) else { continue };
            let (account, region) = (name.account.clone(), name.region.clone());
            let Ok(table) = Table::decode(name, row.value().to_vec()) else { continue };
            let items = Stats::load(read, table.row.id)?.items;
            holding(account, region, &|holding| {
                holding.tables += 1;
                holding.items += items;
            });
        }
        for (account, region) in places(read)? {
            holding(account, region, &|holding| holding.buckets += 1);
        }
        Ok(Self { holdings: holdings.into_values().collect(), objects: read.count(Rows::Versions)? })
    }
}
