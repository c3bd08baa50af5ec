//! Limits of items and requests at the wire: what an update is charged, how deep values may be, and which fault comes first.

use serde_json::{Value as Json, json};

use super::support::{Answer, Dynamo};
use super::with_old;

const TOO_LARGE: &str = "Item size to update has exceeded the maximum allowed size";
const TOO_DEEP: &str =
    "Nesting Levels have exceeded supported limits: Attributes in the item have nested levels beyond supported limit";

async fn put(dynamo: &Dynamo, more: &Json) {
    let mut item = json!({"pk": {"S": "k"}});
    item.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
    dynamo.put("tab", item).await;
}

/// An update of the item `k`, whose values are `:p` of so many bytes and these.
async fn update(dynamo: &Dynamo, text: &str, bytes: usize, values: &Json, more: Json) -> Answer {
    let mut request = json!({"TableName": "tab", "Key": {"pk": {"S": "k"}}, "UpdateExpression": text});
    let mut all = values.clone();
    if text.contains(":p") {
        all[":p"] = json!({"S": "x".repeat(bytes)});
    }
    if all != json!({}) {
        request["ExpressionAttributeValues"] = all;
    }
    request.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
    dynamo.call("UpdateItem", request).await
}

/// The most bytes that the update takes, of those near the limit.
async fn most(text: &str, values: &Json, item: &Json) -> usize {
    let dynamo = with_old().await;
    let (mut taken, mut refused) = (409_300, 409_600);
    while taken + 1 < refused {
        put(&dynamo, item).await;
        let bytes = usize::midpoint(taken, refused);
        let answer = update(&dynamo, text, bytes, values, json!({})).await;
        if answer.status == 200 {
            taken = bytes;
        } else {
            assert_eq!(answer.message(), TOO_LARGE, "{text}");
            refused = bytes;
        }
    }
    taken
}

/// The directions in which AWS differs from counting the attributes that are named as they are afterwards.
#[tokio::test]
async fn an_update_is_charged_for_what_it_says_and_not_for_what_comes_of_it() {
    let (none, item) =
        (json!({}), json!({"a": {"S": ""}, "n": {"N": "5"}, "m": {"M": {"x": {"M": {"y": {"S": ""}}}}}}));
    let plain = most("SET b = :p", &none, &item).await;
    assert_eq!(plain, 409_600 - 23);
    let one = json!({":n": {"N": "1"}});
    let list = json!({":l": {"L": [{"S": "x"}]}});
    for (text, values, least) in [
        ("SET b = :p, c = a", &none, 20),
        ("SET b = :p, c = m.x.y", &none, 20),
        ("SET b = if_not_exists(b, :p)", &none, 20),
        ("SET b = :p, n = n - :n", &one, 70),
        ("SET b = :p, c = list_append(:l, :l)", &list, 40),
        ("SET b = :p, c = if_not_exists(d, :l), e = if_not_exists(f, :l)", &list, 90),
        ("SET b = :p REMOVE with_a_long_name", &none, 10),
    ] {
        let taken = most(text, values, &item).await;
        assert!(taken + least <= plain, "{text}: {taken} beside {plain}");
    }
    // What the function does not take is charged as well.
    let there = most("SET b = if_not_exists(b, :p)", &none, &json!({"b": {"S": "small"}})).await;
    assert_eq!(there, most("SET b = if_not_exists(b, :p)", &none, &item).await);
}

