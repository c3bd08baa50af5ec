//! Transactions.

use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsError;
use aws_sdk_dynamodb::types::{ConditionCheck, Delete, Get, Put, TransactGetItem, TransactWriteItem, Update};

use super::{INVALID, get, item, n, put, s};
use crate::world::{World, refusal};

fn putting(table: &str, pk: &str, v: i64) -> TransactWriteItem {
    let put = Put::builder().table_name(table).item("pk", s(pk)).item("v", n(v));
    TransactWriteItem::builder().put(put.build().unwrap()).build()
}

fn checking(table: &str, pk: &str, v: i64) -> TransactWriteItem {
    let check = ConditionCheck::builder().table_name(table).key("pk", s(pk)).condition_expression("v = :v");
    let check = check.expression_attribute_values(":v", n(v)).build().unwrap();
    TransactWriteItem::builder().condition_check(check).build()
}

fn adding(table: &str, pk: &str, v: i64) -> TransactWriteItem {
    let update = Update::builder().table_name(table).key("pk", s(pk)).update_expression("ADD v :v");
    TransactWriteItem::builder().update(update.expression_attribute_values(":v", n(v)).build().unwrap()).build()
}

fn deleting(table: &str, pk: &str) -> TransactWriteItem {
    TransactWriteItem::builder().delete(Delete::builder().table_name(table).key("pk", s(pk)).build().unwrap()).build()
}

async fn v(world: &World, table: &str, pk: &str) -> Option<i64> {
    let found = get(world, table, item([("pk", s(pk))])).await?;
    Some(found["v"].as_n().unwrap().parse().unwrap())
}

/// The code of each reason for which a transaction was cancelled.
async fn reasons(world: &World, actions: Vec<TransactWriteItem>) -> Vec<String> {
    let refused = world.dynamodb.transact_write_items().set_transact_items(Some(actions)).send().await.unwrap_err();
    match refused.into_service_error() {
        TransactWriteItemsError::TransactionCanceledException(cancelled) => {
            cancelled.cancellation_reasons().iter().map(|reason| reason.code().unwrap().to_owned()).collect()
        }
        other => panic!("{other:?}"),
    }
}

pub async fn all_of_it_is_written(world: &World) {
    let (one, two) = (world.table("one", "pk S").await, world.table("two", "pk S").await);
    for (table, pk) in [(&one, "gone"), (&one, "sum"), (&two, "checked")] {
        put(world, table, item([("pk", s(pk)), ("v", n(1))])).await;
    }
    let actions =
        vec![putting(&two, "new", 5), adding(&one, "sum", 2), deleting(&one, "gone"), checking(&two, "checked", 1)];
    world.dynamodb.transact_write_items().set_transact_items(Some(actions)).send().await.unwrap();
    assert_eq!(v(world, &two, "new").await, Some(5));
    assert_eq!((v(world, &one, "sum").await, v(world, &one, "gone").await), (Some(3), None));
}

pub async fn or_none_of_it_and_it_tells_why(world: &World) {
    let table = world.table("t", "pk S").await;
    put(world, &table, item([("pk", s("checked")), ("v", n(1))])).await;
    let actions = vec![putting(&table, "new", 5), checking(&table, "checked", 2), adding(&table, "sum", 1)];
    assert_eq!(reasons(world, actions).await, ["None", "ConditionalCheckFailed", "None"]);
    assert_eq!((v(world, &table, "new").await, v(world, &table, "sum").await), (None, None));
}

pub async fn one_item_is_touched_once(world: &World) {
    let table = world.table("t", "pk S").await;
    let actions = vec![putting(&table, "a", 1), adding(&table, "a", 1)];
    let refused = world.dynamodb.transact_write_items().set_transact_items(Some(actions)).send().await;
    assert_eq!(refusal(refused), INVALID);
    assert_eq!(v(world, &table, "a").await, None);
}

pub async fn a_token_makes_it_count_once(world: &World) {
    let table = world.table("t", "pk S").await;
    let write = |value: i64| {
        let write = world.dynamodb.transact_write_items().client_request_token("a token of this test");
        write.transact_items(adding(&table, "sum", value)).send()
    };
    write(2).await.unwrap();
    write(2).await.unwrap();
    assert_eq!(v(world, &table, "sum").await, Some(2));
    assert_eq!(refusal(write(3).await), "400 IdempotentParameterMismatchException");
}

pub async fn reads_are_of_one_moment_and_in_order(world: &World) {
    let table = world.table("t", "pk S").await;
    for (pk, value) in [("a", 1), ("b", 2)] {
        put(world, &table, item([("pk", s(pk)), ("v", n(value))])).await;
    }
    let reading = |pk: &str| {
        TransactGetItem::builder().get(Get::builder().table_name(&table).key("pk", s(pk)).build().unwrap()).build()
    };
    let ask = world.dynamodb.transact_get_items().transact_items(reading("b")).transact_items(reading("absent"));
    let got = ask.transact_items(reading("a")).send().await.unwrap();
    let values: Vec<_> = got.responses().iter().map(|answer| answer.item().map(|item| item["v"].clone())).collect();
    assert_eq!(values, [Some(n(2)), None, Some(n(1))]);
}
