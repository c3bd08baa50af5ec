//! Makes a table as its schema file says, or finds the one that is there.

use std::path::Path;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::operation::describe_table::DescribeTableError;
use aws_sdk_dynamodb::types::{ScalarAttributeType, TableDescription, TableStatus};
use aws_smithy_types::body::SdkBody;
use serde_json::{Map, Value as Json};

use super::SeedError;
use super::folder::TablePlan;

/// What CreateTable takes of what DescribeTable gives; the rest is the table's state.
const SETTINGS: &[&str] = &[
    "TableName",
    "AttributeDefinitions",
    "KeySchema",
    "BillingMode",
    "ProvisionedThroughput",
    "LocalSecondaryIndexes",
    "GlobalSecondaryIndexes",
    "StreamSpecification",
    "DeletionProtectionEnabled",
    "Tags",
];
/// The same, of an index.
const INDEX_SETTINGS: &[&str] = &["IndexName", "KeySchema", "Projection", "ProvisionedThroughput"];

/// The key attributes of a table and their types.
#[derive(Debug, Clone)]
pub(super) struct Keys {
    /// Of the table's own key.
    pub(super) names: Vec<String>,
    kinds: Vec<(String, ScalarAttributeType)>,
}

impl Keys {
    /// The type of a key attribute, of the table or of an index.
    pub(super) fn kind(&self, name: &str) -> Option<&ScalarAttributeType> {
        self.kinds.iter().find(|(key, _)| key == name).map(|(_, kind)| kind)
    }

    fn of(table: &TableDescription) -> Self {
        let kinds = table.attribute_definitions();
        Self {
            names: table.key_schema().iter().map(|key| key.attribute_name.clone()).collect(),
            kinds: kinds.iter().map(|kind| (kind.attribute_name.clone(), kind.attribute_type.clone())).collect(),
        }
    }
}

/// The keys of the plan's table, and whether it was made for that.
pub(super) async fn ensure(plan: &TablePlan, client: &Client) -> Result<(Keys, bool), SeedError> {
    let wanted = plan.schema.as_deref().map(|path| Ok((path, read(path, &plan.name)?))).transpose()?;
    let found = describe(client, &plan.name).await?;
    match (found, wanted) {
        (Some(table), None) => Ok((Keys::of(&table), false)),
        (Some(table), Some((path, wanted))) => {
            let keys = Keys::of(&table);
            if keys.names != key_names(&wanted) {
                let what = format!("the table {} is there with other keys ({})", plan.name, keys.names.join(", "));
                return Err(SeedError::content(path, what));
            }
            Ok((keys, false))
        }
        (None, Some((_, wanted))) => {
            create(client, &plan.name, &Json::Object(wanted)).await?;
            let table = active(client, &plan.name).await?;
            Ok((Keys::of(&table), true))
        }
        (None, None) => {
            let place = plan.items.first().map_or(Path::new("."), |file| &file.path);
            let what =
                format!("there is no table {0}: put {0}.schema.json into dynamodb/, or make it first", plan.name);
            Err(SeedError::content(place, what))
        }
    }
}

/// A schema file as a CreateTable request for `table`.
fn read(path: &Path, table: &str) -> Result<Map<String, Json>, SeedError> {
    let text = std::fs::read(path).map_err(|error| SeedError::read(path, error))?;
    let schema: Json = serde_json::from_slice(&text).map_err(|error| SeedError::content(path, error))?;
    let mut request = match schema {
        Json::Object(mut members) => match members.remove("Table") {
            Some(Json::Object(described)) => from_description(described),
            _ => members,
        },
        _ => return Err(SeedError::content(path, "is no JSON object")),
    };
    request.insert("TableName".to_owned(), table.into());
    Ok(request)
}

/// The request that makes a table like the one described.
fn from_description(mut described: Map<String, Json>) -> Map<String, Json> {
    let on_demand = described.get("BillingModeSummary").is_some_and(|mode| mode["BillingMode"] == "PAY_PER_REQUEST");
    described.retain(|name, _| SETTINGS.contains(&name.as_str()));
    if on_demand {
        described.insert("BillingMode".to_owned(), "PAY_PER_REQUEST".into());
    }
    let throughput = |of: &mut Map<String, Json>| match of.get_mut("ProvisionedThroughput") {
        Some(Json::Object(units)) if !on_demand => {
            units.retain(|name, _| matches!(name.as_str(), "ReadCapacityUnits" | "WriteCapacityUnits"));
        }
        _ => drop(of.remove("ProvisionedThroughput")),
    };
    throughput(&mut described);
    for (list, has_throughput) in [("LocalSecondaryIndexes", false), ("GlobalSecondaryIndexes", true)] {
        for index in described.get_mut(list).and_then(Json::as_array_mut).into_iter().flatten() {
            let Some(index) = index.as_object_mut() else { continue };
            index.retain(|name, _| INDEX_SETTINGS.contains(&name.as_str()));
            if has_throughput {
                throughput(index);
            } else {
                index.remove("ProvisionedThroughput");
            }
        }
    }
    described
}

fn key_names(request: &Map<String, Json>) -> Vec<String> {
    let keys = request.get("KeySchema").and_then(Json::as_array).into_iter().flatten();
    keys.filter_map(|key| key["AttributeName"].as_str()).map(str::to_owned).collect()
}

async fn describe(client: &Client, name: &str) -> Result<Option<TableDescription>, SeedError> {
    match client.describe_table().table_name(name).send().await {
        Ok(answer) => Ok(answer.table),
        Err(error) if error.as_service_error().is_some_and(DescribeTableError::is_resource_not_found_exception) => {
            Ok(None)
        }
        Err(error) => Err(SeedError::aws(format!("looking for the table {name}"), error)),
    }
}

/// Sends the schema file itself, so that it may say all that CreateTable takes.
async fn create(client: &Client, name: &str, request: &Json) -> Result<(), SeedError> {
    let body = request.to_string();
    let create = client.create_table().table_name(name).customize().mutate_request(move |http| {
        http.headers_mut().insert("content-length", body.len().to_string());
        *http.body_mut() = SdkBody::from(body.as_str());
    });
    create.send().await.map(drop).map_err(|error| SeedError::aws(format!("making the table {name}"), error))
}

/// Waits until the table and its indexes can be used.
async fn active(client: &Client, name: &str) -> Result<TableDescription, SeedError> {
    loop {
        if let Some(table) = describe(client, name).await?
            && table.table_status == Some(TableStatus::Active)
        {
            return Ok(table);
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
}
