//! Calls that write.

use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Value as Json, json};

use super::expression::{Pool, sometimes, spoil, written};
use super::shape::Shape;
use super::value::item;
use super::{TABLE, capacity, some, update, with};
use crate::call::Call;

/// What an item that failed a condition is shown for.
const OLD: &[&str] = &["ALL_OLD", "NONE"];
const METRICS: &[&str] = &["SIZE", "NONE"];

pub fn put(shape: &Shape) -> impl Strategy<Value = Call> + use<> {
    let given = some(0.4, &["ALL_OLD", "NONE", "ALL_NEW"]);
    (item(shape), sometimes(0.35), given, some(0.2, OLD), capacity(), some(0.1, METRICS)).prop_map(
        |(item, condition, given, old, capacity, metrics)| {
            let mut pool = Pool::default();
            let condition = condition.map(|condition| written(&condition, &mut pool));
            let members = vec![
                ("ConditionExpression", condition),
                ("ReturnValues", given),
                ("ReturnValuesOnConditionCheckFailure", old),
                ("ReturnConsumedCapacity", capacity),
                ("ReturnItemCollectionMetrics", metrics),
            ];
            let mut input = with(json!({"TableName": TABLE, "Item": item}), members);
            pool.put_into(&mut input);
            Call::dynamodb("PutItem", input)
        },
    )
}

pub fn update(shape: &Shape) -> impl Strategy<Value = Call> + use<> {
    let given = some(0.8, &["ALL_OLD", "ALL_NEW", "ALL_NEW", "UPDATED_OLD", "UPDATED_NEW", "NONE"]);
    let actions = (prop::option::weighted(0.95, update::actions()), spoil());
    (shape.key(), actions, sometimes(0.3), given, some(0.2, OLD), capacity()).prop_map(
        |(key, (actions, spoil), condition, given, old, capacity)| {
            let mut pool = Pool::default();
            let mut text = actions.map(|actions| update::text(&actions, &mut pool));
            let condition = condition.map(|condition| written(&condition, &mut pool));
            if let (Some(text), Some(how)) = (&mut text, spoil) {
                pool.spoil(how, text);
            }
            let members = vec![
                ("UpdateExpression", text.map(Json::from)),
                ("ConditionExpression", condition),
                ("ReturnValues", given),
                ("ReturnValuesOnConditionCheckFailure", old),
                ("ReturnConsumedCapacity", capacity),
            ];
            let mut input = with(json!({"TableName": TABLE, "Key": key}), members);
            pool.put_into(&mut input);
            Call::dynamodb("UpdateItem", input)
        },
    )
}

pub fn delete(shape: &Shape) -> impl Strategy<Value = Call> + use<> {
    let given = some(0.4, &["ALL_OLD", "NONE", "UPDATED_OLD"]);
    (shape.key(), sometimes(0.3), given, capacity()).prop_map(|(key, condition, given, capacity)| {
        let mut pool = Pool::default();
        let condition = condition.map(|condition| written(&condition, &mut pool));
        let members =
            vec![("ConditionExpression", condition), ("ReturnValues", given), ("ReturnConsumedCapacity", capacity)];
        let mut input = with(json!({"TableName": TABLE, "Key": key}), members);
        pool.put_into(&mut input);
        Call::dynamodb("DeleteItem", input)
    })
}

/// Puts and deletions; now and then of one key twice, and rarely too many.
pub fn batch(shape: &Shape) -> impl Strategy<Value = Call> + use<> {
    let one = prop_oneof![
        2 => item(shape).prop_map(|item| json!({"PutRequest": {"Item": item}})),
        1 => shape.key().prop_map(|key| json!({"DeleteRequest": {"Key": key}})),
    ];
    let many = prop_oneof![20 => 1..5_usize, 1 => Just(26_usize), 1 => Just(0_usize)];
    let requests = many.prop_flat_map(move |many| prop::collection::vec(one.clone(), many));
    let table = prop_oneof![20 => Just(TABLE), 1 => Just("${p}none")];
    (requests, table, capacity()).prop_map(|(requests, table, capacity)| {
        let input = json!({"RequestItems": {table: requests}});
        Call::dynamodb("BatchWriteItem", with(input, vec![("ReturnConsumedCapacity", capacity)]))
    })
}

/// Up to four actions in one; now and then on one item twice.
pub fn transaction(shape: &Shape) -> impl Strategy<Value = Call> + use<> {
    let put = (item(shape), sometimes(0.5))
        .prop_map(|(item, condition)| action("Put", json!({"Item": item}), None, condition));
    let delete = (shape.key(), sometimes(0.5))
        .prop_map(|(key, condition)| action("Delete", json!({"Key": key}), None, condition));
    let check = (shape.key(), sometimes(0.95))
        .prop_map(|(key, condition)| action("ConditionCheck", json!({"Key": key}), None, condition));
    let update = (shape.key(), update::actions(), sometimes(0.3))
        .prop_map(|(key, actions, condition)| action("Update", json!({"Key": key}), Some(actions), condition));
    let one = prop_oneof![3 => put, 2 => delete, 1 => check, 3 => update];
    let one = (one, some(0.2, OLD)).prop_map(|(mut action, old)| {
        action.as_object_mut().into_iter().flat_map(|kinds| kinds.values_mut()).for_each(|of| {
            *of = with(of.take(), vec![("ReturnValuesOnConditionCheckFailure", old.clone())]);
        });
        action
    });
    let token = prop::option::weighted(0.1, select(&["${p}token-1", "${p}token-2"][..]).prop_map(Json::from));
    (prop::collection::vec(one, 1..4), token, capacity()).prop_map(|(actions, token, capacity)| {
        let members = vec![("ClientRequestToken", token), ("ReturnConsumedCapacity", capacity)];
        Call::dynamodb("TransactWriteItems", with(json!({"TransactItems": actions}), members))
    })
}

type Conditional = Option<(super::expression::Condition, Option<super::expression::Spoil>)>;

fn action(kind: &str, mut input: Json, actions: Option<Vec<update::Action>>, condition: Conditional) -> Json {
    let mut pool = Pool::default();
    input["TableName"] = TABLE.into();
    if let Some(actions) = actions {
        input["UpdateExpression"] = update::text(&actions, &mut pool).into();
    }
    if let Some(condition) = condition {
        input["ConditionExpression"] = written(&condition, &mut pool);
    }
    pool.put_into(&mut input);
    json!({kind: input})
}

/// Puts of one item at once, of which one may win, or steps of one counter.
pub fn race(shape: &Shape) -> impl Strategy<Value = Call> + use<> {
    let hash = shape.hash.0;
    let put = item(shape).prop_map(move |item| {
        let input = json!({
            "TableName": TABLE, "Item": item, "ConditionExpression": "attribute_not_exists(#k)",
            "ExpressionAttributeNames": {"#k": hash},
        });
        Call::dynamodb("PutItem", input)
    });
    let count = shape.key().prop_map(|key| {
        let input = json!({
            "TableName": TABLE, "Key": key, "UpdateExpression": "ADD w :one", "ReturnValues": "UPDATED_NEW",
            "ExpressionAttributeValues": {":one": {"N": "1"}},
        });
        Call::dynamodb("UpdateItem", input)
    });
    (prop_oneof![put, count], 2..5_u8).prop_map(|(call, times)| call.at_once(times))
}
