//! Where in a stream one stands.

use aws_sdk_dynamodbstreams::Client;
use aws_sdk_dynamodbstreams::types::ShardIteratorType;
use serde::{Deserialize, Serialize};

use super::super::trouble::wrong;
use crate::mcp::ToolError;

/// A place in a stream.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Place {
    pub(super) arn: String,
    /// The shards that are read, the next one first.
    pub(super) shards: Vec<At>,
    /// All shards there were at the last look.
    pub(super) known: Vec<String>,
}

impl Place {
    pub(super) fn read(token: &str) -> Result<Self, ToolError> {
        serde_json::from_str(token).map_err(|_| wrong("this is no place in a stream"))
    }

    pub(super) fn token(&self) -> String {
        serde_json::json!(self).to_string()
    }
}

/// A place in a shard.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct At {
    pub(super) id: String,
    pub(super) iterator: String,
    /// The number of the last record that was read.
    pub(super) last: Option<String>,
}

impl At {
    /// Behind the last record that there is.
    pub(super) async fn latest(streams: &Client, arn: &str, id: &str) -> Result<Self, ToolError> {
        Self::of(streams, arn, id, ShardIteratorType::Latest).await
    }

    /// Before the first record that there still is.
    pub(super) async fn beginning(streams: &Client, arn: &str, id: String) -> Result<Self, ToolError> {
        Self::of(streams, arn, &id, ShardIteratorType::TrimHorizon).await
    }

    async fn of(streams: &Client, arn: &str, id: &str, from: ShardIteratorType) -> Result<Self, ToolError> {
        let request = streams.get_shard_iterator().stream_arn(arn).shard_id(id).shard_iterator_type(from);
        let iterator = given(request.send().await?.shard_iterator)?;
        Ok(Self { id: id.to_owned(), iterator, last: None })
    }
}

/// The iterator of an answer.
pub(super) fn given(iterator: Option<String>) -> Result<String, ToolError> {
    iterator.ok_or_else(|| ToolError::new("unexpected_answer", "GetShardIterator came without its iterator"))
}
