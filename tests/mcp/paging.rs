//! Answers within their budget, and cursors that outlive the process that gave them.

use footbridge::mcp::Bridge;
use serde_json::{Value, json};

use crate::support::{Here, caller, err, ok, table};

/// Follows cursors to the end, each page from a bridge of its own, as after a restart.
async fn pages(here: &Here, budget: usize, tool: &str, mut arguments: Value) -> Vec<Value> {
    let mut pages = Vec::new();
    loop {
        let bridge: Bridge = here.small(budget);
        let answer = bridge.call(&caller(), tool, arguments.as_object().cloned().unwrap()).await.unwrap();
        assert!(answer.text.len() <= budget, "{} bytes", answer.text.len());
        let page: Value = serde_json::from_str(&answer.text).unwrap();
        let cursor = page["cursor"].clone();
        pages.push(page);
        assert!(pages.len() < 200, "no end");
        if cursor.is_null() {
            return pages;
        }
        arguments["cursor"] = cursor;
    }
}

fn joined(pages: &[Value], member: &str) -> Vec<Value> {
    pages.iter().flat_map(|page| page[member].as_array().cloned().unwrap_or_default()).collect()
}

async fn filled(here: &Here, count: usize) -> Vec<Value> {
    let bridge = here.bridge();
    table(&bridge).await;
    let item = |i: usize| json!({ "pk": "a", "sk": format!("{i:03}"), "n": i, "text": "x".repeat(100) });
    let items: Vec<_> = (0..count).map(item).collect();
    ok(&bridge, "dynamodb_put_items", json!({ "table": "things", "items": items })).await;
    items
}

#[tokio::test]
async fn a_scan_larger_than_the_budget_comes_in_pages_that_hold_every_item_once() {
    let here = Here::new().await;
    let items = filled(&here, 60).await;
    let pages = pages(&here, 2048, "dynamodb_scan", json!({ "table": "things" })).await;
    assert!(pages.len() > 4);
    assert_eq!(joined(&pages, "items"), items);
}

#[tokio::test]
async fn a_query_pages_by_limit_backwards_and_with_chosen_fields() {
    let here = Here::new().await;
    filled(&here, 25).await;
    let query = json!({
        "table": "things", "key_condition": "pk = :p", "values": { ":p": "a" },
        "fields": ["n"], "limit": 10, "descending": true,
    });
    let pages = pages(&here, 24 * 1024, "dynamodb_query", query).await;
    assert_eq!(pages.iter().map(|page| page["count"].as_u64().unwrap()).collect::<Vec<_>>(), [10, 10, 5]);
    // The keys that the cursor needs are not shown, unless they were asked for by whatever name.
    assert_eq!(joined(&pages, "items"), (0..25).rev().map(|n| json!({ "n": n })).collect::<Vec<_>>());
}

#[tokio::test]
async fn a_key_can_be_asked_for_by_a_placeholder() {
    let here = Here::new().await;
    filled(&here, 3).await;
    let scan = json!({ "table": "things", "fields": ["#k", "n"], "names": { "#k": "sk" }, "limit": 1 });
    let pages = pages(&here, 24 * 1024, "dynamodb_scan", scan).await;
    assert_eq!(joined(&pages, "items")[1], json!({ "n": 1, "sk": "001" }));
}

#[tokio::test]
async fn a_filter_that_lets_little_through_still_finds_it() {
    let here = Here::new().await;
    filled(&here, 60).await;
    let scan = json!({ "table": "things", "filter": "n = :n", "values": { ":n": 59 }, "limit": 1 });
    let answer = ok(&here.bridge(), "dynamodb_scan", scan).await;
    assert_eq!((&answer["items"][0]["sk"], &answer["scanned"]), (&json!("059"), &json!(60)));
}

