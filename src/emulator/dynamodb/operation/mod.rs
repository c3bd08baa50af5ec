//! The operations, a file each. A new one is its file and its row here, which also says what IAM asks for; one that only reads what was never set is a row of
//! `unset.rs`.

mod context;
mod single;

use futures::future::BoxFuture;

pub use context::Context;

use super::access::On;
use super::answer::Answer;
use super::request::Request;
use super::unset;
use crate::emulator::error::AwsError;

/// What an operation gives.
pub type Outcome = Result<Answer, AwsError>;

/// An operation: its name, what IAM asks it for, and how it runs on a request that satisfies what is declared of it.
#[derive(Debug, Clone, Copy)]
pub struct Operation {
    /// AWS's name.
    pub name: &'static str,
    /// What IAM asks its action for.
    pub on: On,
    run: Run,
}

#[derive(Debug, Clone, Copy)]
enum Run {
    Own(fn(Context, Request) -> BoxFuture<'static, Outcome>),
    Unset(&'static unset::Row),
}

impl Operation {
    /// Whether it answers for what was never set, and cannot be.
    #[must_use]
    pub fn is_unset(&self) -> bool {
        matches!(self.run, Run::Unset(_))
    }

    /// Members at the top of its request that are refused, because they are not built.
    #[must_use]
    pub fn unbuilt(&self) -> &'static [&'static str] {
        match self.name {
            "CreateTable" => create_table::MISSING,
            "UpdateTable" => update_table::MISSING,
            _ => &[],
        }
    }

    /// Runs it.
    pub(super) async fn run(self, context: Context, request: Request) -> Outcome {
        match self.run {
            Run::Own(run) => run(context, request).await,
            Run::Unset(row) => row.run(&context, &request),
        }
    }
}

macro_rules! operations {
    ($(#[$about:meta])* $list:ident: $($module:ident $name:ident $on:ident,)*) => {
        $(
            #[allow(clippy::unused_async, reason = "those that only read the store have nothing to wait for")]
            mod $module;
        )*

        $(#[$about])*
        pub static $list: &[Operation] = &[$(Operation {
            name: stringify!($name),
            on: On::$on,
            run: Run::Own(|context, request| Box::pin(async move { $module::run(&context, request).await })),
        },)*];
    };
}

operations! {
    /// Every operation of DynamoDB with a file of its own, by name.
    OWN:
    batch_get_item BatchGetItem Table,
    batch_write_item BatchWriteItem Table,
    create_table CreateTable Table,
    delete_item DeleteItem Table,
    delete_table DeleteTable Table,
    describe_endpoints DescribeEndpoints Service,
    describe_limits DescribeLimits Service,
    describe_table DescribeTable Table,
    describe_time_to_live DescribeTimeToLive Table,
    get_item GetItem Table,
    list_tables ListTables Service,
    list_tags_of_resource ListTagsOfResource Table,
    put_item PutItem Table,
    query Query Index,
    scan Scan Index,
    tag_resource TagResource Table,
    transact_get_items TransactGetItems Parts,
    transact_write_items TransactWriteItems Parts,
    untag_resource UntagResource Table,
    update_item UpdateItem Table,
    update_table UpdateTable Table,
    update_time_to_live UpdateTimeToLive Table,
}

operations! {
    /// Every operation of DynamoDB Streams that this emulator has, by name.
    STREAMS:
    describe_stream DescribeStream Stream,
    get_records GetRecords Stream,
    get_shard_iterator GetShardIterator Stream,
    list_streams ListStreams Service,
}

/// Every operation of DynamoDB that this emulator has.
pub fn built() -> impl Iterator<Item = Operation> {
    let unset = unset::ROWS.iter().map(|row| Operation { name: row.operation, on: row.on(), run: Run::Unset(row) });
    OWN.iter().copied().chain(unset)
}

/// The operation of this name, of either service, or `None` where it is not built.
#[must_use]
pub fn find(name: &str) -> Option<Operation> {
    built().chain(STREAMS.iter().copied()).find(|operation| operation.name == name)
}
