//! Items at the wire: what writes return, what they cost, and batches.
#![allow(clippy::expect_used, reason = "a test fails by panicking")]

#[path = "dynamodb_items/indexed.rs"]
mod indexed;
#[path = "dynamodb_items/limits.rs"]
mod limits;
#[path = "support/dynamodb.rs"]
mod support;
#[path = "dynamodb_items/transactions.rs"]
mod transactions;

use serde_json::{Value as Json, json};
use support::Dynamo;

const OLD: &str =
    r#"{"pk": {"S": "k"}, "a": {"N": "1"}, "b": {"S": "old"}, "m": {"M": {"x": {"N": "1"}, "y": {"N": "2"}}}}"#;

fn old() -> Json {
    serde_json::from_str(OLD).expect("JSON")
}

async fn with_old() -> Dynamo {
    let dynamo = Dynamo::open();
    dynamo.table("tab", &["pk"]).await;
    dynamo.put("tab", old()).await;
    dynamo
}

async fn get(dynamo: &Dynamo, key: &str) -> Json {
    dynamo.call("GetItem", json!({"TableName": "tab", "Key": {"pk": {"S": key}}})).await.ok()
}

#[tokio::test]
async fn writes_return_what_return_values_asks_for() {
    let key = json!({"pk": {"S": "k"}});
    let put = json!({"Item": {"pk": {"S": "k"}, "c": {"S": "new"}}});
    let delete = json!({"Key": key});
    let update = json!({
        "Key": key,
        "UpdateExpression": "SET a = a + :one, m.x = :one, fresh = :one REMOVE b",
        "ExpressionAttributeValues": {":one": {"N": "1"}},
    });
    let new = json!({
        "pk": {"S": "k"}, "a": {"N": "2"}, "m": {"M": {"x": {"N": "1"}, "y": {"N": "2"}}}, "fresh": {"N": "1"},
    });
    let updated_old = json!({"a": {"N": "1"}, "b": {"S": "old"}, "m": {"M": {"x": {"N": "1"}}}});
    let updated_new = json!({"a": {"N": "2"}, "m": {"M": {"x": {"N": "1"}}}, "fresh": {"N": "1"}});
    let nothing = json!({});
    let attributes = |attributes: &Json| json!({"Attributes": attributes});
    let cases = [
        ("PutItem", &put, None, nothing.clone(), &put["Item"]),
        ("PutItem", &put, Some("NONE"), nothing.clone(), &put["Item"]),
        ("PutItem", &put, Some("ALL_OLD"), attributes(&old()), &put["Item"]),
        ("DeleteItem", &delete, None, nothing.clone(), &Json::Null),
        ("DeleteItem", &delete, Some("ALL_OLD"), attributes(&old()), &Json::Null),
        ("UpdateItem", &update, None, nothing.clone(), &new),
        ("UpdateItem", &update, Some("ALL_OLD"), attributes(&old()), &new),
        ("UpdateItem", &update, Some("UPDATED_OLD"), attributes(&updated_old), &new),
        ("UpdateItem", &update, Some("ALL_NEW"), attributes(&new), &new),
        ("UpdateItem", &update, Some("UPDATED_NEW"), attributes(&updated_new), &new),
    ];
    for (operation, request, returns, want, after) in cases {
        let dynamo = with_old().await;
        let mut request = request.clone();
        request["TableName"] = json!("tab");
        if let Some(returns) = returns {
            request["ReturnValues"] = json!(returns);
        }
        assert_eq!(dynamo.call(operation, request).await.ok(), want, "{operation} {returns:?}");
        assert_eq!(&get(&dynamo, "k").await["Item"], after, "{operation}");
    }
}

#[tokio::test]
async fn writes_of_a_missing_item_return_nothing_of_it() {
    for (operation, request) in [
        ("PutItem", json!({"Item": {"pk": {"S": "new"}}, "ReturnValues": "ALL_OLD"})),
        ("DeleteItem", json!({"Key": {"pk": {"S": "new"}}, "ReturnValues": "ALL_OLD"})),
        ("UpdateItem", json!({"Key": {"pk": {"S": "new"}}, "ReturnValues": "ALL_OLD"})),
        ("UpdateItem", json!({"Key": {"pk": {"S": "new"}}, "ReturnValues": "UPDATED_NEW"})),
        ("GetItem", json!({"Key": {"pk": {"S": "new"}}})),
    ] {
        let dynamo = with_old().await;
        let mut request = request;
        request["TableName"] = json!("tab");
        assert_eq!(dynamo.call(operation, request).await.ok(), json!({}), "{operation}");
    }
}

