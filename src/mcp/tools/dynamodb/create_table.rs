//! `dynamodb_create_table`: CreateTable, and waiting until the table can be used.

use std::time::Duration;

use async_trait::async_trait;
use aws_sdk_dynamodb::types::{
    AttributeDefinition, BillingMode, KeySchemaElement, KeyType, ProvisionedThroughput, ScalarAttributeType,
    TableStatus,
};
use serde::Deserialize;
use serde_json::{Map, Value};

use super::describe_table::describe;
use super::follow::{self, StreamView};
use crate::mcp::context::Context;
use crate::mcp::error::ToolError;
use crate::mcp::tool::{Access, Kind, Tool};

#[derive(Debug, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Args {
    table: String,
    /// The hash key, then the range key if any, each with its type S, N or B: {"pk": "S", "sk": "N"}
    keys: Map<String, Value>,
    /// "on_demand" (the default), or {"read": 5, "write": 5}
    billing: Option<Billing>,
    /// The attribute with the second at which an item expires
    ttl: Option<String>,
    stream: Option<StreamView>,
}

#[derive(Debug, Clone, Deserialize, schemars::JsonSchema)]
#[serde(untagged)]
enum Billing {
    Named(Named),
    Provisioned(Provisioned),
}

#[derive(Debug, Clone, Copy, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
enum Named {
    #[serde(alias = "ON_DEMAND", alias = "PAY_PER_REQUEST", alias = "pay_per_request")]
    OnDemand,
}

#[derive(Debug, Clone, Copy, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
struct Provisioned {
    read: i64,
    write: i64,
}

pub(crate) struct CreateTable;

#[async_trait]
impl Tool for CreateTable {
    type Args = Args;
    const NAME: &'static str = "dynamodb_create_table";
    const DESCRIPTION: &'static str = "Creates a table in the current region and waits until it is active.";
    const KIND: Kind = Kind::Adds;

    fn access(args: &Args) -> Access {
        Access::write(format!("dynamodb://{}", args.table))
    }

    async fn run(context: &Context, args: Args) -> Result<Value, ToolError> {
        if !(1..=2).contains(&args.keys.len()) {
            return Err(ToolError::arguments(
                "keys: one or two are needed, the hash key first: {\"pk\": \"S\", \"sk\": \"N\"}",
            ));
        }
        let mut request = context.dynamodb.create_table().table_name(&args.table);
        for ((name, kind), role) in args.keys.iter().zip([KeyType::Hash, KeyType::Range]) {
            let wrong = |error: aws_sdk_dynamodb::error::BuildError| ToolError::arguments(error.to_string());
            let definition = AttributeDefinition::builder().attribute_name(name).attribute_type(scalar(name, kind)?);
            let element = KeySchemaElement::builder().attribute_name(name).key_type(role);
            request = request
                .attribute_definitions(definition.build().map_err(wrong)?)
                .key_schema(element.build().map_err(wrong)?);
        }
        let request = match args.billing {
            None | Some(Billing::Named(Named::OnDemand)) => request.billing_mode(BillingMode::PayPerRequest),
            Some(Billing::Provisioned(Provisioned { read, write })) => {
                let throughput = ProvisionedThroughput::builder().read_capacity_units(read).write_capacity_units(write);
                let throughput = throughput.build().map_err(|error| ToolError::arguments(error.to_string()))?;
                request.billing_mode(BillingMode::Provisioned).provisioned_throughput(throughput)
            }
        };
        let request = match args.stream {
            Some(view) => request.stream_specification(view.specification()?),
            None => request,
        };
        request.send().await?;
        let mut pause = Duration::from_millis(20);
        loop {
            let answer = context.dynamodb.describe_table().table_name(&args.table).send().await?;
            if let Some(table) = answer.table.filter(|table| table.table_status() == Some(&TableStatus::Active)) {
                let mut told = describe(&table);
                if let Some(attribute) = &args.ttl {
                    follow::expire_by(context, &args.table, attribute).await?;
                    told["ttl"] = Value::from(attribute.as_str());
                }
                return Ok(told);
            }
            tokio::time::sleep(pause).await;
            pause = (pause * 2).min(Duration::from_secs(2));
        }
    }
}

fn scalar(name: &str, kind: &Value) -> Result<ScalarAttributeType, ToolError> {
    match kind.as_str().map(str::to_ascii_uppercase).as_deref() {
        Some("S" | "STRING") => Ok(ScalarAttributeType::S),
        Some("N" | "NUMBER") => Ok(ScalarAttributeType::N),
        Some("B" | "BINARY") => Ok(ScalarAttributeType::B),
        _ => Err(ToolError::arguments(format!("keys.{name}: {kind} is none of \"S\", \"N\", \"B\""))),
    }
}