#[tokio::test]
async fn a_small_change_of_a_large_attribute_is_charged_for_itself() {
    let member = "x".repeat(409_500);
    for (item, text, values) in [
        (json!({"m": {"M": {"n": {"N": "1"}, "v": {"S": member}}}}), "SET m.n = m.n + :v", json!({":v": {"N": "1"}})),
        (json!({"s": {"SS": [member]}}), "ADD s :v", json!({":v": {"SS": ["y".repeat(90)]}})),
        (json!({"s": {"SS": [member, "y".repeat(90)]}}), "DELETE s :v", json!({":v": {"SS": ["z"]}})),
        (json!({"l": {"L": [{"S": "y"}, {"S": member}]}}), "REMOVE l[0]", json!({})),
    ] {
        let dynamo = with_old().await;
        put(&dynamo, &item).await;
        update(&dynamo, text, 0, &values, json!({})).await.ok();
    }
    let dynamo = with_old().await;
    let updates = |bytes: usize| {
        json!({"TableName": "tab", "Key": {"pk": {"S": "new"}},
            "AttributeUpdates": {"v": {"Action": "PUT", "Value": {"S": "x".repeat(bytes)}}}})
    };
    assert_eq!(dynamo.call("UpdateItem", updates(409_600 - 5)).await.message(), TOO_LARGE);
    dynamo.call("UpdateItem", updates(409_600 - 6)).await.ok();
}

#[tokio::test]
async fn the_charge_comes_before_the_condition() {
    let dynamo = with_old().await;
    for condition in ["attribute_exists(pk)", "attribute_not_exists(pk)"] {
        let answer =
            update(&dynamo, "SET b = :p", 409_578, &json!({}), json!({"ConditionExpression": condition})).await;
        assert_eq!((answer.exception(), answer.message()), ("ValidationException", TOO_LARGE), "{condition}");
    }
}

fn nested(levels: usize) -> Json {
    (0..levels).fold(
        json!({"S": "x"}),
        |inner, level| {
            if level % 2 == 0 { json!({"L": [inner]}) } else { json!({"M": {"m": inner}}) }
        },
    )
}

#[tokio::test]
async fn values_up_to_a_hundred_levels_are_read_and_other_faults_come_first() {
    let dynamo = with_old().await;
    let counted = |message: &str| format!("1 validation error detected: {message}");
    for levels in [32, 62, 63, 64, 100] {
        let request = |operation: &str, more: Json| {
            let mut request = match operation {
                "PutItem" => json!({"Item": {"pk": {"S": "k"}, "deep": nested(levels)}}),
                _ => json!({"Key": {"pk": {"S": "k"}}, "UpdateExpression": "SET d = :d",
                    "ExpressionAttributeValues": {":d": nested(levels)}}),
            };
            request["TableName"] = json!("none");
            request.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
            request
        };
        for operation in ["PutItem", "UpdateItem"] {
            let answer = dynamo.call(operation, request(operation, json!({}))).await;
            assert_eq!(
                (answer.exception(), answer.message()),
                ("ValidationException", &*counted(TOO_DEEP)),
                "{levels}"
            );
            for (more, fault) in [
                (json!({"ConditionalOperator": "XOR"}), "Member must satisfy enum value set: [AND, OR]"),
                (json!({"ReturnValues": "ALL"}), "Member must satisfy enum value set"),
                (json!({"ConditionExpression": "a ="}), "Invalid ConditionExpression: Syntax error"),
                (
                    json!({"ConditionExpression": format!("a = {}", "b".repeat(4096))}),
                    "Invalid ConditionExpression: Expression size has exceeded the maximum allowed size",
                ),
            ] {
                let answer = dynamo.call(operation, request(operation, more)).await;
                assert_eq!(answer.exception(), "ValidationException", "{levels} {}", answer.message());
                assert!(answer.message().contains(fault), "{levels}: {}", answer.message());
            }
        }
        let mut empty = request("PutItem", json!({}));
        empty["Item"][""] = json!({"S": "x"});
        let answer = dynamo.call("PutItem", empty).await;
        assert_eq!(answer.message(), counted("One or more parameter values were invalid: Empty attribute name"));
    }
    let beyond =
        dynamo.call("PutItem", json!({"TableName": "tab", "Item": {"pk": {"S": "k"}, "d": nested(200)}})).await;
    assert_eq!(beyond.exception(), "SerializationException");
}

