//! Tables and what they are configured with.

use aws_sdk_dynamodb::types::{
    BillingMode, KeyType, ProvisionedThroughput, ScalarAttributeType, TableStatus, Tag, TimeToLiveSpecification,
    TimeToLiveStatus,
};

use super::{INVALID, item, n, s};
use crate::world::{World, defined, part, refusal};

const ABSENT: &str = "400 ResourceNotFoundException";

pub async fn a_table_is_made_described_and_deleted(world: &World) {
    let name = world.table("t", "pk S, sk N").await;
    let table = world.dynamodb.describe_table().table_name(&name).send().await.unwrap().table.unwrap();
    assert_eq!((table.table_name(), table.table_status()), (Some(name.as_str()), Some(&TableStatus::Active)));
    let keys = [part("pk", KeyType::Hash), part("sk", KeyType::Range)];
    assert_eq!(table.key_schema(), keys);
    let kinds = |name: &str| {
        let found = table.attribute_definitions().iter().find(|defined| defined.attribute_name() == name);
        found.unwrap().attribute_type().clone()
    };
    assert_eq!((kinds("pk"), kinds("sk")), (ScalarAttributeType::S, ScalarAttributeType::N));
    assert_eq!(table.billing_mode_summary().unwrap().billing_mode(), Some(&BillingMode::PayPerRequest));
    assert!(table.table_arn().unwrap().ends_with(&format!(":table/{name}")));
    assert!(table.table_id().is_some() && table.creation_date_time().is_some());
    assert_eq!((table.item_count(), table.table_size_bytes()), (Some(0), Some(0)));
    world.dynamodb.delete_table().table_name(&name).send().await.unwrap();
    let gone = async || {
        let described = world.dynamodb.describe_table().table_name(&name).send().await;
        described.is_err().then(|| refusal(described))
    };
    assert_eq!(world.eventually("the table is gone", gone).await, ABSENT);
    assert_eq!(refusal(world.dynamodb.delete_table().table_name(&name).send().await), ABSENT);
}

pub async fn a_name_is_taken_once(world: &World) {
    let name = world.table("t", "pk S").await;
    let again = world.dynamodb.create_table().table_name(&name).billing_mode(BillingMode::PayPerRequest);
    let again = again.attribute_definitions(defined("pk", "S")).key_schema(part("pk", KeyType::Hash)).send().await;
    assert_eq!(refusal(again), "400 ResourceInUseException");
}

pub async fn tables_are_listed_by_name(world: &World) {
    let mut wanted = Vec::new();
    for label in ["b", "a", "c"] {
        wanted.push(world.table(label, "pk S").await);
    }
    wanted.sort_unstable();
    let (mut seen, mut start) = (Vec::new(), Some(format!("{}0", world.prefix())));
    loop {
        let page = world.dynamodb.list_tables().limit(2).set_exclusive_start_table_name(start).send().await.unwrap();
        assert!(page.table_names().len() <= 2);
        seen.extend(page.table_names().iter().filter(|name| name.starts_with(world.prefix())).cloned());
        start = page.last_evaluated_table_name;
        if start.is_none() || seen.len() == wanted.len() {
            break;
        }
    }
    assert_eq!(seen, wanted);
}

pub async fn a_table_that_is_not_there_has_nothing(world: &World) {
    let absent = world.table_name("absent");
    let key = || Some(item([("pk", s("a"))]));
    assert_eq!(refusal(world.dynamodb.get_item().table_name(&absent).set_key(key()).send().await), ABSENT);
    assert_eq!(refusal(world.dynamodb.put_item().table_name(&absent).set_item(key()).send().await), ABSENT);
    assert_eq!(refusal(world.dynamodb.delete_item().table_name(&absent).set_key(key()).send().await), ABSENT);
    assert_eq!(refusal(world.dynamodb.scan().table_name(&absent).send().await), ABSENT);
    assert_eq!(refusal(world.dynamodb.describe_time_to_live().table_name(&absent).send().await), ABSENT);
}