#[tokio::test]
async fn an_update_makes_a_missing_item() {
    let dynamo = with_old().await;
    let request = json!({
        "TableName": "tab", "Key": {"pk": {"S": "new"}}, "ReturnValues": "ALL_NEW",
        "UpdateExpression": "ADD hits :one", "ExpressionAttributeValues": {":one": {"N": "1"}},
    });
    let want = json!({"pk": {"S": "new"}, "hits": {"N": "1"}});
    assert_eq!(dynamo.call("UpdateItem", request).await.ok(), json!({"Attributes": want}));
    assert_eq!(get(&dynamo, "new").await["Item"], want);
}

#[tokio::test]
async fn an_update_that_only_removes_makes_no_item() {
    let dynamo = with_old().await;
    let values = json!({":x": {"SS": ["x"]}});
    for request in [
        json!({"UpdateExpression": "REMOVE a"}),
        json!({"UpdateExpression": "DELETE a :x", "ExpressionAttributeValues": values}),
        json!({"AttributeUpdates": {"a": {"Action": "DELETE"}}}),
    ] {
        for returns in ["ALL_OLD", "ALL_NEW", "UPDATED_NEW"] {
            let mut request = request.clone();
            request["TableName"] = json!("tab");
            request["Key"] = json!({"pk": {"S": "new"}});
            request["ReturnValues"] = json!(returns);
            assert_eq!(dynamo.call("UpdateItem", request.clone()).await.ok(), json!({}), "{request}");
            assert_eq!(get(&dynamo, "new").await, json!({}), "{request}");
        }
    }
}

#[tokio::test]
async fn what_an_update_writes_is_held_to_400_kb() {
    let dynamo = with_old().await;
    let update = |bytes: usize| {
        json!({
            "TableName": "tab", "Key": {"pk": {"S": "new"}}, "UpdateExpression": "SET v = :v",
            "ExpressionAttributeValues": {":v": {"S": "x".repeat(bytes)}},
        })
    };
    // Of the 409,600 bytes the update itself takes 22, and the name one.
    let refused = dynamo.call("UpdateItem", update(409_578)).await;
    assert_eq!(refused.message(), "Item size to update has exceeded the maximum allowed size");
    assert_eq!(get(&dynamo, "new").await, json!({}));
    dynamo.call("UpdateItem", update(409_577)).await.ok();
}

#[tokio::test]
async fn a_batch_looks_at_its_requests_in_their_order() {
    let dynamo = with_old().await;
    let mismatch = "The provided key element does not match the schema";
    let twice = "Provided list of item keys contains duplicates";
    let (wrong, missing, fits) = (json!({"pk": {"N": "1"}}), json!({"a": {"S": "x"}}), json!({"pk": {"S": "x"}}));
    for (items, message) in
        [(vec![&missing], mismatch), (vec![&wrong, &fits, &fits], mismatch), (vec![&fits, &fits, &wrong], twice)]
    {
        let requests: Vec<_> = items.iter().map(|item| json!({"PutRequest": {"Item": item}})).collect();
        let answer = dynamo.call("BatchWriteItem", json!({"RequestItems": {"tab": requests}})).await;
        assert_eq!(answer.message(), message);
    }
}

#[tokio::test]
async fn put_and_delete_take_no_other_return_values() {
    let dynamo = with_old().await;
    for returns in ["UPDATED_OLD", "ALL_NEW", "UPDATED_NEW"] {
        let request = json!({"TableName": "tab", "Item": old(), "Key": {"pk": {"S": "k"}}, "ReturnValues": returns});
        for operation in ["PutItem", "DeleteItem"] {
            let answer = dynamo.call(operation, request.clone()).await;
            assert_eq!(answer.exception(), "ValidationException");
            assert!(answer.message().ends_with("ReturnValues can only be ALL_OLD or NONE"));
        }
    }
    assert_eq!(get(&dynamo, "k").await["Item"], old());
}

