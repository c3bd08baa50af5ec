//! BatchWriteItem: what AWS leaves unprocessed is sent again, with growing pauses.

use std::time::Duration;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::error::SdkError;
use aws_sdk_dynamodb::operation::batch_write_item::BatchWriteItemError;
use aws_sdk_dynamodb::types::WriteRequest;
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;

/// The most requests of one BatchWriteItem.
pub(crate) const WRITES: usize = 25;
/// How often a batch is sent on without any progress.
const TRIES: u32 = 8;

/// Why a batch is not written, or not all of it.
#[derive(Debug, thiserror::Error)]
pub(crate) enum BatchError {
    /// AWS refused it.
    #[error(transparent)]
    Aws(#[from] Box<SdkError<BatchWriteItemError, HttpResponse>>),
    /// AWS takes no more of it just now.
    #[error("AWS takes no more just now")]
    Throttled,
}

/// Waits before trying again; gives up where nothing has moved for long.
#[derive(Debug, Default)]
pub(crate) struct Patience(u32);

impl Patience {
    /// Waits 50 ms, then twice as long each time that nothing moved.
    pub(crate) async fn wait(&mut self, moved: bool) -> bool {
        self.0 = if moved { 0 } else { self.0 + 1 };
        if self.0 >= TRIES {
            return false;
        }
        tokio::time::sleep(Duration::from_millis(50 << self.0)).await;
        true
    }
}

/// Writes these requests, at most [`WRITES`] of them; `done` is told how many are.
pub(crate) async fn write(
    client: &Client,
    table: &str,
    mut left: Vec<WriteRequest>,
    mut done: impl FnMut(usize),
) -> Result<(), BatchError> {
    let mut patience = Patience::default();
    while !left.is_empty() {
        let before = left.len();
        let answer = client.batch_write_item().request_items(table, left).send().await.map_err(Box::new)?;
        left = answer.unprocessed_items.and_then(|mut tables| tables.remove(table)).unwrap_or_default();
        let moved = before - left.len().min(before);
        done(moved);
        if !left.is_empty() && !patience.wait(moved > 0).await {
            return Err(BatchError::Throttled);
        }
    }
    Ok(())
}