/// Recorded 2026-10-07: 32 levels pass in a condition there. More do not.
#[tokio::test]
async fn a_transaction_refuses_deeper_values_before_its_table_is_missing() {
    let dynamo = with_old().await;
    let key = json!({"pk": {"S": "k"}});
    let parts = |table: &str, levels: usize| {
        let values = json!({":d": nested(levels)});
        [
            json!({"ConditionCheck": {"TableName": table, "Key": key, "ConditionExpression": "a = :d",
                "ExpressionAttributeValues": values}}),
            json!({"Update": {"TableName": table, "Key": key, "UpdateExpression": "SET a = :d",
                "ExpressionAttributeValues": values}}),
        ]
    };
    for levels in [33, 40, 100] {
        for part in parts("none", levels) {
            let answer = dynamo.call("TransactWriteItems", json!({"TransactItems": [part]})).await;
            assert_eq!((answer.exception(), answer.message()), ("ValidationException", TOO_DEEP));
        }
    }
    for part in parts("tab", 32) {
        let answer = dynamo.call("TransactWriteItems", json!({"TransactItems": [part]})).await;
        assert_eq!(answer.exception(), "TransactionCanceledException");
    }
    for part in parts("none", 32) {
        let answer = dynamo.call("TransactWriteItems", json!({"TransactItems": [part]})).await;
        assert_eq!(answer.exception(), "ResourceNotFoundException");
    }
}

#[tokio::test]
async fn a_batch_mixes_no_expressions_even_on_different_tables() {
    let dynamo = with_old().await;
    dynamo.table("other", &["pk"]).await;
    let keys = json!([{"pk": {"S": "k"}}]);
    let items = |one: Json, two: Json| {
        let with = |mut of: Json| {
            of["Keys"] = keys.clone();
            of
        };
        json!({"RequestItems": {"tab": with(one), "other": with(two)}})
    };
    let (before, expression) = (json!({"AttributesToGet": ["a"]}), json!({"ProjectionExpression": "a"}));
    for (one, two) in [(&before, &expression), (&expression, &before)] {
        let answer = dynamo.call("BatchGetItem", items(one.clone(), two.clone())).await;
        assert_eq!(
            (answer.exception(), answer.message()),
            (
                "ValidationException",
                "Can not use both expression and non-expression parameters in the same request: Non-expression parameters: \
                 {AttributesToGet} Expression parameters: {ProjectionExpression}"
            )
        );
    }
    for same in [before, expression] {
        dynamo.call("BatchGetItem", items(same.clone(), same)).await.ok();
    }
    let names = json!({"ExpressionAttributeNames": {"#a": "a"}});
    let answer = dynamo.call("BatchGetItem", items(names, json!({"AttributesToGet": ["a"]}))).await;
    assert_eq!(answer.message(), "ExpressionAttributeNames can only be specified when using expressions");
}

#[tokio::test]
async fn a_zero_has_no_exponent_that_other_numbers_cannot_have() {
    let dynamo = with_old().await;
    let over = "Number overflow. Attempting to store a number with magnitude larger than supported range";
    let under = "Number underflow. Attempting to store a number with magnitude smaller than supported range";
    for (number, fault) in [
        ("0e126", over),
        ("-0E+126", over),
        ("0.0e127", over),
        ("0e-131", under),
        ("0.00e-129", under),
        ("0e999999999", over),
    ] {
        let put =
            dynamo.call("PutItem", json!({"TableName": "tab", "Item": {"pk": {"S": "z"}, "n": {"N": number}}})).await;
        assert!(put.message().ends_with(fault), "{number}: {}", put.message());
    }
    for number in ["0e125", "0e-130", "-0.0", "0.0e126", "000"] {
        dynamo.put("tab", json!({"pk": {"S": "z"}, "n": {"N": number}})).await;
        let item = dynamo.call("GetItem", json!({"TableName": "tab", "Key": {"pk": {"S": "z"}}})).await.ok();
        assert_eq!(item["Item"]["n"], json!({"N": "0"}), "{number}");
    }
}
