//! Streams at the wire: switching them on and off, what writes leave in them, and reading them.

use std::time::Duration;

use footbridge::emulator::store::{Read, Table};
use serde_json::{Value as Json, json};

use super::support::{Answer, Dynamo, NOW, caller};

pub const HOUR: Duration = Duration::from_hours(1);

/// A table `name` with the key `pk` and a stream of this view; its stream's ARN.
pub async fn streaming(dynamo: &Dynamo, name: &str, view: &str) -> String {
    let request = json!({
        "TableName": name,
        "BillingMode": "PAY_PER_REQUEST",
        "AttributeDefinitions": [{"AttributeName": "pk", "AttributeType": "S"}],
        "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}],
        "StreamSpecification": {"StreamEnabled": true, "StreamViewType": view},
    });
    let made = dynamo.call("CreateTable", request).await.ok();
    made["TableDescription"]["LatestStreamArn"].as_str().expect("an ARN").to_owned()
}

pub async fn describe(dynamo: &Dynamo, arn: &str) -> Json {
    dynamo.call("DescribeStream", json!({"StreamArn": arn})).await.ok()["StreamDescription"].take()
}

async fn iterator(dynamo: &Dynamo, arn: &str, shard: &Json, kind: &str, more: Json) -> Answer {
    let mut request = json!({"StreamArn": arn, "ShardId": shard["ShardId"], "ShardIteratorType": kind});
    for (name, value) in more.as_object().expect("an object") {
        request[name] = value.clone();
    }
    dynamo.call("GetShardIterator", request).await
}

async fn iterator_of(dynamo: &Dynamo, arn: &str, shard: &Json, kind: &str) -> Json {
    iterator(dynamo, arn, shard, kind, json!({})).await.ok()["ShardIterator"].take()
}

async fn page(dynamo: &Dynamo, iterator: &Json) -> Json {
    dynamo.call("GetRecords", json!({"ShardIterator": iterator})).await.ok()
}

/// Every record that can be read of a stream, oldest first.
pub async fn records(dynamo: &Dynamo, arn: &str) -> Vec<Json> {
    let mut all = Vec::new();
    for shard in describe(dynamo, arn).await["Shards"].as_array().expect("shards") {
        let iterator = iterator_of(dynamo, arn, shard, "TRIM_HORIZON").await;
        all.extend(page(dynamo, &iterator).await["Records"].as_array().expect("records").iter().cloned());
    }
    all
}

fn sequence(record: &Json) -> String {
    record["dynamodb"]["SequenceNumber"].as_str().expect("a number").to_owned()
}

/// The key and the event of each.
fn events(records: &[Json]) -> Vec<(&str, &str)> {
    records
        .iter()
        .map(|record| {
            let key = record["dynamodb"]["Keys"]["pk"]["S"].as_str().expect("a key");
            (key, record["eventName"].as_str().expect("an event"))
        })
        .collect()
}

fn update(key: &str, value: &str) -> Json {
    json!({
        "TableName": "tab", "Key": {"pk": {"S": key}}, "UpdateExpression": "SET a = :a",
        "ExpressionAttributeValues": {":a": {"S": value}},
    })
}

#[tokio::test]
async fn a_table_shows_its_stream_and_the_stream_itself() {
    let dynamo = Dynamo::open();
    let arn = streaming(&dynamo, "tab", "NEW_AND_OLD_IMAGES").await;
    assert_eq!(arn, "arn:aws:dynamodb:us-east-1:000000000000:table/tab/stream/2023-11-14T22:13:20.123");
    let table = dynamo.call("DescribeTable", json!({"TableName": "tab"})).await.ok();
    let want = json!({"StreamEnabled": true, "StreamViewType": "NEW_AND_OLD_IMAGES"});
    assert_eq!(table["Table"]["StreamSpecification"], want);
    assert_eq!(table["Table"]["LatestStreamLabel"], "2023-11-14T22:13:20.123");

    let mut described = describe(&dynamo, &arn).await;
    let shards = described["Shards"].take();
    assert_eq!(
        described,
        json!({
            "StreamArn": arn, "StreamLabel": "2023-11-14T22:13:20.123", "StreamStatus": "ENABLED",
            "StreamViewType": "NEW_AND_OLD_IMAGES", "TableName": "tab", "CreationRequestDateTime": 1_700_000_000.123,
            "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}], "Shards": null,
        })
    );
    let [shard] = shards.as_array().expect("shards").as_slice() else { panic!("one shard: {shards}") };
    let id = shard["ShardId"].as_str().expect("an id");
    let (time, unique) = id.strip_prefix("shardId-").expect("a prefix").split_once('-').expect("two parts");
    assert_eq!((time, unique.len()), (format!("{NOW:020}").as_str(), 8));
    assert!(unique.bytes().all(|byte| byte.is_ascii_hexdigit()));
    let start = shard["SequenceNumberRange"]["StartingSequenceNumber"].as_str().expect("a number");
    assert!((21..=40).contains(&start.len()) && start.bytes().all(|byte| byte.is_ascii_digit()));
    assert!(shard["SequenceNumberRange"].get("EndingSequenceNumber").is_none(), "it is open");
}

