//! Transactions at the wire.

use std::sync::Arc;

use footbridge::clock::{CountingIds, ManualClock};
use footbridge::emulator::dynamodb::Service;
use footbridge::emulator::store::{Medium, Store, StoreError};
use futures::FutureExt as _;
use serde_json::{Value as Json, json};

use super::support::{Answer, Dynamo, NOW};

const TEN_MINUTES: u64 = 10 * 60 * 1000;

/// Tables `tab` (key `pk`) and `other` (keys `pk` and `sk`), with an item of key `old` and `n` 1 in `tab`.
async fn stage() -> Dynamo {
    staged(Dynamo::open()).await
}

async fn staged(dynamo: Dynamo) -> Dynamo {
    dynamo.table("tab", &["pk"]).await;
    dynamo.table("other", &["pk", "sk"]).await;
    dynamo.put("tab", json!({"pk": {"S": "old"}, "n": {"N": "1"}})).await;
    dynamo
}

async fn write(dynamo: &Dynamo, actions: Json) -> Answer {
    dynamo.call("TransactWriteItems", json!({"TransactItems": actions})).await
}

async fn item(dynamo: &Dynamo, key: &str) -> Json {
    dynamo.call("GetItem", json!({"TableName": "tab", "Key": {"pk": {"S": key}}})).await.ok()["Item"].clone()
}

fn put(key: &str) -> Json {
    json!({"Put": {"TableName": "tab", "Item": {"pk": {"S": key}}}})
}

fn delete(key: &str) -> Json {
    json!({"Delete": {"TableName": "tab", "Key": {"pk": {"S": key}}}})
}

fn add(key: &str) -> Json {
    json!({"Update": {
        "TableName": "tab", "Key": {"pk": {"S": key}}, "UpdateExpression": "ADD n :one",
        "ExpressionAttributeValues": {":one": {"N": "1"}},
    }})
}

fn check(key: &str, condition: &str) -> Json {
    json!({"ConditionCheck": {"TableName": "tab", "Key": {"pk": {"S": key}}, "ConditionExpression": condition}})
}

/// The codes of the reasons of a cancelled transaction.
#[track_caller]
fn codes(answer: &Answer) -> Vec<&str> {
    assert_eq!(answer.exception(), "TransactionCanceledException", "{}", answer.body);
    let reasons = answer.body["CancellationReasons"].as_array().expect("reasons");
    let codes: Vec<_> = reasons.iter().map(|reason| reason["Code"].as_str().expect("a code")).collect();
    assert!(answer.message().ends_with(&format!("[{}]", codes.join(", "))), "{}", answer.message());
    codes
}

#[tokio::test]
async fn all_actions_are_done_at_once() {
    let dynamo = stage().await;
    let other = json!({"Put": {"TableName": "other", "Item": {"pk": {"S": "a"}, "sk": {"S": "b"}}}});
    dynamo.put("tab", json!({"pk": {"S": "gone"}})).await;
    let actions = json!([put("new"), add("old"), delete("gone"), check("never", "attribute_not_exists(pk)"), other]);
    assert_eq!(write(&dynamo, actions).await.ok(), json!({}));
    assert_eq!(item(&dynamo, "new").await, json!({"pk": {"S": "new"}}));
    assert_eq!(item(&dynamo, "old").await["n"], json!({"N": "2"}));
    assert_eq!(item(&dynamo, "gone").await, Json::Null);
    let other = json!({"TableName": "other", "Key": {"pk": {"S": "a"}, "sk": {"S": "b"}}});
    assert_ne!(dynamo.call("GetItem", other).await.ok(), json!({}));
}

#[tokio::test]
async fn one_false_condition_undoes_all_and_every_reason_is_told() {
    let dynamo = stage().await;
    let mut failing = add("old");
    failing["Update"]["ConditionExpression"] = json!("n > :one");
    failing["Update"]["ReturnValuesOnConditionCheckFailure"] = json!("ALL_OLD");
    let answer = write(&dynamo, json!([put("new"), failing, check("none", "attribute_exists(pk)")])).await;
    assert_eq!(codes(&answer), ["None", "ConditionalCheckFailed", "ConditionalCheckFailed"]);
    assert_eq!(
        answer.body["CancellationReasons"],
        json!([
            {"Code": "None"},
            {
                "Code": "ConditionalCheckFailed", "Message": "The conditional request failed",
                "Item": {"pk": {"S": "old"}, "n": {"N": "1"}},
            },
            {"Code": "ConditionalCheckFailed", "Message": "The conditional request failed"},
        ])
    );
    assert_eq!(item(&dynamo, "new").await, Json::Null);
    assert_eq!(item(&dynamo, "old").await["n"], json!({"N": "1"}));
}

