//! UpdateTable.

use serde_json::{Value as Json, json};

use super::support::Dynamo;
use super::{attribute, index, item, table};

async fn update(dynamo: &Dynamo, mut request: Json) -> super::support::Answer {
    request["TableName"] = json!("tab");
    dynamo.call("UpdateTable", request).await
}

async fn describe(dynamo: &Dynamo) -> Json {
    dynamo.call("DescribeTable", json!({"TableName": "tab"})).await.ok()["Table"].take()
}

fn creating(keys: &[&str], index: &Json) -> Json {
    let attributes: Vec<_> = keys.iter().map(|key| attribute(key)).collect();
    json!({"AttributeDefinitions": attributes, "GlobalSecondaryIndexUpdates": [{"Create": index}]})
}

fn by_owner() -> Json {
    json!({"TableName": "tab", "IndexName": "by-owner", "KeyConditionExpression": "#o = :o",
        "ExpressionAttributeNames": {"#o": "owner"}, "ExpressionAttributeValues": {":o": {"S": "bo"}}})
}

#[tokio::test]
async fn a_new_index_is_backfilled_and_then_active() {
    let dynamo = Dynamo::open();
    dynamo.call("CreateTable", table("", &[], &[])).await.ok();
    for sk in 0..1200 {
        dynamo.put("tab", item("a", sk, &[("owner", if sk % 2 == 0 { "bo" } else { "cy" })])).await;
    }
    dynamo.put("tab", item("a", 5000, &[])).await;
    // No key of the index: a number, and an empty string.
    dynamo.put("tab", item("a", 5001, &[("owner", "7")])).await;
    dynamo.put("tab", item("a", 5002, &[("owner", "")])).await;

    let held = dynamo.service.hold().await;
    let request = creating(&["owner"], &index("by-owner", "owner", "KEYS_ONLY"));
    let answer = update(&dynamo, request).await.ok()["TableDescription"].take();
    assert_eq!(answer["TableStatus"], "UPDATING");
    let table = describe(&dynamo).await;
    let shown = &table["GlobalSecondaryIndexes"][0];
    assert_eq!(
        (&table["TableStatus"], &shown["IndexStatus"], &shown["Backfilling"], &shown["ItemCount"]),
        (&json!("UPDATING"), &json!("CREATING"), &json!(true), &json!(0))
    );
    let refused = dynamo.call("Query", by_owner()).await;
    let message = "Cannot read from backfilling global secondary index: by-owner";
    assert_eq!((refused.exception(), refused.message()), ("ValidationException", message));
    for (request, exception, message) in [
        (
            creating(&["other"], &index("by-other", "other", "ALL")),
            "LimitExceededException",
            "Subscriber limit exceeded: Only 1 online index can be created or deleted simultaneously per table",
        ),
        (
            json!({"DeletionProtectionEnabled": true}),
            "ResourceInUseException",
            "Attempt to change a resource which is still in use: Table is being updated: tab",
        ),
    ] {
        let refused = update(&dynamo, request).await;
        assert_eq!((refused.exception(), refused.message()), (exception, message));
    }
    let refused = dynamo.call("DeleteTable", json!({"TableName": "tab"})).await;
    assert_eq!(refused.exception(), "ResourceInUseException");

    // Writes go on meanwhile.
    dynamo.put("tab", item("a", 1199, &[("owner", "bo")])).await;
    dynamo.call("DeleteItem", json!({"TableName": "tab", "Key": item("a", 0, &[])})).await.ok();
    drop(held);
    dynamo.service.swept().await;

    let table = describe(&dynamo).await;
    let shown = &table["GlobalSecondaryIndexes"][0];
    assert_eq!((&table["TableStatus"], &shown["IndexStatus"]), (&json!("ACTIVE"), &json!("ACTIVE")));
    assert_eq!((&shown["ItemCount"], shown.get("Backfilling")), (&json!(1199), None));
    let count = dynamo.call("Query", by_owner()).await.ok()["Count"].take();
    assert_eq!(count, 600);
}