#[tokio::test]
async fn one_item_larger_than_the_budget_comes_in_parts_between_its_neighbours() {
    let here = Here::new().await;
    let bridge = here.bridge();
    table(&bridge).await;
    let long = json!({ "pk": "a", "sk": "2", "text": "äé\"😀\n".repeat(3000) });
    let items = [json!({ "pk": "a", "sk": "1" }), long.clone(), json!({ "pk": "a", "sk": "3" })];
    ok(&bridge, "dynamodb_put_items", json!({ "table": "things", "items": items })).await;
    let keys = items.iter().map(|item| json!({ "pk": item["pk"], "sk": item["sk"] })).collect::<Vec<_>>();
    for (tool, arguments) in [
        ("dynamodb_scan", json!({ "table": "things" })),
        ("dynamodb_query", json!({ "table": "things", "key_condition": "pk = :p", "values": { ":p": "a" } })),
        ("dynamodb_get_items", json!({ "table": "things", "keys": keys })),
    ] {
        let pages = pages(&here, 4096, tool, arguments).await;
        let parts: String = pages.iter().filter_map(|page| page["item_part"].as_str()).collect();
        assert_eq!(serde_json::from_str::<Value>(&parts).unwrap(), long, "{tool}");
        let whole: Vec<_> = joined(&pages, "items").iter().map(|item| item["sk"].clone()).collect();
        assert_eq!(whole, ["1", "3"], "{tool}");
    }
}

#[tokio::test]
async fn get_items_answers_in_the_order_of_the_keys_page_by_page() {
    let here = Here::new().await;
    let items = filled(&here, 40).await;
    let key = |i: usize| json!({ "pk": "a", "sk": format!("{i:03}") });
    let keys: Vec<_> = (0..40).rev().map(key).chain([key(999)]).collect();
    let pages = pages(&here, 2048, "dynamodb_get_items", json!({ "table": "things", "keys": keys })).await;
    assert!(pages.len() > 2);
    assert!(joined(&pages, "items").iter().eq(items.iter().rev()));
    assert_eq!(joined(&pages, "missing"), [key(999)]);
}

#[tokio::test]
async fn an_update_whose_item_is_too_long_is_done_and_shown_shortened() {
    let here = Here::new().await;
    let bridge = here.small(2048);
    table(&bridge).await;
    let update = json!({
        "table": "things", "key": { "pk": "a", "sk": "b" }, "update": "SET long = :l", "values": { ":l": "y".repeat(9000) },
    });
    let answer = ok(&bridge, "dynamodb_update_item", update).await;
    assert!(answer["attributes"]["long"].as_str().unwrap().ends_with("… (9000 bytes in all)"));
    assert!(answer["shortened"].is_string());
}

#[tokio::test]
async fn a_cursor_is_refused_for_other_arguments_and_for_nonsense() {
    let here = Here::new().await;
    filled(&here, 10).await;
    let bridge = here.bridge();
    let page = ok(&bridge, "dynamodb_scan", json!({ "table": "things", "limit": 3 })).await;
    let other = json!({ "table": "things", "cursor": page["cursor"], "filter": "n > :n", "values": { ":n": 0 } });
    assert!(err(&bridge, "dynamodb_scan", other).await.message.contains("other arguments"));
    let other = json!({ "table": "things", "cursor": page["cursor"] });
    assert_eq!(ok(&bridge, "dynamodb_scan", other).await["count"], 7);
    for cursor in ["AAAA", "not base64!"] {
        let error = err(&bridge, "dynamodb_scan", json!({ "table": "things", "cursor": cursor })).await;
        assert_eq!(error.code, "invalid_arguments");
    }
}

#[tokio::test]
async fn counting_gives_a_number_alone() {
    let here = Here::new().await;
    filled(&here, 33).await;
    let query = json!({ "table": "things", "key_condition": "pk = :p AND sk < :s", "values": { ":p": "a", ":s": "020" }, "count": true });
    assert_eq!(ok(&here.bridge(), "dynamodb_query", query).await, json!({ "table": "things", "count": 20 }));
}

