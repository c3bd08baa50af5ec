//! Query and Scan at the wire: pages add up to the whole, whatever ends them.
#![allow(clippy::expect_used, reason = "a test fails by panicking")]

#[path = "support/dynamodb.rs"]
mod support;

use std::sync::atomic::Ordering;

use serde_json::{Value as Json, json};
use support::Dynamo;

/// All pages of a Query or Scan, checked for what holds of every page.
async fn pages(dynamo: &Dynamo, operation: &str, mut request: Json) -> Vec<Json> {
    let mut pages = Vec::new();
    loop {
        let before = dynamo.store.counters().rows_read.load(Ordering::Relaxed);
        let page = dynamo.call(operation, request.clone()).await.ok();
        let read = dynamo.store.counters().rows_read.load(Ordering::Relaxed) - before;
        let number = |member: &str| page[member].as_u64().expect("a number");
        assert!(number("Count") <= number("ScannedCount"));
        assert_eq!(page["Items"].as_array().map_or(number("Count"), |items| items.len() as u64), number("Count"));
        if request.get("Segment").is_none() {
            assert!(read <= number("ScannedCount") + 1, "{read} rows read for {} evaluated", number("ScannedCount"));
        }
        if let Some(limit) = request["Limit"].as_u64() {
            assert!(number("ScannedCount") <= limit);
        }
        let last = page.get("LastEvaluatedKey").cloned();
        pages.push(page);
        match last {
            Some(last) => request["ExclusiveStartKey"] = last,
            None => return pages,
        }
    }
}

fn items(pages: &[Json]) -> Vec<Json> {
    pages.iter().flat_map(|page| page["Items"].as_array().cloned().unwrap_or_default()).collect()
}

fn item(pk: &str, sk: i64) -> Json {
    json!({"pk": {"S": pk}, "sk": {"N": sk.to_string()}, "even": {"BOOL": sk % 2 == 0}})
}

/// Three partitions of ten items each, put in no order.
async fn filled() -> Dynamo {
    let dynamo = Dynamo::open();
    dynamo.table("tab", &["pk", "sk:N"]).await;
    for sk in [3, -1, 7, 0, 12, -30, 5, 100, 2, 1] {
        for pk in ["b", "a", "c"] {
            dynamo.put("tab", item(pk, sk)).await;
        }
    }
    dynamo
}

const SORTED: [i64; 10] = [-30, -1, 0, 1, 2, 3, 5, 7, 12, 100];

fn of_b(sort_keys: impl IntoIterator<Item = i64>) -> Vec<Json> {
    sort_keys.into_iter().map(|sk| item("b", sk)).collect()
}

#[tokio::test]
async fn query_gives_the_items_of_a_partition_in_order() {
    let dynamo = filled().await;
    let number = |number: i64| json!({"N": number.to_string()});
    let cases = [
        ("pk = :pk", json!({}), SORTED.to_vec()),
        ("pk = :pk AND sk = :x", json!({":x": number(5)}), vec![5]),
        ("pk = :pk AND sk = :x", json!({":x": number(6)}), vec![]),
        ("pk = :pk AND sk < :x", json!({":x": number(1)}), vec![-30, -1, 0]),
        ("pk = :pk AND sk <= :x", json!({":x": number(1)}), vec![-30, -1, 0, 1]),
        ("pk = :pk AND sk > :x", json!({":x": number(7)}), vec![12, 100]),
        ("pk = :pk AND sk >= :x", json!({":x": number(7)}), vec![7, 12, 100]),
        ("pk = :pk AND sk BETWEEN :x AND :y", json!({":x": number(-1), ":y": number(2)}), vec![-1, 0, 1, 2]),
    ];
    for (condition, mut values, want) in cases {
        values[":pk"] = json!({"S": "b"});
        for limit in [None, Some(1), Some(3), Some(10), Some(1000)] {
            for forward in [true, false] {
                let mut request = json!({
                    "TableName": "tab", "KeyConditionExpression": condition, "ExpressionAttributeValues": values,
                    "ScanIndexForward": forward,
                });
                if let Some(limit) = limit {
                    request["Limit"] = json!(limit);
                }
                let mut want = want.clone();
                if !forward {
                    want.reverse();
                }
                let found = items(&pages(&dynamo, "Query", request).await);
                assert_eq!(found, of_b(want), "{condition} {limit:?} forward: {forward}");
            }
        }
    }
}

