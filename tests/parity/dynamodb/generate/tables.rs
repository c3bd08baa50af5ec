//! Calls on tables: described, listed, gone and back.

use proptest::prelude::*;
use proptest::sample::select;
use serde_json::json;

use super::shape::Shape;
use super::value::item_of;
use super::{TABLE, reads};
use crate::call::Call;

/// A call on the table as a whole, or on one that is not there.
pub fn step(shape: &Shape) -> impl Strategy<Value = Call> + use<> {
    let named = prop_oneof![4 => Just(TABLE), 1 => Just("${p}none")];
    let on = select(&["DescribeTable", "DescribeTimeToLive"][..]);
    prop_oneof![
        4 => (on, named).prop_map(|(operation, name)| Call::dynamodb(operation, json!({"TableName": name}))),
        1 => Just(Call::dynamodb("DeleteTable", json!({"TableName": "${p}none"}))),
        1 => Just(shape.create()),
    ]
}

/// The table is deleted, looked for, and made again, empty. Which faults of a request are told before its table is looked
/// for is not asked here: AWS does not say.
pub fn gone_and_back(shape: &Shape) -> impl Strategy<Value = Vec<Call>> + use<> {
    let create = shape.create();
    reads::get(shape).prop_map(move |get| {
        vec![Call::dynamodb("DeleteTable", json!({"TableName": TABLE})), get, create.clone(), create.clone()]
    })
}

/// The first items of the table.
pub fn populated(shape: &Shape) -> impl Strategy<Value = Call> + use<> {
    let shape = shape.clone();
    shape
        .keys()
        .prop_flat_map(move |keys| keys.into_iter().map(|key| item_of(&shape, Just(key).boxed())).collect::<Vec<_>>())
        .prop_map(|items| {
            let puts: Vec<_> = items.into_iter().map(|item| json!({"PutRequest": {"Item": item}})).collect();
            Call::dynamodb("BatchWriteItem", json!({"RequestItems": {TABLE: puts}}))
        })
}
