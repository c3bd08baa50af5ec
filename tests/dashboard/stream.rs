//! A table's stream as it is followed.

use std::sync::Arc;
use std::time::Duration;

use aws_sdk_dynamodb::types::{AttributeValue, StreamSpecification, StreamViewType};
use footbridge::clock::{Clock as _, ManualClock, SystemClock};
use footbridge_tui::ask::{Answer, Ask, StreamRecord, Trouble};
use serde_json::json;

use crate::world::World;
use crate::write;

fn stream(world: &World, on: bool) {
    let specification = StreamSpecification::builder().stream_enabled(on);
    let specification = specification.set_stream_view_type(on.then_some(StreamViewType::NewAndOldImages));
    let update = world.aws.dynamodb.update_table().table_name("tab");
    let update = update.stream_specification(specification.build().unwrap());
    world.run(async { update.send().await.unwrap() });
    let ready = async || {
        let table = world.aws.dynamodb.describe_table().table_name("tab").send().await.unwrap().table.unwrap();
        table.table_status().unwrap().as_str() == "ACTIVE"
    };
    world.run(async {
        let deadline = tokio::time::Instant::now() + Duration::from_secs(20);
        while !ready().await {
            assert!(tokio::time::Instant::now() < deadline);
            tokio::task::yield_now().await;
        }
    });
}

fn put(world: &World, number: u32) {
    let put = world.aws.dynamodb.put_item().table_name("tab");
    let put = put.item("pk", AttributeValue::S("a".into())).item("sk", AttributeValue::N(number.to_string()));
    let put = put.item(
        "deep",
        AttributeValue::M([("l".to_owned(), AttributeValue::L(vec![AttributeValue::Null(true)]))].into()),
    );
    world.run(async { put.send().await.unwrap() });
}

fn follow(world: &World, after: Option<String>) -> Result<(Vec<StreamRecord>, Option<String>), Trouble> {
    match world.ask(Ask::Stream { table: "tab".into(), after })? {
        Answer::Stream { records, next } => Ok((records, Some(next))),
        other => panic!("{other:?}"),
    }
}

fn numbers(records: &[StreamRecord]) -> Vec<i64> {
    records.iter().map(|record| record.keys["sk"].as_i64().unwrap_or(-1)).collect()
}

#[test]
fn a_table_without_a_stream_says_so() {
    let world = World::new();
    write::table(&world);
    let error = follow(&world, None).unwrap_err();
    assert_eq!(error.code, "no_stream");
    assert!(error.message.contains("table tab has no stream"), "{error}");
    assert_eq!(follow(&world, Some("x".into())).unwrap_err().code, "invalid_request");
}

#[test]
fn a_stream_is_followed_from_now_on_with_both_images() {
    let world = World::new();
    write::table(&world);
    stream(&world, true);
    put(&world, 1);
    let (records, next) = follow(&world, None).unwrap();
    assert!(records.is_empty(), "it begins with what comes");
    put(&world, 2);
    let seen = json!({ "deep": { "l": [null] }, "pk": "a", "sk": 2 });
    let edited = json!({ "deep": { "$n": "7" }, "pk": "a", "sk": 2 });
    write::write(&world, Some(&seen), Some(&edited)).unwrap();
    let edited = json!({ "deep": 7, "pk": "a", "sk": 2 });
    write::write(&world, Some(&edited), None).unwrap();
    let (records, next) = follow(&world, next).unwrap();
    let events: Vec<_> = records.iter().map(|record| record.event.as_str()).collect();
    assert_eq!(events, ["INSERT", "MODIFY", "REMOVE"]);
    assert!(records.iter().all(|record| record.keys == json!({ "pk": "a", "sk": 2 }) && record.at > 1_700_000_000_000));
    assert_eq!((&records[0].old, records[0].new.as_ref()), (&None, Some(&seen)));
    assert_eq!((records[1].old.as_ref(), records[1].new.as_ref()), (Some(&seen), Some(&edited)));
    assert_eq!((records[2].old.as_ref(), &records[2].new), (Some(&edited), &None));
    assert!(follow(&world, next).unwrap().0.is_empty());
}

#[test]
fn a_stream_is_followed_across_its_shards_and_past_what_is_gone() {
    let clock = Arc::new(ManualClock::at_millis(SystemClock.millis()));
    let world = World::at(Arc::clone(&clock) as _);
    write::table(&world);
    stream(&world, true);
    let (_, mut next) = follow(&world, None).unwrap();
    let mut seen = Vec::new();
    // A shard takes records for some hours; each of these is in another one.
    for number in 0..5 {
        clock.advance(Duration::from_hours(5));
        put(&world, number);
        // The iterators are of 5 hours ago, too.
        for _ in 0..4 {
            let (records, after) = follow(&world, next).unwrap();
            seen.extend(numbers(&records).into_iter().filter(|number| *number >= 0));
            next = after;
        }
    }
    assert!(seen.is_sorted() && seen.last() == Some(&4), "{seen:?}");
    // Nobody looks for days: what was is gone, which is said, and what comes is shown.
    put(&world, 5);
    clock.advance(Duration::from_hours(50));
    put(&world, 6);
    let mut rest = Vec::new();
    for _ in 0..4 {
        let (records, after) = follow(&world, next).unwrap();
        rest.extend(records);
        next = after;
    }
    assert_eq!(numbers(&rest).last(), Some(&6), "{rest:?}");
}

#[test]
fn a_stream_that_is_turned_off_and_on_again_is_another_one() {
    let world = World::new();
    write::table(&world);
    stream(&world, true);
    let (_, mut next) = follow(&world, None).unwrap();
    put(&world, 1);
    stream(&world, false);
    let (records, after) = follow(&world, next).unwrap();
    assert_eq!(numbers(&records), [1]);
    next = after;
    let error = follow(&world, next.clone()).unwrap_err();
    assert_eq!(error.code, "no_stream");
    stream(&world, true);
    put(&world, 2);
    let mut seen = Vec::new();
    for _ in 0..3 {
        let (records, after) = follow(&world, next).unwrap();
        seen.extend(numbers(&records));
        next = after;
    }
    assert_eq!(seen, [2]);
}
