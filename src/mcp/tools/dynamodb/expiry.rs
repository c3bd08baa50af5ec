//! The attribute by which a table's items expire: its time to live.

use aws_sdk_dynamodb::types::{TimeToLiveSpecification, TimeToLiveStatus};
use serde::Deserialize;
use serde_json::{Value, json};

use super::design::wrong;
use crate::mcp::context::Context;
use crate::mcp::error::ToolError;

/// What is to become of a table's expiry.
#[derive(Debug, Clone, Deserialize, schemars::JsonSchema)]
#[serde(untagged)]
pub(super) enum Expiry {
    /// Items expire by this attribute.
    By(String),
    /// `false`: they do not expire.
    Is(bool),
}

impl Expiry {
    /// Makes it so; the attribute by which items expire then.
    pub(super) async fn set(self, context: &Context, table: &str) -> Result<Option<String>, ToolError> {
        match self {
            Self::By(attribute) => enable(context, table, &attribute).await.map(|()| Some(attribute)),
            Self::Is(true) => Err(ToolError::arguments("ttl: the name of an attribute, or false")),
            Self::Is(false) => {
                // AWS wants the attribute again to switch it off, and refuses what is off already.
                if let Some(attribute) = attribute(context, table).await? {
                    update(context, table, &attribute, false).await?;
                }
                Ok(None)
            }
        }
    }
}

/// Lets the table's items expire by this attribute.
pub(super) async fn enable(context: &Context, table: &str, attribute: &str) -> Result<(), ToolError> {
    update(context, table, attribute, true).await
}

async fn update(context: &Context, table: &str, attribute: &str, enabled: bool) -> Result<(), ToolError> {
    let specification = TimeToLiveSpecification::builder().enabled(enabled).attribute_name(attribute);
    let request = context.dynamodb.update_time_to_live().table_name(table);
    request.time_to_live_specification(specification.build().map_err(wrong)?).send().await?;
    Ok(())
}

/// The attribute by which the table's items expire, if they do.
pub(super) async fn attribute(context: &Context, table: &str) -> Result<Option<String>, ToolError> {
    let answer = context.dynamodb.describe_time_to_live().table_name(table).send().await?;
    let on = |status: &TimeToLiveStatus| matches!(status, TimeToLiveStatus::Enabled | TimeToLiveStatus::Enabling);
    let description = answer.time_to_live_description.filter(|of| of.time_to_live_status().is_some_and(on));
    Ok(description.and_then(|of| of.attribute_name))
}

/// A described table with the attribute by which its items expire.
pub(super) fn shown(mut told: Value, attribute: Option<String>) -> Value {
    if let Some(attribute) = attribute {
        told["ttl"] = json!(attribute);
    }
    told
}