#[tokio::test]
async fn the_parameters_before_expressions_still_work() {
    let dynamo = filled().await;
    let request = json!({
        "TableName": "tab",
        "KeyConditions": {
            "pk": {"ComparisonOperator": "EQ", "AttributeValueList": [{"S": "b"}]},
            "sk": {"ComparisonOperator": "GE", "AttributeValueList": [{"N": "1"}]},
        },
        "QueryFilter": {"even": {"ComparisonOperator": "EQ", "AttributeValueList": [{"BOOL": true}]}},
        "AttributesToGet": ["sk"],
    });
    let page = dynamo.call("Query", request).await.ok();
    assert_eq!(page["Items"], json!([{"sk": {"N": "2"}}, {"sk": {"N": "12"}}, {"sk": {"N": "100"}}]));
    assert_eq!((&page["Count"], &page["ScannedCount"]), (&json!(3), &json!(7)));
}

#[tokio::test]
async fn a_filter_comes_after_the_limit() {
    let dynamo = filled().await;
    let request = json!({
        "TableName": "tab", "KeyConditionExpression": "pk = :pk", "FilterExpression": "even = :even",
        "ExpressionAttributeValues": {":pk": {"S": "b"}, ":even": {"BOOL": true}}, "Limit": 2,
    });
    let pages = pages(&dynamo, "Query", request).await;
    assert_eq!(items(&pages), of_b([-30, 0, 2, 12, 100]));
    // Ten items in pages of two, and a last page: that the tenth was the last is not known before.
    let counts: Vec<_> = pages.iter().map(|page| (page["Count"].clone(), page["ScannedCount"].clone())).collect();
    let pair = |count: u64, scanned: u64| (json!(count), json!(scanned));
    assert_eq!(counts, [pair(1, 2), pair(1, 2), pair(1, 2), pair(0, 2), pair(2, 2), pair(0, 0)]);
}

#[tokio::test]
async fn count_gives_no_items() {
    let dynamo = filled().await;
    let page = dynamo.call("Scan", json!({"TableName": "tab", "Select": "COUNT"})).await.ok();
    assert_eq!(page, json!({"Count": 30, "ScannedCount": 30}));
}

#[tokio::test]
async fn scan_pages_add_up_to_the_table() {
    let dynamo = filled().await;
    let whole = items(&pages(&dynamo, "Scan", json!({"TableName": "tab"})).await);
    assert_eq!(whole.len(), 30);
    for limit in [1, 7, 15, 30, 31] {
        let request = json!({"TableName": "tab", "Limit": limit});
        assert_eq!(items(&pages(&dynamo, "Scan", request).await), whole, "Limit {limit}");
    }
    let request = json!({"TableName": "tab", "Limit": 4, "ProjectionExpression": "sk"});
    let projected: Vec<_> = whole.iter().map(|item| json!({"sk": item["sk"]})).collect();
    assert_eq!(items(&pages(&dynamo, "Scan", request).await), projected);
}

#[tokio::test]
async fn segments_divide_a_table() {
    let dynamo = Dynamo::open();
    dynamo.table("tab", &["pk", "sk:N"]).await;
    for number in 0..60 {
        dynamo.put("tab", item(&format!("partition {}", number % 20), number)).await;
    }
    let sorted = |mut items: Vec<Json>| {
        items.sort_by_key(Json::to_string);
        items
    };
    let whole = sorted(items(&pages(&dynamo, "Scan", json!({"TableName": "tab"})).await));
    for total in [1, 2, 3, 40] {
        let mut all = Vec::new();
        for segment in 0..total {
            let request = json!({"TableName": "tab", "Segment": segment, "TotalSegments": total, "Limit": 2});
            all.extend(items(&pages(&dynamo, "Scan", request).await));
        }
        assert_eq!(sorted(all), whole, "{total} segments");
    }
    for (segment, total, message) in [
        // Recorded in us-east-1 on 2026-10-07.
        (
            Some(5),
            Some(5),
            "The Segment parameter is zero-based and must be less than parameter TotalSegments: \
             Segment: 5 is not less than TotalSegments: 5",
        ),
        (
            Some(0),
            None,
            "The TotalSegments parameter is required but was not present in the request when Segment parameter is present",
        ),
        (
            None,
            Some(1),
            "The Segment parameter is required but was not present in the request when parameter TotalSegments is present",
        ),
    ] {
        let answer = dynamo.call("Scan", json!({"TableName": "tab", "Segment": segment, "TotalSegments": total})).await;
        assert_eq!((answer.exception(), answer.message()), ("ValidationException", message));
    }
}

