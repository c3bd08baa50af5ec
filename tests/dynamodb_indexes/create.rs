//! CreateTable with indexes.

use serde_json::{Value as Json, json};

use super::support::Dynamo;
use super::{attribute, index, table};

#[tokio::test]
async fn a_table_with_an_index_is_described_as_recorded() {
    // LocalStack's snapshot test_gsi_with_billing_mode of AWS.
    for provisioned in [false, true] {
        let dynamo = Dynamo::open();
        let mut request = json!({
            "TableName": "tab", "AttributeDefinitions": [attribute("TID"), attribute("TRID")],
            "KeySchema": [{"AttributeName": "TID", "KeyType": "HASH"}], "BillingMode": "PAY_PER_REQUEST",
            "GlobalSecondaryIndexes": [index("TransactionRecordID", "TRID", "ALL")],
        });
        if provisioned {
            request["BillingMode"] = json!("PROVISIONED");
            request["ProvisionedThroughput"] = json!({"ReadCapacityUnits": 5, "WriteCapacityUnits": 5});
            request["GlobalSecondaryIndexes"][0]["ProvisionedThroughput"] =
                json!({"ReadCapacityUnits": 1, "WriteCapacityUnits": 1});
        }
        let units = u64::from(provisioned);
        let mut want = json!([{
            "IndexArn": "arn:aws:dynamodb:us-east-1:000000000000:table/tab/index/TransactionRecordID",
            "IndexName": "TransactionRecordID", "IndexSizeBytes": 0, "IndexStatus": "CREATING", "ItemCount": 0,
            "KeySchema": [{"AttributeName": "TRID", "KeyType": "HASH"}], "Projection": {"ProjectionType": "ALL"},
            "ProvisionedThroughput":
                {"NumberOfDecreasesToday": 0, "ReadCapacityUnits": units, "WriteCapacityUnits": units},
        }]);
        let created = dynamo.call("CreateTable", request).await.ok();
        assert_eq!(created["TableDescription"]["GlobalSecondaryIndexes"], want);
        assert_eq!(created["TableDescription"]["TableStatus"], "CREATING");

        let (read, write) = if provisioned { (1, 1) } else { (12_000, 4_000) };
        want[0]["IndexStatus"] = json!("ACTIVE");
        want[0]["WarmThroughput"] =
            json!({"ReadUnitsPerSecond": read, "Status": "ACTIVE", "WriteUnitsPerSecond": write});
        let described = dynamo.call("DescribeTable", json!({"TableName": "tab"})).await.ok();
        assert_eq!(described["Table"]["GlobalSecondaryIndexes"], want);
        assert_eq!(described["Table"]["TableStatus"], "ACTIVE");
    }
}

#[tokio::test]
async fn local_indexes_have_neither_status_nor_throughput() {
    let dynamo = Dynamo::open();
    dynamo.call("CreateTable", table("at", &[index("by-at", "pk/at", "a b")], &[])).await.ok();
    let described = dynamo.call("DescribeTable", json!({"TableName": "tab"})).await.ok();
    assert_eq!(
        described["Table"]["LocalSecondaryIndexes"],
        json!([{
            "IndexArn": "arn:aws:dynamodb:us-east-1:000000000000:table/tab/index/by-at", "IndexName": "by-at",
            "IndexSizeBytes": 0, "ItemCount": 0,
            "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "at", "KeyType": "RANGE"}],
            "Projection": {"ProjectionType": "INCLUDE", "NonKeyAttributes": ["a", "b"]},
        }])
    );
}

