//! Batches.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::{DeleteRequest, KeysAndAttributes, PutRequest, WriteRequest};

use super::{INVALID, get, item, n, s};
use crate::world::{World, refusal};

fn putting(pk: i64) -> WriteRequest {
    let put = PutRequest::builder().item("pk", n(pk)).item("v", s("x")).build().unwrap();
    WriteRequest::builder().put_request(put).build()
}

fn deleting(pk: i64) -> WriteRequest {
    WriteRequest::builder().delete_request(DeleteRequest::builder().key("pk", n(pk)).build().unwrap()).build()
}

/// Writes all of it, what is left unprocessed again.
async fn write(world: &World, requests: HashMap<String, Vec<WriteRequest>>) {
    let mut left = requests;
    while !left.is_empty() {
        let written = world.dynamodb.batch_write_item().set_request_items(Some(left)).send().await.unwrap();
        left = written.unprocessed_items.unwrap_or_default();
    }
}

pub async fn a_batch_writes_to_many_tables(world: &World) {
    let (one, two) = (world.table("one", "pk N").await, world.table("two", "pk N").await);
    let requests = [(one.clone(), (0..20).map(putting).collect()), (two.clone(), (0..5).map(putting).collect())];
    write(world, HashMap::from(requests)).await;
    write(world, HashMap::from([(one.clone(), vec![deleting(0), deleting(99), putting(50)])])).await;
    assert_eq!(get(world, &one, item([("pk", n(0))])).await, None);
    assert_eq!(get(world, &one, item([("pk", n(50))])).await, Some(item([("pk", n(50)), ("v", s("x"))])));
    assert!(get(world, &two, item([("pk", n(4))])).await.is_some());
}

pub async fn a_batch_reads_what_is_there(world: &World) {
    let table = world.table("t", "pk N").await;
    write(world, HashMap::from([(table.clone(), (0..25).map(putting).collect())])).await;
    let mut seen = Vec::new();
    let keys = (0..100).map(|pk| item([("pk", n(pk))])).collect();
    let keys = KeysAndAttributes::builder().set_keys(Some(keys)).consistent_read(true).projection_expression("pk");
    let mut left = HashMap::from([(table.clone(), keys.build().unwrap())]);
    while !left.is_empty() {
        let got = world.dynamodb.batch_get_item().set_request_items(Some(left)).send().await.unwrap();
        seen.extend(super::numbers(&got.responses.unwrap()[&table], "pk"));
        left = got.unprocessed_keys.unwrap_or_default();
    }
    seen.sort_unstable();
    assert_eq!(seen, (0..25).collect::<Vec<_>>());
}

pub async fn batches_that_are_wrong_are_refused(world: &World) {
    let table = world.table("t", "pk N").await;
    let write = |requests: Vec<WriteRequest>| world.dynamodb.batch_write_item().request_items(&table, requests).send();
    assert_eq!(refusal(write((0..26).map(putting).collect()).await), INVALID);
    assert_eq!(refusal(write(vec![putting(1), deleting(1)]).await), INVALID);
    assert_eq!(refusal(write(vec![]).await), INVALID);
    let read = |keys: Vec<i64>| {
        let keys = keys.into_iter().map(|pk| item([("pk", n(pk))])).collect();
        let keys = KeysAndAttributes::builder().set_keys(Some(keys)).build().unwrap();
        world.dynamodb.batch_get_item().request_items(&table, keys).send()
    };
    assert_eq!(refusal(read((0..101).collect()).await), INVALID);
    assert_eq!(refusal(read(vec![1, 1]).await), INVALID);
    assert_eq!(get(world, &table, item([("pk", n(1))])).await, None);
    let absent = world.table_name("absent");
    let write = world.dynamodb.batch_write_item().request_items(&absent, vec![putting(1)]).send().await;
    assert_eq!(refusal(write), "400 ResourceNotFoundException");
}
