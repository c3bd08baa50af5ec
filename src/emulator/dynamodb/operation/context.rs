//! What an operation knows beside its request: the service, and who calls from where.

use std::sync::Arc;

use crate::emulator::dynamodb::error;
use crate::emulator::dynamodb::request::Request;
use crate::emulator::dynamodb::service::Inner;
use crate::emulator::dynamodb::stream::StreamArn;
use crate::emulator::dynamodb::table::{Table, TableName};
use crate::emulator::dynamodb::tags::{self, Tags};
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
    /// The host, and port where it is not the usual one, that the request was sent to.
    pub host: Option<String>,
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

    /// The stream that the request's `StreamArn` means.
    pub fn stream_arn(&self, request: &Request) -> Result<StreamArn, AwsError> {
        self.own_stream(StreamArn::parse(request.text("StreamArn").unwrap_or_default())?)
    }

    /// The stream, where it is of the caller's own account and region.
    pub fn own_stream(&self, arn: StreamArn) -> Result<StreamArn, AwsError> {
        let own = (arn.table.account == self.account) && (arn.table.region == self.region);
        if own { Ok(arn) } else { Err(arn.not_found()) }
    }

    /// Changes the tags of the table whose ARN was given.
    pub async fn retag(
        &self,
        name: TableName,
        arn: String,
        change: impl FnOnce(&mut Tags) -> Result<(), AwsError> + Send + 'static,
    ) -> Result<(), AwsError> {
        let catalogue = Arc::clone(&self.service.catalogue);
        self.write(Vec::new(), move |txn| {
            let table = catalogue.load(txn, &name)?.ok_or_else(|| tags::no_such_resource(&arn))?;
            let mut row = table.row.clone();
            change(&mut row.tags)?;
            Table::store(txn, name, &row).map(drop)
        })
        .await
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
