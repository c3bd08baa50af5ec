//! `dynamodb_describe_table`: DescribeTable, and the shapes of a sample of items.

use std::collections::BTreeMap;

use async_trait::async_trait;
use aws_sdk_dynamodb::primitives::DateTimeFormat;
use aws_sdk_dynamodb::types::{
    AttributeValue, BillingMode, IndexStatus, KeySchemaElement, KeyType, Projection, ProjectionType,
    StreamSpecification, TableDescription, TableStatus,
};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::follow;
use crate::mcp::context::Context;
use crate::mcp::error::ToolError;
use crate::mcp::notes;
use crate::mcp::tool::{Access, Default, Kind, Tool};

/// The most items that are looked at.
const SAMPLE: u32 = 100;
/// The most attributes that are told of.
const ATTRIBUTES: usize = 100;

#[derive(Debug, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Args {
    /// Table name
    table: String,
    /// Attributes of so many items (100 at most)
    sample: Option<u32>,
}

pub(crate) struct DescribeTable;

#[async_trait]
impl Tool for DescribeTable {
    type Args = Args;
    const NAME: &'static str = "dynamodb_describe_table";
    const DESCRIPTION: &'static str =
        "Tells a table's keys, indexes, size, billing, TTL, stream, and the shape of its items.";
    const KIND: Kind = Kind::Reads;
    const EXAMPLE: &'static str = r#"{"table": "orders", "sample": 20}"#;
    const DEFAULT: Default = Default::Table;

    fn access(args: &Args) -> Access {
        Access::read(format!("dynamodb://{}", args.table))
    }

    async fn run(context: &Context, args: Args) -> Result<Value, ToolError> {
        let answer = context.dynamodb.describe_table().table_name(&args.table).send().await?;
        let table =
            answer.table.ok_or_else(|| ToolError::new("unexpected_answer", "DescribeTable came without its table"))?;
        let mut told = describe(&table);
        follow::tell_expiry(context, &args.table, &mut told).await;
        if let Some(sample) = args.sample {
            let limit = i32::try_from(sample.clamp(1, SAMPLE)).unwrap_or(1);
            let items = context.dynamodb.scan().table_name(&args.table).limit(limit).send().await?;
            // Whoever writes items names their attributes.
            notes::tells_what_is_stored();
            told["sampled"] = json!(items.items().len());
            told["attributes"] = shapes(items.items());
        }
        Ok(told)
    }
}

/// A table in few words.
pub(super) fn describe(table: &TableDescription) -> Value {
    let keys = |schema: &[KeySchemaElement]| {
        let of = |element: &KeySchemaElement| {
            let name = element.attribute_name();
            let definitions = table.attribute_definitions();
            let kind = definitions.iter().find(|d| d.attribute_name() == name).map(|d| d.attribute_type().as_str());
            (name.to_owned(), json!(kind))
        };
        schema.iter().map(of).collect::<Map<_, _>>()
    };
    let mut told = json!({
        "table": table.table_name(),
        "status": table.table_status().map(TableStatus::as_str),
        "keys": keys(table.key_schema()),
        "items": table.item_count(),
        "bytes": table.table_size_bytes(),
        "arn": table.table_arn(),
        "created": table.creation_date_time().and_then(|at| at.fmt(DateTimeFormat::DateTime).ok()),
    });
    let on_demand = table.billing_mode_summary().and_then(|b| b.billing_mode()).map(BillingMode::as_str);
    told["billing"] = match table.provisioned_throughput() {
        Some(p) if on_demand != Some("PAY_PER_REQUEST") => {
            json!({ "read": p.read_capacity_units(), "write": p.write_capacity_units() })
        }
        _ => json!("on_demand"),
    };
    let local = table.local_secondary_indexes().iter().map(|index| {
        let mut told = json!({ "index": index.index_name(), "local": true, "keys": keys(index.key_schema()) });
        told["project"] = projected(index.projection());
        told
    });
    let global = table.global_secondary_indexes().iter().map(|index| {
        let mut told = json!({ "index": index.index_name(), "keys": keys(index.key_schema()) });
        let hash = index.key_schema().iter().filter(|element| *element.key_type() == KeyType::Hash).count();
        if hash > 1 {
            told["hash"] = json!(hash);
        }
        told["project"] = projected(index.projection());
        if let Some(status) = index.index_status().filter(|status| **status != IndexStatus::Active) {
            told["status"] = json!(status.as_str());
        }
        told
    });
    let indexes: Vec<_> = global.chain(local).collect();
    if !indexes.is_empty() {
        told["indexes"] = json!(indexes);
    }
    if let Some(view) = table.stream_specification().and_then(StreamSpecification::stream_view_type) {
        told["stream"] = json!(view.as_str().to_ascii_lowercase());
    }
    if let Some(stream) = table.latest_stream_arn() {
        told["stream_arn"] = json!(stream);
    }
    if table.deletion_protection_enabled() == Some(true) {
        told["deletion_protection"] = json!(true);
    }
    told
}

/// What an index holds beside keys, in the words that make one.
fn projected(projection: Option<&Projection>) -> Value {
    match projection.and_then(Projection::projection_type) {
        Some(ProjectionType::Include) => json!(projection.map(Projection::non_key_attributes).unwrap_or_default()),
        kind => json!(kind.map(|kind| kind.as_str().to_lowercase())),
    }
}

/// Each attribute's types, and in how many of the items it stands.
fn shapes(items: &[crate::json::Item]) -> Value {
    let mut seen: BTreeMap<&str, BTreeMap<&str, usize>> = BTreeMap::new();
    for (name, value) in items.iter().flatten() {
        *seen.entry(name).or_default().entry(type_of(value)).or_default() += 1;
    }
    let told = seen.iter().take(ATTRIBUTES).map(|(name, types)| {
        let count: usize = types.values().sum();
        let types = types.keys().copied().collect::<Vec<_>>().join("|");
        let share = if count == items.len() { types } else { format!("{types} (in {count} of {})", items.len()) };
        ((*name).to_owned(), json!(share))
    });
    let mut told: Map<_, _> = told.collect();
    if seen.len() > ATTRIBUTES {
        told.insert("…".to_owned(), json!(format!("{} more", seen.len() - ATTRIBUTES)));
    }
    Value::Object(told)
}

fn type_of(value: &AttributeValue) -> &'static str {
    match value {
        AttributeValue::S(_) => "S",
        AttributeValue::N(_) => "N",
        AttributeValue::B(_) => "B",
        AttributeValue::Bool(_) => "BOOL",
        AttributeValue::Null(_) => "NULL",
        AttributeValue::M(_) => "M",
        AttributeValue::L(_) => "L",
        AttributeValue::Ss(_) => "SS",
        AttributeValue::Ns(_) => "NS",
        AttributeValue::Bs(_) => "BS",
        _ => "?",
    }
}
