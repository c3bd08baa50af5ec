//! Tags at the wire, and what the account and the service say of themselves.

use serde_json::{Value as Json, json};

use super::support::{Answer, Dynamo, caller};

const ARN: &str = "arn:aws:dynamodb:us-east-1:000000000000:table/tab";

fn tags(pairs: &[(&str, &str)]) -> Json {
    pairs.iter().map(|(key, value)| json!({"Key": key, "Value": value})).collect()
}

async fn tag(dynamo: &Dynamo, given: Json) -> Answer {
    dynamo.call("TagResource", json!({"ResourceArn": ARN, "Tags": given})).await
}

async fn listed(dynamo: &Dynamo) -> Json {
    dynamo.call("ListTagsOfResource", json!({"ResourceArn": ARN})).await.ok()["Tags"].take()
}

#[tokio::test]
async fn tags_are_given_replaced_and_taken() {
    let dynamo = Dynamo::open();
    let request = json!({
        "TableName": "tab", "BillingMode": "PAY_PER_REQUEST", "Tags": tags(&[("team", "a"), ("stage", "")]),
        "AttributeDefinitions": [{"AttributeName": "pk", "AttributeType": "S"}],
        "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}],
    });
    dynamo.call("CreateTable", request).await.ok();
    assert_eq!(listed(&dynamo).await, tags(&[("stage", ""), ("team", "a")]));
    assert_eq!(tag(&dynamo, tags(&[("team", "b"), ("größe: 1", "x+y=z@_./-")])).await.ok(), json!({}));
    assert_eq!(listed(&dynamo).await, tags(&[("größe: 1", "x+y=z@_./-"), ("stage", ""), ("team", "b")]));
    let untag = json!({"ResourceArn": ARN, "TagKeys": ["stage", "unknown"]});
    assert_eq!(dynamo.call("UntagResource", untag).await.ok(), json!({}));
    assert_eq!(listed(&dynamo).await, tags(&[("größe: 1", "x+y=z@_./-"), ("team", "b")]));
}

#[tokio::test]
async fn tags_that_aws_does_not_take_are_refused_whole() {
    let dynamo = Dynamo::open();
    dynamo.table("tab", &["pk"]).await;
    let many = |count: usize| -> Json { (0..count).map(|at| json!({"Key": format!("k{at}"), "Value": "v"})).collect() };
    for wrong in [
        tags(&[("good", "x"), ("aws:reserved", "x")]),
        tags(&[("AWS:reserved", "x")]),
        tags(&[("twice", "a"), ("twice", "b")]),
        tags(&[("bad*", "x")]),
        tags(&[("key", "bad#value")]),
        many(51),
    ] {
        let refused = tag(&dynamo, wrong.clone()).await;
        assert_eq!((refused.status, refused.exception()), (400, "ValidationException"), "{wrong}");
    }
    assert_eq!(listed(&dynamo).await, json!([]));
    tag(&dynamo, many(50)).await.ok();
    assert_eq!(tag(&dynamo, tags(&[("k7", "other")])).await.status, 200, "one in place of another");
    assert_eq!(tag(&dynamo, tags(&[("more", "x")])).await.exception(), "ValidationException");
    let empty = "1 validation error detected: Value '' at 'tags.1.member.key' failed to satisfy constraint: Member must \
                 have length greater than or equal to 1";
    assert_eq!(tag(&dynamo, tags(&[("", "x")])).await.message(), empty);
}

#[tokio::test]
async fn what_is_wrong_with_an_arn_decides_the_error() {
    let dynamo = Dynamo::open();
    dynamo.table("tab", &["pk"]).await;
    let gone = "arn:aws:dynamodb:us-east-1:000000000000:table/gone";
    let message = format!("Requested resource not found: ResourceArn: {gone} not found");
    for (arn, exception) in [
        ("tab", "ValidationException"),
        ("arn:aws:s3:::bucket", "AccessDeniedException"),
        ("arn:aws:dynamodb:us-east-1:111111111111:table/tab", "AccessDeniedException"),
        ("arn:aws:dynamodb:eu-west-1:111111111111:table/tab", "AccessDeniedException"),
        ("arn:aws:dynamodb:eu-west-1:000000000000:table/tab", "ValidationException"),
        ("arn:aws:dynamodb:us-east-1:000000000000:global-table/tab", "ValidationException"),
        ("arn:aws:dynamodb:us-east-1:000000000000:table/tab/index/i", "ValidationException"),
        (gone, "ResourceNotFoundException"),
    ] {
        for (operation, more) in [
            ("TagResource", json!({"Tags": []})),
            ("UntagResource", json!({"TagKeys": []})),
            ("ListTagsOfResource", json!({})),
        ] {
            let mut request = json!({"ResourceArn": arn});
            request.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
            let refused = dynamo.call(operation, request).await;
            assert_eq!((refused.status, refused.exception()), (400, exception), "{operation} {arn}");
            if exception == "ResourceNotFoundException" {
                assert_eq!(refused.message(), message);
            }
        }
    }
}

#[tokio::test]
async fn limits_and_endpoints_are_told() {
    let dynamo = Dynamo::open();
    let limits = json!({
        "AccountMaxReadCapacityUnits": 80_000, "AccountMaxWriteCapacityUnits": 80_000,
        "TableMaxReadCapacityUnits": 40_000, "TableMaxWriteCapacityUnits": 40_000,
    });
    assert_eq!(dynamo.call("DescribeLimits", json!({})).await.ok(), limits);
    let endpoints = |address: &str| json!({"Endpoints": [{"Address": address, "CachePeriodInMinutes": 1440}]});
    let elsewhere = dynamo.call_as(&caller("eu-west-1"), "DescribeEndpoints", json!({})).await.ok();
    assert_eq!(elsewhere, endpoints("dynamodb.eu-west-1.amazonaws.com"));
    // An SDK goes where this says, so it says where the request came to.
    let request = http::Request::post("/")
        .header("content-type", "application/x-amz-json-1.0")
        .header("x-amz-target", "DynamoDB_20120810.DescribeEndpoints")
        .header("host", "127.0.0.1:4566")
        .body(footbridge::emulator::body::full("{}"))
        .expect("a request");
    let answer = footbridge::emulator::dynamodb::handle(&dynamo.service, &caller("us-east-1"), request).await;
    let bytes = footbridge::emulator::body::read(answer.into_body(), 1000).await.expect("a body");
    assert_eq!(serde_json::from_slice::<Json>(&bytes).expect("JSON"), endpoints("127.0.0.1:4566"));
}