#[tokio::test]
async fn a_page_holds_at_most_1_mb() {
    let dynamo = Dynamo::open();
    dynamo.table("tab", &["pk", "sk:N"]).await;
    // 100,000 bytes each: ten fit into 1,048,576.
    let length = 100_000 - "pk".len() - "p".len() - "sk".len() - 2 - "v".len();
    for sk in 10..35 {
        let item = json!({"pk": {"S": "p"}, "sk": {"N": sk.to_string()}, "v": {"S": "v".repeat(length)}});
        dynamo.put("tab", item).await;
    }
    let query = json!({
        "TableName": "tab", "KeyConditionExpression": "pk = :pk", "ExpressionAttributeValues": {":pk": {"S": "p"}},
        "Select": "COUNT",
    });
    let scan = json!({"TableName": "tab", "Select": "COUNT"});
    for (operation, request) in [("Query", query), ("Scan", scan)] {
        let pages = pages(&dynamo, operation, request).await;
        let counts: Vec<_> = pages.iter().map(|page| page["Count"].as_u64().expect("a count")).collect();
        assert_eq!(counts, [10, 10, 5], "{operation}");
    }
}

#[tokio::test]
async fn a_start_key_must_fit() {
    let dynamo = filled().await;
    let key = |pk: &str, sk: i64| json!({"pk": {"S": pk}, "sk": {"N": sk.to_string()}});
    let query = |start: Json| {
        json!({
            "TableName": "tab", "KeyConditionExpression": "pk = :pk AND sk > :x", "ExclusiveStartKey": start,
            "ExpressionAttributeValues": {":pk": {"S": "b"}, ":x": {"N": "1"}},
        })
    };
    for (operation, request, message) in [
        (
            "Scan",
            json!({"TableName": "tab", "ExclusiveStartKey": {"pk": {"S": "b"}}}),
            // Recorded in us-east-1 on 2026-10-07.
            "The provided starting key is invalid: The provided key element does not match the schema",
        ),
        ("Query", query(json!({"pk": {"S": "b"}, "sk": {"S": "1"}})), "The provided starting key is invalid"),
        ("Query", query(json!({"pk": {"SS": []}, "sk": {"N": "1"}})), "The provided starting key is invalid"),
        (
            "Scan",
            json!({"TableName": "tab", "ExclusiveStartKey": {"pk": {"SS": []}}}),
            "The provided starting key is invalid: One or more parameter values were invalid: An string set  may not be empty",
        ),
        // A number's fault is told by itself.
        (
            "Query",
            query(json!({"pk": {"S": "b"}, "sk": {"N": "x"}})),
            "The parameter cannot be converted to a numeric value: x",
        ),
        (
            "Scan",
            json!({"TableName": "tab", "ExclusiveStartKey": {"pk": {"S": "b"}, "sk": {"N": ""}}}),
            "The parameter cannot be converted to a numeric value: ",
        ),
        (
            "Query",
            query(key("a", 2)),
            "The provided starting key is outside query boundaries based on provided conditions",
        ),
        ("Query", query(key("b", 0)), "The provided starting key does not match the range key predicate"),
    ] {
        let answer = dynamo.call(operation, request).await;
        assert_eq!((answer.exception(), answer.message()), ("ValidationException", message), "{operation}");
    }
    // A start key need not be an item's.
    let page = dynamo.call("Query", query(key("b", 6))).await.ok();
    assert_eq!(page["Items"], json!(of_b([7, 12, 100])));
}

