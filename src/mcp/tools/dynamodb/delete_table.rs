//! `dynamodb_delete_table`: DeleteTable, and waiting until the table is gone.

use std::time::Duration;

use async_trait::async_trait;
use aws_sdk_dynamodb::error::ProvideErrorMetadata;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::mcp::context::Context;
use crate::mcp::error::ToolError;
use crate::mcp::quoted::named;
use crate::mcp::tool::{Access, Kind, Resource, Tool};

#[derive(Debug, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Args {
    /// Table name
    table: String,
    /// Yes, destroy it
    confirm: Option<bool>,
}

pub(crate) struct DeleteTable;

#[async_trait]
impl Tool for DeleteTable {
    type Args = Args;
    const NAME: &'static str = "dynamodb_delete_table";
    const DESCRIPTION: &'static str = "Deletes a table with all its items.";
    const KIND: Kind = Kind::Replaces;
    const EXAMPLE: &'static str = r#"{"table": "orders", "confirm": true}"#;

    fn access(args: &Args) -> Access {
        Access::destroy(Resource::table(&args.table), args.confirm)
    }

    async fn loss(context: &Context, args: &Args) -> Result<String, ToolError> {
        let answer = context.dynamodb.describe_table().table_name(&args.table).send().await?;
        let items = answer.table.and_then(|table| table.item_count()).unwrap_or_default();
        // AWS counts the items every six hours or so.
        Ok(format!("table {} with about {items} items", named(&args.table)))
    }

    async fn run(context: &Context, args: Args) -> Result<Value, ToolError> {
        context.dynamodb.delete_table().table_name(&args.table).send().await?;
        let mut pause = Duration::from_millis(20);
        loop {
            match context.dynamodb.describe_table().table_name(&args.table).send().await {
                Ok(_) => tokio::time::sleep(pause).await,
                Err(error) if error.code() == Some("ResourceNotFoundException") => {
                    return Ok(json!({ "deleted": args.table }));
                }
                Err(error) => return Err(error.into()),
            }
            pause = (pause * 2).min(Duration::from_secs(2));
        }
    }
}
