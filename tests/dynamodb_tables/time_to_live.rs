//! Time to live at the wire: its settings, and items that expire by the clock.

use std::sync::atomic::Ordering::SeqCst;
use std::time::Duration;

use footbridge::emulator::store::{Read, Table};
use serde_json::{Value as Json, json};

use super::streams::{HOUR, records, streaming};
use super::support::{Answer, Dynamo, NOW};

const SECOND: u64 = NOW / 1000;

async fn update(dynamo: &Dynamo, enabled: bool, attribute: &str) -> Answer {
    let specification = json!({"Enabled": enabled, "AttributeName": attribute});
    dynamo.call("UpdateTimeToLive", json!({"TableName": "tab", "TimeToLiveSpecification": specification})).await
}

async fn status(dynamo: &Dynamo) -> Json {
    dynamo.call("DescribeTimeToLive", json!({"TableName": "tab"})).await.ok()["TimeToLiveDescription"].take()
}

/// The keys of the items that are there.
async fn keys(dynamo: &Dynamo) -> Vec<String> {
    let scanned = dynamo.call("Scan", json!({"TableName": "tab"})).await.ok();
    let items = scanned["Items"].as_array().expect("items").iter();
    items.map(|item| item["pk"]["S"].as_str().expect("a key").to_owned()).collect()
}

async fn put(dynamo: &Dynamo, key: &str, expires: Json) {
    dynamo.put("tab", json!({"pk": {"S": key}, "ttl": expires})).await;
}

#[tokio::test]
async fn the_setting_changes_once_an_hour_as_on_aws() {
    let dynamo = Dynamo::open();
    dynamo.table("tab", &["pk"]).await;
    assert_eq!(status(&dynamo).await, json!({"TimeToLiveStatus": "DISABLED"}));
    assert_eq!(update(&dynamo, false, "ttl").await.message(), "TimeToLive is already disabled");
    let answer = update(&dynamo, true, "ttl").await.ok();
    assert_eq!(answer, json!({"TimeToLiveSpecification": {"Enabled": true, "AttributeName": "ttl"}}));
    assert_eq!(status(&dynamo).await, json!({"TimeToLiveStatus": "ENABLED", "AttributeName": "ttl"}));
    assert_eq!(update(&dynamo, true, "ttl").await.message(), "TimeToLive is already enabled");
    let other = "TimeToLive is active on a different AttributeName: current AttributeName is ttl";
    for enabled in [true, false] {
        assert_eq!(update(&dynamo, enabled, "other").await.message(), other);
    }
    let soon = update(&dynamo, false, "ttl").await;
    let message = "Time to live has been modified multiple times within a fixed interval";
    assert_eq!((soon.status, soon.exception(), soon.message()), (400, "ValidationException", message));
    dynamo.clock.advance(HOUR);
    update(&dynamo, false, "ttl").await.ok();
    assert_eq!(status(&dynamo).await, json!({"TimeToLiveStatus": "DISABLED"}));
    let none = json!({"TableName": "nowhere", "TimeToLiveSpecification": {"Enabled": true, "AttributeName": "ttl"}});
    let missing = dynamo.call("UpdateTimeToLive", none).await;
    assert_eq!(missing.message(), "Requested resource not found: Table: nowhere not found");
}