#[tokio::test]
async fn a_failed_condition_changes_nothing_and_can_show_the_item() {
    let guards = [
        json!({"ConditionExpression": "a > :a", "ExpressionAttributeValues": {":a": {"N": "5"}}}),
        json!({"Expected": {"a": {"ComparisonOperator": "GT", "AttributeValueList": [{"N": "5"}]}}}),
    ];
    for (operation, mut request) in [
        ("PutItem", json!({"Item": {"pk": {"S": "k"}}})),
        ("DeleteItem", json!({"Key": {"pk": {"S": "k"}}})),
        ("UpdateItem", json!({"Key": {"pk": {"S": "k"}}})),
    ] {
        let dynamo = with_old().await;
        request["TableName"] = json!("tab");
        for guard in &guards {
            let mut guarded = request.clone();
            guarded.as_object_mut().expect("an object").extend(guard.as_object().expect("an object").clone());
            let failed = dynamo.call(operation, guarded.clone()).await;
            let want = json!({
                "__type": "com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException",
                "message": "The conditional request failed",
            });
            assert_eq!((failed.status, failed.body), (400, want), "{operation}");
            // LocalStack's snapshot of AWS, test_return_values_on_conditions_check_failure.
            guarded["ReturnValuesOnConditionCheckFailure"] = json!("ALL_OLD");
            let failed = dynamo.call(operation, guarded).await;
            let want = json!({
                "__type": "com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException",
                "Message": "The conditional request failed",
                "Item": old(),
            });
            assert_eq!((failed.status, failed.body), (400, want), "{operation}");
            assert_eq!(get(&dynamo, "k").await["Item"], old());
        }
    }
}

#[tokio::test]
async fn capacity_is_counted_as_documented() {
    // Sizes: `pk` and its value 3 bytes, `v` 1 byte and its value.
    let item = |key: &str, length: usize| json!({"pk": {"S": key}, "v": {"S": "v".repeat(length)}});
    let key = |key: &str| json!({"pk": {"S": key}});
    for (operation, request, units) in [
        ("PutItem", json!({"Item": item("n", 1020)}), 1.0),
        ("PutItem", json!({"Item": item("n", 1021)}), 2.0),
        ("PutItem", json!({"Item": item("k", 1)}), 9.0),
        ("DeleteItem", json!({"Key": key("k")}), 9.0),
        ("DeleteItem", json!({"Key": key("none")}), 1.0),
        ("UpdateItem", json!({"Key": key("k"), "UpdateExpression": "REMOVE v"}), 9.0),
        ("GetItem", json!({"Key": key("k")}), 1.5),
        ("GetItem", json!({"Key": key("k"), "ConsistentRead": true}), 3.0),
        ("GetItem", json!({"Key": key("none")}), 0.5),
        ("GetItem", json!({"Key": key("none"), "ConsistentRead": true}), 1.0),
        ("Scan", json!({}), 1.5),
        ("Scan", json!({"ConsistentRead": true}), 3.0),
    ] {
        let dynamo = Dynamo::open();
        dynamo.table("tab", &["pk"]).await;
        dynamo.put("tab", item("k", 8193)).await;
        let mut request = request;
        request["TableName"] = json!("tab");
        assert!(dynamo.call(operation, request.clone()).await.ok().get("ConsumedCapacity").is_none());
        let dynamo = Dynamo::open();
        dynamo.table("tab", &["pk"]).await;
        dynamo.put("tab", item("k", 8193)).await;
        request["ReturnConsumedCapacity"] = json!("TOTAL");
        let capacity = dynamo.call(operation, request.clone()).await.ok()["ConsumedCapacity"].take();
        assert_eq!(capacity, json!({"TableName": "tab", "CapacityUnits": units}), "{operation} {request}");
    }
}

#[tokio::test]
async fn capacity_by_index_names_the_table_share() {
    let dynamo = with_old().await;
    let request = json!({"TableName": "tab", "Item": old(), "ReturnConsumedCapacity": "INDEXES"});
    let capacity = dynamo.call("PutItem", request).await.ok()["ConsumedCapacity"].take();
    assert_eq!(capacity, json!({"TableName": "tab", "CapacityUnits": 1.0, "Table": {"CapacityUnits": 1.0}}));
}

#[tokio::test]
async fn items_of_more_than_400_kb_are_refused() {
    let dynamo = with_old().await;
    let item = |length: usize| json!({"pk": {"S": "k"}, "v": {"S": "v".repeat(length)}});
    let most = 400 * 1024 - 4;
    dynamo.put("tab", item(most)).await;
    let put = dynamo.call("PutItem", json!({"TableName": "tab", "Item": item(most + 1)})).await;
    assert!(put.message().ends_with("Item size has exceeded the maximum allowed size"), "{}", put.message());
    let update = json!({
        "TableName": "tab", "Key": {"pk": {"S": "k"}}, "UpdateExpression": "SET w = :w",
        "ExpressionAttributeValues": {":w": {"S": ""}},
    });
    let update = dynamo.call("UpdateItem", update).await;
    assert_eq!(update.message(), "Item size to update has exceeded the maximum allowed size");
}

