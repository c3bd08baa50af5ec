//! The items of a table, from one target to another.

use std::collections::{BTreeMap, HashMap};
use std::sync::atomic::Ordering::Relaxed;
use std::time::Duration;

use aws_sdk_dynamodb::types::{
    AttributeValue, BillingMode, GlobalSecondaryIndex, LocalSecondaryIndex, PutRequest, Select, TableDescription,
    TableStatus, WriteRequest,
};
use futures::{StreamExt as _, TryStreamExt as _, stream};
use serde_json::{Map, Value};
use tokio::sync::mpsc;

use super::{Tally, Veils};
use crate::items::{BatchError, Keys, WRITES, write_batch};
use crate::json::{self, Item};
use crate::mcp::{Context, Names, ToolError, report};

/// How many batches are written at once.
const AT_ONCE: usize = 8;
/// How many pages wait to be written.
const WAITING: usize = 4;
/// How long a new table is waited for.
const PATIENCE: Duration = Duration::from_mins(2);
const PAUSE: Duration = Duration::from_millis(250);

/// Which items of a table.
#[derive(Debug, Clone)]
pub(crate) struct Wanted {
    pub(crate) table: String,
    pub(crate) filter: Option<String>,
    pub(crate) names: Option<BTreeMap<String, String>>,
    pub(crate) values: Option<Map<String, Value>>,
    /// At most so many.
    pub(crate) most: u64,
}

/// What the source gives.
enum Sent {
    Table(Box<TableDescription>),
    Items(Vec<Item>),
}

/// What came of a copy.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Copied {
    /// Whether the table was made.
    pub(crate) created: bool,
    /// Whether there are more than were wanted.
    pub(crate) more: bool,
}

/// Copies items into the table `to` of `context`. `read` does what it is given as a call of the source, whose context it
/// gives.
pub(crate) async fn copy<F>(
    context: &Context,
    to: &str,
    veils: &Veils,
    tally: &Tally,
    read: impl FnOnce(Reader) -> F,
    wanted: Wanted,
) -> Result<Copied, ToolError>
where
    F: Future<Output = Result<bool, ToolError>>,
{
    let (sender, receiver) = mpsc::channel(WAITING);
    // Boxed: what an SDK's requests take would swell the call that waits for both.
    let reading = Box::pin(read(Reader { wanted, sender }));
    let writing = Box::pin(write(context, to, veils, tally, receiver));
    let (read, written) = tokio::join!(reading, writing);
    // Where writing ended early, reading did for that.
    let created = written?;
    Ok(Copied { created, more: read? })
}

/// Reads what is wanted.
pub(crate) struct Reader {
    wanted: Wanted,
    sender: mpsc::Sender<Sent>,
}

impl Reader {
    /// Reads through the source's `context`. Whether there are more items than are wanted.
    pub(crate) async fn run(self, context: &Context) -> Result<bool, ToolError> {
        let Self { wanted, sender } = self;
        let table = described(context, &wanted.table).await?;
        if sender.send(Sent::Table(Box::new(table))).await.is_err() {
            return Ok(false);
        }
        let scan = Scan::of(&wanted)?;
        let (mut start, mut left) = (None, wanted.most);
        loop {
            let (mut items, last) = scan.page(context, start, None).await?;
            let taken = usize::try_from(left).unwrap_or(usize::MAX);
            let more = items.len() > taken;
            items.truncate(taken);
            left -= u64::try_from(items.len()).unwrap_or_default();
            if !items.is_empty() && sender.send(Sent::Items(items)).await.is_err() || more {
                return Ok(more);
            }
            match last {
                None => return Ok(false),
                Some(_) if left == 0 => {
                    // Whether what is left has any that is wanted is not worth reading it.
                    return Ok(true);
                }
                last => start = last,
            }
        }
    }
}

