//! Query and Scan with an IndexName.

use serde_json::{Value as Json, json};

use super::support::Dynamo;
use super::{index, item, table};

/// A table with six items of two owners, all but one of them with a time.
async fn open() -> Dynamo {
    let dynamo = Dynamo::open();
    let local = [index("local", "pk/due", "KEYS_ONLY")];
    let global =
        [index("whole", "owner/due", "ALL"), index("keys", "owner/due", "KEYS_ONLY"), index("some", "owner", "note")];
    dynamo.call("CreateTable", table("due:N owner", &local, &global)).await.ok();
    for (pk, sk, owner, at) in
        [("a", 1, "bo", "30"), ("a", 2, "bo", "10"), ("a", 3, "cy", "20"), ("b", 1, "bo", "10"), ("b", 2, "cy", "5")]
    {
        dynamo.put("tab", item(pk, sk, &[("owner", owner), ("due", at), ("note", "n"), ("more", "m")])).await;
    }
    dynamo.put("tab", item("b", 3, &[("owner", "bo"), ("note", "no time")])).await;
    dynamo
}

fn query(index: &str, condition: &str) -> Json {
    let mut request = json!({
        "TableName": "tab", "IndexName": index, "KeyConditionExpression": condition, "ExpressionAttributeValues": {},
    });
    for (name, value) in [
        (":bo", json!({"S": "bo"})),
        (":a", json!({"S": "a"})),
        (":pb", json!({"S": "b"})),
        (":10", json!({"N": "10"})),
        (":20", json!({"N": "20"})),
    ] {
        if condition.contains(name) {
            request["ExpressionAttributeValues"][name] = value;
        }
    }
    if condition.contains("#o") {
        request["ExpressionAttributeNames"] = json!({"#o": "owner"});
    }
    request
}

fn with(mut request: Json, members: &Json) -> Json {
    for (name, value) in members.as_object().expect("an object") {
        request[name] = value.clone();
    }
    request
}

/// The keys of the items on a page.
fn keys(page: &Json) -> Vec<(String, i64)> {
    let items = page["Items"].as_array().expect("items");
    let text = |json: &Json| json.as_str().expect("text").to_owned();
    items.iter().map(|item| (text(&item["pk"]["S"]), text(&item["sk"]["N"]).parse().expect("a number"))).collect()
}

fn of(list: &[(&str, i64)]) -> Vec<(String, i64)> {
    list.iter().map(|(pk, sk)| ((*pk).to_owned(), *sk)).collect()
}

#[tokio::test]
async fn conditions_are_about_the_index_keys_and_order_is_theirs() {
    let dynamo = open().await;
    for (request, want) in [
        (query("whole", "#o = :bo"), of(&[("a", 2), ("b", 1), ("a", 1)])),
        (with(query("whole", "#o = :bo"), &json!({"ScanIndexForward": false})), of(&[("a", 1), ("b", 1), ("a", 2)])),
        (query("keys", "#o = :bo AND due > :10"), of(&[("a", 1)])),
        (query("some", "#o = :bo"), of(&[("a", 1), ("a", 2), ("b", 1), ("b", 3)])),
        (query("local", "pk = :a AND due BETWEEN :10 AND :20"), of(&[("a", 2), ("a", 3)])),
        (query("local", "pk = :pb"), of(&[("b", 2), ("b", 1)])),
    ] {
        let page = dynamo.call("Query", request.clone()).await.ok();
        assert_eq!(keys(&page), want, "{request}");
    }
}

