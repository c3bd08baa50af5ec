//! What `dynamodb_create_table` and `dynamodb_update_table` take alike: key attributes, indexes, billing.

use std::time::Duration;

use aws_sdk_dynamodb::error::BuildError;
use aws_sdk_dynamodb::types::{
    AttributeDefinition, IndexStatus, KeySchemaElement, KeyType, Projection, ProjectionType, ProvisionedThroughput,
    ScalarAttributeType, TableDescription, TableStatus,
};
use serde::Deserialize;
use serde_json::{Map, Value};

use crate::mcp::context::Context;
use crate::mcp::error::ToolError;

#[derive(Debug, Clone, Deserialize, schemars::JsonSchema)]
#[serde(untagged)]
pub(super) enum Billing {
    Named(Named),
    Provisioned(Provisioned),
}

#[derive(Debug, Clone, Copy, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum Named {
    #[serde(alias = "ON_DEMAND", alias = "PAY_PER_REQUEST", alias = "pay_per_request")]
    OnDemand,
}

#[derive(Debug, Clone, Copy, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Provisioned {
    read: i64,
    write: i64,
}

impl Provisioned {
    pub(super) fn throughput(self) -> Result<ProvisionedThroughput, ToolError> {
        let units = ProvisionedThroughput::builder().read_capacity_units(self.read).write_capacity_units(self.write);
        units.build().map_err(wrong)
    }
}

impl Billing {
    /// Read and write units, unless it is on demand.
    pub(super) fn provisioned(&self) -> Option<Provisioned> {
        match self {
            Self::Named(Named::OnDemand) => None,
            Self::Provisioned(units) => Some(*units),
        }
    }
}

/// An index to be made.
#[derive(Debug, Clone, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewIndex {
    /// As a table's keys.
    keys: Map<String, Value>,
    /// How many of the keys are the hash key, if not one (at most 4)
    hash: Option<usize>,
    /// A local index: the table's hash key and another range key
    local: Option<bool>,
    /// "all" (the default), "keys_only", or the attributes
    project: Option<Project>,
    /// Units, where the table has them; usually the table's
    billing: Option<Provisioned>,
}

#[derive(Debug, Clone, Deserialize, schemars::JsonSchema)]
#[serde(untagged)]
pub(super) enum Project {
    Named(Whole),
    Attributes(Vec<String>),
}

#[derive(Debug, Clone, Copy, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum Whole {
    #[serde(alias = "ALL")]
    All,
    #[serde(alias = "KEYS_ONLY")]
    KeysOnly,
}

impl NewIndex {
    pub(super) fn is_local(&self) -> bool {
        self.local == Some(true)
    }

    /// Its key attributes and their roles.
    pub(super) fn keys(&self, at: &str) -> Result<Keys, ToolError> {
        Keys::of(&self.keys, self.hash.unwrap_or(1), &format!("{at}.keys"))
    }

    pub(super) fn projection(&self) -> Projection {
        let projection = Projection::builder();
        match &self.project {
            None | Some(Project::Named(Whole::All)) => projection.projection_type(ProjectionType::All),
            Some(Project::Named(Whole::KeysOnly)) => projection.projection_type(ProjectionType::KeysOnly),
            Some(Project::Attributes(names)) => {
                projection.projection_type(ProjectionType::Include).set_non_key_attributes(Some(names.clone()))
            }
        }
        .build()
    }

    /// Its throughput, on a table with this one.
    pub(super) fn throughput(&self, table: Option<Provisioned>) -> Result<Option<ProvisionedThroughput>, ToolError> {
        self.billing.or(table).map(Provisioned::throughput).transpose()
    }
}

/// Key attributes with their roles.
pub(super) struct Keys {
    pub(super) definitions: Vec<AttributeDefinition>,
    pub(super) schema: Vec<KeySchemaElement>,
}

impl Keys {
    /// The attributes, of which the first `hash` make up the hash key.
    pub(super) fn of(keys: &Map<String, Value>, hash: usize, at: &str) -> Result<Self, ToolError> {
        if hash == 0 || keys.len() < hash {
            return Err(ToolError::arguments(format!(
                "{at}: the hash key comes first: {{\"pk\": \"S\", \"sk\": \"N\"}}"
            )));
        }
        let (mut definitions, mut schema) = (Vec::new(), Vec::new());
        for (place, (name, kind)) in keys.iter().enumerate() {
            let definition =
                AttributeDefinition::builder().attribute_name(name).attribute_type(scalar(name, kind, at)?);
            let role = if place < hash { KeyType::Hash } else { KeyType::Range };
            let element = KeySchemaElement::builder().attribute_name(name).key_type(role);
            definitions.push(definition.build().map_err(wrong)?);
            schema.push(element.build().map_err(wrong)?);
        }
        Ok(Self { definitions, schema })
    }
}

/// Adds definitions of attributes that are not defined yet.
pub(super) fn define(known: &mut Vec<AttributeDefinition>, more: Vec<AttributeDefinition>) {
    for definition in more {
        if known.iter().all(|known| known.attribute_name() != definition.attribute_name()) {
            known.push(definition);
        }
    }
}

fn scalar(name: &str, kind: &Value, at: &str) -> Result<ScalarAttributeType, ToolError> {
    match kind.as_str().map(str::to_ascii_uppercase).as_deref() {
        Some("S" | "STRING") => Ok(ScalarAttributeType::S),
        Some("N" | "NUMBER") => Ok(ScalarAttributeType::N),
        Some("B" | "BINARY") => Ok(ScalarAttributeType::B),
        _ => Err(ToolError::arguments(format!("{at}.{name}: {kind} is none of \"S\", \"N\", \"B\""))),
    }
}

/// The table, once it and its indexes are ready; as it is, after `patience`.
pub(super) async fn ready(context: &Context, table: &str, patience: Duration) -> Result<TableDescription, ToolError> {
    let begun = std::time::Instant::now();
    let mut pause = Duration::from_millis(20);
    loop {
        let answer = context.dynamodb.describe_table().table_name(table).send().await?;
        let described =
            answer.table.ok_or_else(|| ToolError::new("unexpected_answer", "DescribeTable came without its table"))?;
        let indexes = described.global_secondary_indexes();
        let ready = described.table_status() == Some(&TableStatus::Active)
            && indexes.iter().all(|index| index.index_status() == Some(&IndexStatus::Active));
        if ready || begun.elapsed() > patience {
            return Ok(described);
        }
        tokio::time::sleep(pause).await;
        pause = (pause * 2).min(Duration::from_secs(2));
    }
}

#[allow(clippy::needless_pass_by_value, reason = "what map_err hands over")]
pub(super) fn wrong(error: BuildError) -> ToolError {
    ToolError::arguments(error.to_string())
}