/// How many items are wanted, as far as the bound; whether there are more.
pub(crate) async fn count(context: &Context, wanted: &Wanted) -> Result<(u64, bool), ToolError> {
    let scan = Scan::of(wanted)?;
    let (mut start, mut counted) = (None, 0);
    loop {
        let request = scan.request(context, start).select(Select::Count);
        let page = request.send().await.map_err(|error| scan.names.explain(error.into()))?;
        counted += u64::try_from(page.count).unwrap_or_default();
        report(counted.min(wanted.most), None);
        start = page.last_evaluated_key;
        if counted > wanted.most || start.is_none() {
            return Ok((counted.min(wanted.most), counted > wanted.most));
        }
    }
}

/// A scan with a filter.
struct Scan {
    table: String,
    filter: Option<String>,
    names: Names,
    values: Option<HashMap<String, AttributeValue>>,
}

impl Scan {
    fn of(wanted: &Wanted) -> Result<Self, ToolError> {
        let mut names = Names::new(wanted.names.clone());
        let filter = names.condition(wanted.filter.as_deref());
        let colon = |(name, value): (&String, &Value)| {
            (if name.starts_with(':') { name.clone() } else { format!(":{name}") }, value.clone())
        };
        let values = wanted.values.as_ref().filter(|values| !values.is_empty());
        let values: Option<Map<String, Value>> = values.map(|values| values.iter().map(colon).collect());
        let values = values.map(|values| json::to_expression_values(&Value::Object(values), "values")).transpose()?;
        Ok(Self { table: wanted.table.clone(), filter, names, values })
    }

    fn request(
        &self,
        context: &Context,
        start: Option<Item>,
    ) -> aws_sdk_dynamodb::operation::scan::builders::ScanFluentBuilder {
        let request = context.dynamodb.scan().table_name(&self.table).set_exclusive_start_key(start);
        request
            .set_filter_expression(self.filter.clone())
            .set_expression_attribute_names(self.names.map())
            .set_expression_attribute_values(self.values.clone())
    }

    async fn page(
        &self,
        context: &Context,
        start: Option<Item>,
        most: Option<i32>,
    ) -> Result<(Vec<Item>, Option<Item>), ToolError> {
        let request = self.request(context, start).set_limit(most);
        let page = request.send().await.map_err(|error| self.names.explain(error.into()))?;
        Ok((page.items.unwrap_or_default(), page.last_evaluated_key))
    }
}

/// All items of a table, page by page, until `each` wants no more.
pub(super) async fn every(
    context: &Context,
    table: &str,
    mut each: impl FnMut(&Keys, Vec<Item>) -> Result<(), ToolError>,
) -> Result<(), ToolError> {
    let keys = Keys::of(&described(context, table).await?);
    let all = Wanted { table: table.to_owned(), filter: None, names: None, values: None, most: u64::MAX };
    let scan = Scan::of(&all)?;
    let mut start = None;
    loop {
        let (items, last) = scan.page(context, start, None).await?;
        each(&keys, items)?;
        match last {
            None => return Ok(()),
            last => start = last,
        }
    }
}

async fn described(context: &Context, table: &str) -> Result<TableDescription, ToolError> {
    let answer = context.dynamodb.describe_table().table_name(table).send().await?;
    answer.table.ok_or_else(|| ToolError::new("unexpected_answer", "DescribeTable came without its table"))
}

/// Writes what comes. Whether the table was made.
async fn write(
    context: &Context,
    to: &str,
    veils: &Veils,
    tally: &Tally,
    mut from: mpsc::Receiver<Sent>,
) -> Result<bool, ToolError> {
    let mut created = false;
    while let Some(sent) = from.recv().await {
        match sent {
            Sent::Table(source) => created = Box::pin(ready(context, to, veils, &source)).await?,
            Sent::Items(mut items) => {
                for item in &mut items {
                    veils.over(item);
                }
                Box::pin(put(context, to, items, tally)).await?;
            }
        }
    }
    Ok(created)
}

