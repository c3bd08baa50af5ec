//! What writes tell on a table with indexes: the capacity of each, and item collections.

use footbridge::emulator::store::{Read, StoreError, Table};
use serde_json::{Value as Json, json};

use super::support::Dynamo;

/// A table `tab` (keys `pk`, `sk`) with a local index `lsi` on `l`, all projected, and a global one `gsi` on `g`, keys only.
async fn stage() -> Dynamo {
    let dynamo = Dynamo::open();
    let element = |name: &str, kind: &str| json!({"AttributeName": name, "KeyType": kind});
    let attributes = ["pk", "sk", "l", "g"].map(|name| json!({"AttributeName": name, "AttributeType": "S"}));
    let request = json!({
        "TableName": "tab", "BillingMode": "PAY_PER_REQUEST",
        "AttributeDefinitions": attributes,
        "KeySchema": [element("pk", "HASH"), element("sk", "RANGE")],
        "LocalSecondaryIndexes": [{
            "IndexName": "lsi", "KeySchema": [element("pk", "HASH"), element("l", "RANGE")],
            "Projection": {"ProjectionType": "ALL"},
        }],
        "GlobalSecondaryIndexes": [{
            "IndexName": "gsi", "KeySchema": [element("g", "HASH")], "Projection": {"ProjectionType": "KEYS_ONLY"},
        }],
    });
    dynamo.call("CreateTable", request).await.ok();
    dynamo.table("plain", &["pk"]).await;
    dynamo
}

#[allow(clippy::needless_pass_by_value, reason = "callers write the JSON where they call")]
fn item(sk: &str, more: Json) -> Json {
    let mut item = json!({"pk": {"S": "a"}, "sk": {"S": sk}});
    for (name, text) in more.as_object().expect("attributes") {
        item[name] = json!({"S": text});
    }
    item
}

async fn put(dynamo: &Dynamo, item: Json) -> Json {
    let request = json!({
        "TableName": "tab", "Item": item, "ReturnConsumedCapacity": "INDEXES", "ReturnItemCollectionMetrics": "SIZE",
    });
    dynamo.call("PutItem", request).await.ok()
}

fn collection(key: &str) -> Json {
    json!({"ItemCollectionKey": {"pk": {"S": key}}, "SizeEstimateRangeGB": [0.0, 1.0]})
}

#[tokio::test]
async fn each_index_is_charged_by_what_changed_in_it() {
    let dynamo = stage().await;
    let units = |units: f64| json!({"CapacityUnits": units});
    // In no index; put into both; changed in what only the local one projects; moved in the global one.
    let long = "x".repeat(1500);
    for (more, local, global) in [
        (json!({}), None, None),
        (json!({"l": "1", "g": "1"}), Some(1.0), Some(1.0)),
        (json!({"l": "1", "g": "1", "other": long}), Some(2.0), None),
        (json!({"l": "1", "g": "2", "other": long}), Some(2.0), Some(2.0)),
    ] {
        let capacity = put(&dynamo, item("1", more.clone())).await["ConsumedCapacity"].clone();
        let table = if more.get("other").is_some() { 2.0 } else { 1.0 };
        let mut want = json!({"TableName": "tab", "Table": units(table)});
        want["CapacityUnits"] = json!(table + local.unwrap_or(0.0) + global.unwrap_or(0.0));
        for (name, index, arm) in [("LocalSecondaryIndexes", "lsi", local), ("GlobalSecondaryIndexes", "gsi", global)] {
            if let Some(arm) = arm {
                want[name] = json!({index: units(arm)});
            }
        }
        assert_eq!(capacity, want, "{more}");
    }
    // A transaction doubles the table's units alone.
    let request = json!({
        "TransactItems": [{"Put": {"TableName": "tab", "Item": item("2", json!({"g": "1"}))}}],
        "ReturnConsumedCapacity": "INDEXES",
    });
    let units = |units: f64| json!({"CapacityUnits": units, "WriteCapacityUnits": units});
    let mut want = units(3.0);
    want["TableName"] = json!("tab");
    want["Table"] = units(2.0);
    want["GlobalSecondaryIndexes"] = json!({"gsi": units(1.0)});
    assert_eq!(dynamo.call("TransactWriteItems", request).await.ok()["ConsumedCapacity"], json!([want]));
}

