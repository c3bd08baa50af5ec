//! Streams.

use aws_sdk_dynamodb::types::{StreamSpecification, StreamViewType};
use aws_sdk_dynamodbstreams::types::{AttributeValue, OperationType, Record, ShardIteratorType};

use super::{item, n, put, s};
use crate::world::World;

/// A table with a stream of this view, and the stream.
async fn streaming(world: &World, view: StreamViewType) -> (String, String) {
    let wanted = StreamSpecification::builder().stream_enabled(true).stream_view_type(view).build().unwrap();
    let table = world.table_with("t", "pk S", |create| create.stream_specification(wanted)).await;
    let described = world.dynamodb.describe_table().table_name(&table).send().await.unwrap();
    (table, described.table.unwrap().latest_stream_arn.unwrap())
}

/// The records of a stream from its beginning, once there are so many.
async fn records(world: &World, stream: &str, count: usize) -> Vec<Record> {
    let look = async || {
        let described = world.streams.describe_stream().stream_arn(stream).send().await.unwrap();
        let mut seen = Vec::new();
        for shard in described.stream_description.unwrap().shards() {
            let ask = world.streams.get_shard_iterator().stream_arn(stream).shard_id(shard.shard_id().unwrap());
            let given = ask.shard_iterator_type(ShardIteratorType::TrimHorizon).send().await.unwrap();
            let mut iterator = given.shard_iterator;
            // An open shard has no end: what is there is there after a few empty pages.
            let mut empty = 0;
            while let (Some(at), true) = (iterator.take(), empty < 3) {
                let page = world.streams.get_records().shard_iterator(at).send().await.unwrap();
                empty = if page.records().is_empty() { empty + 1 } else { 0 };
                iterator = page.next_shard_iterator;
                seen.extend(page.records.unwrap_or_default());
                if seen.len() >= count {
                    break;
                }
            }
        }
        (seen.len() >= count).then_some(seen)
    };
    world.eventually(&format!("{count} records"), look).await
}

async fn written(world: &World, table: &str) {
    put(world, table, item([("pk", s("a")), ("v", n(1))])).await;
    put(world, table, item([("pk", s("a")), ("v", n(2))])).await;
    // A write that changes nothing leaves no record.
    put(world, table, item([("pk", s("a")), ("v", n(2))])).await;
    world.dynamodb.delete_item().table_name(table).key("pk", s("a")).send().await.unwrap();
    world.dynamodb.delete_item().table_name(table).key("pk", s("absent")).send().await.unwrap();
}

pub async fn each_change_is_a_record_in_order(world: &World) {
    let (table, stream) = streaming(world, StreamViewType::NewAndOldImages).await;
    written(world, &table).await;
    let records = records(world, &stream, 3).await;
    let events: Vec<_> = records.iter().map(|record| record.event_name().unwrap().clone()).collect();
    assert_eq!(events, [OperationType::Insert, OperationType::Modify, OperationType::Remove]);
    let v = |image: Option<&std::collections::HashMap<String, AttributeValue>>| {
        image.map(|image| image["v"].as_n().unwrap().clone())
    };
    let images: Vec<_> = records
        .iter()
        .map(|record| record.dynamodb().unwrap())
        .map(|change| (v(change.old_image()), v(change.new_image())))
        .collect();
    let some = |v: &str| Some(v.to_owned());
    assert_eq!(images, [(None, some("1")), (some("1"), some("2")), (some("2"), None)]);
    let numbers: Vec<u128> =
        records.iter().map(|record| record.dynamodb().unwrap().sequence_number().unwrap().parse().unwrap()).collect();
    assert!(numbers.is_sorted() && numbers[0] < numbers[2], "{numbers:?}");
}

pub async fn a_view_shows_what_it_says(world: &World) {
    let (table, stream) = streaming(world, StreamViewType::KeysOnly).await;
    written(world, &table).await;
    for record in records(world, &stream, 3).await {
        let change = record.dynamodb.unwrap();
        assert_eq!(change.keys.unwrap()["pk"], AttributeValue::S("a".to_owned()));
        assert_eq!((change.new_image, change.old_image), (None, None));
    }
}

pub async fn a_stream_is_switched_on_and_off(world: &World) {
    let table = world.table("t", "pk S").await;
    let switch = async |wanted: StreamSpecification| {
        world.dynamodb.update_table().table_name(&table).stream_specification(wanted).send().await.unwrap();
        world.ready(&table).await;
        world.dynamodb.describe_table().table_name(&table).send().await.unwrap().table.unwrap()
    };
    put(world, &table, item([("pk", s("before"))])).await;
    let on = StreamSpecification::builder().stream_enabled(true).stream_view_type(StreamViewType::KeysOnly);
    let on = switch(on.build().unwrap()).await;
    let stream = on.latest_stream_arn.unwrap();
    put(world, &table, item([("pk", s("after"))])).await;
    let seen = records(world, &stream, 1).await;
    assert_eq!(seen[0].dynamodb().unwrap().keys().unwrap()["pk"], AttributeValue::S("after".to_owned()));
    let off = switch(StreamSpecification::builder().stream_enabled(false).build().unwrap()).await;
    assert!(off.stream_specification.is_none_or(|told| !told.stream_enabled));
}
