use serde_json::{Value, json};

use super::*;
use crate::journal::{self, Call, Outcome, Redactor};

/// What `compare` finds in two answers to a call of `tool`, as text.
fn found(comparer: &mut Comparer, tool: &str, arguments: &Value, left: &Value, right: &Value) -> Vec<String> {
    let side = |response, region| Side { outcome: &Outcome::Ok, response, partial: false, region: Some(region) };
    let comparison = comparer.compare(tool, arguments, side(left, "us-east-1"), side(right, "eu-west-1"));
    let text = |value: Option<Value>| value.map_or_else(|| "nothing".to_owned(), |value| value.to_string());
    comparison.differences.into_iter().map(|d| format!("{}: {} → {}", d.path, text(d.left), text(d.right))).collect()
}

fn plain(left: &Value, right: &Value) -> Vec<String> {
    found(&mut Comparer::new().unwrap(), "s3_list_objects", &json!({}), left, right)
}

#[test]
fn what_no_two_runs_agree_on_is_no_difference() {
    let left = json!({
        "bucket": "b", "region": "us-east-1", "version_id": "v1", "cursor": "c1", "created": "2026-01-01T00:00:00Z",
        "arn": "arn:aws:dynamodb:us-east-1:000000000000:table/t", "objects": [{"key": "a", "modified": "2026-01-01T00:00:01Z"}],
    });
    let right = json!({
        "bucket": "b", "region": "eu-west-1", "version_id": "w1", "cursor": "d1", "created": "2020-01-01T00:00:00Z",
        "arn": "arn:aws:dynamodb:eu-west-1:123456789012:table/t", "objects": [{"key": "a", "modified": "2020-01-01T00:00:01Z"}],
    });
    assert_eq!(plain(&left, &right), Vec::<String>::new());
}