#[tokio::test]
async fn every_write_tells_its_item_collection() {
    let dynamo = stage().await;
    assert_eq!(put(&dynamo, item("1", json!({}))).await["ItemCollectionMetrics"], collection("a"));
    let key = json!({"pk": {"S": "a"}, "sk": {"S": "1"}});
    let size = |mut request: Json| {
        request["ReturnItemCollectionMetrics"] = json!("SIZE");
        request
    };
    let update = size(json!({"TableName": "tab", "Key": key, "UpdateExpression": "REMOVE x"}));
    assert_eq!(dynamo.call("UpdateItem", update).await.ok(), json!({"ItemCollectionMetrics": collection("a")}));
    let delete = json!({"TableName": "tab", "Key": key});
    assert_eq!(dynamo.call("DeleteItem", size(delete.clone())).await.ok()["ItemCollectionMetrics"], collection("a"));
    assert_eq!(dynamo.call("DeleteItem", delete).await.ok(), json!({}), "who does not ask is not told");

    let of = |pk: &str, sk: &str| json!({"pk": {"S": pk}, "sk": {"S": sk}});
    let plain = json!({"pk": {"S": "a"}});
    let batch = json!({"RequestItems": {
        "tab": [
            {"PutRequest": {"Item": of("a", "1")}}, {"PutRequest": {"Item": of("a", "2")}},
            {"DeleteRequest": {"Key": of("b", "1")}},
        ],
        "plain": [{"PutRequest": {"Item": plain}}],
    }});
    let told = dynamo.call("BatchWriteItem", size(batch)).await.ok();
    assert_eq!(told["ItemCollectionMetrics"], json!({"tab": [collection("a"), collection("b")]}));
    let transaction = json!({"TransactItems": [
        {"Put": {"TableName": "tab", "Item": of("c", "1")}}, {"Put": {"TableName": "plain", "Item": plain}},
        {"ConditionCheck": {
            "TableName": "tab", "Key": of("d", "1"), "ConditionExpression": "attribute_not_exists(pk)",
        }},
    ]});
    let told = dynamo.call("TransactWriteItems", size(transaction)).await.ok();
    assert_eq!(told, json!({"ItemCollectionMetrics": {"tab": [collection("c")]}}));
    let none = size(json!({"TableName": "plain", "Item": plain}));
    assert_eq!(dynamo.call("PutItem", none).await.ok(), json!({}), "a table without local indexes has no collections");
}

/// The rows that hold collections' sizes, which are longer than those of tables and indexes.
fn sizes(dynamo: &Dynamo) -> Vec<(Vec<u8>, u64)> {
    let snapshot = dynamo.store.read().expect("a store");
    let rows = snapshot.prefix(Table::TableStats, &[]).expect("rows").map(|row| row.expect("a row"));
    let rows = rows.filter(|row| row.key().len() > 8);
    rows.map(|row| (row.key().to_vec(), u64::from_be_bytes(row.value().try_into().expect("a size")))).collect()
}

#[tokio::test]
async fn a_collection_counts_items_and_local_entries_and_ends_with_them() {
    let dynamo = stage().await;
    put(&dynamo, item("1", json!({"l": "1"}))).await;
    put(&dynamo, item("2", json!({"g": "1"}))).await;
    // pk a, sk 1: 3 + 3; l 1: 2, the same again in the local index; and 3 + 3 with g 1: 2.
    assert_eq!(sizes(&dynamo).iter().map(|(_, size)| *size).collect::<Vec<_>>(), [8 + 8 + 8]);
    for sk in ["1", "2"] {
        let key = json!({"TableName": "tab", "Key": {"pk": {"S": "a"}, "sk": {"S": sk}}});
        dynamo.call("DeleteItem", key).await.ok();
    }
    assert_eq!(sizes(&dynamo), []);
    put(&dynamo, item("1", json!({}))).await;
    dynamo.call("DeleteTable", json!({"TableName": "tab"})).await.ok();
    dynamo.service.swept().await;
    assert_eq!(sizes(&dynamo), []);
}

#[tokio::test]
async fn a_collection_of_ten_gigabytes_takes_no_more() {
    const GB: u64 = 1024 * 1024 * 1024;
    let dynamo = stage().await;
    put(&dynamo, item("1", json!({}))).await;
    let (row, _) = sizes(&dynamo).pop().expect("a collection");
    let full = move |txn: &mut footbridge::emulator::store::Txn<'_>| {
        txn.put(Table::TableStats, row, (10 * GB - 2).to_be_bytes().to_vec());
        Ok::<_, StoreError>(())
    };
    dynamo.store.write(full).await.expect("a store");
    let more = json!({"TableName": "tab", "Item": item("2", json!({}))});
    let answer = dynamo.call("PutItem", more.clone()).await;
    assert_eq!((answer.status, answer.exception()), (400, "ItemCollectionSizeLimitExceededException"));
    let answer = dynamo.call("TransactWriteItems", json!({"TransactItems": [{"Put": more}]})).await;
    assert_eq!(answer.body["CancellationReasons"][0]["Code"], "ItemCollectionSizeLimitExceeded");
    // What makes it smaller, and other collections, are free.
    let key = json!({
        "TableName": "tab", "Key": {"pk": {"S": "a"}, "sk": {"S": "1"}}, "ReturnItemCollectionMetrics": "SIZE",
    });
    let told = dynamo.call("DeleteItem", key).await.ok();
    assert_eq!(told["ItemCollectionMetrics"]["SizeEstimateRangeGB"], json!([9.0, 10.0]));
    dynamo.put("tab", json!({"pk": {"S": "b"}, "sk": {"S": "1"}})).await;
}
