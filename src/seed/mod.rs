//! Fills buckets and tables from a folder.
//!
//! | in the folder | becomes |
//! |---|---|
//! | `s3/BUCKET/**` | objects; the key is the path below the bucket's folder |
//! | `dynamodb/TABLE.schema.json` | a table, as CreateTable takes it, DescribeTable gives it, or a template of CloudFormation has it |
//! | `dynamodb/TABLE.json` | its items: an array of plain or DynamoDB JSON |
//! | `dynamodb/TABLE.ndjson` | its items, one a line; also `{"Item": …}` |
//! | `dynamodb/TABLE.csv` | its items; the first line names the attributes, all but keys are strings |
//! | `AWSDynamoDB/EXPORT/` | the items of a table that AWS exported to S3 as DynamoDB JSON |
//!
//! Seeding again changes nothing: what is there already is left, or written as it was.

mod design;
mod error;
mod export;
mod folder;
mod litter;
mod objects;
mod schema;
mod tables;

use serde::Serialize;

use crate::backend::Clients;
pub use error::SeedError;
pub use folder::Plan;

/// Told of how seeding goes on.
pub trait Progress: Send + Sync {
    /// Begins with `what`, such as `table orders`.
    fn begin(&self, what: &str);
    /// So many bytes more of the plan's are done.
    fn advance(&self, bytes: u64);
}

/// What seeding did.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Summary {
    /// Buckets that were made.
    pub buckets: u64,
    /// Objects that were written.
    pub objects: u64,
    /// Objects that were there already.
    pub unchanged: u64,
    /// Tables that were made.
    pub tables: u64,
    /// Items that were written.
    pub items: u64,
    /// What was in the folder and is no data: files of systems and editors, and what a schema file says of a table as it was.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub left_out: Vec<String>,
}

/// Writes all that `plan` holds. What was written before an error stays; seeding again goes on.
pub async fn run(plan: &Plan, clients: &Clients, progress: &dyn Progress) -> Result<Summary, SeedError> {
    let mut summary = Summary { left_out: plan.left_out.clone(), ..Summary::default() };
    for table in &plan.tables {
        progress.begin(&format!("table {}", table.name));
        tables::seed(table, &clients.dynamodb, progress, &mut summary).await?;
    }
    for bucket in &plan.buckets {
        progress.begin(&format!("bucket {}", bucket.name));
        objects::seed(bucket, &clients.s3, progress, &mut summary).await?;
    }
    Ok(summary)
}

/// Whether the clients' account has no bucket and no table: nobody has worked with it yet, or it was reset.
pub async fn is_empty(clients: &Clients) -> Result<bool, SeedError> {
    let buckets = clients.s3.list_buckets().send().await.map_err(|error| SeedError::aws("listing buckets", error))?;
    let tables = clients.dynamodb.list_tables().limit(1).send().await;
    let tables = tables.map_err(|error| SeedError::aws("listing tables", error))?;
    Ok(buckets.buckets().is_empty() && tables.table_names().is_empty())
}

#[cfg(test)]
mod tests;