#[tokio::test]
async fn what_an_item_does_not_bear_cancels() {
    let dynamo = stage().await;
    dynamo.put("tab", json!({"pk": {"S": "large"}, "n": {"N": "9e125"}})).await;
    let update = |expression: &str, value: Json| {
        json!({"Update": {
            "TableName": "tab", "Key": {"pk": {"S": "large"}}, "UpdateExpression": expression,
            "ExpressionAttributeValues": {":v": value},
        }})
    };
    let cases = [
        (update("SET n = n + :v", json!({"N": "9e125"})), "Number overflow"),
        (update("SET a = gone + :v", json!({"N": "1"})), "refers to an attribute that does not exist"),
        (update("ADD pk :v", json!({"N": "1"})), "Cannot update attribute pk. This attribute is part of the key"),
        (update("SET big = :v", json!({"S": "x".repeat(409_600)})), "Item size to update has exceeded"),
        (json!({"Put": {"TableName": "tab", "Item": {"pk": {"N": "1"}}}}), "Type mismatch for key pk"),
    ];
    for (action, message) in cases {
        let answer = write(&dynamo, json!([put("new"), action])).await;
        assert_eq!(codes(&answer), ["None", "ValidationError"]);
        let told = answer.body["CancellationReasons"][1]["Message"].as_str().expect("a message");
        assert!(told.contains(message), "{told}");
    }
    assert_eq!(item(&dynamo, "new").await, Json::Null);
}

#[tokio::test]
async fn what_is_wrong_with_the_request_refuses_it() {
    let dynamo = stage().await;
    let many = (0..101).map(|n| put(&n.to_string())).collect::<Json>();
    let mut legacy = add("old");
    legacy["Update"]["AttributeUpdates"] = json!({});
    let mut missing = put("new");
    missing["Put"]["TableName"] = json!("missing");
    let both = json!({"Put": put("a")["Put"], "Delete": delete("a")["Delete"]});
    let big = |n: u32| {
        json!({"Put": {"TableName": "tab", "Item": {
            "pk": {"S": n.to_string()}, "b": {"S": "x".repeat(400_000)},
        }}})
    };
    let cases = [
        (json!([put("a"), delete("a")]), "Transaction request cannot include multiple operations on one item"),
        (json!([both]), "TransactItems can only contain one of Check, Put, Update or Delete"),
        (json!([{}]), "Invalid Request: TransactWriteRequest should contain Delete or Put or Update request"),
        (many, "Member must have length less than or equal to 100"),
        (json!([]), "Value '[]' at 'transactItems' failed to satisfy constraint"),
        (json!([legacy]), "AttributeUpdates cannot be used in a transaction"),
        (json!([put("a"), missing]), "Requested resource not found"),
        (json!([put("a"), check("b", "size(")]), "Invalid ConditionExpression: Syntax error"),
        ((0..11).map(big).collect(), "exceeds 4 MB"),
    ];
    for (actions, message) in cases {
        let answer = write(&dynamo, actions).await;
        assert_eq!(answer.status, 400);
        assert_ne!(answer.exception(), "TransactionCanceledException", "{}", answer.body);
        assert!(answer.message().contains(message), "{}", answer.body);
    }
    assert_eq!(dynamo.call("Scan", json!({"TableName": "tab"})).await.ok()["Count"], 1);
}

#[tokio::test]
async fn a_transaction_costs_twice_and_says_so() {
    let dynamo = stage().await;
    let request = |wanted: &str| {
        json!({
            "TransactItems": [
                {"Put": {"TableName": "tab", "Item": {"pk": {"S": "new"}, "x": {"S": "x".repeat(1100)}}}},
                check("old", "attribute_exists(pk)"),
                {"Put": {"TableName": "other", "Item": {"pk": {"S": "a"}, "sk": {"S": "b"}}}},
            ],
            "ReturnConsumedCapacity": wanted,
        })
    };
    let capacity = dynamo.call("TransactWriteItems", request("TOTAL")).await.ok()["ConsumedCapacity"].clone();
    let total = json!([
        {"TableName": "tab", "CapacityUnits": 6.0, "WriteCapacityUnits": 6.0},
        {"TableName": "other", "CapacityUnits": 2.0, "WriteCapacityUnits": 2.0},
    ]);
    assert_eq!(capacity, total);
    let capacity = dynamo.call("TransactWriteItems", request("INDEXES")).await.ok()["ConsumedCapacity"][1].clone();
    assert_eq!(capacity["Table"], json!({"CapacityUnits": 2.0, "WriteCapacityUnits": 2.0}));
}

