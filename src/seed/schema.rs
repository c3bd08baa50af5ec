//! Makes a table as its schema file says, or finds the one that is there.

use std::path::Path;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::error::SdkError;
use aws_sdk_dynamodb::operation::describe_table::DescribeTableError;
use aws_sdk_dynamodb::types::{TableDescription, TableStatus, TimeToLiveSpecification};
use aws_smithy_types::body::SdkBody;
use serde_json::{Map, Value as Json};

use super::design::{self, Design};
use super::folder::TablePlan;
use super::{SeedError, Summary};
use crate::items::Keys;

/// The keys of the plan's table, which is made where it is missing.
pub(super) async fn ensure(plan: &TablePlan, client: &Client, summary: &mut Summary) -> Result<Keys, SeedError> {
    let wanted = plan.schema.as_deref().map(|path| Ok((path, design::read(path, &plan.name)?))).transpose()?;
    if let Some((path, Design { left_out, .. })) = &wanted
        && !left_out.is_empty()
    {
        summary.left_out.push(format!("{}: {}", path.display(), left_out.join(", ")));
    }
    let found = describe(client, &plan.name).await?;
    match (found, wanted) {
        (Some(table), None) => Ok(Keys::of(&table)),
        (Some(table), Some((path, wanted))) => {
            let keys = Keys::of(&table);
            if keys.names != key_names(&wanted.request) {
                let what = format!("the table {} is there with other keys ({})", plan.name, keys.names.join(", "));
                return Err(SeedError::content(path, what));
            }
            Ok(keys)
        }
        (None, Some((_, wanted))) => {
            create(client, &plan.name, &Json::Object(wanted.request)).await?;
            let table = active(client, &plan.name).await?;
            if let Some(attribute) = wanted.expiry {
                expire(client, &plan.name, attribute).await?;
            }
            summary.tables += 1;
            Ok(Keys::of(&table))
        }
        (None, None) => {
            let place = plan.items.first().map_or(Path::new("."), |file| &file.path);
            let what =
                format!("there is no table {0}: put {0}.schema.json into dynamodb/, or make it first", plan.name);
            Err(SeedError::content(place, what))
        }
    }
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

/// Has items expire.
async fn expire(client: &Client, name: &str, attribute: String) -> Result<(), SeedError> {
    let failed = |error| SeedError::aws(format!("switching expiry on for the table {name}"), error);
    let specification = TimeToLiveSpecification::builder().enabled(true).attribute_name(attribute).build();
    let specification = specification.map_err(|error| failed(SdkError::construction_failure(error)))?;
    let update = client.update_time_to_live().table_name(name).time_to_live_specification(specification);
    update.send().await.map(drop).map_err(failed)
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
