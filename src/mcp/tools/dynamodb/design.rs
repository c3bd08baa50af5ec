//! What `dynamodb_create_table` and `dynamodb_update_table` take alike: key attributes and indexes.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::time::Duration;

use aws_sdk_dynamodb::error::BuildError;
use aws_sdk_dynamodb::types::{
    AttributeDefinition, IndexStatus, KeySchemaElement, KeyType, Projection, ProjectionType, ScalarAttributeType,
    TableDescription, TableStatus,
};
use serde::Deserialize;
use serde_json::{Map, Value};

use crate::mcp::context::Context;
use crate::mcp::error::ToolError;
use crate::mcp::quoted::named;

// An index to be made. (A comment, since documentation would be sent to clients as a description.)
#[derive(Debug, Clone, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewIndex {
    /// As a table's keys
    #[schemars(with = "BTreeMap<String, String>")]
    pub(super) keys: Map<String, Value>,
    /// How many keys are the hash key (1)
    pub(super) hash: Option<usize>,
    /// The table's hash key, another range key
    pub(super) local: Option<bool>,
    /// Attributes to hold, or keys_only alone; else all
    pub(super) project: Option<Project>,
}

/// What an index holds beside keys: `"all"`, `"keys_only"`, or the attributes; the words may stand in a list too.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(from = "Projected")]
pub(super) enum Project {
    All,
    KeysOnly,
    Attributes(Vec<String>),
}

#[derive(Deserialize)]
#[serde(untagged, expecting = "want a list of attributes, or \"all\" or \"keys_only\"")]
enum Projected {
    One(String),
    Many(Vec<String>),
}

impl From<Projected> for Project {
    fn from(projected: Projected) -> Self {
        let names = match projected {
            Projected::One(name) => vec![name],
            Projected::Many(names) => names,
        };
        match names.as_slice() {
            [only] if only.eq_ignore_ascii_case("all") => Self::All,
            [only] if only.eq_ignore_ascii_case("keys_only") => Self::KeysOnly,
            _ => Self::Attributes(names),
        }
    }
}

impl schemars::JsonSchema for Project {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Project".into()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        Vec::<String>::json_schema(generator)
    }
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
            None | Some(Project::All) => projection.projection_type(ProjectionType::All),
            Some(Project::KeysOnly) => projection.projection_type(ProjectionType::KeysOnly),
            Some(Project::Attributes(names)) => {
                projection.projection_type(ProjectionType::Include).set_non_key_attributes(Some(names.clone()))
            }
        }
        .build()
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
        _ => Err(ToolError::arguments(format!(
            "{}: {kind} is none of \"S\", \"N\", \"B\"",
            named(&format!("{at}.{name}"))
        ))),
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
