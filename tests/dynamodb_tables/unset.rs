//! What was never set, at the wire: the answers where nobody has, and the refusals where what they are about is missing.

use serde_json::{Value as Json, json};

use super::support::{Answer, Dynamo};

const ARN: &str = "arn:aws:dynamodb:us-east-1:000000000000:table/tab";

async fn dynamo() -> Dynamo {
    let dynamo = Dynamo::open();
    let request = json!({
        "TableName": "tab", "BillingMode": "PAY_PER_REQUEST",
        "AttributeDefinitions": [{"AttributeName": "pk", "AttributeType": "S"}],
        "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}],
        "GlobalSecondaryIndexes": [{"IndexName": "gsi", "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}],
            "Projection": {"ProjectionType": "ALL"}}],
        "StreamSpecification": {"StreamEnabled": true, "StreamViewType": "KEYS_ONLY"},
    });
    dynamo.call("CreateTable", request).await.ok();
    dynamo
}

fn told(answer: &Answer) -> (u16, &str, &str) {
    (answer.status, answer.exception(), answer.message())
}

fn backups() -> Json {
    json!({"ContinuousBackupsDescription": {
        "ContinuousBackupsStatus": "ENABLED",
        "PointInTimeRecoveryDescription": {"PointInTimeRecoveryStatus": "DISABLED"},
    }})
}

#[tokio::test]
async fn a_table_answers_what_was_never_set() {
    let dynamo = dynamo().await;
    for (operation, want) in [
        ("DescribeContinuousBackups", backups()),
        ("DescribeContributorInsights", json!({"TableName": "tab", "ContributorInsightsStatus": "DISABLED"})),
        ("DescribeKinesisStreamingDestination", json!({"TableName": "tab", "KinesisDataStreamDestinations": []})),
        ("ListContributorInsights", json!({"ContributorInsightsSummaries": []})),
    ] {
        for name in ["tab", ARN] {
            assert_eq!(dynamo.call(operation, json!({"TableName": name})).await.ok(), want, "{operation} {name}");
        }
        let (exception, message) = match operation {
            "DescribeContinuousBackups" => ("TableNotFoundException", "Table not found: none"),
            _ => ("ResourceNotFoundException", "Requested resource not found: Table: none not found"),
        };
        let answer = dynamo.call(operation, json!({"TableName": "none"})).await;
        assert_eq!(told(&answer), (400, exception, message), "{operation}");
    }
    let index = |name: &str| json!({"TableName": "tab", "IndexName": name});
    assert_eq!(
        dynamo.call("DescribeContributorInsights", index("gsi")).await.ok(),
        json!({"TableName": "tab", "IndexName": "gsi", "ContributorInsightsStatus": "DISABLED"})
    );
    assert_eq!(
        told(&dynamo.call("DescribeContributorInsights", index("none")).await),
        (400, "ResourceNotFoundException", "Requested resource not found: Index: none not found for table: tab")
    );
}

#[tokio::test]
async fn lists_of_what_nobody_made_are_empty() {
    let dynamo = dynamo().await;
    for (operation, members) in [
        ("ListBackups", "BackupSummaries"),
        ("ListContributorInsights", "ContributorInsightsSummaries"),
        ("ListExports", "ExportSummaries"),
        ("ListGlobalTables", "GlobalTables"),
        ("ListImports", "ImportSummaryList"),
    ] {
        assert_eq!(dynamo.call(operation, json!({})).await.ok(), json!({members: []}), "{operation}");
    }
    // Backups outlive their table.
    let none = json!({"TableName": "none", "TimeRangeLowerBound": 1, "TimeRangeUpperBound": 2});
    assert_eq!(dynamo.call("ListBackups", none).await.ok(), json!({"BackupSummaries": []}));
    let inverted = json!({"TimeRangeLowerBound": 2, "TimeRangeUpperBound": 1});
    assert_eq!(
        dynamo.call("ListBackups", inverted).await.message(),
        "One or more parameter values were invalid: Time range lower bound must be less than or equal to upper bound"
    );
    let token = "0123456789abcdef".repeat(7);
    for operation in ["ListExports", "ListImports"] {
        assert_eq!(
            told(&dynamo.call(operation, json!({"NextToken": token})).await),
            (400, "ValidationException", &*format!("Invalid Request: Provided nextToken is invalid: {token}"))
        );
    }
}

