//! What an operation knows beside its request: the service, and who calls from where.

use std::sync::Arc;

use crate::emulator::dynamodb::error;
use crate::emulator::dynamodb::request::Request;
use crate::emulator::dynamodb::service::Inner;
use crate::emulator::dynamodb::table::{Table, TableName};
use crate::emulator::dynamodb::write::{By, Origin};
use crate::emulator::error::AwsError;
use crate::emulator::store::{Read, Txn};

/// What an operation knows beside its request.
#[derive(Debug, Clone)]
pub struct Context {
    /// The service.
    pub service: Arc<Inner>,
    /// The caller's account.
    pub account: String,
    /// The region that is called.
    pub region: String,
}

impl Context {
    /// The table that the request's `TableName` means.
    pub fn table_name(&self, request: &Request) -> Result<TableName, AwsError> {
        self.named(request.text("TableName").unwrap_or_default())
    }

    /// The table that `given`, a name or an ARN, means.
    pub fn named(&self, given: &str) -> Result<TableName, AwsError> {
        TableName::parse(&self.account, &self.region, given)
    }

    /// The table for an operation on items, or AWS's refusal.
    pub fn table(&self, rows: &impl Read, name: &TableName) -> Result<Arc<Table>, AwsError> {
        self.service.catalogue.load(rows, name)?.ok_or_else(error::no_such_resource)
    }

    /// When this request changes items, and whose change it is.
    #[must_use]
    pub fn origin(&self) -> Origin {
        Origin { millis: self.service.clock.millis(), by: By::Caller }
    }

    /// Runs `write` in the store's writer once every one of `tables` was seen to be still what it is here.
    pub async fn write<T: Send + 'static>(
        &self,
        tables: Vec<Arc<Table>>,
        write: impl FnOnce(&mut Txn<'_>) -> Result<T, AwsError> + Send + 'static,
    ) -> Result<T, AwsError> {
        let catalogue = Arc::clone(&self.service.catalogue);
        let checked = move |txn: &mut Txn<'_>| {
            for table in &tables {
                let found = catalogue.load(txn, &table.name)?;
                if found.is_none_or(|found| found.row.id != table.row.id) {
                    return Err(error::no_such_resource());
                }
            }
            write(txn)
        };
        self.service.store.write(checked).await
    }
}
