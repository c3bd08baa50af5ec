//! What follows from a table's items by itself: a stream of their changes, and their end.

use aws_sdk_dynamodb::types::{StreamSpecification, StreamViewType, TimeToLiveSpecification, TimeToLiveStatus};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::mcp::context::Context;
use crate::mcp::error::ToolError;

/// What the records of a table's stream show of the item that changed, or that it has no stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum Stream {
    KeysOnly,
    NewImage,
    OldImage,
    NewAndOldImages,
    Off,
}

impl Stream {
    /// As CreateTable and UpdateTable take it.
    pub(super) fn specification(self) -> Result<StreamSpecification, ToolError> {
        let view = match self {
            Self::KeysOnly => Some(StreamViewType::KeysOnly),
            Self::NewImage => Some(StreamViewType::NewImage),
            Self::OldImage => Some(StreamViewType::OldImage),
            Self::NewAndOldImages => Some(StreamViewType::NewAndOldImages),
            Self::Off => None,
        };
        let specification = StreamSpecification::builder().stream_enabled(view.is_some());
        specification.set_stream_view_type(view).build().map_err(|error| ToolError::arguments(error.to_string()))
    }
}

/// Lets the table's items expire by this attribute.
pub(super) async fn expire_by(context: &Context, table: &str, attribute: &str) -> Result<(), ToolError> {
    set_expiry(context, table, attribute, true).await
}

/// Lets the table's items expire no more.
pub(super) async fn never_expire(context: &Context, table: &str) -> Result<(), ToolError> {
    match expires_by(context, table).await? {
        Some(attribute) => set_expiry(context, table, &attribute, false).await,
        None => Ok(()),
    }
}

async fn set_expiry(context: &Context, table: &str, attribute: &str, on: bool) -> Result<(), ToolError> {
    let specification = TimeToLiveSpecification::builder().enabled(on).attribute_name(attribute).build();
    let specification = specification.map_err(|error| ToolError::arguments(error.to_string()))?;
    context.dynamodb.update_time_to_live().table_name(table).time_to_live_specification(specification).send().await?;
    Ok(())
}

/// Adds to what is told of a table how its items expire.
pub(super) async fn tell_expiry(context: &Context, table: &str, told: &mut Value) {
    match expires_by(context, table).await {
        Ok(Some(attribute)) => told["ttl"] = attribute.into(),
        Ok(None) => {}
        // Whoever may describe a table need not be allowed this on AWS.
        Err(error) => told["ttl"] = json!({ "unknown": error.message }),
    }
}

/// The attribute by which the table's items expire, if they do.
pub(super) async fn expires_by(context: &Context, table: &str) -> Result<Option<String>, ToolError> {
    let answer = context.dynamodb.describe_time_to_live().table_name(table).send().await?;
    let description = answer.time_to_live_description;
    let on = |status: &TimeToLiveStatus| matches!(status, TimeToLiveStatus::Enabled | TimeToLiveStatus::Enabling);
    Ok(description.filter(|of| of.time_to_live_status().is_some_and(on)).and_then(|of| of.attribute_name))
}