/// Finds out whether the table takes such items, or makes it. Whether it was made.
async fn ready(context: &Context, to: &str, veils: &Veils, source: &TableDescription) -> Result<bool, ToolError> {
    let keys = Keys::of(source);
    if let Some(fault) = veils.fault(&keys.names) {
        return Err(ToolError::arguments(fault));
    }
    match described(context, to).await {
        Ok(there) => {
            let kinds = |keys: &Keys| {
                let kind = |name: &String| (name.clone(), keys.kind(name).cloned());
                keys.names.iter().map(kind).collect::<Vec<_>>()
            };
            if kinds(&Keys::of(&there)) == kinds(&keys) {
                return Ok(false);
            }
            let message =
                format!("the table {to} has another key than what would be copied into it: nothing was written");
            Err(ToolError::arguments(message).hint("name another table with to; one that is not there is made."))
        }
        Err(error) if error.code == "ResourceNotFoundException" => {
            Box::pin(make(context, to, source)).await?;
            Ok(true)
        }
        Err(error) => Err(error),
    }
}

/// Makes a table with the keys and indexes of another, on demand.
async fn make(context: &Context, to: &str, source: &TableDescription) -> Result<(), ToolError> {
    let global = source.global_secondary_indexes().iter().filter_map(|index| {
        let of = GlobalSecondaryIndex::builder().set_index_name(index.index_name.clone());
        of.set_key_schema(index.key_schema.clone()).set_projection(index.projection.clone()).build().ok()
    });
    let local = source.local_secondary_indexes().iter().filter_map(|index| {
        let of = LocalSecondaryIndex::builder().set_index_name(index.index_name.clone());
        of.set_key_schema(index.key_schema.clone()).set_projection(index.projection.clone()).build().ok()
    });
    let (global, local): (Vec<_>, Vec<_>) = (global.collect(), local.collect());
    let request = context.dynamodb.create_table().table_name(to).billing_mode(BillingMode::PayPerRequest);
    let request = request
        .set_key_schema(source.key_schema.clone())
        .set_attribute_definitions(source.attribute_definitions.clone())
        .set_global_secondary_indexes(Some(global).filter(|all| !all.is_empty()))
        .set_local_secondary_indexes(Some(local).filter(|all| !all.is_empty()));
    request.send().await?;
    let active = async {
        while described(context, to).await?.table_status != Some(TableStatus::Active) {
            tokio::time::sleep(PAUSE).await;
        }
        Ok(())
    };
    tokio::time::timeout(PATIENCE, active).await.unwrap_or_else(|_| {
        let mut error =
            ToolError::new("timed_out", format!("the new table {to} is not active yet: nothing was copied"));
        error.retryable = true;
        Err(error)
    })
}

async fn put(context: &Context, to: &str, items: Vec<Item>, tally: &Tally) -> Result<(), ToolError> {
    let request = |item| {
        Some(WriteRequest::builder().put_request(PutRequest::builder().set_item(Some(item)).build().ok()?).build())
    };
    let mut requests = items.into_iter().filter_map(request).peekable();
    let mut batches = Vec::new();
    while requests.peek().is_some() {
        batches.push(requests.by_ref().take(WRITES).collect::<Vec<_>>());
    }
    let written = stream::iter(batches).map(|batch| async move {
        let told = |done: usize| {
            let done = u64::try_from(done).unwrap_or_default();
            report(tally.copied.fetch_add(done, Relaxed) + done, None);
        };
        write_batch(&context.dynamodb, to, batch, told).await.map_err(|error| match error {
            BatchError::Aws(error) => ToolError::from(*error),
            BatchError::Throttled => {
                let mut error = ToolError::new("throttled", "AWS takes no more just now");
                error.retryable = true;
                error
            }
        })
    });
    written.buffer_unordered(AT_ONCE).try_collect::<()>().await
}