#[tokio::test]
async fn records_show_what_the_view_says_and_count_it() {
    // Sizes and members as in LocalStack's snapshots of AWS: test_dynamodb_stream_stream_view_type,
    // test_dynamodb_stream_records_with_update_item.
    let (keys, one, two) = (
        json!({"pk": {"S": "my-item-id"}}),
        json!({"attr1": {"S": "value1"}, "attr2": {"S": "value2"}, "pk": {"S": "my-item-id"}}),
        json!({"attr1": {"S": "value2"}, "attr2": {"S": "value3"}, "pk": {"S": "my-item-id"}}),
    );
    for (view, sizes) in [
        ("KEYS_ONLY", [12, 12, 12]),
        ("NEW_IMAGE", [46, 46, 12]),
        ("OLD_IMAGE", [12, 46, 46]),
        ("NEW_AND_OLD_IMAGES", [46, 80, 46]),
    ] {
        let dynamo = Dynamo::open();
        let arn = streaming(&dynamo, "tab", view).await;
        dynamo.put("tab", one.clone()).await;
        dynamo.put("tab", two.clone()).await;
        dynamo.call("DeleteItem", json!({"TableName": "tab", "Key": keys})).await.ok();
        let records = records(&dynamo, &arn).await;
        let names = ["INSERT", "MODIFY", "REMOVE"];
        let images = [(None, Some(&one)), (Some(&one), Some(&two)), (Some(&two), None)];
        assert_eq!(records.len(), 3, "{view}");
        for (at, (record, (old, new))) in records.iter().zip(images).enumerate() {
            let mut want = json!({
                "ApproximateCreationDateTime": 1_700_000_000, "Keys": keys, "SizeBytes": sizes[at],
                "SequenceNumber": sequence(record), "StreamViewType": view,
            });
            if let Some(new) = new.filter(|_| matches!(view, "NEW_IMAGE" | "NEW_AND_OLD_IMAGES")) {
                want["NewImage"] = new.clone();
            }
            if let Some(old) = old.filter(|_| matches!(view, "OLD_IMAGE" | "NEW_AND_OLD_IMAGES")) {
                want["OldImage"] = old.clone();
            }
            assert_eq!(record["dynamodb"], want, "{view}");
            assert_eq!((&record["eventName"], &record["eventVersion"]), (&json!(names[at]), &json!("1.1")));
            assert_eq!((&record["eventSource"], &record["awsRegion"]), (&json!("aws:dynamodb"), &json!("us-east-1")));
            assert_eq!(record["eventID"].as_str().map(str::len), Some(32));
            assert!(record.get("userIdentity").is_none());
        }
    }
}