#[tokio::test]
async fn a_restart_goes_on_with_what_was_begun() {
    let dynamo = Dynamo::open();
    dynamo.call("CreateTable", table("", &[], &[])).await.ok();
    for sk in 0..10 {
        dynamo.put("tab", item("a", sk, &[("owner", "bo")])).await;
    }
    let held = dynamo.service.hold().await;
    let request = creating(&["owner"], &index("by-owner", "owner", "ALL"));
    update(&dynamo, request).await.ok();
    let store = dynamo.store.clone();
    dynamo.service.close().await;
    drop(held);
    let (dynamo, held) = Dynamo::held(store.clone());
    assert_eq!(describe(&dynamo).await["GlobalSecondaryIndexes"][0]["IndexStatus"], "CREATING");
    drop(held);
    dynamo.service.swept().await;
    assert_eq!(dynamo.call("Query", by_owner()).await.ok()["Count"], 10);

    let held = dynamo.service.hold().await;
    update(&dynamo, json!({"GlobalSecondaryIndexUpdates": [{"Delete": {"IndexName": "by-owner"}}]})).await.ok();
    dynamo.service.close().await;
    drop(held);
    let (dynamo, held) = Dynamo::held(store);
    assert_eq!(describe(&dynamo).await["GlobalSecondaryIndexes"][0]["IndexStatus"], "DELETING");
    drop(held);
    dynamo.service.swept().await;
    assert_eq!(describe(&dynamo).await.get("GlobalSecondaryIndexes"), None);
}

#[tokio::test]
async fn an_index_is_deleted_with_its_entries_and_definitions() {
    let dynamo = Dynamo::open();
    let global = [index("by-owner", "owner", "ALL"), index("by-at", "at", "ALL")];
    dynamo.call("CreateTable", table("at:N owner", &[], &global)).await.ok();
    dynamo.put("tab", item("a", 1, &[("owner", "bo"), ("at", "1")])).await;
    let rows = |dynamo: &Dynamo| {
        use footbridge::emulator::store::{Read, Table as Rows};
        dynamo.store.read().expect("a snapshot").prefix(Rows::Items, &[]).expect("rows").count()
    };
    assert_eq!(rows(&dynamo), 3);
    let held = dynamo.service.hold().await;
    let delete = json!({"GlobalSecondaryIndexUpdates": [{"Delete": {"IndexName": "by-owner"}}]});
    let answer = update(&dynamo, delete.clone()).await.ok()["TableDescription"].take();
    assert_eq!(answer["GlobalSecondaryIndexes"][0]["IndexStatus"], "DELETING");
    assert_eq!(update(&dynamo, delete.clone()).await.exception(), "LimitExceededException");
    let refused = dynamo.call("Query", by_owner()).await;
    assert_eq!(refused.message(), "The table does not have the specified index: by-owner");
    // An item that the index could not have held may be put again.
    dynamo.put("tab", item("a", 2, &[("at", "2")])).await;
    drop(held);
    dynamo.service.swept().await;
    let table = describe(&dynamo).await;
    assert_eq!(table["TableStatus"], "ACTIVE");
    assert_eq!(table["GlobalSecondaryIndexes"].as_array().map(Vec::len), Some(1));
    assert_eq!(table["AttributeDefinitions"], json!([attribute("pk"), attribute("sk:N"), attribute("at:N")]));
    assert_eq!(rows(&dynamo), 4);
    let refused = update(&dynamo, delete).await;
    assert_eq!(refused.exception(), "ResourceNotFoundException");
    dynamo.put("tab", item("a", 3, &[("owner", "7")])).await;
}

#[tokio::test]
async fn an_index_may_be_deleted_while_it_is_made() {
    let dynamo = Dynamo::open();
    dynamo.call("CreateTable", table("", &[], &[])).await.ok();
    for sk in 0..2000 {
        dynamo.put("tab", item("a", sk, &[("owner", "bo")])).await;
    }
    let held = dynamo.service.hold().await;
    update(&dynamo, creating(&["owner"], &index("by-owner", "owner", "ALL"))).await.ok();
    update(&dynamo, json!({"GlobalSecondaryIndexUpdates": [{"Delete": {"IndexName": "by-owner"}}]})).await.ok();
    drop(held);
    dynamo.service.swept().await;
    let table = describe(&dynamo).await;
    assert_eq!((&table["TableStatus"], table.get("GlobalSecondaryIndexes")), (&json!("ACTIVE"), None));
}

