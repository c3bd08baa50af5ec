//! Bodies of every operation of DynamoDB and its streams, and the names that they are asked for by.

use bytes::Bytes;
use footbridge::emulator::body;
use footbridge::emulator::dynamodb::handle;
use footbridge::emulator::dynamodb::operation::{STREAMS, built};
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Value as Json, json};

use crate::change::{changed, changes, text};
use crate::dynamo::{Dynamo, caller};
use crate::json::{Twist, twisted, twists};
use crate::target::{Target, Verdict, ensure};

/// The table that is there at each input.
pub fn table() -> Json {
    json!({
        "TableName": "tab", "BillingMode": "PAY_PER_REQUEST",
        "AttributeDefinitions": [{"AttributeName": "pk", "AttributeType": "S"}, {"AttributeName": "sk", "AttributeType": "N"},
            {"AttributeName": "g", "AttributeType": "S"}],
        "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
        "GlobalSecondaryIndexes": [{"IndexName": "gsi", "KeySchema": [{"AttributeName": "g", "KeyType": "HASH"}],
            "Projection": {"ProjectionType": "INCLUDE", "NonKeyAttributes": ["v"]}}],
        "LocalSecondaryIndexes": [{"IndexName": "lsi", "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"},
            {"AttributeName": "g", "KeyType": "RANGE"}], "Projection": {"ProjectionType": "KEYS_ONLY"}}],
        "StreamSpecification": {"StreamEnabled": true, "StreamViewType": "NEW_AND_OLD_IMAGES"},
        "Tags": [{"Key": "a", "Value": "b"}],
    })
}

pub fn item() -> Json {
    json!({"pk": {"S": "a"}, "sk": {"N": "1"}, "g": {"S": "b"}, "v": {"M": {"l": {"L": [{"N": "1.5"}, {"BOOL": true}, {"NULL": true}]},
        "b": {"B": "AAEC"}, "ss": {"SS": ["x", "y"]}, "ns": {"NS": ["1", "2"]}, "bs": {"BS": ["AA=="]}}}})
}

/// A request of each operation that is answered well.
fn example(operation: &str) -> Json {
    const ARN: &str = "arn:aws:dynamodb:us-east-1:000000000000:table/tab";
    let (key, values) = (json!({"pk": {"S": "a"}, "sk": {"N": "1"}}), json!({":v": {"N": "1"}, ":s": {"S": "a"}}));
    let with = |more: Json| {
        let mut whole = json!({"TableName": "tab"});
        whole.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        whole
    };
    match operation {
        "BatchGetItem" => {
            json!({"RequestItems": {"tab": {"Keys": [key], "ProjectionExpression": "pk, v.l[0]", "ConsistentRead": true}}})
        }
        "BatchWriteItem" => {
            json!({"RequestItems": {"tab": [{"PutRequest": {"Item": item()}}, {"DeleteRequest": {"Key": {"pk": {"S": "z"}, "sk": {"N": "2"}}}}]}})
        }
        "CreateTable" => {
            let mut other = table();
            other["TableName"] = json!("other");
            other
        }
        "DeleteItem" => {
            with(json!({"Key": key, "ConditionExpression": "#v = :v", "ExpressionAttributeNames": {"#v": "v"},
            "ExpressionAttributeValues": {":v": {"N": "1"}}, "ReturnValues": "ALL_OLD", "ReturnConsumedCapacity": "INDEXES"}))
        }
        "GetItem" => {
            with(json!({"Key": key, "ProjectionExpression": "#v.l[1], pk", "ExpressionAttributeNames": {"#v": "v"}}))
        }
        "PutItem" => with(json!({"Item": item(), "ReturnValues": "ALL_OLD", "ReturnItemCollectionMetrics": "SIZE",
            "Expected": {"pk": {"ComparisonOperator": "NOT_NULL"}}, "ConditionalOperator": "AND"})),
        "Query" => {
            with(json!({"KeyConditionExpression": "pk = :s AND sk >= :v", "FilterExpression": "attribute_exists(v)",
            "ExpressionAttributeValues": values, "Limit": 3, "ScanIndexForward": false, "Select": "ALL_ATTRIBUTES",
            "ExclusiveStartKey": key}))
        }
        "Scan" => with(json!({"IndexName": "gsi", "Limit": 2, "Segment": 0, "TotalSegments": 3, "Select": "COUNT",
            "FilterExpression": "size(#v) > :v", "ExpressionAttributeNames": {"#v": "v"}, "ExpressionAttributeValues": {":v": {"N": "1"}}})),
        "UpdateItem" => {
            with(json!({"Key": key, "UpdateExpression": "SET #v.n = if_not_exists(#v.n, :v) + :v REMOVE g ADD c :v",
            "ExpressionAttributeNames": {"#v": "v"}, "ExpressionAttributeValues": {":v": {"N": "1"}}, "ReturnValues": "UPDATED_NEW"}))
        }
        "UpdateTable" => with(json!({"AttributeDefinitions": [{"AttributeName": "h", "AttributeType": "B"}],
            "GlobalSecondaryIndexUpdates": [{"Create": {"IndexName": "new", "KeySchema": [{"AttributeName": "h", "KeyType": "HASH"}],
            "Projection": {"ProjectionType": "ALL"}}}], "DeletionProtectionEnabled": false})),
        "UpdateTimeToLive" => with(json!({"TimeToLiveSpecification": {"Enabled": true, "AttributeName": "ttl"}})),
        "TransactGetItems" => json!({"TransactItems": [{"Get": {"TableName": "tab", "Key": key}}]}),
        "TransactWriteItems" => {
            json!({"ClientRequestToken": "token", "TransactItems": [{"Put": {"TableName": "tab", "Item": item()}},
            {"Update": {"TableName": "tab", "Key": {"pk": {"S": "u"}, "sk": {"N": "0"}}, "UpdateExpression": "ADD c :v", "ExpressionAttributeValues": {":v": {"N": "1"}}}},
            {"ConditionCheck": {"TableName": "tab", "Key": {"pk": {"S": "c"}, "sk": {"N": "0"}}, "ConditionExpression": "attribute_not_exists(pk)"}}]})
        }
        "TagResource" => json!({"ResourceArn": ARN, "Tags": [{"Key": "a", "Value": "b"}]}),
        "UntagResource" => json!({"ResourceArn": ARN, "TagKeys": ["a"]}),
        "GetResourcePolicy" | "ListTagsOfResource" => json!({"ResourceArn": ARN}),
        "UpdateContinuousBackups" => {
            with(json!({"PointInTimeRecoverySpecification": {"PointInTimeRecoveryEnabled": false}}))
        }
        "ListBackups" | "ListExports" | "ListGlobalTables" | "ListImports" => json!({}),
        "ListTables" => json!({"Limit": 1, "ExclusiveStartTableName": "aaa"}),
        "DescribeStream" => json!({"StreamArn": format!("{ARN}/stream/2023-11-14T22:13:20.123"), "Limit": 1,
            "ShardFilter": {"Type": "CHILD_SHARDS", "ShardId": "shardId-00000001700000000123-00000000"}}),
        "GetShardIterator" => {
            json!({"StreamArn": format!("{ARN}/stream/2023-11-14T22:13:20.123"), "ShardId": "shardId-00000001700000000123-00000000",
            "ShardIteratorType": "AT_SEQUENCE_NUMBER", "SequenceNumber": "100000000000000000000001"})
        }
        "GetRecords" => {
            json!({"ShardIterator": format!("{ARN}/stream/2023-11-14T22:13:20.123|1|AAAAAAAAAAA"), "Limit": 1})
        }
        _ => with(json!({})),
    }
}