#[tokio::test]
async fn every_kind_of_write_leaves_what_it_did_and_nothing_else() {
    let dynamo = Dynamo::open();
    let arn = streaming(&dynamo, "tab", "NEW_AND_OLD_IMAGES").await;
    let key = |key: &str| json!({"pk": {"S": key}});
    dynamo.put("tab", key("a")).await;
    // None of these changes anything: the same item, an update to what is there, a deletion of nothing.
    dynamo.put("tab", key("a")).await;
    dynamo.call("UpdateItem", json!({"TableName": "tab", "Key": key("a")})).await.ok();
    dynamo.call("DeleteItem", json!({"TableName": "tab", "Key": key("none")})).await.ok();
    let guarded = json!({"TableName": "tab", "Item": key("a"), "ConditionExpression": "attribute_not_exists(pk)"});
    assert_eq!(dynamo.call("PutItem", guarded).await.exception(), "ConditionalCheckFailedException");
    dynamo.call("UpdateItem", update("a", "1")).await.ok();
    dynamo.call("UpdateItem", update("a", "1")).await.ok();
    dynamo.call("UpdateItem", update("b", "1")).await.ok();
    let batch = json!([{"PutRequest": {"Item": key("c")}}, {"DeleteRequest": {"Key": key("a")}}]);
    dynamo.call("BatchWriteItem", json!({"RequestItems": {"tab": batch}})).await.ok();
    let transaction = json!({"TransactItems": [
        {"Put": {"TableName": "tab", "Item": key("d")}},
        {"ConditionCheck": {"TableName": "tab", "Key": key("c"), "ConditionExpression": "attribute_exists(pk)"}},
        {"Delete": {"TableName": "tab", "Key": key("b")}},
    ]});
    dynamo.call("TransactWriteItems", transaction.clone()).await.ok();
    let cancelled = dynamo.call(
        "TransactWriteItems",
        json!({"TransactItems": [
            {"Put": {"TableName": "tab", "Item": key("e")}},
            {"ConditionCheck": {"TableName": "tab", "Key": key("x"), "ConditionExpression": "attribute_exists(pk)"}},
        ]}),
    );
    assert_eq!(cancelled.await.exception(), "TransactionCanceledException");

    let records = records(&dynamo, &arn).await;
    let want = [
        ("a", "INSERT"),
        ("a", "MODIFY"),
        ("b", "INSERT"),
        ("c", "INSERT"),
        ("a", "REMOVE"),
        ("d", "INSERT"),
        ("b", "REMOVE"),
    ];
    assert_eq!(events(&records), want);
    let numbers: Vec<_> = records.iter().map(sequence).collect();
    assert!(numbers.is_sorted() && numbers.windows(2).all(|pair| pair[0] != pair[1]), "{numbers:?}");
}

#[tokio::test]
async fn a_clock_that_goes_back_does_not_reorder_records() {
    let dynamo = Dynamo::open();
    let arn = streaming(&dynamo, "tab", "KEYS_ONLY").await;
    for (key, millis) in [("a", NOW), ("b", NOW - 3_600_000), ("c", NOW + 1)] {
        dynamo.clock.set_millis(millis);
        dynamo.put("tab", json!({"pk": {"S": key}})).await;
    }
    assert_eq!(events(&records(&dynamo, &arn).await), [("a", "INSERT"), ("b", "INSERT"), ("c", "INSERT")]);
}

#[tokio::test]
async fn iterators_start_where_they_say_and_go_on() {
    let dynamo = Dynamo::open();
    let arn = streaming(&dynamo, "tab", "KEYS_ONLY").await;
    for key in ["a", "b", "c"] {
        dynamo.put("tab", json!({"pk": {"S": key}})).await;
        dynamo.clock.advance(Duration::from_millis(1500));
    }
    let shard = &describe(&dynamo, &arn).await["Shards"][0];
    let all = records(&dynamo, &arn).await;
    let start = json!({"SequenceNumber": shard["SequenceNumberRange"]["StartingSequenceNumber"]});
    let second = json!({"SequenceNumber": sequence(&all[1])});
    // NOW ends in .123, and the second record was made 1.5 s after the first.
    let cases = [
        ("TRIM_HORIZON", json!({}), 0),
        ("LATEST", json!({}), 3),
        ("AT_SEQUENCE_NUMBER", start.clone(), 0),
        ("AFTER_SEQUENCE_NUMBER", start, 0),
        ("AT_SEQUENCE_NUMBER", second.clone(), 1),
        ("AFTER_SEQUENCE_NUMBER", second, 2),
        ("AT_TIMESTAMP", json!({"Timestamp": 1_700_000_000}), 0),
        ("AT_TIMESTAMP", json!({"Timestamp": 1_700_000_000.124}), 1),
        ("AT_TIMESTAMP", json!({"Timestamp": 1_700_000_001.623}), 1),
        ("AT_TIMESTAMP", json!({"Timestamp": 1_700_000_004}), 3),
    ];
    for (kind, more, from) in cases {
        let place = iterator(&dynamo, &arn, shard, kind, more.clone()).await.ok()["ShardIterator"].take();
        let got = page(&dynamo, &place).await;
        assert_eq!(got["Records"], json!(all[from..]), "{kind} {more}");
        // What comes afterwards is found from where reading stopped.
        let next = &got["NextShardIterator"];
        assert_eq!(page(&dynamo, next).await["Records"], json!([]), "{kind} {more}");
    }
    let latest = iterator_of(&dynamo, &arn, shard, "LATEST").await;
    dynamo.put("tab", json!({"pk": {"S": "d"}})).await;
    let got = page(&dynamo, &latest).await;
    assert_eq!(events(got["Records"].as_array().expect("records")), [("d", "INSERT")]);
}

