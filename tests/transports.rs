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
