//! One emulator, two transports: what SDK clients get in process and what they get over HTTP is the same.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod common;

use aws_sdk_dynamodb::types::{
    AttributeDefinition, AttributeValue, BillingMode, KeySchemaElement, KeyType, ScalarAttributeType,
};
use aws_sdk_s3::primitives::ByteStream;
use common::Running;
use footbridge::backend::Clients;

async fn put_one_of_each(clients: &Clients, name: &str) {
    let table = clients.dynamodb.create_table().table_name(name).billing_mode(BillingMode::PayPerRequest);
    let key =
        AttributeDefinition::builder().attribute_name("pk").attribute_type(ScalarAttributeType::S).build().unwrap();
    let hash = KeySchemaElement::builder().attribute_name("pk").key_type(KeyType::Hash).build().unwrap();
    table.attribute_definitions(key).key_schema(hash).send().await.unwrap();
    let put = clients.dynamodb.put_item().table_name(name).item("pk", AttributeValue::S("a".into()));
    put.item("n", AttributeValue::N("12345678901234567890.5".into())).send().await.unwrap();
    clients.s3.create_bucket().bucket(name).send().await.unwrap();
    let put = clients.s3.put_object().bucket(name).key("a//b").body(ByteStream::from_static(b"hello"));
    put.send().await.unwrap();
}

async fn read_one_of_each(clients: &Clients, name: &str) {
    let got =
        clients.dynamodb.get_item().table_name(name).key("pk", AttributeValue::S("a".into())).send().await.unwrap();
    assert_eq!(got.item.unwrap()["n"], AttributeValue::N("12345678901234567890.5".into()));
    let got = clients.s3.get_object().bucket(name).key("a//b").send().await.unwrap();
    assert_eq!(got.body.collect().await.unwrap().into_bytes().as_ref(), b"hello");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_one_transport_writes_the_other_reads() {
    let temp = tempfile::tempdir().unwrap();
    let running = Box::pin(Running::start(temp.path())).await;
    put_one_of_each(&running.in_process(), "one").await;
    read_one_of_each(&running.over_http(), "one").await;
    put_one_of_each(&running.over_http(), "two").await;
    read_one_of_each(&running.in_process(), "two").await;
    running.stop().await;

    let again = Box::pin(Running::start(temp.path())).await;
    read_one_of_each(&again.in_process(), "one").await;
    read_one_of_each(&again.over_http(), "two").await;
    again.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reset_empties_everything_for_every_client() {
    let aws = footbridge::testing::start().await.unwrap();
    let own = Clients::of(aws.config());
    let far = common::http_clients(aws.url());
    for path in ["/_footbridge/reset", "/_localstack/state/reset"] {
        // A rider, a blob, and an upload that is still open.
        put_one_of_each(&far, "one").await;
        let large = ByteStream::from(vec![7; 200_000]);
        own.s3.put_object().bucket("one").key("large").body(large).send().await.unwrap();
        own.s3.create_multipart_upload().bucket("one").key("open").send().await.unwrap();
        assert_eq!(post(&format!("{}{path}", aws.url()), &[]).await, 200);
        assert!(far.s3.list_buckets().send().await.unwrap().buckets().is_empty());
        assert!(own.dynamodb.list_tables().send().await.unwrap().table_names().is_empty());
        // The same names start anew.
        own.s3.create_bucket().bucket("one").send().await.unwrap();
        assert_eq!(own.s3.list_objects_v2().bucket("one").send().await.unwrap().key_count(), Some(0));
        assert!(own.s3.list_multipart_uploads().bucket("one").send().await.unwrap().uploads().is_empty());
        own.s3.delete_bucket().bucket("one").send().await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_of_another_origin_resets_nothing() {
    let aws = footbridge::testing::start().await.unwrap();
    aws.s3.create_bucket().bucket("kept").send().await.unwrap();
    let url = format!("{}/_footbridge/reset", aws.url());
    let signed = format!("{url}?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=test&X-Amz-Signature=0");
    assert_eq!(post(&url, &[("origin", "https://evil.example")]).await, 403);
    assert_eq!(post(&url, &[("sec-fetch-site", "cross-site")]).await, 403);
    assert_eq!(post(&signed, &[("origin", "https://evil.example")]).await, 403);
    assert_eq!(aws.s3.list_buckets().send().await.unwrap().buckets().len(), 1);
}

#[tokio::test]
async fn clients_of_a_test_go_by_its_clock() {
    let clock = footbridge::clock::ManualClock::at_millis(1_700_000_000_000);
    let aws = footbridge::testing::start_at(std::sync::Arc::new(clock.clone())).await.unwrap();
    aws.s3.create_bucket().bucket("then").send().await.unwrap();
    clock.advance(std::time::Duration::from_hours(24));
    let buckets = aws.s3.list_buckets().send().await.unwrap();
    assert_eq!(buckets.buckets()[0].creation_date().unwrap().secs(), 1_700_000_000);
}

/// The status of a POST without a body.
async fn post(url: &str, headers: &[(&str, &str)]) -> u16 {
    let mut request = http::Request::post(url);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let client = hyper_util::client::legacy::Client::builder(hyper_util::rt::TokioExecutor::new());
    let client = client.build_http::<http_body_util::Empty<bytes::Bytes>>();
    client.request(request.body(http_body_util::Empty::new()).unwrap()).await.unwrap().status().as_u16()
}
