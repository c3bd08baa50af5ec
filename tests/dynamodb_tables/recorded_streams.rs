//! What AWS was recorded to put into streams, `fixtures/aws-truth-streams.toml`, and to say of them.

use serde::Deserialize;
use serde_json::{Value as Json, json};

use super::streams::{describe, records};
use super::support::Dynamo;

#[derive(Deserialize)]
struct Truth {
    case: Vec<Case>,
}

#[derive(Deserialize)]
struct Case {
    test: String,
    recorded: String,
    view: String,
    key: String,
    /// Operations and their requests.
    writes: Vec<(String, String)>,
    records: Vec<String>,
}

fn create(name: &str, key: &str, stream: &Json) -> Json {
    json!({
        "TableName": name, "StreamSpecification": stream,
        "AttributeDefinitions": [{"AttributeName": key, "AttributeType": "S"}],
        "KeySchema": [{"AttributeName": key, "KeyType": "HASH"}],
        "ProvisionedThroughput": {"ReadCapacityUnits": 5, "WriteCapacityUnits": 5},
    })
}

#[tokio::test]
async fn every_recorded_record_is_produced() {
    let truth: Truth = toml::from_str(include_str!("../../fixtures/aws-truth-streams.toml")).expect("the fixture");
    assert_eq!(truth.case.len(), 5);
    for case in truth.case {
        let name = format!("{} ({})", case.test, case.recorded);
        let dynamo = Dynamo::open();
        let stream = json!({"StreamEnabled": true, "StreamViewType": case.view});
        let made = dynamo.call("CreateTable", create("tab", &case.key, &stream)).await.ok();
        let made = &made["TableDescription"];
        dynamo.call("CreateTable", create("plain", &case.key, &Json::Null)).await.ok();
        for (operation, request) in case.writes {
            dynamo.call(&operation, serde_json::from_str(&request).expect("JSON")).await.ok();
        }
        let arn = made["LatestStreamArn"].as_str().expect("an ARN");
        let mut got = records(&dynamo, arn).await;
        for record in &mut got {
            let mut leave_out = |from: &str, member: &str| {
                let left_out = record.pointer_mut(from).and_then(Json::as_object_mut).and_then(|of| of.remove(member));
                assert!(left_out.is_some(), "{name}: {member}");
            };
            leave_out("", "awsRegion");
            leave_out("", "eventID");
            leave_out("/dynamodb", "ApproximateCreationDateTime");
            leave_out("/dynamodb", "SequenceNumber");
        }
        let want: Vec<Json> = case.records.iter().map(|record| serde_json::from_str(record).expect("JSON")).collect();
        assert_eq!(got, want, "{name}");

        // The members that the recordings of CreateTable and DescribeStream have, and no others.
        assert_eq!(made["StreamSpecification"], stream);
        let members = |json: &Json| json.as_object().expect("an object").keys().cloned().collect::<Vec<_>>();
        let mut described = members(&describe(&dynamo, arn).await);
        described.sort();
        let all = [
            "CreationRequestDateTime",
            "KeySchema",
            "Shards",
            "StreamArn",
            "StreamLabel",
            "StreamStatus",
            "StreamViewType",
            "TableName",
        ];
        assert_eq!(described, all, "{name}");
        let shard = &describe(&dynamo, arn).await["Shards"][0];
        assert_eq!(members(shard), ["ShardId", "SequenceNumberRange"], "{name}");
        assert_eq!(members(&shard["SequenceNumberRange"]), ["StartingSequenceNumber"], "{name}");
    }
}

#[tokio::test]
async fn a_table_with_a_stream_is_described_as_recorded() {
    // test_table_v2_stream, 13-10-2025.
    let dynamo = Dynamo::open();
    let mut request = create("tab", "id", &json!({"StreamEnabled": true, "StreamViewType": "NEW_AND_OLD_IMAGES"}));
    request["BillingMode"] = json!("PAY_PER_REQUEST");
    request.as_object_mut().expect("an object").remove("ProvisionedThroughput");
    dynamo.call("CreateTable", request).await.ok();
    let table = dynamo.call("DescribeTable", json!({"TableName": "tab"})).await.ok()["Table"].take();
    let mut members: Vec<_> = table.as_object().expect("an object").keys().cloned().collect();
    members.sort();
    let want = [
        "AttributeDefinitions",
        "BillingModeSummary",
        "CreationDateTime",
        "DeletionProtectionEnabled",
        "ItemCount",
        "KeySchema",
        "LatestStreamArn",
        "LatestStreamLabel",
        "ProvisionedThroughput",
        "StreamSpecification",
        "TableArn",
        "TableId",
        "TableName",
        "TableSizeBytes",
        "TableStatus",
        "WarmThroughput",
    ];
    assert_eq!(members, want);
}

#[tokio::test]
async fn a_stream_that_is_not_there_is_refused_as_recorded() {
    // test_non_existent_stream, 20-11-2024.
    let dynamo = Dynamo::open();
    dynamo.table("tab", &["pk"]).await;
    let arn = "arn:aws:dynamodb:us-east-1:000000000000:table/tab/stream/2024-11-18T14:36:44.149";
    let refused = dynamo.call("DescribeStream", json!({"StreamArn": arn})).await;
    let message = format!("Requested resource not found: Stream: {arn} not found");
    let want = (400, "ResourceNotFoundException", message.as_str());
    assert_eq!((refused.status, refused.exception(), refused.message()), want);
}