#[tokio::test]
async fn a_token_makes_a_transaction_happen_once() {
    let clock = ManualClock::at_millis(NOW);
    let store = Store::open(Medium::Memory).expect("a store in memory opens");
    let open = || Dynamo {
        service: Service::new(store.clone(), Arc::new(clock.clone()), Arc::new(CountingIds::default())),
        store: store.clone(),
        clock: clock.clone(),
    };
    let dynamo = staged(open()).await;
    let request =
        |action: Json| json!({"TransactItems": [action], "ClientRequestToken": "t", "ReturnConsumedCapacity": "TOTAL"});
    let first = dynamo.call("TransactWriteItems", request(add("old"))).await.ok();
    assert_eq!(first["ConsumedCapacity"][0]["WriteCapacityUnits"], 2.0);
    // After a restart the token is still known.
    let dynamo = open();
    let again = dynamo.call("TransactWriteItems", request(add("old"))).await.ok();
    let read = json!({"TableName": "tab", "CapacityUnits": 2.0, "ReadCapacityUnits": 2.0});
    assert_eq!(again["ConsumedCapacity"], json!([read]));
    assert_eq!(item(&dynamo, "old").await["n"], json!({"N": "2"}));

    let other = dynamo.call("TransactWriteItems", request(add("else"))).await;
    assert_eq!((other.status, other.exception()), (400, "IdempotentParameterMismatchException"));
    assert_eq!(item(&dynamo, "else").await, Json::Null);
    // Another region's tokens are others.
    let far = super::support::caller("eu-west-1");
    let answer = dynamo.call_as(&far, "TransactWriteItems", request(add("else"))).await;
    assert_eq!(answer.exception(), "ResourceNotFoundException");

    clock.set_millis(NOW + TEN_MINUTES);
    dynamo.call("TransactWriteItems", request(add("old"))).await.ok();
    assert_eq!(item(&dynamo, "old").await["n"], json!({"N": "3"}));
}

#[tokio::test]
async fn a_cancelled_transaction_uses_up_no_token() {
    let dynamo = stage().await;
    let request =
        json!({"TransactItems": [check("new", "attribute_exists(pk)"), add("old")], "ClientRequestToken": "t"});
    assert_eq!(codes(&dynamo.call("TransactWriteItems", request.clone()).await), ["ConditionalCheckFailed", "None"]);
    dynamo.put("tab", json!({"pk": {"S": "new"}})).await;
    dynamo.call("TransactWriteItems", request).await.ok();
    assert_eq!(item(&dynamo, "old").await["n"], json!({"N": "2"}));
}

/// A writer that does nothing until it is released.
struct Held {
    release: std::sync::mpsc::Sender<()>,
    holding: tokio::task::JoinHandle<Result<(), StoreError>>,
}

impl Held {
    async fn release(self) {
        self.release.send(()).expect("the writer waits");
        self.holding.await.expect("no panic").expect("a store");
    }
}

async fn hold_writer(dynamo: &Dynamo) -> Held {
    let (release, wait) = std::sync::mpsc::channel::<()>();
    let (entered, holds) = tokio::sync::oneshot::channel();
    let store = dynamo.store.clone();
    let op = move |_: &mut footbridge::emulator::store::Txn<'_>| {
        let _ = entered.send(());
        let _ = wait.recv();
        Ok::<_, StoreError>(())
    };
    let holding = tokio::spawn(async move { store.write(op).await });
    holds.await.expect("the writer runs");
    Held { release, holding }
}

