//! What writes do to indexes, and what they cost.

use serde_json::{Value as Json, json};

use super::support::Dynamo;
use super::{index, item, table};

async fn open() -> Dynamo {
    let dynamo = Dynamo::open();
    let local = [index("local", "pk/at", "KEYS_ONLY")];
    let global = [index("whole", "owner/at", "ALL"), index("some", "owner", "note")];
    dynamo.call("CreateTable", table("at:N owner", &local, &global)).await.ok();
    dynamo
}

/// Items and bytes of each index.
async fn counts(dynamo: &Dynamo) -> Vec<(String, u64, u64)> {
    let table = dynamo.call("DescribeTable", json!({"TableName": "tab"})).await.ok()["Table"].take();
    let lists = ["LocalSecondaryIndexes", "GlobalSecondaryIndexes"];
    let indexes = lists.iter().flat_map(|list| table[list].as_array().expect("a list"));
    let number = |json: &Json| json.as_u64().expect("a number");
    let name = |json: &Json| json["IndexName"].as_str().expect("a name").to_owned();
    indexes.map(|json| (name(json), number(&json["ItemCount"]), number(&json["IndexSizeBytes"]))).collect()
}

/// The capacity that a write says it consumed: in all, on the table, and by index.
async fn cost(dynamo: &Dynamo, operation: &str, mut request: Json) -> (f64, f64, Json) {
    request["TableName"] = json!("tab");
    request["ReturnConsumedCapacity"] = json!("INDEXES");
    let mut consumed = dynamo.call(operation, request).await.ok()["ConsumedCapacity"].take();
    let units = |json: &Json| json["CapacityUnits"].as_f64().expect("units");
    let mut arms = json!({});
    for list in ["LocalSecondaryIndexes", "GlobalSecondaryIndexes"] {
        for (name, arm) in consumed[list].take().as_object().into_iter().flatten() {
            arms[name] = arm["CapacityUnits"].clone();
        }
    }
    (units(&consumed), units(&consumed["Table"]), arms)
}

#[tokio::test]
async fn an_item_is_in_the_indexes_whose_keys_it_has() {
    let dynamo = open().await;
    assert_eq!(counts(&dynamo).await, [("local".into(), 0, 0), ("whole".into(), 0, 0), ("some".into(), 0, 0)]);
    dynamo.put("tab", item("a", 1, &[("note", "hello")])).await;
    dynamo.put("tab", item("a", 2, &[("owner", "bo"), ("note", "hello"), ("more", "x")])).await;
    dynamo.put("tab", item("a", 3, &[("owner", "bo"), ("at", "5"), ("note", "hello"), ("more", "x")])).await;
    // local: pk a, sk 3, at 5; whole: all of the third; some: all but `at` and `more` of the two.
    let of = |names: &[&str]| names.iter().map(|text| text.len() as u64).sum::<u64>();
    let (key, number) = (of(&["pk", "a", "sk"]), 2);
    let some = key + number + of(&["owner", "bo", "note", "hello"]);
    let whole = some + of(&["at", "more", "x"]) + number;
    assert_eq!(
        counts(&dynamo).await,
        [
            ("local".into(), 1, key + number + of(&["at"]) + number),
            ("whole".into(), 1, whole),
            ("some".into(), 2, 2 * some)
        ]
    );
    for sk in 1..=3 {
        dynamo.call("DeleteItem", json!({"TableName": "tab", "Key": item("a", sk, &[])})).await.ok();
    }
    assert_eq!(counts(&dynamo).await, [("local".into(), 0, 0), ("whole".into(), 0, 0), ("some".into(), 0, 0)]);
}

#[tokio::test]
async fn a_write_costs_what_it_changes_in_each_index() {
    let dynamo = open().await;
    let put = |attributes: &[(&str, &str)]| json!({"Item": item("a", 1, attributes)});
    // New entries.
    let first = put(&[("owner", "bo"), ("at", "5"), ("note", "n"), ("more", "x")]);
    let (all, table, arms) = cost(&dynamo, "PutItem", first.clone()).await;
    assert_eq!((all, table, arms), (4.0, 1.0, json!({"local": 1.0, "whole": 1.0, "some": 1.0})));
    // The same again changes none.
    assert_eq!(cost(&dynamo, "PutItem", first).await, (1.0, 1.0, json!({})));
    // `more` is projected into one alone.
    let other = put(&[("owner", "bo"), ("at", "5"), ("note", "n"), ("more", "y")]);
    assert_eq!(cost(&dynamo, "PutItem", other).await, (2.0, 1.0, json!({"whole": 1.0})));
    // Another key is a deletion and an insertion.
    let moved = put(&[("owner", "cy"), ("at", "5"), ("note", "n"), ("more", "y")]);
    assert_eq!(cost(&dynamo, "PutItem", moved).await, (5.0, 1.0, json!({"whole": 2.0, "some": 2.0})));
    // An update that takes a key attribute away takes the item out.
    let update = json!({"Key": item("a", 1, &[]), "UpdateExpression": "REMOVE #at",
        "ExpressionAttributeNames": {"#at": "at"}});
    assert_eq!(cost(&dynamo, "UpdateItem", update).await, (3.0, 1.0, json!({"local": 1.0, "whole": 1.0})));
    let delete = json!({"Key": item("a", 1, &[])});
    assert_eq!(cost(&dynamo, "DeleteItem", delete).await, (2.0, 1.0, json!({"some": 1.0})));
    // By size: the larger of the two entries, per started kilobyte.
    let large = put(&[("owner", "bo"), ("note", &"x".repeat(2500))]);
    assert_eq!(cost(&dynamo, "PutItem", large).await, (6.0, 3.0, json!({"some": 3.0})));
    let small = put(&[("owner", "bo"), ("note", "x")]);
    assert_eq!(cost(&dynamo, "PutItem", small).await, (6.0, 3.0, json!({"some": 3.0})));
}