#[tokio::test]
async fn items_go_when_their_time_is_past_and_others_stay() {
    let dynamo = Dynamo::open();
    dynamo.table("tab", &["pk"]).await;
    let number = |number: u64| json!({"N": number.to_string()});
    // Before TTL is enabled, and after.
    put(&dynamo, "before", number(SECOND + 10)).await;
    update(&dynamo, true, "ttl").await.ok();
    put(&dynamo, "after", number(SECOND + 10)).await;
    put(&dynamo, "fraction", json!({"N": format!("{}.75", SECOND + 10)})).await;
    put(&dynamo, "later", number(SECOND + 11)).await;
    put(&dynamo, "text", json!({"S": SECOND.to_string()})).await;
    put(&dynamo, "negative", json!({"N": "-5"})).await;
    put(&dynamo, "huge", json!({"N": "1e100"})).await;
    put(&dynamo, "millis", number(NOW)).await;
    put(&dynamo, "ancient", number(SECOND - 5 * 366 * 86_400)).await;
    dynamo.put("tab", json!({"pk": {"S": "without"}})).await;
    let stay = ["ancient", "huge", "later", "millis", "negative", "text", "without"];

    // NOW is 123 ms into its second.
    dynamo.pass(Duration::from_millis(9_876)).await;
    assert_eq!(keys(&dynamo).await.len(), 10, "not before the second has begun");
    dynamo.pass(Duration::from_millis(2)).await;
    assert_eq!(keys(&dynamo).await, stay);
    dynamo.pass(Duration::from_secs(1)).await;
    assert_eq!(keys(&dynamo).await, stay.into_iter().filter(|key| *key != "later").collect::<Vec<_>>());
    let table = dynamo.call("DescribeTable", json!({"TableName": "tab"})).await.ok();
    assert_eq!(table["Table"]["ItemCount"], 6);
}

#[tokio::test]
async fn an_item_that_got_more_time_stays() {
    let dynamo = Dynamo::open();
    dynamo.table("tab", &["pk"]).await;
    update(&dynamo, true, "ttl").await.ok();
    for key in ["put", "updated", "removed", "deleted"] {
        put(&dynamo, key, json!({"N": (SECOND + 10).to_string()})).await;
    }
    put(&dynamo, "put", json!({"N": (SECOND + 1000).to_string()})).await;
    let change = |key: &str, expression: &str, values: Json| {
        let mut request = json!({
            "TableName": "tab", "Key": {"pk": {"S": key}}, "UpdateExpression": expression,
            "ExpressionAttributeNames": {"#ttl": "ttl"},
        });
        if !values.is_null() {
            request["ExpressionAttributeValues"] = values;
        }
        dynamo.call("UpdateItem", request)
    };
    change("updated", "ADD #ttl :more", json!({":more": {"N": "60"}})).await.ok();
    change("removed", "REMOVE #ttl", Json::Null).await.ok();
    dynamo.call("DeleteItem", json!({"TableName": "tab", "Key": {"pk": {"S": "deleted"}}})).await.ok();
    dynamo.pass(Duration::from_secs(20)).await;
    assert_eq!(keys(&dynamo).await, ["put", "removed", "updated"]);
    dynamo.pass(Duration::from_mins(1)).await;
    assert_eq!(keys(&dynamo).await, ["put", "removed"]);
}

#[tokio::test]
async fn an_expired_item_leaves_a_record_by_the_service() {
    let dynamo = Dynamo::open();
    let arn = streaming(&dynamo, "tab", "OLD_IMAGE").await;
    update(&dynamo, true, "ttl").await.ok();
    let item = json!({"pk": {"S": "a"}, "ttl": {"N": (SECOND + 1).to_string()}});
    dynamo.put("tab", item.clone()).await;
    dynamo.put("tab", json!({"pk": {"S": "b"}})).await;
    dynamo.pass(Duration::from_secs(5)).await;
    dynamo.call("DeleteItem", json!({"TableName": "tab", "Key": {"pk": {"S": "b"}}})).await.ok();
    let records = records(&dynamo, &arn).await;
    let [.., expired, deleted] = records.as_slice() else { panic!("records") };
    assert_eq!(expired["eventName"], "REMOVE");
    assert_eq!(expired["dynamodb"]["OldImage"], item);
    assert_eq!(expired["userIdentity"], json!({"PrincipalId": "dynamodb.amazonaws.com", "Type": "Service"}));
    assert_eq!((&deleted["eventName"], deleted.get("userIdentity")), (&json!("REMOVE"), None));
}