#[tokio::test]
async fn a_batch_writes_to_several_tables() {
    let dynamo = with_old().await;
    dynamo.table("tub", &["pk", "sk:N"]).await;
    let request = json!({
        "RequestItems": {
            "tab": [{"DeleteRequest": {"Key": {"pk": {"S": "k"}}}}, {"PutRequest": {"Item": {"pk": {"S": "l"}}}}],
            "tub": [{"PutRequest": {"Item": {"pk": {"S": "k"}, "sk": {"N": "1.0"}}}}],
        },
        "ReturnConsumedCapacity": "TOTAL",
    });
    let answer = dynamo.call("BatchWriteItem", request).await.ok();
    assert_eq!(answer["UnprocessedItems"], json!({}));
    let capacity = json!([{"TableName": "tab", "CapacityUnits": 2.0}, {"TableName": "tub", "CapacityUnits": 1.0}]);
    assert_eq!(answer["ConsumedCapacity"], capacity);
    let items = dynamo.call("Scan", json!({"TableName": "tab"})).await.ok()["Items"].take();
    assert_eq!(items, json!([{"pk": {"S": "l"}}]));
    let items = dynamo.call("Scan", json!({"TableName": "tub"})).await.ok()["Items"].take();
    assert_eq!(items, json!([{"pk": {"S": "k"}, "sk": {"N": "1"}}]));
}

#[tokio::test]
async fn a_refused_batch_writes_nothing() {
    let put = |pk: Json| json!({"PutRequest": {"Item": {"pk": pk}}});
    let fresh = || put(json!({"S": "new"}));
    for (requests, exception, message) in [
        (
            json!({"tab": [fresh(), {"DeleteRequest": {"Key": {"pk": {"S": "new"}}}}]}),
            "ValidationException",
            "Provided list of item keys contains duplicates",
        ),
        (json!({"tab": [fresh()], "none": [fresh()]}), "ResourceNotFoundException", "Requested resource not found"),
        (
            json!({"tab": [fresh(), {"PutRequest": {"Item": {"pk": {"S": "x"}}}, "DeleteRequest": {"Key": {"pk": {"S": "y"}}}}]}),
            "ValidationException",
            "Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes",
        ),
        (
            json!({"tab": [fresh(), {}]}),
            "ValidationException",
            "Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes",
        ),
        (
            json!({
                "tab": (0..20).map(|n| put(json!({"S": n.to_string()}))).collect::<Json>(),
                "tub": (0..6).map(|n| put(json!({"S": n.to_string()}))).collect::<Json>(),
            }),
            "ValidationException",
            "Too many items requested for the BatchWriteItem call",
        ),
    ] {
        let dynamo = with_old().await;
        dynamo.table("tub", &["pk"]).await;
        let answer = dynamo.call("BatchWriteItem", json!({"RequestItems": requests})).await;
        assert_eq!((answer.status, answer.exception(), answer.message()), (400, exception, message));
        assert_eq!(dynamo.call("Scan", json!({"TableName": "tab"})).await.ok()["Count"], 1);
        assert_eq!(dynamo.call("Scan", json!({"TableName": "tub"})).await.ok()["Count"], 0);
    }
}

#[tokio::test]
async fn a_batch_reads_what_is_there() {
    let dynamo = with_old().await;
    let keys = json!([{"pk": {"S": "none"}}, {"pk": {"S": "k"}}]);
    let request = json!({"RequestItems": {"tab": {"Keys": keys}}, "ReturnConsumedCapacity": "TOTAL"});
    let want = json!({
        "Responses": {"tab": [old()]}, "UnprocessedKeys": {},
        "ConsumedCapacity": [{"TableName": "tab", "CapacityUnits": 1.0}],
    });
    assert_eq!(dynamo.call("BatchGetItem", request).await.ok(), want);
    let request = json!({"RequestItems": {"tab": {"Keys": keys, "AttributesToGet": ["a", "none"]}}});
    assert_eq!(dynamo.call("BatchGetItem", request).await.ok()["Responses"], json!({"tab": [{"a": {"N": "1"}}]}));

    let twice = json!({"RequestItems": {"tab": {"Keys": [{"pk": {"S": "k"}}, {"pk": {"S": "k"}}]}}});
    let twice = dynamo.call("BatchGetItem", twice).await;
    assert_eq!(twice.message(), "Provided list of item keys contains duplicates");
    dynamo.table("tub", &["pk"]).await;
    let keys = |count: usize| (0..count).map(|n| json!({"pk": {"S": n.to_string()}})).collect::<Json>();
    let many = json!({"RequestItems": {"tab": {"Keys": keys(60)}, "tub": {"Keys": keys(41)}}});
    let many = dynamo.call("BatchGetItem", many).await;
    assert_eq!(many.message(), "Too many items requested for the BatchGetItem call");
}

