//! Batches: what AWS leaves unprocessed is sent again, with growing pauses.

use aws_sdk_dynamodb::types::{KeysAndAttributes, WriteRequest};

pub(super) use crate::items::canonical;
use crate::items::{BatchError, Patience, WRITES, write_batch};
use crate::json::Item;
use crate::mcp::context::Context;
use crate::mcp::error::ToolError;
use crate::mcp::progress;

/// Sends all these writes; gives how many there were.
pub(super) async fn write(context: &Context, table: &str, writes: &[WriteRequest]) -> Result<usize, ToolError> {
    let count = |count: usize| u64::try_from(count).unwrap_or(u64::MAX);
    let mut done = 0;
    for batch in writes.chunks(WRITES) {
        let sent = write_batch(&context.dynamodb, table, batch.to_vec(), |moved| done += moved).await;
        sent.map_err(|error| match error {
            BatchError::Aws(error) => {
                ToolError::from(*error).after(&format!("{done} of {} had been done", writes.len()))
            }
            BatchError::Throttled => throttled(format!("{done} of {} done; AWS takes no more just now", writes.len())),
        })?;
        progress::report(count(done), Some(count(writes.len())));
    }
    Ok(done)
}

/// AWS takes or gives no more just now.
pub(super) fn throttled(what: impl Into<String>) -> ToolError {
    let mut error = ToolError::new("throttled", what);
    error.retryable = true;
    error
}

/// Reads up to a hundred items, in no particular order.
pub(super) async fn get(context: &Context, table: &str, wanted: KeysAndAttributes) -> Result<Vec<Item>, ToolError> {
    let mut items = Vec::new();
    let mut left = Some(wanted);
    let mut patience = Patience::default();
    while let Some(wanted) = left.take() {
        let before = wanted.keys.len();
        let answer = context.dynamodb.batch_get_item().request_items(table, wanted).send().await?;
        items.extend(answer.responses.and_then(|mut tables| tables.remove(table)).unwrap_or_default());
        left = answer.unprocessed_keys.and_then(|mut tables| tables.remove(table));
        if let Some(left) = &left
            && !patience.wait(left.keys.len() < before).await
        {
            return Err(throttled("AWS gives no more items just now"));
        }
    }
    Ok(items)
}