#[tokio::test]
async fn entries_show_what_the_index_projects() {
    let dynamo = open().await;
    let whole = item("a", 1, &[("owner", "bo"), ("due", "30"), ("note", "n"), ("more", "m")]);
    for (request, want) in [
        (query("whole", "#o = :bo AND due > :20"), whole.clone()),
        (query("keys", "#o = :bo AND due > :20"), item("a", 1, &[("owner", "bo"), ("due", "30")])),
        (query("local", "pk = :a AND due > :20"), item("a", 1, &[("due", "30")])),
        (with(query("local", "pk = :a AND due > :20"), &json!({"Select": "ALL_ATTRIBUTES"})), whole.clone()),
        (with(query("whole", "#o = :bo AND due > :20"), &json!({"Select": "ALL_ATTRIBUTES"})), whole.clone()),
        (
            with(query("keys", "#o = :bo AND due > :20"), &json!({"Select": "ALL_PROJECTED_ATTRIBUTES"})),
            item("a", 1, &[("owner", "bo"), ("due", "30")]),
        ),
        (
            with(query("local", "pk = :a AND due > :20"), &json!({"ProjectionExpression": "more, due"})),
            json!({"more": {"S": "m"}, "due": {"N": "30"}}),
        ),
        (
            with(query("local", "pk = :a AND due > :20"), &json!({"ProjectionExpression": "sk"})),
            json!({"sk": {"N": "1"}}),
        ),
    ] {
        let page = dynamo.call("Query", request.clone()).await.ok();
        assert_eq!(page["Items"], json!([want]), "{request}");
    }
    let some = dynamo.call("Query", query("some", "#o = :bo")).await.ok();
    assert_eq!(some["Items"][3], item("b", 3, &[("owner", "bo"), ("note", "no time")]));
    let count = with(query("some", "#o = :bo"), &json!({"Select": "COUNT"}));
    assert_eq!(dynamo.call("Query", count).await.ok(), json!({"Count": 4, "ScannedCount": 4}));
}

#[tokio::test]
async fn what_an_index_cannot_answer_is_refused() {
    let dynamo = open().await;
    let invalid = "One or more parameter values were invalid: ";
    for (request, message) in [
        (query("none", "pk = :a"), "The table does not have the specified index: none".to_owned()),
        (
            with(query("whole", "#o = :bo"), &json!({"ConsistentRead": true})),
            "Consistent reads are not supported on global secondary indexes".to_owned(),
        ),
        (
            with(query("some", "#o = :bo"), &json!({"Select": "ALL_ATTRIBUTES"})),
            format!(
                "{invalid}Select type ALL_ATTRIBUTES is not supported for global secondary index some because its \
                 projection type is not ALL"
            ),
        ),
        (
            with(query("some", "#o = :bo"), &json!({"ProjectionExpression": "more, note, due.x, more2"})),
            format!("{invalid}Global secondary index some does not project [more, due, more2]"),
        ),
        (
            with(
                query("keys", "#o = :bo"),
                &json!({"FilterExpression": "due = :10",
                "ExpressionAttributeValues": {":bo": {"S": "bo"}, ":10": {"N": "10"}}}),
            ),
            "Filter Expression can only contain non-primary key attributes: Primary key attribute: due".to_owned(),
        ),
        (
            with(
                query("keys", "#o = :bo"),
                &json!({"FilterExpression": "size(more) = :10 OR note.x = more OR sk = :10",
                "ExpressionAttributeValues": {":bo": {"S": "bo"}, ":10": {"N": "10"}}}),
            ),
            format!("{invalid}Secondary index keys does not project one or more filter attributes: [more, note]"),
        ),
        (
            with(
                query("local", "pk = :a"),
                &json!({"FilterExpression": "attribute_exists(note)", "Select": "ALL_ATTRIBUTES"}),
            ),
            format!("{invalid}Secondary index local does not project one or more filter attributes: [note]"),
        ),
        (
            with(
                json!({"TableName": "tab", "IndexName": "some", "KeyConditions":
                    {"owner": {"ComparisonOperator": "EQ", "AttributeValueList": [{"S": "bo"}]}}}),
                &json!({"QueryFilter": {"due": {"ComparisonOperator": "NULL"}}}),
            ),
            format!("{invalid}Secondary index some does not project one or more filter attributes: [due]"),
        ),
        (query("whole", "pk = :a"), "Query condition missed key schema element: owner".to_owned()),
        (
            with(query("whole", "#o = :bo"), &json!({"ExclusiveStartKey": item("a", 1, &[])})),
            "The provided starting key is invalid".to_owned(),
        ),
        (
            with(
                query("whole", "#o = :bo"),
                &json!({"ExclusiveStartKey": item("a", 1, &[("owner", "cy"), ("due", "1")])}),
            ),
            "The provided starting key is outside query boundaries based on provided conditions".to_owned(),
        ),
    ] {
        let answer = dynamo.call("Query", request).await;
        assert_eq!((answer.exception(), answer.message()), ("ValidationException", message.as_str()));
    }
    let scan = json!({"TableName": "tab", "IndexName": "keys", "ProjectionExpression": "note"});
    let answer = dynamo.call("Scan", scan).await;
    assert_eq!(answer.message(), format!("{invalid}Global secondary index keys does not project [note]"));
}

