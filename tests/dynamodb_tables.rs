//! Tables at the wire: making, describing, listing and deleting them, and what the wire itself refuses.
#![allow(clippy::expect_used, reason = "a test fails by panicking")]

#[path = "dynamodb_tables/encryption.rs"]
mod encryption;
#[path = "dynamodb_tables/recorded_streams.rs"]
mod recorded_streams;
#[path = "dynamodb_tables/replay.rs"]
mod replay;
#[path = "dynamodb_tables/streams.rs"]
mod streams;
#[path = "support/dynamodb.rs"]
mod support;
#[path = "dynamodb_tables/tags.rs"]
mod tags;
#[path = "dynamodb_tables/time_to_live.rs"]
mod time_to_live;
#[path = "dynamodb_tables/unset.rs"]
mod unset;

use footbridge::emulator::body;
use footbridge::emulator::dynamodb::{MAX_REQUEST, describe, handle};
use footbridge::emulator::store::{Read, Table as Rows};
use serde_json::{Value as Json, json};
use support::{Dynamo, NOW, caller};

fn create(name: &str) -> Json {
    json!({
        "TableName": name,
        "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
        "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
        "ProvisionedThroughput": {"ReadCapacityUnits": 5, "WriteCapacityUnits": 5},
    })
}

fn with(mut request: Json, members: &Json) -> Json {
    for (name, value) in members.as_object().expect("an object") {
        request[name] = value.clone();
    }
    request
}

#[tokio::test]
async fn a_table_lives_as_recorded() {
    // LocalStack's snapshot test_table_crud of AWS, and our own account, id and clock in it.
    let dynamo = Dynamo::open();
    let created = dynamo.call("CreateTable", create("orders")).await.ok();
    let mut description = json!({
        "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
        "CreationDateTime": 1_700_000_000.123,
        "DeletionProtectionEnabled": false,
        "ItemCount": 0,
        "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
        "ProvisionedThroughput": {"NumberOfDecreasesToday": 0, "ReadCapacityUnits": 5, "WriteCapacityUnits": 5},
        "TableArn": "arn:aws:dynamodb:us-east-1:000000000000:table/orders",
        "TableId": "00000000-0000-0000-0000-000000000001",
        "TableName": "orders",
        "TableSizeBytes": 0,
        "TableStatus": "CREATING",
    });
    assert_eq!(NOW, 1_700_000_000_123);
    assert_eq!(created, json!({"TableDescription": description}));

    description["TableStatus"] = json!("ACTIVE");
    description["WarmThroughput"] = json!({"ReadUnitsPerSecond": 5, "Status": "ACTIVE", "WriteUnitsPerSecond": 5});
    let described = dynamo.call("DescribeTable", json!({"TableName": "orders"})).await.ok();
    assert_eq!(described, json!({"Table": description}));

    let deleted = dynamo.call("DeleteTable", json!({"TableName": "orders"})).await.ok();
    for member in ["AttributeDefinitions", "CreationDateTime", "KeySchema", "WarmThroughput"] {
        description.as_object_mut().expect("an object").remove(member);
    }
    description["TableStatus"] = json!("DELETING");
    assert_eq!(deleted, json!({"TableDescription": description}));

    for operation in ["DescribeTable", "DeleteTable"] {
        let gone = dynamo.call(operation, json!({"TableName": "orders"})).await;
        let want = (400, "ResourceNotFoundException", "Requested resource not found: Table: orders not found");
        assert_eq!((gone.status, gone.exception(), gone.message()), want);
    }
}