#[tokio::test]
async fn an_object_is_read_part_by_part_and_never_whole() {
    let here = Here::new().await;
    let bridge = here.small(4096);
    ok(&bridge, "s3_create_bucket", json!({ "bucket": "bucket" })).await;
    let text = "Zeile mit Ümläuten und 😀\n".repeat(1000);
    ok(&bridge, "s3_put_object", json!({ "bucket": "bucket", "key": "k", "text": text })).await;
    let mut read = String::new();
    let mut arguments = json!({ "bucket": "bucket", "key": "k" });
    loop {
        let part = ok(&bridge, "s3_get_object", arguments.clone()).await;
        assert!(part.to_string().len() <= 4096);
        assert_eq!(part["size"], text.len());
        read.push_str(part["text"].as_str().unwrap());
        if part["next_range"].is_null() {
            break;
        }
        arguments["range"] = part["next_range"].clone();
    }
    assert_eq!(read, text);
    let some = json!({ "bucket": "bucket", "key": "k", "range": "bytes=0-4", "as": "base64" });
    let some = ok(&bridge, "s3_get_object", some).await;
    assert_eq!((&some["base64"], some.get("next_range")), (&json!("WmVpbGU="), None));
    let last =
        ok(&bridge, "s3_get_object", json!({ "bucket": "bucket", "key": "k", "range": "-5", "max_bytes": 16 })).await;
    assert_eq!(last["text"], "😀\n");
}

#[tokio::test]
async fn a_listing_of_long_keys_comes_in_pages_that_hold_every_key_once() {
    let here = Here::new().await;
    let bridge = here.bridge();
    ok(&bridge, "s3_create_bucket", json!({ "bucket": "bucket" })).await;
    let keys: Vec<_> = (0..30).map(|i| format!("{i:02}/{}", "k".repeat(500))).collect();
    for key in &keys {
        ok(&bridge, "s3_put_object", json!({ "bucket": "bucket", "key": key, "text": "" })).await;
    }
    let listed = pages(&here, 8192, "s3_list_objects", json!({ "bucket": "bucket" })).await;
    assert!(listed.len() > 3);
    assert!(joined(&listed, "objects").iter().map(|object| &object["key"]).eq(&keys));
    let level =
        pages(&here, 8192, "s3_list_objects", json!({ "bucket": "bucket", "delimiter": "/", "limit": 7 })).await;
    assert_eq!((level.len(), joined(&level, "prefixes").len()), (5, 30));
}

#[tokio::test]
async fn a_limit_of_nothing_is_refused() {
    let bridge = Here::new().await.bridge();
    table(&bridge).await;
    ok(&bridge, "s3_create_bucket", json!({ "bucket": "bucket" })).await;
    for (tool, mut arguments) in [
        ("s3_list_buckets", json!({})),
        ("s3_list_objects", json!({ "bucket": "bucket" })),
        ("dynamodb_list_tables", json!({})),
        ("dynamodb_scan", json!({ "table": "things" })),
        ("dynamodb_query", json!({ "table": "things", "key_condition": "pk = :p", "values": { ":p": "a" } })),
    ] {
        arguments["limit"] = json!(0);
        let error = err(&bridge, tool, arguments.clone()).await;
        assert_eq!((error.code.as_str(), error.message.as_str()), ("invalid_arguments", "limit: must be at least 1"));
        arguments["limit"] = json!(1);
        ok(&bridge, tool, arguments).await;
    }
}

#[tokio::test]
async fn a_table_that_another_process_made_anew_with_other_keys_is_paged_by_those() {
    let here = Here::new().await;
    let (ours, theirs) = (here.bridge(), here.bridge());
    for (hash, range) in [("pk", "sk"), ("id", "at")] {
        let made = json!({ "table": "things", "keys": { hash: "S", range: "N" } });
        ok(&theirs, "dynamodb_create_table", made).await;
        let items: Vec<_> = (0..3).map(|n| json!({ hash: "a", range: n, "v": n })).collect();
        ok(&theirs, "dynamodb_put_items", json!({ "table": "things", "items": items })).await;
        let mut scan = json!({ "table": "things", "limit": 2, "fields": ["v"] });
        let first = ok(&ours, "dynamodb_scan", scan.clone()).await;
        scan["cursor"] = first["cursor"].clone();
        let second = ok(&ours, "dynamodb_scan", scan).await;
        assert_eq!(joined(&[first, second], "items"), [json!({ "v": 0 }), json!({ "v": 1 }), json!({ "v": 2 })]);
        ok(&theirs, "dynamodb_delete_table", json!({ "table": "things", "confirm": true })).await;
    }
}