#[tokio::test]
async fn a_large_table_is_filled_and_expired_in_batches() {
    let dynamo = Dynamo::open();
    dynamo.table("tab", &["pk"]).await;
    for batch in 0..50 {
        let puts: Vec<_> = (0..25)
            .map(|at| json!({"PutRequest": {"Item": {"pk": {"S": format!("{batch}-{at}")}, "ttl": {"N": SECOND.to_string()}}}}))
            .collect();
        dynamo.call("BatchWriteItem", json!({"RequestItems": {"tab": puts}})).await.ok();
    }
    update(&dynamo, true, "ttl").await.ok();
    dynamo.pass(Duration::ZERO).await;
    assert_eq!(keys(&dynamo).await, Vec::<String>::new());
}

#[tokio::test]
async fn what_expired_while_nobody_was_there_goes_after_the_start() {
    let dynamo = Dynamo::open();
    dynamo.table("tab", &["pk"]).await;
    update(&dynamo, true, "ttl").await.ok();
    put(&dynamo, "a", json!({"N": (SECOND + 10).to_string()})).await;
    put(&dynamo, "b", json!({"N": (SECOND + 100).to_string()})).await;
    dynamo.service.close().await;
    let dynamo = Dynamo::on(dynamo.store);
    dynamo.pass(Duration::from_mins(1)).await;
    assert_eq!(keys(&dynamo).await, ["b"]);
}

#[tokio::test]
async fn a_table_that_is_gone_or_whose_setting_is_off_keeps_its_items_and_leaves_nothing() {
    let dynamo = Dynamo::open();
    dynamo.table("tab", &["pk"]).await;
    update(&dynamo, true, "ttl").await.ok();
    put(&dynamo, "a", json!({"N": (SECOND + 7200).to_string()})).await;
    dynamo.clock.advance(HOUR);
    update(&dynamo, false, "ttl").await.ok();
    dynamo.pass(2 * HOUR).await;
    assert_eq!(keys(&dynamo).await, ["a"]);
    update(&dynamo, true, "ttl").await.ok();
    dynamo.call("DeleteTable", json!({"TableName": "tab"})).await.ok();
    dynamo.pass(HOUR).await;
    dynamo.service.swept().await;
    let rows = dynamo.store.read().expect("a snapshot");
    assert_eq!(rows.prefix(Table::Items, &[]).expect("rows").count(), 0);
    assert_eq!(rows.prefix(Table::Meta, b"dynamodb/").expect("rows").count(), 0);
}

#[tokio::test]
async fn looking_for_what_is_due_costs_what_is_due() {
    let dynamo = Dynamo::open();
    dynamo.table("tab", &["pk"]).await;
    update(&dynamo, true, "ttl").await.ok();
    for batch in 0..40 {
        let puts: Vec<_> = (0..25)
            .map(|at| json!({"pk": {"S": format!("{batch}-{at}")}, "ttl": {"N": (SECOND + 1000 + batch).to_string()}}))
            .map(|item| json!({"PutRequest": {"Item": item}}))
            .collect();
        dynamo.call("BatchWriteItem", json!({"RequestItems": {"tab": puts}})).await.ok();
    }
    // What is read is what the passes of this test read, and not one that comes by itself each second.
    let _held = dynamo.service.hold().await;
    dynamo.pass(Duration::from_secs(1)).await;
    let counters = dynamo.store.counters().clone();
    let (read, commits) = (counters.rows_read.load(SeqCst), counters.commits.load(SeqCst));
    dynamo.pass(Duration::from_secs(1)).await;
    let idle = counters.rows_read.load(SeqCst) - read;
    assert!(idle < 10, "{idle} rows read of 1,000 items, none of them due");
    assert_eq!(counters.commits.load(SeqCst), commits, "nothing to write");
    dynamo.pass(Duration::from_secs(1000)).await;
    let due = counters.rows_read.load(SeqCst) - read - idle;
    // Entries of 25 to 75 items: those of the seconds that are over.
    assert!((25..400).contains(&due), "{due} rows read");
}