#[tokio::test]
async fn what_a_table_was_made_with_is_shown() {
    let dynamo = Dynamo::open();
    let mut request = with(
        create("orders"),
        &json!({
            "BillingMode": "PAY_PER_REQUEST", "TableClass": "STANDARD_INFREQUENT_ACCESS", "DeletionProtectionEnabled": true,
            "StreamSpecification": {"StreamEnabled": false}, "SSESpecification": {"Enabled": false},
            "Tags": [],
        }),
    );
    request.as_object_mut().expect("an object").remove("ProvisionedThroughput");
    let table = dynamo.call("CreateTable", request).await.ok()["TableDescription"].take();
    assert_eq!(table["BillingModeSummary"], json!({"BillingMode": "PAY_PER_REQUEST"}));
    assert_eq!(table["TableClassSummary"], json!({"TableClass": "STANDARD_INFREQUENT_ACCESS"}));
    assert_eq!(table["ProvisionedThroughput"]["ReadCapacityUnits"], json!(0));
    assert_eq!(table["DeletionProtectionEnabled"], json!(true));
    let refused = dynamo.call("DeleteTable", json!({"TableName": "orders"})).await;
    assert_eq!(refused.exception(), "ValidationException");
    assert!(refused.message().starts_with("Resource cannot be deleted as it is currently protected"));
}

#[tokio::test]
async fn create_table_refuses_what_does_not_fit() {
    let dynamo = Dynamo::open();
    dynamo.call("CreateTable", create("taken")).await.ok();
    let definitions = |names: &[&str]| {
        names.iter().map(|name| json!({"AttributeName": name, "AttributeType": "S"})).collect::<Json>()
    };
    let keys = |keys: &[(&str, &str)]| {
        keys.iter().map(|(name, kind)| json!({"AttributeName": name, "KeyType": kind})).collect::<Json>()
    };
    let mut unprovisioned = create("orders");
    unprovisioned.as_object_mut().expect("an object").remove("ProvisionedThroughput");
    for (request, exception, message) in [
        (create("taken"), "ResourceInUseException", "Table already exists: taken"),
        (
            unprovisioned,
            "ValidationException",
            "One or more parameter values were invalid: ReadCapacityUnits and WriteCapacityUnits must both be specified \
             when BillingMode is PROVISIONED",
        ),
        (
            with(create("orders"), &json!({"BillingMode": "PAY_PER_REQUEST"})),
            "ValidationException",
            "One or more parameter values were invalid: Neither ReadCapacityUnits nor WriteCapacityUnits can be specified \
             when BillingMode is PAY_PER_REQUEST",
        ),
        (
            with(create("orders"), &json!({"KeySchema": keys(&[("id", "RANGE")])})),
            "ValidationException",
            "Invalid KeySchema: The first KeySchemaElement is not a HASH key type",
        ),
        (
            with(create("orders"), &json!({"KeySchema": keys(&[("id", "HASH"), ("at", "HASH")])})),
            "ValidationException",
            "Invalid KeySchema: The second KeySchemaElement is not a RANGE key type",
        ),
        (
            with(create("orders"), &json!({"KeySchema": keys(&[("id", "HASH"), ("id", "RANGE")])})),
            "ValidationException",
            "Invalid KeySchema: Some index key attribute have no definition",
        ),
        (
            with(create("orders"), &json!({"KeySchema": keys(&[("id", "HASH"), ("at", "RANGE")])})),
            "ValidationException",
            "One or more parameter values were invalid: Some index key attributes are not defined in \
             AttributeDefinitions. Keys: [id, at], AttributeDefinitions: [id]",
        ),
        (
            with(create("orders"), &json!({"AttributeDefinitions": definitions(&["id", "id"])})),
            "ValidationException",
            "Attribute Name is duplicated: id",
        ),
        (
            with(create("orders"), &json!({"AttributeDefinitions": definitions(&["id", "at"])})),
            "ValidationException",
            "One or more parameter values were invalid: Number of attributes in KeySchema does not exactly match number \
             of attributes defined in AttributeDefinitions",
        ),
    ] {
        let answer = dynamo.call("CreateTable", request).await;
        assert_eq!((answer.status, answer.exception(), answer.message()), (400, exception, message));
    }
    assert_eq!(dynamo.call("ListTables", json!({})).await.ok(), json!({"TableNames": ["taken"]}));
}