#[tokio::test]
async fn pages_are_bounded_by_count_and_by_size() {
    let dynamo = Dynamo::open();
    let arn = streaming(&dynamo, "tab", "NEW_IMAGE").await;
    for number in 0..8 {
        dynamo.put("tab", json!({"pk": {"S": number.to_string()}, "big": {"S": "x".repeat(300_000)}})).await;
    }
    let shard = &describe(&dynamo, &arn).await["Shards"][0];
    let mut place = iterator_of(&dynamo, &arn, shard, "TRIM_HORIZON").await;
    let mut counts = Vec::new();
    for limit in [2, 1000, 1000] {
        let got = dynamo.call("GetRecords", json!({"ShardIterator": place, "Limit": limit})).await.ok();
        counts.push(got["Records"].as_array().expect("records").len());
        place = got["NextShardIterator"].clone();
    }
    assert_eq!(counts, [2, 3, 3], "two as asked, then three of 300 KB within 1 MB");
    for (operation, most) in [("GetRecords", 1000), ("DescribeStream", 100), ("ListStreams", 100)] {
        let request = json!({"ShardIterator": place, "StreamArn": arn, "Limit": most + 1});
        let want = format!(
            "1 validation error detected: Value '{}' at 'limit' failed to satisfy constraint: Member must have value \
             less than or equal to {most}",
            most + 1
        );
        assert_eq!(dynamo.call(operation, request).await.message(), want);
    }
}

#[tokio::test]
async fn a_shard_is_followed_by_another_after_four_hours() {
    let dynamo = Dynamo::open();
    let arn = streaming(&dynamo, "tab", "KEYS_ONLY").await;
    dynamo.put("tab", json!({"pk": {"S": "a"}})).await;
    let first = describe(&dynamo, &arn).await["Shards"][0].clone();
    let place = iterator_of(&dynamo, &arn, &first, "TRIM_HORIZON").await;
    assert!(page(&dynamo, &place).await["NextShardIterator"].is_string(), "an open shard is never at its end");
    dynamo.clock.advance(4 * HOUR);
    dynamo.put("tab", json!({"pk": {"S": "b"}})).await;

    let described = describe(&dynamo, &arn).await;
    let [first, second] = described["Shards"].as_array().expect("shards").as_slice() else { panic!("{described}") };
    assert_eq!(second["ParentShardId"], first["ShardId"]);
    let (end, start) = (
        &first["SequenceNumberRange"]["EndingSequenceNumber"],
        &second["SequenceNumberRange"]["StartingSequenceNumber"],
    );
    assert!(end.as_str().is_some_and(|end| end < start.as_str().expect("a number")));
    let place = iterator_of(&dynamo, &arn, first, "TRIM_HORIZON").await;
    let got = page(&dynamo, &place).await;
    assert_eq!(events(got["Records"].as_array().expect("records")), [("a", "INSERT")]);
    assert!(got.get("NextShardIterator").is_none(), "a closed shard that was read is at its end");
    let place = iterator_of(&dynamo, &arn, second, "TRIM_HORIZON").await;
    assert_eq!(events(page(&dynamo, &place).await["Records"].as_array().expect("records")), [("b", "INSERT")]);

    let ask = |more: Json| {
        let mut request = json!({"StreamArn": arn});
        request.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
        dynamo.call("DescribeStream", request)
    };
    let ids = |described: Json| -> Vec<Json> {
        described["StreamDescription"]["Shards"]
            .as_array()
            .expect("shards")
            .iter()
            .map(|s| s["ShardId"].clone())
            .collect()
    };
    let paged = ask(json!({"Limit": 1})).await.ok();
    assert_eq!(paged["StreamDescription"]["LastEvaluatedShardId"], first["ShardId"]);
    assert_eq!(ids(paged), [first["ShardId"].clone()]);
    let rest = ask(json!({"Limit": 1, "ExclusiveStartShardId": first["ShardId"]})).await.ok();
    assert!(rest["StreamDescription"].get("LastEvaluatedShardId").is_none());
    assert_eq!(ids(rest), [second["ShardId"].clone()]);
    let children = json!({"ShardFilter": {"Type": "CHILD_SHARDS", "ShardId": first["ShardId"]}});
    assert_eq!(ids(ask(children).await.ok()), [second["ShardId"].clone()]);
}