#[tokio::test]
async fn a_batch_over_16_mb_says_what_it_left_out() {
    let dynamo = Dynamo::open();
    dynamo.table("tab", &["pk"]).await;
    let big = "v".repeat(399 * 1024);
    for number in 10..60 {
        dynamo.put("tab", json!({"pk": {"S": number.to_string()}, "v": {"S": big}, "n": {"N": "1"}})).await;
    }
    let mut keys: Vec<_> = (10..60).map(|number| json!({"pk": {"S": number.to_string()}})).collect();
    let (mut read, mut calls) = (0, 0);
    while !keys.is_empty() {
        let asked = json!({"Keys": keys, "ProjectionExpression": "#n", "ExpressionAttributeNames": {"#n": "n"}});
        let answer = dynamo.call("BatchGetItem", json!({"RequestItems": {"tab": asked}})).await.ok();
        let items = answer["Responses"]["tab"].as_array().expect("items");
        assert!(items.iter().all(|item| *item == json!({"n": {"N": "1"}})));
        // 41 times 399 KB fit into 16 MB.
        assert!(items.len() <= 41);
        read += items.len();
        calls += 1;
        let rest = answer["UnprocessedKeys"].get("tab").cloned().unwrap_or_else(|| json!({"Keys": []}));
        if rest["Keys"] != json!([]) {
            assert_eq!(rest["ProjectionExpression"], "#n");
            assert_eq!(rest["ExpressionAttributeNames"], json!({"#n": "n"}));
        }
        keys = rest["Keys"].as_array().expect("keys").clone();
    }
    assert_eq!((read, calls), (50, 2));
}

#[tokio::test(flavor = "multi_thread")]
async fn concurrent_writes_of_one_item_follow_one_another() {
    let dynamo = with_old().await;
    let claim = |who: usize| {
        json!({
            "TableName": "tab", "Item": {"pk": {"S": "claim"}, "who": {"N": who.to_string()}},
            "ConditionExpression": "attribute_not_exists(pk)",
        })
    };
    let count = json!({
        "TableName": "tab", "Key": {"pk": {"S": "k"}}, "UpdateExpression": "ADD a :one",
        "ExpressionAttributeValues": {":one": {"N": "1"}},
    });
    let claims = futures::future::join_all((0..64).map(|who| dynamo.call("PutItem", claim(who)))).await;
    let counts = futures::future::join_all((0..64).map(|_| dynamo.call("UpdateItem", count.clone()))).await;
    assert_eq!(claims.iter().filter(|answer| answer.status == 200).count(), 1);
    let refused = claims.iter().filter(|answer| answer.exception() == "ConditionalCheckFailedException");
    assert_eq!(refused.count(), 63);
    assert!(counts.iter().all(|answer| answer.status == 200));
    assert_eq!(get(&dynamo, "k").await["Item"]["a"], json!({"N": "65"}));
}

#[tokio::test]
async fn the_table_counts_its_items_and_their_size() {
    let dynamo = Dynamo::open();
    dynamo.table("tab", &["pk"]).await;
    let mut sizes = std::collections::BTreeMap::new();
    // Forty writes over seven keys, in an order that puts, replaces, grows and deletes each.
    for step in 0..40_usize {
        let key = format!("key{}", step * 5 % 7);
        if step % 4 == 3 {
            dynamo.call("DeleteItem", json!({"TableName": "tab", "Key": {"pk": {"S": key}}})).await.ok();
            sizes.remove(&key);
        } else {
            let item = json!({"pk": {"S": key}, "v": {"S": "v".repeat(step)}});
            dynamo.put("tab", item).await;
            sizes.insert(key, "pk".len() + "key0".len() + "v".len() + step);
        }
        let table = dynamo.call("DescribeTable", json!({"TableName": "tab"})).await.ok()["Table"].take();
        let want = (json!(sizes.len()), json!(sizes.values().sum::<usize>()));
        assert_eq!((table["ItemCount"].clone(), table["TableSizeBytes"].clone()), want, "step {step}");
    }
}
