//! A table and its settings.

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::types::{
    BillingMode, GlobalSecondaryIndexDescription, KeySchemaElement, KeyType, Projection,
    ProvisionedThroughputDescription, TableDescription, Tag, TimeToLiveStatus,
};

use super::hcl::{Body, Value, Writer};
use super::reason;

/// Writes the table of this name. `region` is given where it is not the provider's.
pub(super) async fn write(
    writer: &mut Writer,
    client: &Client,
    name: &str,
    label: &str,
    region: Option<&str>,
) -> Result<(), String> {
    let described =
        client.describe_table().table_name(name).send().await.map_err(|error| match error.as_service_error() {
            Some(told) if told.is_resource_not_found_exception() => "it does not exist (any more)".to_owned(),
            _ => reason(&error),
        })?;
    let Some(table) = described.table else { return Err("the answer has no table".to_owned()) };
    let ttl = client.describe_time_to_live().table_name(name).send().await.map_err(|error| reason(&error))?;
    let ttl = ttl.time_to_live_description.filter(|ttl| {
        matches!(ttl.time_to_live_status(), Some(TimeToLiveStatus::Enabled | TimeToLiveStatus::Enabling))
    });
    let tags = tags(client, table.table_arn().unwrap_or_default()).await?;

    let mut body = Body::default();
    body.set("name", Value::text(name));
    body.set_some("region", region.map(Value::text));
    settings(&mut body, &table);
    for definition in table.attribute_definitions() {
        let mut attribute = Body::default();
        attribute.set("name", Value::text(definition.attribute_name()));
        attribute.set("type", Value::text(definition.attribute_type().as_str()));
        body.block("attribute", attribute);
    }
    let provisioned = !is_on_demand(&table);
    for index in table.global_secondary_indexes() {
        body.block("global_secondary_index", global_index(index, provisioned));
    }
    for index in table.local_secondary_indexes() {
        let mut block = Body::default();
        block.set_some("name", index.index_name().map(Value::text));
        block.set_some("range_key", keys(index.key_schema(), &KeyType::Range).first().map(Value::text));
        projection(&mut block, index.projection());
        body.block("local_secondary_index", block);
    }
    if let Some(attribute) = ttl.and_then(|ttl| ttl.attribute_name) {
        let mut block = Body::default();
        block.set("attribute_name", Value::Text(attribute));
        block.set("enabled", Value::Bool(true));
        body.block("ttl", block);
    }
    if !tags.is_empty() {
        body.set("tags", Value::Map(tags.into_iter().map(|tag| (tag.key, Value::Text(tag.value))).collect()));
    }
    writer.resource("aws_dynamodb_table", label, &body);
    Ok(())
}

async fn tags(client: &Client, arn: &str) -> Result<Vec<Tag>, String> {
    let (mut tags, mut next) = (Vec::new(), None);
    loop {
        let page = client.list_tags_of_resource().resource_arn(arn).set_next_token(next).send().await;
        let page = page.map_err(|error| reason(&error))?;
        tags.extend(page.tags.unwrap_or_default());
        next = page.next_token;
        if next.is_none() {
            return Ok(tags);
        }
    }
}

fn settings(body: &mut Body, table: &TableDescription) {
    if is_on_demand(table) {
        body.set("billing_mode", Value::text(BillingMode::PayPerRequest.as_str()));
    } else {
        body.set("billing_mode", Value::text(BillingMode::Provisioned.as_str()));
        capacity(body, table.provisioned_throughput());
    }
    body.set_some("hash_key", keys(table.key_schema(), &KeyType::Hash).first().map(Value::text));
    body.set_some("range_key", keys(table.key_schema(), &KeyType::Range).first().map(Value::text));
    let class = table.table_class_summary().and_then(|summary| summary.table_class());
    body.set_some(
        "table_class",
        class.filter(|class| class.as_str() != "STANDARD").map(|class| Value::text(class.as_str())),
    );
    body.set_some(
        "deletion_protection_enabled",
        table.deletion_protection_enabled().unwrap_or_default().then_some(Value::Bool(true)),
    );
    if let Some(stream) = table.stream_specification().filter(|stream| stream.stream_enabled()) {
        body.set("stream_enabled", Value::Bool(true));
        body.set_some("stream_view_type", stream.stream_view_type().map(|view| Value::text(view.as_str())));
    }
}

fn is_on_demand(table: &TableDescription) -> bool {
    table.billing_mode_summary().and_then(|summary| summary.billing_mode()) == Some(&BillingMode::PayPerRequest)
}

fn capacity(body: &mut Body, throughput: Option<&ProvisionedThroughputDescription>) {
    body.set_some(
        "read_capacity",
        throughput.and_then(ProvisionedThroughputDescription::read_capacity_units).map(Value::Number),
    );
    body.set_some(
        "write_capacity",
        throughput.and_then(ProvisionedThroughputDescription::write_capacity_units).map(Value::Number),
    );
}

fn global_index(index: &GlobalSecondaryIndexDescription, provisioned: bool) -> Body {
    let mut body = Body::default();
    body.set_some("name", index.index_name().map(Value::text));
    let (hash, range) = (keys(index.key_schema(), &KeyType::Hash), keys(index.key_schema(), &KeyType::Range));
    let many = hash.len() > 1 || range.len() > 1;
    if !many {
        body.set_some("hash_key", hash.first().map(Value::text));
        body.set_some("range_key", range.first().map(Value::text));
    }
    projection(&mut body, index.projection());
    if provisioned {
        capacity(&mut body, index.provisioned_throughput());
    }
    if many {
        for element in index.key_schema() {
            let mut block = Body::default();
            block.set("attribute_name", Value::text(element.attribute_name()));
            block.set("key_type", Value::text(element.key_type().as_str()));
            body.block("key_schema", block);
        }
    }
    body
}

fn keys(schema: &[KeySchemaElement], kind: &KeyType) -> Vec<String> {
    let of_kind = schema.iter().filter(|element| element.key_type() == kind);
    of_kind.map(|element| element.attribute_name().to_owned()).collect()
}

fn projection(body: &mut Body, projection: Option<&Projection>) {
    let Some(projection) = projection else { return };
    body.set_some("projection_type", projection.projection_type().map(|kind| Value::text(kind.as_str())));
    let others = projection.non_key_attributes();
    body.set_some("non_key_attributes", (!others.is_empty()).then(|| Value::texts(others)));
}
