//! Tables: ListTables, and DescribeTable with DescribeTimeToLive.

use aws_sdk_dynamodb::primitives::DateTimeFormat;
use aws_sdk_dynamodb::types::{
    BillingMode, IndexStatus, Projection, ProjectionType, ProvisionedThroughputDescription, StreamSpecification,
    TableDescription, TableStatus, TimeToLiveStatus,
};
use footbridge_tui::ask::{Answer, IndexFacts, Page, TableFacts, Trouble};
use serde_json::json;

use super::asked::{Asked, count};
use super::keys;
use crate::mcp::ToolError;

/// The tables of a page, which are DynamoDB's most.
const PAGE: i32 = 100;

pub(super) async fn page(asked: &Asked<'_>, after: Option<&str>) -> Result<Answer, Trouble> {
    let list = Box::pin(async {
        let request = asked.dynamodb().list_tables().limit(PAGE);
        let answer = request.set_exclusive_start_table_name(after.map(str::to_owned)).send().await?;
        let rows = answer.table_names.unwrap_or_default();
        Ok((json!({ "tables": rows.len() }), Page { rows, next: answer.last_evaluated_table_name }))
    });
    let page = asked.read("dynamodb_list_tables", json!({ "limit": PAGE }), None, list).await?;
    Ok(Answer::Tables(page))
}

pub(super) async fn facts(asked: &Asked<'_>, name: &str) -> Result<Answer, Trouble> {
    let look = Box::pin(async {
        let table = describe(asked, name).await?;
        let mut facts = told(&table);
        match asked.dynamodb().describe_time_to_live().table_name(name).send().await {
            Ok(answer) => {
                let ttl = answer.time_to_live_description;
                let on = |status: &TimeToLiveStatus| {
                    matches!(status, TimeToLiveStatus::Enabled | TimeToLiveStatus::Enabling)
                };
                let ttl = ttl.filter(|ttl| ttl.time_to_live_status().is_some_and(on));
                facts.ttl = ttl.and_then(|ttl| ttl.attribute_name);
            }
            // Whoever may describe a table need not be allowed this on AWS.
            Err(error) => facts.more.push(("TTL".to_owned(), format!("not known: {}", ToolError::from(error).code))),
        }
        Ok((json!({ "status": facts.status }), facts))
    });
    let arguments = json!({ "table": name });
    let facts = asked.read("dynamodb_describe_table", arguments, Some(format!("dynamodb://{name}")), look).await?;
    Ok(Answer::Table(Box::new(facts)))
}

/// A table as DynamoDB describes it.
pub(super) async fn describe(asked: &Asked<'_>, name: &str) -> Result<TableDescription, ToolError> {
    let answer = asked.dynamodb().describe_table().table_name(name).send().await?;
    answer.table.ok_or_else(|| ToolError::new("unexpected_answer", "DescribeTable came without its table"))
}

fn told(table: &TableDescription) -> TableFacts {
    let text = |text: Option<&str>| text.unwrap_or_default().to_owned();
    let global = table.global_secondary_indexes().iter().map(|index| IndexFacts {
        name: text(index.index_name()),
        global: true,
        keys: keys::parts(table, index.key_schema()),
        projection: projection(index.projection()),
        status: text(index.index_status().map(IndexStatus::as_str)),
        items: count(index.item_count()),
    });
    let local = table.local_secondary_indexes().iter().map(|index| IndexFacts {
        name: text(index.index_name()),
        global: false,
        keys: keys::parts(table, index.key_schema()),
        projection: projection(index.projection()),
        // It lives and goes with its table.
        status: text(table.table_status().map(TableStatus::as_str)),
        items: count(index.item_count()),
    });
    let specification = table.stream_specification().filter(|stream| stream.stream_enabled());
    TableFacts {
        name: text(table.table_name()),
        arn: text(table.table_arn()),
        status: text(table.table_status().map(TableStatus::as_str)),
        keys: keys::parts(table, table.key_schema()),
        indexes: global.chain(local).collect(),
        items: count(table.item_count()),
        bytes: count(table.table_size_bytes()),
        billing: billing(table),
        stream: specification.and_then(StreamSpecification::stream_view_type).map(|view| view.as_str().to_owned()),
        ttl: None,
        more: more(table),
    }
}

fn billing(table: &TableDescription) -> String {
    let on_demand = table.billing_mode_summary().and_then(|summary| summary.billing_mode());
    match table.provisioned_throughput() {
        Some(provisioned) if on_demand != Some(&BillingMode::PayPerRequest) => throughput(provisioned),
        _ => "on demand".to_owned(),
    }
}

fn throughput(provisioned: &ProvisionedThroughputDescription) -> String {
    let [read, write] =
        [provisioned.read_capacity_units(), provisioned.write_capacity_units()].map(Option::unwrap_or_default);
    format!("{read} RCU, {write} WCU")
}

fn projection(projection: Option<&Projection>) -> String {
    let kind = projection.and_then(Projection::projection_type);
    match (kind, projection) {
        (Some(ProjectionType::Include), Some(projection)) => {
            format!("INCLUDE {}", projection.non_key_attributes().join(", "))
        }
        (kind, _) => kind.map(|kind| kind.as_str().to_owned()).unwrap_or_default(),
    }
}

fn more(table: &TableDescription) -> Vec<(String, String)> {
    let encryption = table.sse_description();
    let replicas: Vec<_> = table.replicas().iter().filter_map(|replica| replica.region_name()).collect();
    let restored = table.restore_summary().and_then(|restored| restored.source_table_arn());
    let all = [
        ("created", table.creation_date_time().and_then(|at| at.fmt(DateTimeFormat::DateTime).ok())),
        ("table id", table.table_id().map(str::to_owned)),
        ("table class", table.table_class_summary().and_then(|c| c.table_class()).map(|c| c.as_str().to_owned())),
        ("deletion protection", table.deletion_protection_enabled().filter(|on| *on).map(|_| "on".to_owned())),
        ("encryption", encryption.and_then(|sse| sse.status()).map(|status| status.as_str().to_owned())),
        ("encryption key", encryption.and_then(|sse| sse.kms_master_key_arn()).map(str::to_owned)),
        ("stream ARN", table.latest_stream_arn().map(str::to_owned)),
        ("replicas", (!replicas.is_empty()).then(|| replicas.join(", "))),
        ("restored from", restored.map(str::to_owned)),
    ];
    all.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))).collect()
}
