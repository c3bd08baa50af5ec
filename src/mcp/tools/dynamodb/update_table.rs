//! `dynamodb_update_table`: UpdateTable and UpdateTimeToLive, and waiting for what they began.

use std::collections::BTreeMap;
use std::time::Duration;

use async_trait::async_trait;
use aws_sdk_dynamodb::types::{
    AttributeDefinition, BillingMode, BillingModeSummary, CreateGlobalSecondaryIndexAction as CreateAction,
    DeleteGlobalSecondaryIndexAction as DeleteAction, GlobalSecondaryIndexUpdate as IndexUpdate, ProvisionedThroughput,
    UpdateGlobalSecondaryIndexAction as UpdateAction,
};
use serde::Deserialize;
use serde_json::{Map, Value};

use super::billing::{Billing, Plan, Units};
use super::describe_table::describe;
use super::design::{self, NewIndex, Project, wrong};
use super::follow::{self, Stream};
use crate::mcp::context::Context;
use crate::mcp::error::ToolError;
use crate::mcp::spelling::any_case;
use crate::mcp::tool::{Access, Kind, Resource, Tier, Tool};

/// For so long an index that is being made is waited for: on AWS, that takes minutes.
const PATIENCE: Duration = Duration::from_secs(20);

#[derive(Debug, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Args {
    /// Table name
    table: String,
    /// A global index to make
    add_index: Option<AddIndex>,
    /// Index name
    delete_index: Option<String>,
    /// Index to give other units
    update_index: Option<String>,
    /// What its records show, or off
    #[serde(default, deserialize_with = "any_case")]
    stream: Option<Stream>,
    /// Expiry attribute (epoch seconds); "" for none
    ttl: Option<String>,
    /// How it is paid for
    billing: Option<Billing>,
    /// Units, of the index if one is named
    read: Option<i64>,
    /// Units
    write: Option<i64>,
    /// Whether it cannot be deleted
    deletion_protection: Option<bool>,
}

#[derive(Debug, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
struct AddIndex {
    /// Index name
    name: String,
    /// As a table's keys
    #[schemars(with = "BTreeMap<String, String>")]
    keys: Map<String, Value>,
    /// How many keys are the hash key (1)
    hash: Option<usize>,
    /// Attributes to hold, or "keys_only"; default "all"
    project: Option<Project>,
    /// Taken, so that its error can say more than "unknown".
    #[schemars(skip)]
    local: Option<bool>,
}

impl AddIndex {
    fn action(self, units: Option<Units>) -> Result<(Vec<AttributeDefinition>, CreateAction), ToolError> {
        let Self { name, keys, hash, project, local } = self;
        let index = NewIndex { keys, hash, local, project };
        if index.is_local() {
            return Err(ToolError::arguments(
                "add_index.local: local indexes are made with their table (dynamodb_create_table)",
            ));
        }
        let keys = index.keys("add_index")?;
        let action = CreateAction::builder().index_name(name).set_key_schema(Some(keys.schema));
        let action = action.projection(index.projection());
        let action = action.set_provisioned_throughput(units.map(Units::throughput).transpose()?);
        Ok((keys.definitions, action.build().map_err(wrong)?))
    }
}

pub(crate) struct UpdateTable;

#[async_trait]
impl Tool for UpdateTable {
    type Args = Args;
    const NAME: &'static str = "dynamodb_update_table";
    const DESCRIPTION: &'static str = "Changes a table's indexes (one a call), stream, expiry, billing or protection.";
    const KIND: Kind = Kind::Changes;
    const TIER: Tier = Tier::Rare;
    const EXAMPLE: &'static str = r#"{"table": "orders", "add_index": {"name": "by_status", "keys": {"status": "S"}}}"#;
    const MOVED: &'static [(&'static str, &'static str)] = &[(
        "indexes",
        "add_index makes one, delete_index deletes one, update_index with read and write gives one other units",
    )];

    fn access(args: &Args) -> Access {
        Access::write(Resource::table(&args.table))
    }

    async fn run(context: &Context, args: Args) -> Result<Value, ToolError> {
        let units = Units::of(args.read, args.write)?;
        // With an index named, they are the index's.
        let one_index = args.add_index.is_some() || args.update_index.is_some();
        let (table_units, index_units) = if one_index { (None, units) } else { (units, None) };
        let plan = Plan::of(args.billing, table_units)?;
        let other = args.add_index.is_some()
            || args.delete_index.is_some()
            || args.update_index.is_some()
            || args.stream.is_some()
            || plan.is_some()
            || args.deletion_protection.is_some();
        let only_ttl = args.ttl.is_some() && !other;
        let mut request = context.dynamodb.update_table().table_name(&args.table);
        request = request.set_deletion_protection_enabled(args.deletion_protection);
        if let Some(stream) = args.stream {
            request = request.stream_specification(stream.specification()?);
        }
        if let Some(plan) = plan {
            let throughput = plan.units().map(Units::throughput).transpose()?;
            request = request.billing_mode(plan.mode()).set_provisioned_throughput(throughput.clone());
            if let Some(throughput) = throughput {
                // A table that was on demand must say the units of each of its indexes too: they get the table's.
                for name in on_demand_indexes(context, &args.table).await? {
                    if args.delete_index.as_ref() != Some(&name) {
                        request = request.global_secondary_index_updates(give(name, throughput.clone())?);
                    }
                }
            }
        }
        if let Some(index) = args.add_index {
            let (definitions, action) = index.action(index_units)?;
            let update = IndexUpdate::builder().create(action).build();
            request = request.set_attribute_definitions(Some(definitions)).global_secondary_index_updates(update);
        }
        if let Some(name) = args.delete_index {
            let action = DeleteAction::builder().index_name(name).build().map_err(wrong)?;
            request = request.global_secondary_index_updates(IndexUpdate::builder().delete(action).build());
        }
        if let Some(name) = args.update_index {
            let units =
                index_units.ok_or_else(|| ToolError::arguments("update_index wants read and write, its units"))?;
            request = request.global_secondary_index_updates(give(name, units.throughput()?)?);
        }
        // TTL is another operation's; with nothing else to change, UpdateTable would refuse.
        if !only_ttl {
            request.send().await?;
        }
        match args.ttl.as_deref() {
            None => {}
            Some("") => follow::never_expire(context, &args.table).await?,
            Some(attribute) => follow::expire_by(context, &args.table, attribute).await?,
        }
        let mut told = describe(&design::ready(context, &args.table, PATIENCE).await?);
        match args.ttl.as_deref() {
            Some("") => {}
            Some(attribute) => told["ttl"] = attribute.into(),
            None => follow::tell_expiry(context, &args.table, &mut told).await,
        }
        Ok(told)
    }
}

/// Gives an index these units.
fn give(name: String, units: ProvisionedThroughput) -> Result<IndexUpdate, ToolError> {
    let action = UpdateAction::builder().index_name(name).provisioned_throughput(units).build().map_err(wrong)?;
    Ok(IndexUpdate::builder().update(action).build())
}

/// The global indexes of a table that is paid for on demand; none of one that has units.
async fn on_demand_indexes(context: &Context, table: &str) -> Result<Vec<String>, ToolError> {
    let answer = context.dynamodb.describe_table().table_name(table).send().await?;
    let table = answer.table.filter(|table| {
        let mode = table.billing_mode_summary().and_then(BillingModeSummary::billing_mode);
        mode == Some(&BillingMode::PayPerRequest)
    });
    let indexes = table.and_then(|table| table.global_secondary_indexes).unwrap_or_default();
    Ok(indexes.into_iter().filter_map(|index| index.index_name).collect())
}
