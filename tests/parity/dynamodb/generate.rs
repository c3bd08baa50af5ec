//! Random histories of DynamoDB calls.

use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Value as Json, json};

use crate::call::Call;

const TABLE: &str = "${p}tab";

fn create() -> Call {
    Call::dynamodb(
        "CreateTable",
        json!({
            "TableName": TABLE, "BillingMode": "PAY_PER_REQUEST",
            "AttributeDefinitions": [
                {"AttributeName": "pk", "AttributeType": "S"}, {"AttributeName": "sk", "AttributeType": "N"},
            ],
            "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
        }),
    )
}

fn key() -> impl Strategy<Value = Json> {
    let pk = select(&["a", "ab", "\u{10FFFF}"][..]);
    (pk, -3_i64..3).prop_map(|(pk, sk)| json!({"pk": {"S": pk}, "sk": {"N": sk.to_string()}}))
}

fn step() -> impl Strategy<Value = Call> {
    prop_oneof![
        (key(), -5_i64..5).prop_map(|(key, value)| {
            let mut item = key;
            item["v"] = json!({"N": value.to_string()});
            Call::dynamodb("PutItem", json!({"TableName": TABLE, "Item": item, "ReturnValues": "ALL_OLD"}))
        }),
        key().prop_map(|key| Call::dynamodb("GetItem", json!({"TableName": TABLE, "Key": key}))),
        key().prop_map(|key| Call::dynamodb("DeleteItem", json!({"TableName": TABLE, "Key": key}))),
        (1..4_u64).prop_map(|limit| Call::dynamodb("Scan", json!({"TableName": TABLE, "Limit": limit})).in_pages()),
    ]
}

/// A history: its tables, and calls on them.
pub fn history() -> impl Strategy<Value = Vec<Call>> {
    prop::collection::vec(step(), 1..20).prop_map(|steps| std::iter::once(create()).chain(steps).collect())
}