#[tokio::test]
async fn billing_and_throughput_change() {
    let dynamo = Dynamo::open();
    dynamo.call("CreateTable", table("owner", &[], &[index("by-owner", "owner", "ALL")])).await.ok();
    let units = |read: u64, write: u64| json!({"ReadCapacityUnits": read, "WriteCapacityUnits": write});
    let invalid = |why: &str| format!("One or more parameter values were invalid: {why}");
    let lacking = update(&dynamo, json!({"BillingMode": "PROVISIONED", "ProvisionedThroughput": units(5, 5)})).await;
    assert_eq!(lacking.message(), invalid("ProvisionedThroughput is not specified for index: by-owner"));
    let switch = json!({"BillingMode": "PROVISIONED", "ProvisionedThroughput": units(5, 5),
        "GlobalSecondaryIndexUpdates": [{"Update": {"IndexName": "by-owner", "ProvisionedThroughput": units(2, 3)}}]});
    let answer = update(&dynamo, switch).await.ok()["TableDescription"].take();
    assert_eq!(answer["TableStatus"], "UPDATING");
    let table = describe(&dynamo).await;
    assert_eq!(
        (&table["TableStatus"], &table["BillingModeSummary"]["BillingMode"]),
        (&json!("ACTIVE"), &json!("PROVISIONED"))
    );
    assert_eq!(table["GlobalSecondaryIndexes"][0]["ProvisionedThroughput"]["WriteCapacityUnits"], 3);

    update(&dynamo, json!({"ProvisionedThroughput": units(4, 6)})).await.ok();
    let shown = describe(&dynamo).await["ProvisionedThroughput"].take();
    let now = 1_700_000_000.123;
    assert_eq!(
        shown,
        json!({"NumberOfDecreasesToday": 1, "ReadCapacityUnits": 4, "WriteCapacityUnits": 6,
            "LastIncreaseDateTime": now, "LastDecreaseDateTime": now})
    );
    for (request, message) in [
        (
            json!({"ProvisionedThroughput": units(4, 6)}),
            "The provisioned throughput for the table will not change. The requested value equals the current value. \
             Current ReadCapacityUnits provisioned for the table: 4. Requested ReadCapacityUnits: 4. Current \
             WriteCapacityUnits provisioned for the table: 6. Requested WriteCapacityUnits: 6. Refer to the Amazon \
             DynamoDB Developer Guide for current limits and how to request higher limits."
                .to_owned(),
        ),
        (
            json!({"BillingMode": "PAY_PER_REQUEST", "ProvisionedThroughput": units(4, 6)}),
            invalid(
                "Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is PAY_PER_REQUEST",
            ),
        ),
        (
            json!({}),
            "At least one of ProvisionedThroughput, BillingMode, UpdateStreamEnabled, GlobalSecondaryIndexUpdates or \
             SSESpecification or ReplicaUpdates is required"
                .to_owned(),
        ),
        (
            creating(&["pk"], &index("by-owner", "pk", "ALL")),
            invalid("ProvisionedThroughput is not specified for index: by-owner"),
        ),
    ] {
        let refused = update(&dynamo, request).await;
        assert_eq!((refused.exception(), refused.message()), ("ValidationException", message.as_str()));
    }
    update(&dynamo, json!({"BillingMode": "PAY_PER_REQUEST"})).await.ok();
    let table = describe(&dynamo).await;
    assert_eq!(
        table["BillingModeSummary"],
        json!({"BillingMode": "PAY_PER_REQUEST", "LastUpdateToPayPerRequestDateTime": now})
    );
    assert_eq!(table["GlobalSecondaryIndexes"][0]["ProvisionedThroughput"]["WriteCapacityUnits"], 0);
    let refused = update(&dynamo, json!({"ProvisionedThroughput": units(4, 6)})).await;
    assert_eq!(refused.exception(), "ValidationException");
}