#[tokio::test]
async fn nothing_is_accepted_that_would_have_no_effect() {
    let dynamo = Dynamo::open();
    for (member, value) in [("GlobalTableSourceArn", json!("arn:aws:dynamodb")), ("ResourcePolicy", json!("{}"))] {
        let answer = dynamo.call("CreateTable", with(create("orders"), &json!({member: value}))).await;
        let message = format!("footbridge does not implement CreateTable with {member}");
        assert_eq!((answer.status, answer.exception(), answer.message()), (501, "NotImplemented", message.as_str()));
    }
    assert_eq!(dynamo.call("ListTables", json!({})).await.ok(), json!({"TableNames": []}));
}

#[tokio::test]
async fn tables_are_listed_by_name_and_page_by_page() {
    let dynamo = Dynamo::open();
    let names: Vec<_> = (0..7).map(|number| format!("table-{number}")).collect();
    for name in names.iter().rev() {
        dynamo.call("CreateTable", create(name)).await.ok();
    }
    assert_eq!(dynamo.call("ListTables", json!({})).await.ok(), json!({"TableNames": names}));
    for limit in 1..=8 {
        let (mut all, mut request) = (Vec::new(), json!({"Limit": limit}));
        loop {
            let page = dynamo.call("ListTables", request.clone()).await.ok();
            let of_page = page["TableNames"].as_array().expect("names").clone();
            assert!(of_page.len() <= limit);
            all.extend(of_page);
            let Some(last) = page.get("LastEvaluatedTableName") else { break };
            assert_eq!(all.last(), Some(last));
            request["ExclusiveStartTableName"] = last.clone();
        }
        assert_eq!(Json::from(all), json!(names), "Limit {limit}");
    }
}

#[tokio::test]
async fn regions_and_arns_tell_tables_apart() {
    let dynamo = Dynamo::open();
    let (here, there) = (caller("us-east-1"), caller("eu-west-1"));
    dynamo.call_as(&here, "CreateTable", create("users")).await.ok();
    let item = json!({"TableName": "users", "Item": {"id": {"S": "1"}}});
    dynamo.call_as(&here, "PutItem", item.clone()).await.ok();
    let missing = dynamo.call_as(&there, "PutItem", item).await;
    assert_eq!((missing.exception(), missing.message()), ("ResourceNotFoundException", "Requested resource not found"));
    assert_eq!(dynamo.call_as(&there, "ListTables", json!({})).await.ok(), json!({"TableNames": []}));

    let created = dynamo.call_as(&there, "CreateTable", create("users")).await.ok();
    let arn = created["TableDescription"]["TableArn"].clone();
    assert_eq!(arn, "arn:aws:dynamodb:eu-west-1:000000000000:table/users");
    assert_eq!(dynamo.call_as(&there, "Scan", json!({"TableName": arn})).await.ok()["Count"], 0);
    let arn = arn.as_str().expect("text").replace("eu-west-1", "us-east-1");
    assert_eq!(dynamo.call_as(&here, "Scan", json!({"TableName": arn})).await.ok()["Count"], 1);
    assert_eq!(
        dynamo.call_as(&there, "Scan", json!({"TableName": arn})).await.exception(),
        "ResourceNotFoundException"
    );
    let odd = dynamo.call_as(&here, "Scan", json!({"TableName": "arn:aws:s3:::bucket"})).await;
    assert_eq!(odd.exception(), "ValidationException");
}

fn item_rows(dynamo: &Dynamo) -> usize {
    let snapshot = dynamo.store.read().expect("a snapshot");
    snapshot.prefix(Rows::Items, &[]).expect("rows").count()
}