#[tokio::test]
async fn recovery_can_be_left_off_and_not_switched_on() {
    let dynamo = dynamo().await;
    let update =
        |name: &str, specification: Json| json!({"TableName": name, "PointInTimeRecoverySpecification": specification});
    let off = json!({"PointInTimeRecoveryEnabled": false});
    assert_eq!(dynamo.call("UpdateContinuousBackups", update("tab", off.clone())).await.ok(), backups());
    for (name, specification, want) in [
        ("none", off, (400, "TableNotFoundException", "Table not found: none")),
        (
            "tab",
            json!({"PointInTimeRecoveryEnabled": false, "RecoveryPeriodInDays": 7}),
            (
                400,
                "ValidationException",
                "Invalid Request: Cannot specify RecoveryPeriodInDays when disabling point-in-time recovery.",
            ),
        ),
    ] {
        let answer = dynamo.call("UpdateContinuousBackups", update(name, specification)).await;
        assert_eq!(told(&answer), want);
    }
    let on = dynamo.call("UpdateContinuousBackups", update("tab", json!({"PointInTimeRecoveryEnabled": true}))).await;
    assert_eq!((on.status, on.exception()), (501, "NotImplemented"));
    assert!(on.message().contains("UpdateContinuousBackups with PointInTimeRecoveryEnabled"), "{}", on.message());
    assert_eq!(dynamo.call("DescribeContinuousBackups", json!({"TableName": "tab"})).await.ok(), backups());
}

/// Measured on AWS, 2026-10-09.
#[tokio::test]
async fn a_resource_policy_is_not_found() {
    let dynamo = dynamo().await;
    let described = dynamo.call("DescribeTable", json!({"TableName": "tab"})).await.ok();
    let stream = described["Table"]["LatestStreamArn"].as_str().expect("a stream").to_owned();
    for arn in [ARN, &stream] {
        let message = format!("Resource-based policy not found for the provided ResourceArn: {arn}");
        let answer = dynamo.call("GetResourcePolicy", json!({"ResourceArn": arn})).await;
        assert_eq!(told(&answer), (400, "PolicyNotFoundException", &*message));
    }
    let invalid = |what: &str| ("ValidationException", format!("One or more parameter values were invalid: {what}"));
    let missing = |what: &str| ("ResourceNotFoundException", format!("Requested resource not found: {what} not found"));
    for (arn, want) in [
        ("tab", invalid("ARNs must start with 'arn:': tab")),
        ("arn:aws:dynamodb:us-east-1:000000000000:table/none", missing("Table: none")),
        (
            "arn:aws:dynamodb:us-east-1:111111111111:table/tab",
            (
                "ValidationException",
                "This action is only supported by accounts that match the resource owner’s account.".to_owned(),
            ),
        ),
        (
            "arn:aws:dynamodb:eu-west-1:000000000000:table/tab",
            invalid("Invalid resource Arn: arn:aws:dynamodb:eu-west-1:000000000000:table/tab"),
        ),
        (
            "arn:aws-cn:dynamodb:us-east-1:000000000000:table/tab",
            invalid("Invalid resource Arn: arn:aws-cn:dynamodb:us-east-1:000000000000:table/tab"),
        ),
        (
            "arn:aws:dynamodb:us-east-1:000000000000:table/tab/index/gsi",
            invalid(
                "Invalid resource arn provided, only table or stream is accepted. Provided resource arn: \
                 arn:aws:dynamodb:us-east-1:000000000000:table/tab/index/gsi",
            ),
        ),
        (
            "arn:aws:dynamodb:us-east-1:000000000000:table/tab/backup/0170",
            invalid(
                "Provided Arn is not a DynamoDB resource arn: \
                 arn:aws:dynamodb:us-east-1:000000000000:table/tab/backup/0170",
            ),
        ),
        (
            "arn:aws:dynamodb:us-east-1:000000000000:table/tab/stream/2000-01-01T00:00:00.000",
            (
                "ResourceNotFoundException",
                "Requested resource not found: Stream: 2000-01-01T00:00:00.000 not found for Table: tab".to_owned(),
            ),
        ),
    ] {
        let answer = dynamo.call("GetResourcePolicy", json!({"ResourceArn": arn})).await;
        assert_eq!(told(&answer), (400, want.0, &*want.1), "{arn}");
    }
}

#[tokio::test]
async fn the_writes_beside_them_say_that_they_are_not_built() {
    let dynamo = dynamo().await;
    for operation in [
        "CreateBackup",
        "CreateGlobalTable",
        "DeleteResourcePolicy",
        "EnableKinesisStreamingDestination",
        "ExportTableToPointInTime",
        "ImportTable",
        "PutResourcePolicy",
        "UpdateContributorInsights",
    ] {
        let answer = dynamo.call(operation, json!({})).await;
        assert_eq!((answer.status, answer.exception()), (501, "NotImplemented"), "{operation}");
        assert!(answer.message().contains(operation), "{}", answer.message());
    }
}