#[tokio::test]
async fn throughput_is_shown_as_it_was_asked_for() {
    // LocalStack's snapshot test_table_warm_throughput of AWS.
    let dynamo = Dynamo::open();
    let mut request = table("", &[], &[]);
    request["BillingMode"] = json!("PROVISIONED");
    request["ProvisionedThroughput"] = json!({"ReadCapacityUnits": 5, "WriteCapacityUnits": 5});
    request["WarmThroughput"] = json!({"ReadUnitsPerSecond": 1000, "WriteUnitsPerSecond": 1200});
    let created = dynamo.call("CreateTable", request).await.ok()["TableDescription"].take();
    let warm = |status: &str| json!({"ReadUnitsPerSecond": 1000, "Status": status, "WriteUnitsPerSecond": 1200});
    assert_eq!(created["WarmThroughput"], warm("UPDATING"));
    let described = dynamo.call("DescribeTable", json!({"TableName": "tab"})).await.ok();
    assert_eq!(described["Table"]["WarmThroughput"], warm("ACTIVE"));

    let mut request = table("at", &[], &[index("by-at", "at", "ALL")]);
    request["TableName"] = json!("other");
    request["OnDemandThroughput"] = json!({"MaxReadRequestUnits": 7});
    request["GlobalSecondaryIndexes"][0]["OnDemandThroughput"] = json!({"MaxWriteRequestUnits": 9});
    let created = dynamo.call("CreateTable", request).await.ok()["TableDescription"].take();
    assert_eq!(created["OnDemandThroughput"], json!({"MaxReadRequestUnits": 7, "MaxWriteRequestUnits": -1}));
    assert_eq!(
        created["GlobalSecondaryIndexes"][0]["OnDemandThroughput"],
        json!({"MaxReadRequestUnits": -1, "MaxWriteRequestUnits": 9})
    );
}