#[tokio::test]
async fn a_deleted_table_leaves_no_rows_and_a_new_one_starts_empty() {
    let dynamo = Dynamo::open();
    dynamo.call("CreateTable", create("users")).await.ok();
    for number in 0..30 {
        dynamo.put("users", json!({"id": {"S": number.to_string()}})).await;
    }
    let described = dynamo.call("DescribeTable", json!({"TableName": "users"})).await.ok();
    assert_eq!((&described["Table"]["ItemCount"], &described["Table"]["TableSizeBytes"]), (&json!(30), &json!(110)));
    dynamo.call("DeleteTable", json!({"TableName": "users"})).await.ok();
    dynamo.call("CreateTable", create("users")).await.ok();
    assert_eq!(dynamo.call("Scan", json!({"TableName": "users"})).await.ok()["Count"], 0);

    // Closing ends the sweeper; another service on the same store goes on where it stopped.
    dynamo.service.close().await;
    let again = Dynamo::on(dynamo.store.clone());
    again.service.swept().await;
    assert_eq!(item_rows(&again), 0);
    let described = again.call("DescribeTable", json!({"TableName": "users"})).await.ok();
    assert_eq!(described["Table"]["ItemCount"], 0);
}

#[tokio::test]
async fn the_wire_refuses_what_is_no_request() {
    let dynamo = Dynamo::open();
    let typed = |kind: &str, target: &str, body: Vec<u8>| {
        let request = http::Request::post("/").header("content-type", kind).header("x-amz-target", target);
        request.body(body::full(body)).expect("a request")
    };
    let post = |target: &str, body: Vec<u8>| typed("application/x-amz-json-1.0", target, body);
    let get = http::Request::get("/").body(body::empty()).expect("a request");
    let put = "DynamoDB_20120810.PutItem";
    for (request, status, body) in [
        (post(put, b"{".to_vec()), 400, r#"{"__type":"com.amazon.coral.service#SerializationException"}"#),
        (post(put, b"[]".to_vec()), 400, r#"{"__type":"com.amazon.coral.service#SerializationException"}"#),
        (post(put, vec![b'[']), 400, r#"{"__type":"com.amazon.coral.service#SerializationException"}"#),
        (
            post("DynamoDB_20120810.PutTable", b"{}".to_vec()),
            400,
            r#"{"__type":"com.amazon.coral.service#UnknownOperationException"}"#,
        ),
        (post("", b"{}".to_vec()), 400, r#"{"__type":"com.amazon.coral.service#UnknownOperationException"}"#),
        (
            typed("text/plain", "DynamoDB_20120810.ListTables", b"{}".to_vec()),
            400,
            r#"{"__type":"com.amazon.coral.service#UnknownOperationException"}"#,
        ),
        (
            typed("application/json; charset=utf-8", "DynamoDB_20120810.ListTables", b"{}".to_vec()),
            200,
            r#"{"TableNames":[]}"#,
        ),
        (get, 400, r#"{"__type":"com.amazon.coral.service#UnknownOperationException"}"#),
        (post("DynamoDBStreams_20120810.ListStreams", b"{}".to_vec()), 200, r#"{"Streams":[]}"#),
        (
            post("DynamoDBStreams_20120810.ListTables", b"{}".to_vec()),
            400,
            r#"{"__type":"com.amazon.coral.service#UnknownOperationException"}"#,
        ),
    ] {
        let response = handle(&dynamo.service, &caller("us-east-1"), request).await;
        assert_eq!(response.status().as_u16(), status);
        assert_eq!(response.headers()["content-type"], "application/x-amz-json-1.0");
        assert_eq!(response.headers()["content-length"], body.len().to_string().as_str());
        assert_eq!(response.headers()["x-amz-crc32"], crc32fast::hash(body.as_bytes()).to_string().as_str());
        assert!(response.headers().contains_key("x-amzn-requestid"));
        assert_eq!(body::read(response.into_body(), 1000).await.expect("a body"), body);
    }
    let large = handle(&dynamo.service, &caller("us-east-1"), post(put, vec![b' '; MAX_REQUEST + 1])).await;
    assert_eq!(large.status().as_u16(), 413);
    let (parts, ()) = http::Request::post("/").header("x-amz-target", put).body(()).expect("a request").into_parts();
    assert_eq!(describe(&parts), "PutItem");
}