#[derive(Debug, Clone)]
struct Asked {
    target: String,
    body: Bytes,
    valid: bool,
}

fn asked() -> impl Strategy<Value = Asked> {
    let names = built().map(|built| ("DynamoDB_20120810", built.name));
    let names: Vec<_> = names.chain(STREAMS.iter().map(|built| ("DynamoDBStreams_20120810", built.name))).collect();
    let on_target = prop_oneof![9 => Just(Vec::new()), 1 => changes()];
    let on_bytes = prop_oneof![3 => Just(Vec::new()), 1 => changes()];
    (select(names), twists(), on_target, on_bytes).prop_map(
        |((service, name), twists, on_target, on_bytes): (_, Vec<Twist>, _, _)| {
            let body = twisted(&example(name), &twists).to_string();
            let valid = twists.is_empty() && on_bytes.is_empty() && on_target.is_empty();
            Asked {
                target: text(&format!("{service}.{name}"), &on_target),
                body: changed(body.as_bytes(), &on_bytes).into(),
                valid,
            }
        },
    )
}

/// The answer, which must be DynamoDB's: JSON with its checksum, and an error with its kind.
pub async fn answered(dynamo: &Dynamo, target: &str, body: Bytes) -> Result<(u16, Json), String> {
    let request =
        http::Request::post("/").header("content-type", "application/x-amz-json-1.0").header("x-amz-target", target);
    // A name that no header can hold does not come over a connection either.
    let Ok(request) = request.body(body::full(body)) else { return Ok((400, Json::Null)) };
    let (parts, body) = handle(&dynamo.service, &caller("us-east-1"), request).await.into_parts();
    let bytes = body::read(body, usize::MAX).await.unwrap();
    let status = parts.status.as_u16();
    let said = || format!("answered {status} {}", String::from_utf8_lossy(&bytes));
    ensure(status < 500 || status == 501, said)?;
    ensure(parts.headers["x-amz-crc32"] == crc32fast::hash(&bytes).to_string().as_str(), || {
        "a wrong checksum".to_owned()
    })?;
    let answer: Json = serde_json::from_slice(&bytes).map_err(|_| said())?;
    ensure(status == 200 || answer["__type"].is_string(), said)?;
    Ok((status, answer))
}

/// That there is the table, with an item.
pub async fn with_table(dynamo: &Dynamo) -> Verdict {
    dynamo.call("CreateTable", table()).await;
    let put = dynamo.call("PutItem", json!({"TableName": "tab", "Item": item()})).await;
    ensure(put.status == 200, || format!("a good item is refused: {}", put.body))?;
    let got = dynamo.call("GetItem", json!({"TableName": "tab", "Key": {"pk": {"S": "a"}, "sk": {"N": "1"}}})).await;
    ensure(got.body["Item"] == item(), || format!("the item is {}", got.body))
}

#[test]
fn a_body_is_answered_as_dynamodb_answers() {
    let target = Target::new("dynamodb", 700);
    let dynamo = target.set_up(async { Dynamo::open() });
    target.holds(&asked(), async |asked| {
        with_table(&dynamo).await?;
        let (status, answer) = answered(&dynamo, &asked.target, asked.body.clone()).await?;
        if status == 200 {
            target.accepted();
        }
        let good = !asked.valid
            || status == 200
            || answer["__type"].as_str().is_some_and(|kind| !kind.contains("Serialization"));
        ensure(good, || format!("a good request is answered {status} {answer}"))
    });
    target.accepts_one_in(10);
    target.set_up(async {
        dynamo.service.close().await;
        let again = Dynamo::on(dynamo.store.clone());
        again.service.swept().await;
        with_table(&again).await.unwrap();
    });
}