#[tokio::test]
#[allow(clippy::too_many_lines, reason = "a table of refusals")]
async fn what_does_not_fit_is_refused() {
    let dynamo = Dynamo::open();
    let without_range = |mut request: Json| {
        request["KeySchema"].as_array_mut().expect("a key schema").truncate(1);
        request["AttributeDefinitions"].as_array_mut().expect("attributes").remove(1);
        request
    };
    let with = |mut request: Json, list: &str, member: &str, value: Json| {
        request[list][0][member] = value;
        request
    };
    let provisioned = |mut request: Json| {
        request["BillingMode"] = json!("PROVISIONED");
        request["ProvisionedThroughput"] = json!({"ReadCapacityUnits": 5, "WriteCapacityUnits": 5});
        request
    };
    let (local, global) = ("LocalSecondaryIndexes", "GlobalSecondaryIndexes");
    let many =
        |count: usize, keys: &str| (0..count).map(|n| index(&format!("idx-{n}"), keys, "ALL")).collect::<Vec<_>>();
    let wide = |name: &str, from: usize| {
        let names: Vec<_> = (from..from + 20).map(|n| format!("a{n}")).collect();
        index(name, "at", &names.join(" "))
    };
    let units = json!({"ReadCapacityUnits": 1, "WriteCapacityUnits": 1});
    let keys = |list: &[(&str, &str)]| {
        list.iter().map(|(name, kind)| json!({"AttributeName": name, "KeyType": kind})).collect::<Json>()
    };
    let projected = |value: Json| with(table("at", &[], &[index("idx", "at", "ALL")]), global, "Projection", value);
    for (request, message) in [
        (
            without_range(table("at", &[index("idx", "pk/at", "ALL")], &[])),
            "Table KeySchema does not have a range key, which is required when specifying a LocalSecondaryIndex",
        ),
        (table("", &[index("idx", "pk", "ALL")], &[]), "Index KeySchema does not have a range key for index: idx"),
        (
            table("at", &[index("idx", "sk/at", "ALL")], &[]),
            "Index KeySchema does not have the same leading hash key as table KeySchema for index: idx. index hash key: \
             sk, table hash key: pk",
        ),
        (
            table("", &[], &[index("idx", "at", "ALL")]),
            "Some index key attributes are not defined in AttributeDefinitions. Keys: [at], AttributeDefinitions: [pk, sk]",
        ),
        (
            table("at b", &[], &[index("idx", "at", "ALL")]),
            "Some AttributeDefinitions are not used. AttributeDefinitions: [pk, sk, at, b], keys used: [at, pk, sk]",
        ),
        (table("at", &[index("idx", "pk/at", "ALL")], &[index("idx", "at", "ALL")]), "Duplicate index name: idx"),
        // Those of global indexes are looked at first.
        (
            table(
                "at",
                &[index("local", "pk/at", "ALL"), index("local", "pk/at", "ALL")],
                &[index("global", "at", "ALL"), index("global", "at", "ALL")],
            ),
            "Duplicate index name: global",
        ),
        (
            table(
                "at",
                &[index("other", "pk/at", "ALL"), index("other", "pk/at", "ALL")],
                &[index("idx", "at", "ALL")],
            ),
            "Duplicate index name: other",
        ),
        (table("at", &many(6, "pk/at"), &[]), "Number of LocalSecondaryIndexes exceeds per-table limit of 5"),
        (table("at", &[], &many(21, "at")), "GlobalSecondaryIndex count exceeds the per-table limit of 20"),
        (
            table("at", &[], &(0..6).map(|n| wide(&format!("idx-{n}"), n * 20)).collect::<Vec<_>>()),
            "Number of NonKeyAttributes in all indexes exceeds per-table limit of 100",
        ),
        (projected(json!({})), "Unknown ProjectionType: null"),
        (
            projected(json!({"ProjectionType": "INCLUDE"})),
            "ProjectionType is INCLUDE, but NonKeyAttributes is not specified",
        ),
        (
            projected(json!({"ProjectionType": "ALL", "NonKeyAttributes": ["a"]})),
            "ProjectionType is ALL, but NonKeyAttributes is specified",
        ),
        (
            projected(json!({"ProjectionType": "KEYS_ONLY", "NonKeyAttributes": ["a"]})),
            "ProjectionType is KEYS_ONLY, but NonKeyAttributes is specified",
        ),
        (
            provisioned(table("at", &[], &[index("idx", "at", "ALL")])),
            "ProvisionedThroughput is not specified for index: idx",
        ),
        (
            with(table("at", &[], &[index("idx", "at", "ALL")]), global, "ProvisionedThroughput", units),
            "ProvisionedThroughput should not be specified for index: idx when BillingMode is PAY_PER_REQUEST",
        ),
        (
            with(
                table("at", &[], &[index("idx", "at", "ALL")]),
                global,
                "WarmThroughput",
                json!({"ReadUnitsPerSecond": 1}),
            ),
            "Requested ReadUnitsPerSecond for WarmThroughput is lower than current WarmThroughput, decreasing \
             WarmThroughput is not supported",
        ),
    ] {
        let answer = dynamo.call("CreateTable", request).await;
        let message = format!("One or more parameter values were invalid: {message}");
        assert_eq!((answer.exception(), answer.message()), ("ValidationException", message.as_str()));
    }
    for (list, schema, message) in [
        (local, keys(&[("pk", "RANGE")]), "Invalid KeySchema: The first KeySchemaElement is not a HASH key type"),
        (
            local,
            keys(&[("pk", "HASH"), ("at", "HASH")]),
            "Invalid KeySchema: The second KeySchemaElement is not a RANGE key type",
        ),
        (
            global,
            keys(&[("at", "HASH"), ("at", "RANGE")]),
            "Both the Hash Key and the Range Key element in the KeySchema have the same name",
        ),
        (
            global,
            keys(&[("at", "HASH"), ("sk", "RANGE"), ("pk", "HASH")]),
            "One or more parameter values were invalid: All HASH key attributes must precede RANGE key attributes in the \
             KeySchema",
        ),
        (
            global,
            keys(&[("a", "HASH"), ("b", "HASH"), ("c", "HASH"), ("d", "HASH"), ("e", "HASH")]),
            "One or more parameter values were invalid: The KeySchema exceeds the maximum allowed number of HASH key \
             attributes",
        ),
        (
            global,
            keys(&[("at", "HASH"), ("sk", "RANGE"), ("sk", "RANGE")]),
            "The KeySchema contains multiple key attributes with the same name",
        ),
    ] {
        let mut request = table("at", &[], &[]);
        request[list] = json!([index("idx", "at", "ALL")]);
        let answer = dynamo.call("CreateTable", with(request, list, "KeySchema", schema)).await;
        assert_eq!((answer.exception(), answer.message()), ("ValidationException", message));
    }
    for list in [local, global] {
        let mut request = table("", &[], &[]);
        request[list] = json!([]);
        let answer = dynamo.call("CreateTable", request).await;
        assert_eq!(answer.message(), format!("One or more parameter values were invalid: List of {list} is empty"));
    }
    assert_eq!(dynamo.call("ListTables", json!({})).await.ok(), json!({"TableNames": []}));
}
