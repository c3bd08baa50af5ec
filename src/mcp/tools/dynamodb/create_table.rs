//! `dynamodb_create_table`: CreateTable, and waiting until the table can be used.

use std::collections::BTreeMap;
use std::time::Duration;

use async_trait::async_trait;
use aws_sdk_dynamodb::types::{GlobalSecondaryIndex, LocalSecondaryIndex};
use serde::Deserialize;
use serde_json::{Map, Value};

use super::billing::{Billing, Plan, Units};
use super::describe_table::describe;
use super::design::{self, Keys, NewIndex, wrong};
use super::follow::{self, Stream};
use crate::mcp::context::Context;
use crate::mcp::error::ToolError;
use crate::mcp::spelling::any_case;
use crate::mcp::tool::{Access, Kind, Resource, Tool};

#[derive(Debug, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Args {
    /// Table name
    table: String,
    /// Hash key, then range key; types S, N, B: {"pk": "S", "sk": "N"}
    #[schemars(with = "BTreeMap<String, String>")]
    keys: Map<String, Value>,
    /// By name: {"by_email": {"keys": {"email": "S"}}}
    indexes: Option<Indexes>,
    /// on_demand by default
    billing: Option<Billing>,
    /// Units, if provisioned
    read: Option<i64>,
    /// Units, if provisioned
    write: Option<i64>,
    /// Expiry attribute (epoch seconds)
    ttl: Option<String>,
    /// What its records show
    #[serde(default, deserialize_with = "any_case")]
    stream: Option<Stream>,
}

type Indexes = BTreeMap<String, NewIndex>;

pub(crate) struct CreateTable;

#[async_trait]
impl Tool for CreateTable {
    type Args = Args;
    const NAME: &'static str = "dynamodb_create_table";
    const DESCRIPTION: &'static str = "Creates a table and waits until it is active.";
    const KIND: Kind = Kind::Adds;
    const RARE_PARAMETERS: &'static [&'static str] = &["billing", "read", "write"];
    const EXAMPLE: &'static str = r#"{"table": "users", "keys": {"pk": "S", "sk": "N"}}"#;

    fn access(args: &Args) -> Access {
        Access::write(Resource::table(&args.table))
    }

    async fn run(context: &Context, args: Args) -> Result<Value, ToolError> {
        if !(1..=2).contains(&args.keys.len()) {
            return Err(ToolError::arguments(
                "keys: one or two are needed, the hash key first: {\"pk\": \"S\", \"sk\": \"N\"}",
            ));
        }
        let plan = Plan::of(args.billing, Units::of(args.read, args.write)?)?.unwrap_or(Plan::OnDemand);
        // Indexes get the table's units.
        let throughput = plan.units().map(Units::throughput).transpose()?;
        let keys = Keys::of(&args.keys, 1, "keys")?;
        let mut request = context.dynamodb.create_table().table_name(&args.table).set_key_schema(Some(keys.schema));
        let mut definitions = keys.definitions;
        for (name, index) in args.indexes.iter().flatten() {
            let keys = index.keys(&format!("indexes.{name}"))?;
            design::define(&mut definitions, keys.definitions);
            if index.is_local() {
                let local = LocalSecondaryIndex::builder().index_name(name).set_key_schema(Some(keys.schema));
                request = request.local_secondary_indexes(local.projection(index.projection()).build().map_err(wrong)?);
            } else {
                let global = GlobalSecondaryIndex::builder().index_name(name).set_key_schema(Some(keys.schema));
                let global = global.projection(index.projection());
                let global = global.set_provisioned_throughput(throughput.clone());
                request = request.global_secondary_indexes(global.build().map_err(wrong)?);
            }
        }
        request = request.set_attribute_definitions(Some(definitions));
        if let Some(stream) = args.stream {
            request = request.stream_specification(stream.specification()?);
        }
        request.billing_mode(plan.mode()).set_provisioned_throughput(throughput).send().await?;
        let mut told = describe(&design::ready(context, &args.table, Duration::MAX).await?);
        if let Some(attribute) = &args.ttl {
            follow::expire_by(context, &args.table, attribute).await?;
            told["ttl"] = Value::from(attribute.as_str());
        }
        Ok(told)
    }
}
