//! `dynamodb_update_table`: UpdateTable and UpdateTimeToLive, and waiting for what they began.

use std::collections::BTreeMap;
use std::time::Duration;

use async_trait::async_trait;
use aws_sdk_dynamodb::types::{
    BillingMode, CreateGlobalSecondaryIndexAction, DeleteGlobalSecondaryIndexAction, GlobalSecondaryIndexUpdate,
    UpdateGlobalSecondaryIndexAction,
};
use serde::Deserialize;
use serde_json::Value;

use super::describe_table::describe;
use super::design::{self, Billing, NewIndex, Provisioned, wrong};
use super::follow::{self, StreamChange};
use crate::mcp::context::Context;
use crate::mcp::error::ToolError;
use crate::mcp::tool::{Access, Default, Kind, Tool};

/// For so long an index that is being made is waited for: on AWS, that takes minutes.
const PATIENCE: Duration = Duration::from_secs(20);

#[derive(Debug, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Args {
    table: String,
    /// One to make {"by_at": {"keys": {"at": "N"}}} or {"by_at": "delete"}, or units {"by_at": {"read": 5, "write": 5}}
    indexes: Option<BTreeMap<String, Change>>,
    stream: Option<StreamChange>,
    /// The attribute with the second at which an item expires; "" for none
    ttl: Option<String>,
    /// As in dynamodb_create_table.
    billing: Option<Billing>,
    deletion_protection: Option<bool>,
}

#[derive(Debug, Deserialize, schemars::JsonSchema)]
#[serde(untagged)]
enum Change {
    Gone(Gone),
    Units(Provisioned),
    New(NewIndex),
}

#[derive(Debug, Clone, Copy, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
enum Gone {
    Delete,
}

pub(crate) struct UpdateTable;

#[async_trait]
impl Tool for UpdateTable {
    type Args = Args;
    const NAME: &'static str = "dynamodb_update_table";
    const DESCRIPTION: &'static str =
        "Changes a table: makes or deletes one global index a call; its stream, expiry, billing, protection.";
    const KIND: Kind = Kind::Changes;
    const DEFAULT: Default = Default::None;

    fn access(args: &Args) -> Access {
        Access::write(format!("dynamodb://{}", args.table))
    }

    async fn run(context: &Context, args: Args) -> Result<Value, ToolError> {
        let provisioned = args.billing.as_ref().and_then(Billing::provisioned);
        let others = [args.indexes.is_some(), args.stream.is_some(), args.billing.is_some()];
        let only_ttl = args.ttl.is_some() && !others.contains(&true) && args.deletion_protection.is_none();
        let mut request = context.dynamodb.update_table().table_name(&args.table);
        request = request.set_deletion_protection_enabled(args.deletion_protection);
        if let Some(stream) = args.stream {
            request = request.stream_specification(stream.specification()?);
        }
        if args.billing.is_some() {
            let mode = if provisioned.is_some() { BillingMode::Provisioned } else { BillingMode::PayPerRequest };
            let throughput = provisioned.map(Provisioned::throughput).transpose()?;
            request = request.billing_mode(mode).set_provisioned_throughput(throughput);
        }
        let mut definitions = Vec::new();
        for (name, change) in args.indexes.into_iter().flatten() {
            let update = GlobalSecondaryIndexUpdate::builder();
            let update = match change {
                Change::Gone(Gone::Delete) => {
                    update.delete(DeleteGlobalSecondaryIndexAction::builder().index_name(name).build().map_err(wrong)?)
                }
                Change::Units(units) => {
                    let action = UpdateGlobalSecondaryIndexAction::builder().index_name(name);
                    update.update(action.provisioned_throughput(units.throughput()?).build().map_err(wrong)?)
                }
                Change::New(index) => {
                    if index.is_local() {
                        return Err(ToolError::arguments(format!(
                            "indexes.{name}.local: local indexes are made with their table (dynamodb_create_table)"
                        )));
                    }
                    let keys = index.keys(&format!("indexes.{name}"))?;
                    design::define(&mut definitions, keys.definitions);
                    let action = CreateGlobalSecondaryIndexAction::builder().index_name(name);
                    let action = action.set_key_schema(Some(keys.schema)).projection(index.projection());
                    let action = action.set_provisioned_throughput(index.throughput(provisioned)?);
                    update.create(action.build().map_err(wrong)?)
                }
            };
            request = request.global_secondary_index_updates(update.build());
        }
        request = request.set_attribute_definitions(Some(definitions).filter(|list| !list.is_empty()));
        // TTL is another operation's; with nothing else to change, UpdateTable would refuse.
        if !only_ttl {
            request.send().await?;
        }
        match args.ttl.as_deref() {
            None => {}
            Some("") => follow::never_expire(context, &args.table).await?,
            Some(attribute) => follow::expire_by(context, &args.table, attribute).await?,
        }
        Ok(describe(&design::ready(context, &args.table, PATIENCE).await?))
    }
}