/// The writer is held, so that the first transaction is under way for as long as the test wants.
#[tokio::test(flavor = "multi_thread")]
async fn a_transaction_under_way_conflicts_with_what_arrives_meanwhile() {
    let dynamo = stage().await;
    let held = hold_writer(&dynamo).await;

    let request =
        json!({"TransactItems": [add("old"), check("seen", "attribute_not_exists(pk)")], "ClientRequestToken": "t"});
    let mut first = Box::pin(dynamo.call("TransactWriteItems", request.clone()));
    assert!(first.as_mut().now_or_never().is_none(), "it waits for the writer");

    assert_eq!(codes(&write(&dynamo, json!([put("free"), put("old")])).await), ["None", "TransactionConflict"]);
    assert_eq!(codes(&write(&dynamo, json!([delete("seen")])).await), ["TransactionConflict"]);
    let alone = dynamo.call("PutItem", json!({"TableName": "tab", "Item": {"pk": {"S": "old"}}})).await;
    assert_eq!((alone.status, alone.exception()), (400, "TransactionConflictException"));
    assert_eq!(alone.message(), "Transaction is ongoing for the item");
    let get = |key: &str| json!({"TransactItems": [{"Get": {"TableName": "tab", "Key": {"pk": {"S": key}}}}]});
    assert_eq!(codes(&dynamo.call("TransactGetItems", get("old")).await), ["TransactionConflict"]);
    let same = dynamo.call("TransactWriteItems", request.clone()).await;
    assert_eq!(same.exception(), "TransactionInProgressException");
    // Others are free, and reading one item never waits.
    dynamo.call("TransactGetItems", get("else")).await.ok();
    assert_eq!(item(&dynamo, "old").await["n"], json!({"N": "1"}));

    held.release().await;
    first.await.ok();
    assert_eq!(item(&dynamo, "old").await["n"], json!({"N": "2"}));
    dynamo.call("TransactWriteItems", request).await.ok();
    write(&dynamo, json!([put("old")])).await.ok();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_caller_who_goes_away_leaves_no_item_shut() {
    let dynamo = stage().await;
    let held = hold_writer(&dynamo).await;
    let mut gone = Box::pin(write(&dynamo, json!([add("old")])));
    assert!(gone.as_mut().now_or_never().is_none());
    drop(gone);
    held.release().await;
    write(&dynamo, json!([add("old")])).await.ok();
}

#[tokio::test]
async fn transact_get_reads_items_in_order_and_says_what_is_missing() {
    let dynamo = stage().await;
    dynamo
        .put("other", json!({"pk": {"S": "a"}, "sk": {"S": "b"}, "m": {"M": {"x": {"N": "1"}, "y": {"N": "2"}}}}))
        .await;
    let get = |table: &str, key: Json| json!({"Get": {"TableName": table, "Key": key}});
    let mut part = get("other", json!({"pk": {"S": "a"}, "sk": {"S": "b"}}));
    part["Get"]["ProjectionExpression"] = json!("#m.x");
    part["Get"]["ExpressionAttributeNames"] = json!({"#m": "m"});
    let gets = json!([part, get("tab", json!({"pk": {"S": "none"}})), get("tab", json!({"pk": {"S": "old"}}))]);
    let request = json!({"TransactItems": gets, "ReturnConsumedCapacity": "TOTAL"});
    let units =
        |table: &str, units: f64| json!({"TableName": table, "CapacityUnits": units, "ReadCapacityUnits": units});
    assert_eq!(
        dynamo.call("TransactGetItems", request).await.ok(),
        json!({
            "Responses": [
                {"Item": {"m": {"M": {"x": {"N": "1"}}}}}, {}, {"Item": {"pk": {"S": "old"}, "n": {"N": "1"}}},
            ],
            "ConsumedCapacity": [units("other", 2.0), units("tab", 4.0)],
        })
    );
}

#[tokio::test]
async fn transact_get_has_no_item_where_the_projection_matches_nothing() {
    let dynamo = stage().await;
    let get = |projection: &str| json!({"Get": {"TableName": "tab", "Key": {"pk": {"S": "old"}}, "ProjectionExpression": projection}});
    for (projection, response) in
        [("zz", json!({})), ("zz, n.x", json!({})), ("zz, n", json!({"Item": {"n": {"N": "1"}}}))]
    {
        let answer = dynamo.call("TransactGetItems", json!({"TransactItems": [get(projection)]})).await.ok();
        assert_eq!(answer["Responses"], json!([response]), "{projection}");
    }
}

#[tokio::test]
async fn transact_get_refuses_as_transact_write_does() {
    let dynamo = stage().await;
    for n in 0..11 {
        dynamo.put("tab", json!({"pk": {"S": n.to_string()}, "b": {"S": "x".repeat(400_000)}})).await;
    }
    let get = |key: Json| json!({"Get": {"TableName": "tab", "Key": key}});
    let call = |gets: Json| dynamo.call("TransactGetItems", json!({"TransactItems": gets}));
    let a = get(json!({"pk": {"S": "a"}}));
    let answer = call(json!([a, get(json!({})), get(json!({"pk": {"N": "1"}}))])).await;
    assert_eq!(codes(&answer), ["None", "ValidationError", "ValidationError"]);
    let reason = json!({"Code": "ValidationError", "Message": "The provided key element does not match the schema"});
    assert_eq!(answer.body["CancellationReasons"][1], reason);
    let mut legacy = a.clone();
    legacy["Get"]["AttributesToGet"] = json!(["pk"]);
    for (gets, message) in [
        (json!([a, a]), "Transaction request cannot include multiple operations on one item"),
        (json!([get(json!({"pk": {"S": ""}}))]), "cannot contain an empty string value. Key: pk"),
        (json!([legacy]), "AttributesToGet cannot be used in a transaction"),
        (json!([]), "Value '[]' at 'transactItems' failed to satisfy constraint"),
        (
            json!([{}]),
            "Value null at 'transactItems.1.member.get' failed to satisfy constraint: Member must not be null",
        ),
        ((0..11).map(|n| get(json!({"pk": {"S": n.to_string()}}))).collect(), "exceeds 4 MB"),
    ] {
        let answer = call(gets).await;
        assert_eq!((answer.status, answer.exception()), (400, "ValidationException"), "{}", answer.body);
        assert!(answer.message().contains(message), "{}", answer.body);
    }
}