#[tokio::test]
async fn pages_end_with_the_keys_of_index_and_table() {
    let dynamo = open().await;
    let page = dynamo.call("Query", with(query("keys", "#o = :bo"), &json!({"Limit": 1}))).await.ok();
    assert_eq!(page["LastEvaluatedKey"], item("a", 2, &[("owner", "bo"), ("due", "10")]));
    for reverse in [false, true] {
        for limit in 1..=4 {
            let settings = json!({"Limit": limit, "ScanIndexForward": !reverse});
            let mut request = with(query("keys", "#o = :bo"), &settings);
            let mut all = Vec::new();
            loop {
                let page = dynamo.call("Query", request.clone()).await.ok();
                all.extend(keys(&page));
                let Some(last) = page.get("LastEvaluatedKey") else { break };
                request["ExclusiveStartKey"] = last.clone();
            }
            let mut want = of(&[("a", 2), ("b", 1), ("a", 1)]);
            if reverse {
                want.reverse();
            }
            assert_eq!(all, want, "Limit {limit}, reverse {reverse}");
        }
    }
}

#[tokio::test]
async fn a_scan_of_an_index_reads_its_entries_in_one_or_many_segments() {
    let dynamo = open().await;
    let scan = json!({"TableName": "tab", "IndexName": "keys"});
    let mut want = of(&[("a", 1), ("a", 2), ("a", 3), ("b", 1), ("b", 2)]);
    for segments in [1, 2, 5] {
        let mut all = Vec::new();
        for segment in 0..segments {
            let mut request = with(scan.clone(), &json!({"Segment": segment, "TotalSegments": segments, "Limit": 2}));
            loop {
                let page = dynamo.call("Scan", request.clone()).await.ok();
                all.extend(keys(&page));
                let Some(last) = page.get("LastEvaluatedKey") else { break };
                request["ExclusiveStartKey"] = last.clone();
            }
        }
        all.sort();
        want.sort();
        assert_eq!(all, want, "{segments} segments");
    }
}

#[tokio::test]
async fn reading_an_index_costs_its_entries_and_what_is_fetched() {
    let dynamo = open().await;
    dynamo.put("tab", item("c", 1, &[("due", "1"), ("owner", "di"), ("note", &"x".repeat(5000))])).await;
    let costs = |request: Json| {
        let dynamo = &dynamo;
        async move {
            let request = with(request, &json!({"ReturnConsumedCapacity": "INDEXES"}));
            let mut page = dynamo.call("Query", request).await.ok();
            page["ConsumedCapacity"].take()
        }
    };
    let arms = |list: &str, name: &str, total: f64, table: f64, index: f64| {
        json!({"TableName": "tab", "CapacityUnits": total, "Table": {"CapacityUnits": table},
            list: {name: {"CapacityUnits": index}}})
    };
    let local = |members: Json| {
        let request = json!({"TableName": "tab", "IndexName": "local", "KeyConditionExpression": "pk = :c",
            "ExpressionAttributeValues": {":c": {"S": "c"}}});
        with(request, &members)
    };
    assert_eq!(costs(query("whole", "#o = :bo")).await, arms("GlobalSecondaryIndexes", "whole", 0.5, 0.0, 0.5));
    assert_eq!(costs(local(json!({}))).await, arms("LocalSecondaryIndexes", "local", 0.5, 0.0, 0.5));
    let fetched = local(json!({"Select": "ALL_ATTRIBUTES"}));
    assert_eq!(costs(fetched).await, arms("LocalSecondaryIndexes", "local", 1.5, 1.0, 0.5));
    let consistent = local(json!({"Select": "ALL_ATTRIBUTES", "ConsistentRead": true}));
    assert_eq!(costs(consistent).await, arms("LocalSecondaryIndexes", "local", 3.0, 2.0, 1.0));
}

#[tokio::test]
async fn a_page_is_a_megabyte_of_entries() {
    let dynamo = Dynamo::open();
    let indexes = [index("whole", "owner", "ALL"), index("keys", "owner", "KEYS_ONLY")];
    dynamo.call("CreateTable", table("owner", &[], &indexes)).await.ok();
    for sk in 0..4 {
        dynamo.put("tab", item("a", sk, &[("owner", "bo"), ("body", &"x".repeat(300_000))])).await;
    }
    let page = dynamo.call("Query", query("whole", "#o = :bo")).await.ok();
    assert_eq!((page["Count"].as_u64(), page["LastEvaluatedKey"].is_null()), (Some(3), false));
    let page = dynamo.call("Query", query("keys", "#o = :bo")).await.ok();
    assert_eq!((page["Count"].as_u64(), page["LastEvaluatedKey"].is_null()), (Some(4), true));
}