#[tokio::test]
async fn records_are_gone_after_a_day() {
    let dynamo = Dynamo::open();
    let arn = streaming(&dynamo, "tab", "KEYS_ONLY").await;
    dynamo.put("tab", json!({"pk": {"S": "a"}})).await;
    dynamo.clock.advance(Duration::from_mins(1));
    dynamo.put("tab", json!({"pk": {"S": "b"}})).await;
    let shard = &describe(&dynamo, &arn).await["Shards"][0];
    let first = json!({"SequenceNumber": sequence(&records(&dynamo, &arn).await[0])});
    // Ten minutes before the day is over the iterator is taken; it is used when the first record is too old.
    dynamo.clock.advance(Duration::from_mins(24 * 60 - 11));
    let place = iterator_of(&dynamo, &arn, shard, "TRIM_HORIZON").await;
    dynamo.clock.advance(Duration::from_mins(10));
    for swept in [false, true] {
        if swept {
            dynamo.pass(Duration::ZERO).await;
        }
        assert_eq!(events(&records(&dynamo, &arn).await), [("b", "INSERT")]);
        let refused = dynamo.call("GetRecords", json!({"ShardIterator": place})).await;
        let want = (400, "TrimmedDataAccessException", "The data you are trying to access has been trimmed");
        assert_eq!((refused.status, refused.exception(), refused.message()), want);
        for kind in ["AT_SEQUENCE_NUMBER", "AFTER_SEQUENCE_NUMBER"] {
            let refused = iterator(&dynamo, &arn, shard, kind, first.clone()).await;
            assert_eq!(refused.exception(), "TrimmedDataAccessException", "{kind}");
        }
        let older = iterator(&dynamo, &arn, shard, "AT_TIMESTAMP", json!({"Timestamp": 1_700_000_000})).await.ok();
        let got = page(&dynamo, &older["ShardIterator"]).await;
        assert_eq!(events(got["Records"].as_array().expect("records")), [("b", "INSERT")]);
    }
    dynamo.pass(Duration::from_mins(1)).await;
    assert_eq!(records(&dynamo, &arn).await, Vec::<Json>::new());
}

#[tokio::test]
async fn an_iterator_can_be_used_for_a_quarter_of_an_hour() {
    let dynamo = Dynamo::open();
    let arn = streaming(&dynamo, "tab", "KEYS_ONLY").await;
    let shard = &describe(&dynamo, &arn).await["Shards"][0];
    let place = iterator_of(&dynamo, &arn, shard, "LATEST").await;
    dynamo.clock.advance(Duration::from_mins(15));
    page(&dynamo, &place).await;
    dynamo.clock.advance(Duration::from_millis(1));
    let refused = dynamo.call("GetRecords", json!({"ShardIterator": place})).await;
    assert_eq!((refused.status, refused.exception()), (400, "ExpiredIteratorException"));
}

#[tokio::test]
async fn a_stream_can_be_read_for_a_day_after_its_table_is_gone() {
    let dynamo = Dynamo::open();
    let arn = streaming(&dynamo, "tab", "KEYS_ONLY").await;
    dynamo.put("tab", json!({"pk": {"S": "a"}})).await;
    dynamo.call("DeleteTable", json!({"TableName": "tab"})).await.ok();
    let described = describe(&dynamo, &arn).await;
    assert_eq!(described["StreamStatus"], "DISABLED");
    assert!(described["Shards"][0]["SequenceNumberRange"]["EndingSequenceNumber"].is_string());
    assert_eq!(events(&records(&dynamo, &arn).await), [("a", "INSERT")]);
    // A new table of the name has a stream of its own.
    dynamo.clock.advance(Duration::from_millis(1));
    let other = streaming(&dynamo, "tab", "KEYS_ONLY").await;
    assert_ne!(other, arn);
    let listed = dynamo.call("ListStreams", json!({"TableName": "tab"})).await.ok();
    assert_eq!(listed["Streams"].as_array().map(Vec::len), Some(2));

    dynamo.clock.advance(24 * HOUR);
    for swept in [false, true] {
        if swept {
            dynamo.pass(Duration::ZERO).await;
        }
        let gone = dynamo.call("DescribeStream", json!({"StreamArn": arn})).await;
        let message = format!("Requested resource not found: Stream: {arn} not found");
        assert_eq!((gone.exception(), gone.message()), ("ResourceNotFoundException", message.as_str()));
        let listed = dynamo.call("ListStreams", json!({})).await.ok();
        let label = other.rsplit('/').next().expect("a label");
        assert_eq!(listed, json!({"Streams": [{"StreamArn": other, "TableName": "tab", "StreamLabel": label}]}));
    }
}

