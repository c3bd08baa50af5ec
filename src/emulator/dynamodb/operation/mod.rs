//! The operations, a file each. A new one is its file and its line here.

mod context;
mod single;

use futures::future::BoxFuture;

pub use context::Context;

use super::answer::Answer;
use super::request::Request;
use crate::emulator::error::AwsError;

/// What an operation gives.
pub type Outcome = Result<Answer, AwsError>;

/// An operation: its name, and how it runs on a request that satisfies what is declared of it.
#[derive(Debug)]
pub struct Operation {
    /// AWS's name.
    pub name: &'static str,
    pub(super) run: fn(Context, Request) -> BoxFuture<'static, Outcome>,
}

macro_rules! operations {
    ($(#[$about:meta])* $list:ident: $($module:ident $name:ident,)*) => {
        $(
            #[allow(clippy::unused_async, reason = "those that only read the store have nothing to wait for")]
            mod $module;
        )*

        $(#[$about])*
        pub static $list: &[Operation] = &[$(Operation {
            name: stringify!($name),
            run: |context, request| Box::pin(async move { $module::run(&context, request).await }),
        },)*];
    };
}

operations! {
    /// Every operation of DynamoDB that this emulator has, by name.
    BUILT:
    batch_get_item BatchGetItem,
    batch_write_item BatchWriteItem,
    create_table CreateTable,
    delete_item DeleteItem,
    delete_table DeleteTable,
    describe_endpoints DescribeEndpoints,
    describe_limits DescribeLimits,
    describe_table DescribeTable,
    describe_time_to_live DescribeTimeToLive,
    get_item GetItem,
    list_tables ListTables,
    list_tags_of_resource ListTagsOfResource,
    put_item PutItem,
    query Query,
    scan Scan,
    tag_resource TagResource,
    transact_get_items TransactGetItems,
    transact_write_items TransactWriteItems,
    untag_resource UntagResource,
    update_item UpdateItem,
    update_table UpdateTable,
    update_time_to_live UpdateTimeToLive,
}

operations! {
    /// Every operation of DynamoDB Streams that this emulator has, by name.
    STREAMS:
    describe_stream DescribeStream,
    get_records GetRecords,
    get_shard_iterator GetShardIterator,
    list_streams ListStreams,
}

/// The operation of this name, of either service, or `None` where it is not built.
#[must_use]
pub fn find(name: &str) -> Option<&'static Operation> {
    BUILT.iter().chain(STREAMS).find(|operation| operation.name == name)
}