#[tokio::test]
async fn what_cannot_be_selected_is_refused() {
    let dynamo = filled().await;
    let none = "Must specify the AttributesToGet or ProjectionExpression when choosing to get SPECIFIC_ATTRIBUTES";
    let mut cases = vec![
        // Recorded of Scan in us-east-1 on 2026-10-07.
        (json!({"Select": "SPECIFIC_ATTRIBUTES"}), none.to_owned(), true),
        (
            json!({"Select": "ALL_PROJECTED_ATTRIBUTES"}),
            "ALL_PROJECTED_ATTRIBUTES can be used only when Querying using an IndexName".to_owned(),
            false,
        ),
        (json!({"IndexName": "idx"}), "The table does not have the specified index: idx".to_owned(), false),
    ];
    for (select, what) in [
        ("COUNT", "only the Count"),
        ("ALL_ATTRIBUTES", "ALL_ATTRIBUTES"),
        ("ALL_PROJECTED_ATTRIBUTES", "ALL_PROJECTED_ATTRIBUTES"),
    ] {
        for (parameter, value) in [("ProjectionExpression", json!("sk")), ("AttributesToGet", json!(["sk"]))] {
            let message = format!("Cannot specify the {parameter} when choosing to get {what}");
            cases.push((json!({"Select": select, parameter: value}), message, true));
        }
    }
    for (request, message, counted) in cases {
        let before = request.get("AttributesToGet").is_some();
        let key = if before {
            json!({"KeyConditions": {"pk": {"ComparisonOperator": "EQ", "AttributeValueList": [{"S": "b"}]}}})
        } else {
            json!({"KeyConditionExpression": "pk = :pk", "ExpressionAttributeValues": {":pk": {"S": "b"}}})
        };
        for (operation, key, count) in [("Scan", json!({}), ""), ("Query", key, "1 validation error detected: ")] {
            let mut request = request.as_object().cloned().expect("an object");
            request.extend(key.as_object().cloned().expect("an object"));
            request.insert("TableName".to_owned(), json!("tab"));
            let answer = dynamo.call(operation, Json::Object(request)).await;
            let message = if counted { format!("{count}{message}") } else { message.clone() };
            assert_eq!(
                (answer.exception(), answer.message()),
                ("ValidationException", message.as_str()),
                "{operation}"
            );
        }
    }
    let answer = dynamo.call("Query", json!({"TableName": "tab"})).await;
    let message = "Either the KeyConditions or KeyConditionExpression parameter must be specified in the request.";
    assert_eq!(answer.message(), message);
}

#[tokio::test]
async fn long_pages_are_whole_too() {
    let dynamo = Dynamo::open();
    dynamo.table("tab", &["pk", "sk:N"]).await;
    for sk in 0..250 {
        dynamo.put("tab", item("b", sk)).await;
    }
    for limit in [None, Some(99), Some(100), Some(101), Some(249), Some(250), Some(251)] {
        for forward in [true, false] {
            let request = json!({
                "TableName": "tab", "KeyConditionExpression": "pk = :pk", "Limit": limit, "ScanIndexForward": forward,
                "ExpressionAttributeValues": {":pk": {"S": "b"}},
            });
            let pages = pages(&dynamo, "Query", request).await;
            let mut want: Vec<_> = (0..250).collect();
            if !forward {
                want.reverse();
            }
            assert_eq!(items(&pages), of_b(want), "{limit:?} forward: {forward}");
            assert_eq!(pages.len(), limit.map_or(1, |limit| 250 / limit + 1), "{limit:?}");
        }
    }
}

/// AWS's Java mapper sends KeyConditions with a filter expression (aws-sdk-java issue 928).
#[tokio::test]
async fn key_conditions_go_with_every_other_expression() {
    let dynamo = filled().await;
    let conditions = json!({"pk": {"ComparisonOperator": "EQ", "AttributeValueList": [{"S": "b"}]},
        "sk": {"ComparisonOperator": "GT", "AttributeValueList": [{"N": "1"}]}});
    let with = |more: Json| {
        let mut request = json!({"TableName": "tab", "KeyConditions": conditions});
        request.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
        request
    };
    let filter = json!({"FilterExpression": "even = :even", "ExpressionAttributeValues": {":even": {"BOOL": true}}});
    assert_eq!(items(&pages(&dynamo, "Query", with(filter)).await), of_b([2, 12, 100]));
    let shown = with(json!({"ProjectionExpression": "#k", "ExpressionAttributeNames": {"#k": "sk"}, "Limit": 2}));
    let keys: Vec<_> = [2, 3, 5, 7, 12, 100].iter().map(|sk: &i32| json!({"sk": {"N": sk.to_string()}})).collect();
    assert_eq!(items(&pages(&dynamo, "Query", shown).await), keys);
    for (more, before, expressions) in [
        (
            json!({"KeyConditionExpression": "pk = :b", "ExpressionAttributeValues": {":b": {"S": "b"}}}),
            "KeyConditions",
            "KeyConditionExpression",
        ),
        (
            json!({"QueryFilter": {"even": {"ComparisonOperator": "NULL"}}, "FilterExpression": "attribute_exists(even)"}),
            "QueryFilter",
            "FilterExpression",
        ),
        (json!({"AttributesToGet": ["sk"], "ProjectionExpression": "sk"}), "AttributesToGet", "ProjectionExpression"),
    ] {
        let refused = dynamo.call("Query", with(more)).await;
        assert_eq!(
            refused.message(),
            format!(
                "Can not use both expression and non-expression parameters in the same request: Non-expression parameters: \
                 {{{before}}} Expression parameters: {{{expressions}}}"
            )
        );
    }
}
