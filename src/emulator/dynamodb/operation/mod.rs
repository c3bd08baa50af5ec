//! The operations, a file each. A new one is its file and its line here; one that only reads what was never set is a row of
//! [`super::unset`].

mod context;
mod single;

use futures::future::BoxFuture;

pub use context::Context;

use super::answer::Answer;
use super::request::Request;
use super::unset;
use crate::emulator::error::AwsError;

/// What an operation gives.
pub type Outcome = Result<Answer, AwsError>;

/// An operation: its name, and how it runs on a request that satisfies what is declared of it.
#[derive(Debug, Clone, Copy)]
pub struct Operation {
    /// AWS's name.
    pub name: &'static str,
    run: Run,
}

#[derive(Debug, Clone, Copy)]
enum Run {
    Own(fn(Context, Request) -> BoxFuture<'static, Outcome>),
    Unset(&'static unset::Row),
}

impl Operation {
    /// Runs it.
    pub(super) async fn run(self, context: Context, request: Request) -> Outcome {
        match self.run {
            Run::Own(run) => run(context, request).await,
            Run::Unset(row) => row.run(&context, &request),
        }
    }
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
            run: Run::Own(|context, request| Box::pin(async move { $module::run(&context, request).await })),
        },)*];
    };
}

operations! {
    /// Every operation of DynamoDB with a file of its own, by name.
    OWN:
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

/// Every operation of DynamoDB that this emulator has.
pub fn built() -> impl Iterator<Item = Operation> {
    let unset = unset::ROWS.iter().map(|row| Operation { name: row.operation, run: Run::Unset(row) });
    OWN.iter().copied().chain(unset)
}

/// The operation of this name, of either service, or `None` where it is not built.
#[must_use]
pub fn find(name: &str) -> Option<Operation> {
    built().chain(STREAMS.iter().copied()).find(|operation| operation.name == name)
}