#[tokio::test]
async fn protection_class_and_limits_change() {
    let dynamo = Dynamo::open();
    dynamo.call("CreateTable", table("", &[], &[])).await.ok();
    update(&dynamo, json!({"DeletionProtectionEnabled": true, "TableClass": "STANDARD_INFREQUENT_ACCESS"})).await.ok();
    update(&dynamo, json!({"OnDemandThroughput": {"MaxReadRequestUnits": 5, "MaxWriteRequestUnits": 6}})).await.ok();
    update(&dynamo, json!({"OnDemandThroughput": {"MaxReadRequestUnits": -1}})).await.ok();
    update(&dynamo, json!({"WarmThroughput": {"ReadUnitsPerSecond": 13_000}})).await.ok();
    let table = describe(&dynamo).await;
    assert_eq!(table["DeletionProtectionEnabled"], true);
    assert_eq!(table["TableClassSummary"]["TableClass"], "STANDARD_INFREQUENT_ACCESS");
    assert_eq!(table["OnDemandThroughput"], json!({"MaxReadRequestUnits": -1, "MaxWriteRequestUnits": 6}));
    assert_eq!(table["WarmThroughput"]["ReadUnitsPerSecond"], 13_000);
    assert_eq!(dynamo.call("DeleteTable", json!({"TableName": "tab"})).await.exception(), "ValidationException");
    update(&dynamo, json!({"DeletionProtectionEnabled": false})).await.ok();
    dynamo.call("DeleteTable", json!({"TableName": "tab"})).await.ok();
    let gone = update(&dynamo, json!({"DeletionProtectionEnabled": false})).await;
    assert_eq!(
        (gone.exception(), gone.message()),
        ("ResourceNotFoundException", "Requested resource not found: Table: tab not found")
    );
}

#[tokio::test]
async fn updates_of_indexes_that_do_not_fit_are_refused() {
    let dynamo = Dynamo::open();
    let local = [index("local", "pk/at", "ALL")];
    dynamo.call("CreateTable", table("at:N owner", &local, &[index("by-owner", "owner", "ALL")])).await.ok();
    let before = describe(&dynamo).await;
    let invalid = |why: &str| format!("One or more parameter values were invalid: {why}");
    let updates = |list: Json| json!({"GlobalSecondaryIndexUpdates": list});
    let delete = |name: &str| json!({"Delete": {"IndexName": name}});
    let (one, two) = (json!({"Create": index("one", "pk", "ALL")}), json!({"Create": index("two", "pk", "ALL")}));
    let undefined = "Invalid KeySchema: Some index key attribute have no definition".to_owned();
    for (request, exception, message) in [
        (updates(json!([delete("none")])), "ResourceNotFoundException", "Requested resource not found".to_owned()),
        (updates(json!([delete("local")])), "ResourceNotFoundException", "Requested resource not found".to_owned()),
        (
            updates(json!([one.clone(), two])),
            "LimitExceededException",
            "Subscriber limit exceeded: Only 1 online index can be created or deleted simultaneously per table"
                .to_owned(),
        ),
        (
            updates(json!([one.clone(), one])),
            "ValidationException",
            invalid("Only one global secondary index update per index is allowed simultaneously. Index: one"),
        ),
        (
            creating(&["owner"], &index("by-owner", "owner", "ALL")),
            "ValidationException",
            "Attempting to create an index which already exists".to_owned(),
        ),
        (
            creating(&["owner"], &index("local", "owner", "ALL")),
            "ValidationException",
            "Attempting to create an index which already exists".to_owned(),
        ),
        (creating(&["pk"], &index("more", "what", "ALL")), "ValidationException", undefined.clone()),
        (creating(&["pk"], &index("more", "pk/what", "ALL")), "ValidationException", undefined.clone()),
        // What the table has defined does not count.
        (creating(&["what"], &index("more", "what/sk", "ALL")), "ValidationException", undefined),
        (
            json!({"GlobalSecondaryIndexUpdates": [{"Create": index("more", "pk", "ALL")}]}),
            "ValidationException",
            invalid("AttributeDefinitions is not specified for index: more"),
        ),
        (
            creating(&["owner:N"], &index("more", "owner", "ALL")),
            "ValidationException",
            invalid("The type of the key attribute owner cannot be changed"),
        ),
        (
            creating(&["owner", "spare"], &index("more", "owner", "ALL")),
            "ValidationException",
            invalid(
                "Some AttributeDefinitions are not used. AttributeDefinitions: [owner, spare], keys used: [pk, sk, at, \
                 owner]",
            ),
        ),
    ] {
        let refused = update(&dynamo, request).await;
        assert_eq!((refused.exception(), refused.message()), (exception, message.as_str()));
    }
    assert_eq!(describe(&dynamo).await, before);
    for (member, value) in [
        ("ReplicaUpdates", json!([{"Create": {"RegionName": "eu-west-1"}}])),
        ("MultiRegionConsistency", json!("STRONG")),
    ] {
        let answer = update(&dynamo, json!({member: value})).await;
        assert_eq!(answer.message(), format!("footbridge does not implement UpdateTable with {member}"));
    }
}