pub async fn definitions_that_are_wrong_are_refused(world: &World) {
    let create = |label: &str| {
        let create = world.dynamodb.create_table().table_name(world.table_name(label));
        create.billing_mode(BillingMode::PayPerRequest)
    };
    let pk = || part("pk", KeyType::Hash);
    let undefined = create("t").attribute_definitions(defined("other", "S")).key_schema(pk()).send().await;
    assert_eq!(refusal(undefined), INVALID);
    let unused = create("t").attribute_definitions(defined("pk", "S")).attribute_definitions(defined("more", "S"));
    assert_eq!(refusal(unused.key_schema(pk()).send().await), INVALID);
    let range_first = create("t").attribute_definitions(defined("pk", "S")).key_schema(part("pk", KeyType::Range));
    assert_eq!(refusal(range_first.send().await), INVALID);
    let named = create("t").table_name(format!("{}with space", world.prefix()));
    let name = named.attribute_definitions(defined("pk", "S")).key_schema(pk()).send().await;
    assert_eq!(refusal(name), INVALID);
    let both = create("t").attribute_definitions(defined("pk", "S")).key_schema(pk());
    let units = ProvisionedThroughput::builder().read_capacity_units(1).write_capacity_units(1).build().unwrap();
    assert_eq!(refusal(both.provisioned_throughput(units).send().await), INVALID);
}

pub async fn a_protected_table_stays(world: &World) {
    let name = world.table_with("t", "pk S", |create| create.deletion_protection_enabled(true)).await;
    assert_eq!(refusal(world.dynamodb.delete_table().table_name(&name).send().await), INVALID);
    world.dynamodb.update_table().table_name(&name).deletion_protection_enabled(false).send().await.unwrap();
    world.ready(&name).await;
    world.dynamodb.delete_table().table_name(&name).send().await.unwrap();
}

pub async fn tags_come_and_go(world: &World) {
    let tag = |key: &str, value: &str| Tag::builder().key(key).value(value).build().unwrap();
    let name = world.table_with("t", "pk S", |create| create.tags(tag("a", "1"))).await;
    let described = world.dynamodb.describe_table().table_name(&name).send().await.unwrap();
    let arn = described.table.unwrap().table_arn.unwrap();
    let tagged = async |wanted: &[(&str, &str)]| {
        let look = async || {
            let told = world.dynamodb.list_tags_of_resource().resource_arn(&arn).send().await.unwrap();
            // A place may have tags of its own on everything.
            let ours = |tag: &&Tag| ["a", "b"].contains(&tag.key());
            let mut tags: Vec<_> = told.tags().iter().filter(ours).map(|tag| (tag.key(), tag.value())).collect();
            tags.sort_unstable();
            (tags == wanted).then_some(())
        };
        world.eventually(&format!("the tags are {wanted:?}"), look).await;
    };
    tagged(&[("a", "1")]).await;
    world.dynamodb.tag_resource().resource_arn(&arn).tags(tag("a", "2")).tags(tag("b", "")).send().await.unwrap();
    tagged(&[("a", "2"), ("b", "")]).await;
    world.dynamodb.untag_resource().resource_arn(&arn).tag_keys("a").send().await.unwrap();
    tagged(&[("b", "")]).await;
}

pub async fn time_to_live_is_switched_on_once(world: &World) {
    let name = world.table("t", "pk S").await;
    let told = async || {
        let told = world.dynamodb.describe_time_to_live().table_name(&name).send().await.unwrap();
        told.time_to_live_description.unwrap()
    };
    assert_eq!(told().await.time_to_live_status(), Some(&TimeToLiveStatus::Disabled));
    let switch = |on: bool| {
        let wanted = TimeToLiveSpecification::builder().attribute_name("expires").enabled(on).build().unwrap();
        world.dynamodb.update_time_to_live().table_name(&name).time_to_live_specification(wanted).send()
    };
    assert_eq!(refusal(switch(false).await), INVALID);
    let said = switch(true).await.unwrap().time_to_live_specification.unwrap();
    assert_eq!((said.attribute_name(), said.enabled()), ("expires", true));
    let now = told().await;
    assert_eq!(now.attribute_name(), Some("expires"));
    let status = now.time_to_live_status().unwrap();
    assert!([TimeToLiveStatus::Enabled, TimeToLiveStatus::Enabling].contains(status), "{status}");
    assert_eq!(refusal(switch(true).await), INVALID);
    // An item whose time has not come stays.
    let item = item([("pk", s("a")), ("expires", n(32_503_680_000_i64))]);
    super::put(world, &name, item.clone()).await;
    assert_eq!(super::get(world, &name, super::item([("pk", s("a"))])).await, Some(item));
}
