//! A random history of calls gives what a plain map gives.

#![allow(clippy::expect_used, reason = "a test fails by panicking")]

#[path = "support/dynamodb.rs"]
mod dynamodb;

use std::collections::BTreeMap;

use dynamodb::Dynamo;
use proptest::prelude::*;
use serde_json::{Value as Json, json};

/// Items of one table: a number for each partition and sort key.
type Model = BTreeMap<(String, i64), i64>;

/// One call of a history.
#[derive(Debug, Clone)]
enum Step {
    Put(String, i64, i64),
    PutNew(String, i64, i64),
    Add(String, i64, i64),
    Delete(String, i64),
    Query { partition: String, from: i64, to: i64, descending: bool, limit: usize },
    Scan { limit: usize },
}

fn step() -> impl Strategy<Value = Step> {
    // Few keys, so that calls meet; partitions of which one begins another.
    let partition = || proptest::sample::select(vec!["a", "ab", "a\0", "\u{10FFFF}"]).prop_map(str::to_owned);
    let sort = || prop_oneof![-12_i64..12, Just(-100), Just(100)];
    let number = || -5_i64..5;
    prop_oneof![
        4 => (partition(), sort(), number()).prop_map(|(p, s, n)| Step::Put(p, s, n)),
        2 => (partition(), sort(), number()).prop_map(|(p, s, n)| Step::PutNew(p, s, n)),
        3 => (partition(), sort(), number()).prop_map(|(p, s, n)| Step::Add(p, s, n)),
        2 => (partition(), sort()).prop_map(|(p, s)| Step::Delete(p, s)),
        3 => (partition(), sort(), sort(), any::<bool>(), 1_usize..5).prop_map(|(partition, a, b, descending, limit)| {
            Step::Query { partition, from: a.min(b), to: a.max(b), descending, limit }
        }),
        1 => (1_usize..7).prop_map(|limit| Step::Scan { limit }),
    ]
}

fn n(number: i64) -> Json {
    json!({"N": number.to_string()})
}

fn key(partition: &str, sort: i64) -> Json {
    json!({"pk": {"S": partition}, "sk": n(sort)})
}

fn item(((partition, sort), value): ((String, i64), i64)) -> Json {
    let mut item = key(&partition, sort);
    item["v"] = n(value);
    item
}

/// The items of all pages; no page has more than `Limit`.
async fn pages(dynamo: &Dynamo, operation: &str, mut request: Json) -> Vec<Json> {
    let limit = request["Limit"].as_u64().expect("a limit");
    let mut items = Vec::new();
    loop {
        let page = dynamo.call(operation, request.clone()).await.ok();
        assert!(page["Count"].as_u64() <= Some(limit));
        items.extend(page["Items"].as_array().expect("items").clone());
        match page.get("LastEvaluatedKey") {
            Some(last) => request["ExclusiveStartKey"] = last.clone(),
            None => return items,
        }
    }
}

async fn take(dynamo: &Dynamo, model: &mut Model, step: Step) {
    match step {
        Step::Put(partition, sort, value) => {
            dynamo.put("tab", item(((partition.clone(), sort), value))).await;
            model.insert((partition, sort), value);
        }
        Step::PutNew(partition, sort, value) => {
            let request = json!({
                "TableName": "tab", "Item": item(((partition.clone(), sort), value)),
                "ConditionExpression": "attribute_not_exists(pk)",
            });
            let answer = dynamo.call("PutItem", request).await;
            let known = model.contains_key(&(partition.clone(), sort));
            assert_eq!(answer.exception(), if known { "ConditionalCheckFailedException" } else { "" });
            model.entry((partition, sort)).or_insert(value);
        }
        Step::Add(partition, sort, value) => {
            let request = json!({
                "TableName": "tab", "Key": key(&partition, sort), "UpdateExpression": "ADD v :v",
                "ExpressionAttributeValues": {":v": n(value)}, "ReturnValues": "UPDATED_NEW",
            });
            let sum = model.entry((partition, sort)).or_default();
            *sum += value;
            assert_eq!(dynamo.call("UpdateItem", request).await.ok()["Attributes"]["v"], n(*sum));
        }
        Step::Delete(partition, sort) => {
            let request = json!({"TableName": "tab", "Key": key(&partition, sort), "ReturnValues": "ALL_OLD"});
            let answer = dynamo.call("DeleteItem", request).await.ok();
            let old = model.remove_entry(&(partition, sort)).map(item);
            assert_eq!(answer.get("Attributes"), old.as_ref());
        }
        Step::Query { partition, from, to, descending, limit } => {
            let request = json!({
                "TableName": "tab", "KeyConditionExpression": "pk = :p AND sk BETWEEN :a AND :b", "Limit": limit,
                "ExpressionAttributeValues": {":p": {"S": partition}, ":a": n(from), ":b": n(to)},
                "ScanIndexForward": !descending,
            });
            let range = model.range((partition.clone(), from)..=(partition, to));
            let mut want: Vec<_> = range.map(|(key, value)| item((key.clone(), *value))).collect();
            if descending {
                want.reverse();
            }
            assert_eq!(pages(dynamo, "Query", request).await, want);
        }
        Step::Scan { limit } => {
            let mut found = pages(dynamo, "Scan", json!({"TableName": "tab", "Limit": limit})).await;
            let mut want: Vec<_> = model.iter().map(|(key, value)| item((key.clone(), *value))).collect();
            found.sort_by_key(Json::to_string);
            want.sort_by_key(Json::to_string);
            assert_eq!(found, want);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_history_leaves_what_a_map_holds(steps in proptest::collection::vec(step(), 1..60)) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        runtime.block_on(async {
            let dynamo = Dynamo::open();
            dynamo.table("tab", &["pk", "sk:N"]).await;
            let mut model = Model::new();
            for step in steps {
                take(&dynamo, &mut model, step).await;
            }
            take(&dynamo, &mut model, Step::Scan { limit: 3 }).await;
        });
    }
}