#[tokio::test]
async fn keys_of_several_attributes_narrow_from_the_left() {
    let dynamo = Dynamo::open();
    let global = [index("multi", "region team/year month", "KEYS_ONLY")];
    dynamo.call("CreateTable", table("region team year:N month:N", &[], &global)).await.ok();
    for (sk, region, team, year, month) in [
        (1, "eu", "red", "2024", "3"),
        (2, "eu", "red", "2024", "1"),
        (3, "eu", "red", "2025", "2"),
        (4, "eu", "tan", "2024", "1"),
    ] {
        let attributes = [("region", region), ("team", team), ("year", year), ("month", month)];
        dynamo.put("tab", item("a", sk, &attributes)).await;
    }
    dynamo.put("tab", item("a", 5, &[("region", "eu"), ("team", "red"), ("year", "2024")])).await;
    let query = |condition: &str| {
        let values = json!({":eu": {"S": "eu"}, ":red": {"S": "red"}, ":y": {"N": "2024"}, ":m": {"N": "2"}});
        let used = values.as_object().expect("values").iter().filter(|(name, _)| condition.contains(name.as_str()));
        let (names, condition) = (json!({"#r": "region", "#y": "year", "#m": "month"}), condition.to_owned());
        let names = names.as_object().expect("names").iter().filter(|(name, _)| condition.contains(name.as_str()));
        json!({"TableName": "tab", "IndexName": "multi", "KeyConditionExpression": condition,
            "ExpressionAttributeNames": names.map(|(name, value)| (name.clone(), value.clone())).collect::<serde_json::Map<_, _>>(),
            "ExpressionAttributeValues": used.map(|(name, value)| (name.clone(), value.clone())).collect::<serde_json::Map<_, _>>()})
    };
    for (condition, want) in [
        ("#r = :eu AND team = :red", vec![2, 1, 3]),
        ("#r = :eu AND team = :red AND #y = :y", vec![2, 1]),
        ("#r = :eu AND team = :red AND #y = :y AND #m > :m", vec![1]),
        ("#r = :eu AND team = :red AND #y > :y", vec![3]),
    ] {
        let page = dynamo.call("Query", query(condition)).await.ok();
        let found: Vec<_> = keys(&page).into_iter().map(|(_, sk)| sk).collect();
        assert_eq!(found, want, "{condition}");
    }
    for (condition, message) in [
        ("#r = :eu", "HASH key attributes team must have equality conditions specified in the query"),
        (
            "#r = :eu AND team = :red AND #m = :m",
            "RANGE key attributes year must have equality conditions specified in the query because a condition is present \
             on key attribute month",
        ),
        (
            "#r = :eu AND team = :red AND #y > :y AND #m = :m",
            "RANGE key attributes year must have equality conditions specified in the query because a condition is present \
             on key attribute month",
        ),
    ] {
        assert_eq!(dynamo.call("Query", query(condition)).await.message(), message);
    }
    let page = with(query("#r = :eu AND team = :red"), &json!({"Limit": 1}));
    let last = dynamo.call("Query", page).await.ok()["LastEvaluatedKey"].take();
    assert_eq!(last, item("a", 2, &[("region", "eu"), ("team", "red"), ("year", "2024"), ("month", "1")]));
}

#[tokio::test]
async fn a_filter_may_name_what_the_index_projects() {
    let dynamo = open().await;
    let filter = json!({"FilterExpression": "note = :n AND sk > :0 AND pk <> :n",
        "ExpressionAttributeValues": {":bo": {"S": "bo"}, ":n": {"S": "n"}, ":0": {"N": "0"}}});
    for index in ["some", "whole"] {
        let page = dynamo.call("Query", with(query(index, "#o = :bo"), &filter)).await.ok();
        assert_eq!((&page["Count"], &page["ScannedCount"]), (&json!(3), &json!(if index == "some" { 4 } else { 3 })));
    }
    let scan = json!({"TableName": "tab", "IndexName": "keys", "FilterExpression": "attribute_exists(note)"});
    assert_eq!(dynamo.call("Scan", scan).await.ok()["Count"], 0);
}