#[test]
fn what_is_stored_is_compared_literally_whatever_its_names() {
    let left = json!({"items": [{"modified": "then", "cursor": "a", "arn": "arn:aws:s3:us-east-1:000000000000:b"}]});
    let right = json!({"items": [{"modified": "now", "cursor": "b", "arn": "arn:aws:s3:us-east-1:111111111111:b"}]});
    let all = plain(&left, &right);
    assert_eq!(all.len(), 3, "{all:?}");
    assert_eq!(all[0], r#"items[0].modified: "then" → "now""#);
}

#[test]
fn a_missing_member_and_a_missing_time_are_differences() {
    let all = plain(&json!({"etag": "e", "modified": "2026-01-01T00:00:00Z"}), &json!({"size": 1}));
    assert_eq!(all, [r#"etag: "e" → nothing"#, r#"modified: "2026-01-01T00:00:00Z" → nothing"#, "size: nothing → 1"]);
}

#[test]
fn an_id_must_come_back_where_it_came_before() {
    let mut comparer = Comparer::new().unwrap();
    let mut all = |left: &str, right: &str| {
        let (left, right) = (json!({"version_id": left}), json!({"version_id": right}));
        found(&mut comparer, "s3_get_object", &json!({}), &left, &right)
    };
    assert!(all("v1", "w1").is_empty() && all("v2", "w2").is_empty() && all("v1", "w1").is_empty());
    assert_eq!(all("v1", "w2"), [r#"version_id: "v1" → "w2""#]);
}

#[test]
fn a_listing_that_lacks_one_key_differs_in_that_key_alone() {
    let keys =
        |names: &[&str]| json!({"objects": names.iter().map(|key| json!({"key": key, "size": 1})).collect::<Vec<_>>()});
    let all = plain(&keys(&["a", "b", "c", "d"]), &keys(&["a", "c", "d", "e"]));
    assert_eq!(all, [r#"objects[1]: {"key":"b","size":1} → nothing"#, r#"objects[3]: nothing → {"key":"e","size":1}"#]);
}

#[test]
fn another_order_is_one_difference() {
    let all = plain(&json!({"tables": ["a", "b", "c"]}), &json!({"tables": ["c", "a", "b"]}));
    assert_eq!(all, [r#"tables (order): ["a","b","c"] → ["c","a","b"]"#]);
}

#[test]
fn sets_have_no_order_and_lists_have_one() {
    assert!(
        plain(&json!({"item": {"s": {"$ss": ["a", "b"]}}}), &json!({"item": {"s": {"$ss": ["b", "a"]}}})).is_empty()
    );
    assert!(!plain(&json!({"item": {"s": ["a", "b"]}}), &json!({"item": {"s": ["b", "a"]}})).is_empty());
}

#[test]
fn a_scan_is_compared_as_a_whole_where_its_pages_end() {
    let page = |names: &[&str], cursor: Option<&str>| {
        let items: Vec<_> = names.iter().map(|name| json!({"pk": name})).collect();
        let mut page = json!({"table": "t", "count": items.len(), "items": items});
        if let Some(cursor) = cursor {
            page["cursor"] = json!(cursor);
        }
        page
    };
    let mut comparer = Comparer::new().unwrap();
    let mut scan =
        |arguments: Value, left: Value, right: Value| found(&mut comparer, "dynamodb_scan", &arguments, &left, &right);
    assert!(scan(json!({}), page(&["a", "b"], Some("c")), page(&["d", "c"], Some("x"))).is_empty());
    assert!(scan(json!({"cursor": "c"}), page(&["c", "d"], None), page(&["b", "a"], None)).is_empty());
    assert!(scan(json!({}), page(&["a", "b"], Some("e")), page(&["a", "c"], Some("y"))).is_empty());
    let all = scan(json!({"cursor": "e"}), page(&["c"], None), page(&["d"], None));
    assert_eq!(all, [r#"items[0].pk: "b" → "d""#]);
}

#[test]
fn an_order_that_a_query_promises_is_kept() {
    let (left, right) = (json!({"items": [{"n": 1}, {"n": 2}]}), json!({"items": [{"n": 2}, {"n": 1}]}));
    assert!(!found(&mut Comparer::new().unwrap(), "dynamodb_query", &json!({}), &left, &right).is_empty());
}

#[test]
fn errors_differ_by_code_and_by_message_and_not_by_account() {
    let mut comparer = Comparer::new().unwrap();
    let mut differ = |left: &Outcome, right: &Outcome| {
        let side = |outcome| Side { outcome, response: &Value::Null, partial: false, region: Some("us-east-1") };
        let found = comparer.compare("t", &json!({}), side(left), side(right));
        found.differences.into_iter().map(|difference| difference.path).collect::<Vec<_>>()
    };
    let error = |code: &str, message: &str| Outcome::Error { code: code.into(), message: message.into() };
    let arn = |account: &str| error("X", &format!("no arn:aws:dynamodb:us-east-1:{account}:table/t"));
    assert!(differ(&arn("000000000000"), &arn("123456789012")).is_empty());
    assert_eq!(differ(&error("X", "a"), &error("X", "b")), ["message"]);
    assert_eq!(differ(&error("X", "a"), &error("Y", "a")), ["outcome"]);
    assert_eq!(differ(&Outcome::Ok, &error("Y", "a")), ["outcome"]);
}

#[test]
fn cut_answers_are_compared_as_far_as_they_go_and_shapes_by_shape() {
    let mut comparer = Comparer::new().unwrap();
    let mut compare = |left: &Value, right: &Value| {
        let side = |response| Side { outcome: &Outcome::Ok, response, partial: false, region: None };
        comparer.compare("s3_get_object", &json!({}), side(left), side(right))
    };
    let cut = json!({"text": "abc… [6 bytes]", "keys": ["a", "[2 more]"]});
    let same = compare(&cut, &json!({"text": "abcdef", "keys": ["a", "b", "c"]}));
    assert!(same.differences.is_empty() && same.cut);
    let other = compare(&cut, &json!({"text": "abXdef", "keys": ["a", "b"]}));
    assert_eq!(other.differences.iter().map(|d| d.path.as_str()).collect::<Vec<_>>(), ["text", "keys.length"]);
    let (shape, answer) = (json!({"bucket": "[1 bytes]", "size": "[number]"}), json!({"bucket": "b", "size": 7}));
    let same = compare(&shape, &answer);
    assert!(same.differences.is_empty() && same.shapes);
    assert_eq!(compare(&shape, &json!({"bucket": "bb", "size": 7})).differences[0].path, "bucket");
}

#[test]
fn secrets_that_the_journal_left_out_are_no_difference() {
    let comparer = Comparer::new().unwrap();
    let answer = json!({"item": {"pk": "a", "password": "hunter2"}});
    let recorded = journal::redacted(&answer, &Redactor::new().unwrap());
    assert_eq!(comparer.redacted(&answer), recorded);
    assert!(plain(&recorded, &recorded).is_empty());
}

fn call(tool: &str, arguments: &Value) -> Call {
    let record = json!({
        "id": uuid::Uuid::nil(), "at": 1, "file": "f", "pid": 1, "who": {"kind": "mcp"},
        "target": {"kind": "local"}, "tool": tool, "parameters": arguments,
    });
    let started = serde_json::from_value(record).unwrap();
    Call { id: uuid::Uuid::nil(), at: 1, time: None, file: "f".into(), started, finished: None }
}

#[test]
fn calls_are_paired_by_tool_and_arguments_whatever_ids_they_hold() {
    let get = |key: &str, version: &str| call("s3_get_object", &json!({"key": key, "version_id": version}));
    let (left, right) =
        ([get("a", "v1"), get("b", "v"), get("c", "v")], [get("a", "w1"), get("c", "w"), get("d", "w")]);
    let pairs = align(&left.iter().collect::<Vec<_>>(), &right.iter().collect::<Vec<_>>());
    assert_eq!(pairs, [Pair::Both(0, 0), Pair::Left(1), Pair::Both(2, 1), Pair::Right(2)]);
}