#[tokio::test]
async fn streams_are_listed_in_pages() {
    let dynamo = Dynamo::open();
    let mut arns = Vec::new();
    for name in ["one", "three", "two"] {
        arns.push(streaming(&dynamo, name, "KEYS_ONLY").await);
    }
    dynamo.table("without", &["pk"]).await;
    let (mut seen, mut start) = (Vec::new(), Json::Null);
    loop {
        let got = dynamo.call("ListStreams", json!({"Limit": 2, "ExclusiveStartStreamArn": start})).await.ok();
        seen.extend(got["Streams"].as_array().expect("streams").iter().map(|s| s["StreamArn"].clone()));
        start = got["LastEvaluatedStreamArn"].clone();
        if start.is_null() {
            break;
        }
    }
    assert_eq!(json!(seen), json!(arns));
    assert_eq!(dynamo.call("ListStreams", json!({"TableName": "without"})).await.ok(), json!({"Streams": []}));
    let none = dynamo.call("ListStreams", json!({"TableName": "nowhere"})).await;
    assert_eq!(none.message(), "Requested resource not found: Table: nowhere not found");
    let elsewhere = dynamo.call_as(&caller("eu-west-1"), "ListStreams", json!({})).await.ok();
    assert_eq!(elsewhere, json!({"Streams": []}));
    let foreign = dynamo.call_as(&caller("eu-west-1"), "DescribeStream", json!({"StreamArn": arns[0]})).await;
    assert_eq!(foreign.exception(), "ResourceNotFoundException");
}

#[tokio::test]
async fn what_cannot_be_read_is_refused() {
    let dynamo = Dynamo::open();
    let arn = streaming(&dynamo, "tab", "KEYS_ONLY").await;
    let shard = describe(&dynamo, &arn).await["Shards"][0].clone();
    let cases = [
        ("AT_SEQUENCE_NUMBER", json!({}), "ValidationException"),
        ("LATEST", json!({"SequenceNumber": "100000000000000000000001"}), "ValidationException"),
        ("AFTER_SEQUENCE_NUMBER", json!({"SequenceNumber": "100000000000000000000000"}), "ValidationException"),
        ("AFTER_SEQUENCE_NUMBER", json!({"SequenceNumber": "x".repeat(21)}), "ValidationException"),
        ("AT_TIMESTAMP", json!({"Timestamp": 1_700_000_001}), "ValidationException"),
        ("AT_TIMESTAMP", json!({}), "ValidationException"),
        ("LATEST", json!({"ShardId": format!("shardId-{:020}-{:08x}", 1, 1)}), "ResourceNotFoundException"),
        ("LATEST", json!({"StreamArn": format!("{arn}4")}), "ResourceNotFoundException"),
        ("LATEST", json!({"StreamArn": "x".repeat(40)}), "ValidationException"),
        ("SOMEWHERE", json!({}), "ValidationException"),
    ];
    for (kind, more, want) in cases {
        let refused = iterator(&dynamo, &arn, &shard, kind, more.clone()).await;
        assert_eq!((refused.status, refused.exception()), (400, want), "{kind} {more}");
    }
    for broken in ["x".to_owned(), format!("{arn}|1|AAAA"), format!("{arn}|2|{}", "A".repeat(32))] {
        let refused = dynamo.call("GetRecords", json!({"ShardIterator": broken})).await;
        assert_eq!(refused.exception(), "ValidationException", "{broken}");
    }
    for wrong in [json!({"StreamEnabled": true}), json!({"StreamEnabled": false, "StreamViewType": "KEYS_ONLY"})] {
        let request = json!({
            "TableName": "other", "BillingMode": "PAY_PER_REQUEST",
            "AttributeDefinitions": [{"AttributeName": "pk", "AttributeType": "S"}],
            "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}], "StreamSpecification": wrong,
        });
        assert_eq!(dynamo.call("CreateTable", request).await.exception(), "ValidationException");
    }
}