#[tokio::test]
async fn an_item_that_no_index_can_hold_is_refused() {
    let dynamo = open().await;
    let put = |attributes: &[(&str, &str)]| json!({"TableName": "tab", "Item": item("a", 1, attributes)});
    let empty = "One or more parameter values are not valid. A value specified for a secondary index key is not \
        supported. The AttributeValue for a key attribute cannot contain an empty string value. IndexName: some, \
        IndexKey: owner";
    let kind = "One or more parameter values were invalid: Type mismatch for Index Key at Expected: N Actual: S \
        IndexName: local";
    let long = "One or more parameter values were invalid: Size of hashkey has exceeded the maximum size limit of2048 \
        bytes";
    for (request, message) in
        [(put(&[("at", "noon")]), kind), (put(&[("owner", "")]), empty), (put(&[("owner", &"x".repeat(2049))]), long)]
    {
        let answer = dynamo.call("PutItem", request.clone()).await;
        assert_eq!((answer.exception(), answer.message()), ("ValidationException", message));
        let batch = json!({"RequestItems": {"tab": [{"PutRequest": {"Item": request["Item"]}}]}});
        let answer = dynamo.call("BatchWriteItem", batch).await;
        assert_eq!((answer.exception(), answer.message()), ("ValidationException", message));
    }
    // In a transaction an empty value refuses the request, and another type cancels it.
    for (attributes, exception) in
        [([("owner", "")], "ValidationException"), ([("at", "noon")], "TransactionCanceledException")]
    {
        let put = json!({"TransactItems": [{"Put": put(&attributes)}]});
        assert_eq!(dynamo.call("TransactWriteItems", put).await.exception(), exception);
    }
    dynamo.put("tab", item("a", 1, &[])).await;
    let update = |text: &str, value: Json| {
        json!({"TableName": "tab", "Key": item("a", 1, &[]), "UpdateExpression": text,
            "ExpressionAttributeNames": {"#o": "owner"}, "ExpressionAttributeValues": {":o": value}})
    };
    // Of several indexes the first by name is named.
    let mismatch = "One or more parameter values were invalid: Type mismatch for Index Key owner Expected: S Actual: N \
        IndexName: some";
    for (text, value, message) in [
        ("SET #o = :o", json!({"N": "1"}), mismatch),
        ("SET #o = :o + :o", json!({"N": "1"}), mismatch),
        ("SET #o = if_not_exists(q, :o)", json!({"N": "1"}), mismatch),
        ("ADD #o :o", json!({"N": "1"}), mismatch),
        // What the item has is found out only when it is read.
        (
            "SET #o = sk, q = :o",
            json!({"N": "1"}),
            "The update expression attempted to update the secondary index key to unsupported type",
        ),
        (
            "SET #o = :o",
            json!({"S": ""}),
            "One or more parameter values are not valid. The update expression attempted to update a secondary index key \
             to a value that is not supported. The AttributeValue for a key attribute cannot contain an empty string \
             value.",
        ),
    ] {
        let answer = dynamo.call("UpdateItem", update(text, value)).await;
        assert_eq!((answer.exception(), answer.message()), ("ValidationException", message));
    }
    assert_eq!(dynamo.call("Scan", json!({"TableName": "tab"})).await.ok()["Items"], json!([item("a", 1, &[])]));
}

#[tokio::test]
async fn a_transaction_that_empties_the_key_of_an_index_is_refused_whole() {
    let dynamo = open().await;
    let refused = "One or more parameter values are not valid. The update expression attempted to update a secondary \
        index key to a value that is not supported. The AttributeValue for a key attribute cannot contain an empty string \
        value.";
    let update = |text: &str| {
        json!({"Update": {
            "TableName": "tab", "Key": item("a", 1, &[]), "UpdateExpression": text,
            "ExpressionAttributeNames": {"#o": "owner"}, "ExpressionAttributeValues": {":o": {"S": ""}},
        }})
    };
    let never = json!({"ConditionCheck": {
        "TableName": "tab", "Key": item("b", 1, &[]), "ConditionExpression": "attribute_exists(pk)",
    }});
    for (actions, message) in [
        (json!([update("SET #o = :o")]), refused),
        (json!([update("SET q = :o, #o = if_not_exists(#o, :o)")]), refused),
        // What the request alone shows is found before any condition is looked at.
        (json!([never, update("SET #o = :o")]), refused),
    ] {
        let answer = dynamo.call("TransactWriteItems", json!({"TransactItems": actions})).await;
        assert_eq!((answer.exception(), answer.message()), ("ValidationException", message));
    }
    let member = json!({"TransactItems": [update("SET q = :o, #o.x = :o")]});
    assert_eq!(dynamo.call("TransactWriteItems", member).await.exception(), "TransactionCanceledException");
    assert_eq!(dynamo.call("Scan", json!({"TableName": "tab"})).await.ok()["Items"], json!([]));
}