#[tokio::test]
async fn a_write_without_a_stream_leaves_nothing() {
    let dynamo = Dynamo::open();
    dynamo.table("tab", &["pk"]).await;
    dynamo.put("tab", json!({"pk": {"S": "a"}})).await;
    let rows = dynamo.store.read().expect("a snapshot");
    assert_eq!(rows.prefix(Table::Streams, &[]).expect("rows").count(), 0);
}

#[tokio::test]
async fn a_stream_is_switched_on_and_off_and_on_again() {
    let dynamo = Dynamo::open();
    dynamo.table("tab", &["pk"]).await;
    let switch = |specification: Json| {
        dynamo.call("UpdateTable", json!({"TableName": "tab", "StreamSpecification": specification}))
    };
    let on = |view: &str| json!({"StreamEnabled": true, "StreamViewType": view});
    let off = json!({"StreamEnabled": false});
    dynamo.put("tab", json!({"pk": {"S": "before"}})).await;
    let none = switch(off.clone()).await;
    assert_eq!(none.message(), "Table has no stream to disable: TableName: tab");
    let made = switch(on("KEYS_ONLY")).await.ok()["TableDescription"].take();
    assert_eq!(made["StreamSpecification"], on("KEYS_ONLY"));
    let first = made["LatestStreamArn"].as_str().expect("an ARN").to_owned();
    for view in ["KEYS_ONLY", "NEW_IMAGE"] {
        let twice = switch(on(view)).await;
        let want = (400, "ValidationException", "Table already has an enabled stream: TableName: tab");
        assert_eq!((twice.status, twice.exception(), twice.message()), want);
    }
    dynamo.put("tab", json!({"pk": {"S": "first"}})).await;
    let closed = switch(off).await.ok()["TableDescription"].take();
    assert_eq!((closed.get("StreamSpecification"), &closed["LatestStreamArn"]), (None, &json!(first)));
    dynamo.put("tab", json!({"pk": {"S": "between"}})).await;
    // At the same moment, and yet another stream.
    let second = switch(on("KEYS_ONLY")).await.ok()["TableDescription"]["LatestStreamArn"].take();
    let second = second.as_str().expect("an ARN");
    assert!(first.as_str() < second);
    dynamo.put("tab", json!({"pk": {"S": "second"}})).await;
    assert_eq!(events(&records(&dynamo, &first).await), [("first", "INSERT")]);
    assert_eq!(events(&records(&dynamo, second).await), [("second", "INSERT")]);
    assert_eq!(describe(&dynamo, &first).await["StreamStatus"], "DISABLED");
    let listed = dynamo.call("ListStreams", json!({"TableName": "tab"})).await.ok();
    assert_eq!(listed["Streams"].as_array().map(Vec::len), Some(2));
}

#[tokio::test]
async fn a_view_goes_with_a_stream_that_is_switched_on() {
    let dynamo = Dynamo::open();
    let table = |specification: &Json| {
        json!({
            "TableName": "tab", "BillingMode": "PAY_PER_REQUEST", "StreamSpecification": specification,
            "AttributeDefinitions": [{"AttributeName": "pk", "AttributeType": "S"}],
            "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}],
        })
    };
    let (none, view) = (json!({"StreamEnabled": true}), json!({"StreamEnabled": false, "StreamViewType": "KEYS_ONLY"}));
    let invalid = "One or more parameter values were invalid: ";
    for (specification, message) in [
        (&none, "Table is being created with a stream enabled, UpdateViewType is required"),
        (&view, "Table is being created with a stream disabled, UpdateViewType should not be specified"),
    ] {
        let answer = dynamo.call("CreateTable", table(specification)).await;
        assert_eq!(
            (answer.exception(), answer.message()),
            ("ValidationException", format!("{invalid}{message}").as_str())
        );
    }
    dynamo.call("CreateTable", table(&json!({"StreamEnabled": false}))).await.ok();
    for (specification, message) in [
        (none, "If stream is being enabled then UpdateViewType is required"),
        (view, "If stream is being disabled, then UpdateViewType must not be specified"),
    ] {
        let answer =
            dynamo.call("UpdateTable", json!({"TableName": "tab", "StreamSpecification": specification})).await;
        assert_eq!(
            (answer.exception(), answer.message()),
            ("ValidationException", format!("{invalid}{message}").as_str())
        );
    }
}
