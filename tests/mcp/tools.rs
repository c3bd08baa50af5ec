//! What the tools do that a plain SDK call does not.

use std::sync::Arc;

use footbridge::mcp::{Bridge, Options};
use serde_json::json;

use crate::support::{Here, err, ok, table};

#[tokio::test]
async fn reserved_words_need_no_aliases() {
    let bridge = Here::new().await.bridge();
    table(&bridge).await;
    let item = json!({ "pk": "a", "sk": "1", "status": "open", "size": 3, "year": { "count": [1, 2] } });
    ok(&bridge, "dynamodb_put_items", json!({ "table": "things", "items": [item] })).await;
    let update = json!({
        "table": "things", "key": { "pk": "a", "sk": "1" }, "return": "updated_new",
        "update": "SET status = :s, year.count[1] = year.count[1] + :n ADD size :n",
        "condition": "status IN (:old) AND NOT attribute_exists(name)",
        "values": { ":s": "closed", ":n": 1, "old": "open" },
    });
    let answer = ok(&bridge, "dynamodb_update_item", update).await;
    assert_eq!(answer["attributes"], json!({ "size": 4, "status": "closed", "year": { "count": [3] } }));
    let query = json!({
        "table": "things", "key_condition": "pk = :p", "filter": "#s = :s AND size >= :n", "names": { "#s": "status" },
        "values": { ":p": "a", ":s": "closed", ":n": 4 }, "fields": ["status", "year.count[0]"],
    });
    assert_eq!(
        ok(&bridge, "dynamodb_query", query).await["items"],
        json!([{ "status": "closed", "year": { "count": [1] } }])
    );
}

#[tokio::test]
async fn a_false_condition_shows_the_item_and_messages_show_names() {
    let bridge = Here::new().await.bridge();
    table(&bridge).await;
    ok(&bridge, "dynamodb_put_items", json!({ "table": "things", "items": [{ "pk": "a", "sk": "1", "v": 7 }] })).await;
    let put =
        json!({ "table": "things", "items": [{ "pk": "a", "sk": "1" }], "condition": "attribute_not_exists(pk)" });
    let error = err(&bridge, "dynamodb_put_items", put).await;
    assert_eq!(error.code, "ConditionalCheckFailedException");
    assert!(error.message.contains(r#"the item is {"pk":"a","sk":"1","v":7}"#), "{error}");
    let update = json!({ "table": "things", "key": { "pk": "a", "sk": "1" }, "update": "SET x.y = :v, x = :v", "values": { ":v": 1 } });
    let error = err(&bridge, "dynamodb_update_item", update).await;
    assert!(error.message.contains("[x, y]") && !error.message.contains("#n"), "{error}");
}

#[tokio::test]
async fn items_come_back_as_they_went() {
    let bridge = Here::new().await.bridge();
    table(&bridge).await;
    let item = json!({
        "pk": "a", "sk": "1", "big": { "$n": "12345678901234567890123456789012345678" }, "bin": { "$b": "AAEC" },
        "set": { "$ns": [1, 2.5] }, "map": { "$m": { "$only": null } }, "list": [true, "x", { "deep": [] }],
    });
    ok(&bridge, "dynamodb_put_items", json!({ "table": "things", "items": [item] })).await;
    let got = ok(&bridge, "dynamodb_get_items", json!({ "table": "things", "keys": [{ "pk": "a", "sk": "1" }] })).await;
    assert_eq!(got["items"], json!([item]));
    let unsafe_number =
        json!({ "table": "things", "items": [{ "pk": "a", "sk": "2", "n": 12_345_678_901_234_567_890_u64 }] });
    let error = err(&bridge, "dynamodb_put_items", unsafe_number).await;
    assert!(error.code == "invalid_arguments" && error.message.contains("items[0].n"), "{error}");
}

#[tokio::test]
async fn the_hash_key_is_the_first_key_whatever_its_name() {
    let bridge = Here::new().await.bridge();
    let keys = json!({ "table": "things", "keys": { "z": "S", "a": "N" } });
    let made = ok(&bridge, "dynamodb_create_table", keys).await;
    assert_eq!(
        made["keys"].as_object().unwrap().iter().collect::<Vec<_>>(),
        [(&"z".into(), &json!("S")), (&"a".into(), &json!("N"))]
    );
    assert_eq!((&made["status"], &made["billing"]), (&json!("ACTIVE"), &json!("on_demand")));
    ok(
        &bridge,
        "dynamodb_put_items",
        json!({ "table": "things", "items": [{ "z": "x", "a": 2 }, { "z": "x", "a": 1, "v": {} }] }),
    )
    .await;
    let told = ok(&bridge, "dynamodb_describe_table", json!({ "table": "things", "sample": 10 })).await;
    assert_eq!(told["attributes"], json!({ "a": "N", "v": "M (in 1 of 2)", "z": "S" }));
    for (table, billing) in [
        ("units", json!({ "read": 5, "write": 6 })),
        ("provisioned", json!({ "billing": "PROVISIONED", "read": 5, "write": 6 })),
        // As dynamodb_describe_table tells it.
        ("told", json!({ "billing": { "read": 5, "write": 6 } })),
    ] {
        let mut create = json!({ "table": table, "keys": { "pk": "S" } });
        create.as_object_mut().unwrap().extend(billing.as_object().unwrap().clone());
        assert_eq!(ok(&bridge, "dynamodb_create_table", create).await["billing"], json!({ "read": 5, "write": 6 }));
    }
    for keys in [json!({}), json!({ "a": "S", "b": "S", "c": "S" }), json!({ "a": "BOOL" })] {
        assert_eq!(
            err(&bridge, "dynamodb_create_table", json!({ "table": "others", "keys": keys })).await.code,
            "invalid_arguments"
        );
    }
}

#[tokio::test]
async fn a_table_is_made_with_a_stream_and_with_items_that_expire() {
    let bridge = Here::new().await.bridge();
    let made = json!({ "table": "things", "keys": { "pk": "S" }, "ttl": "ends", "stream": "NEW_IMAGE" });
    let made = ok(&bridge, "dynamodb_create_table", made).await;
    let told = ok(&bridge, "dynamodb_describe_table", json!({ "table": "things" })).await;
    for table in [made, told] {
        assert_eq!((&table["stream"], &table["ttl"]), (&json!("new_image"), &json!("ends")), "{table}");
        assert!(table["stream_arn"].as_str().unwrap().contains(":table/things/stream/20"), "{table}");
    }
    ok(&bridge, "dynamodb_create_table", json!({ "table": "plain", "keys": { "pk": "S" } })).await;
    let told = ok(&bridge, "dynamodb_describe_table", json!({ "table": "plain" })).await;
    assert_eq!((told.get("stream"), told.get("ttl")), (None, None));
    let changed = json!({ "table": "plain", "ttl": "until", "stream": "keys_only" });
    assert_eq!(ok(&bridge, "dynamodb_update_table", changed).await["stream"], "keys_only");
    let told = ok(&bridge, "dynamodb_describe_table", json!({ "table": "plain" })).await;
    assert_eq!(told["ttl"], "until");
    // TTL alone is no UpdateTable; AWS lets it change once an hour, and says so.
    let again = err(&bridge, "dynamodb_update_table", json!({ "table": "plain", "ttl": "" })).await;
    assert!(again.message.contains("modified multiple times"), "{again}");
    let off = ok(&bridge, "dynamodb_update_table", json!({ "table": "plain", "stream": "off" })).await;
    assert_eq!(off.get("stream"), None);
    let nothing = err(&bridge, "dynamodb_update_table", json!({ "table": "plain" })).await;
    assert!(nothing.message.contains("At least one of"), "{nothing}");
    let wrong = json!({ "table": "others", "keys": { "pk": "S" }, "stream": "everything" });
    assert_eq!(err(&bridge, "dynamodb_create_table", wrong).await.code, "invalid_arguments");
}

#[tokio::test]
async fn many_items_are_written_and_deleted_in_batches() {
    let bridge = Here::new().await.bridge();
    table(&bridge).await;
    let items: Vec<_> = (0..130).map(|i| json!({ "pk": i.to_string(), "sk": "x" })).collect();
    let put = json!({ "table": "things", "items": items });
    assert_eq!(ok(&bridge, "dynamodb_put_items", put).await["written"], 130);
    let delete = json!({ "table": "things", "keys": items[..60], "confirm": true });
    assert_eq!(ok(&bridge, "dynamodb_delete_items", delete).await["deleted"], 60);
    assert_eq!(ok(&bridge, "dynamodb_scan", json!({ "table": "things", "count": true })).await["count"], 70);
    let none = ok(&bridge, "dynamodb_delete_items", json!({ "table": "things", "keys": [items[0]] })).await;
    assert_eq!(none["deleted"], 0);
    let numbers = json!({ "table": "numbers", "keys": { "id": "N" } });
    ok(&bridge, "dynamodb_create_table", numbers).await;
    ok(&bridge, "dynamodb_put_items", json!({ "table": "numbers", "items": [{ "id": 1.50 }] })).await;
    let spelled = json!({ "table": "numbers", "keys": [{ "id": { "$n": "1.500" } }] });
    assert_eq!(ok(&bridge, "dynamodb_get_items", spelled).await["items"], json!([{ "id": 1.5 }]));
}

#[tokio::test]
async fn objects_are_shown_as_what_they_are() {
    let bridge = Here::new().await.bridge();
    ok(&bridge, "s3_create_bucket", json!({ "bucket": "bucket" })).await;
    let put =
        |key: &str, member: &str, value: serde_json::Value| json!({ "bucket": "bucket", "key": key, member: value });
    ok(&bridge, "s3_put_object", put("a.json", "json", json!({ "b": [1], "a": null }))).await;
    ok(&bridge, "s3_put_object", put("a.bin", "base64", json!("/wA="))).await;
    ok(&bridge, "s3_put_object", put("empty", "text", json!(""))).await;
    let get = |key: &str| json!({ "bucket": "bucket", "key": key });
    let read = ok(&bridge, "s3_get_object", get("a.json")).await;
    assert_eq!((&read["json"], &read["content_type"]), (&json!({ "b": [1], "a": null }), &json!("application/json")));
    assert_eq!(ok(&bridge, "s3_get_object", get("a.bin")).await["base64"], "/wA=");
    assert_eq!(ok(&bridge, "s3_get_object", get("empty")).await["text"], "");
    let head = json!({ "bucket": "bucket", "key": "a.bin", "as": "head" });
    let head = ok(&bridge, "s3_get_object", head).await;
    assert_eq!((&head["size"], head.get("base64")), (&json!(2), None));
    let both = json!({ "bucket": "bucket", "key": "k", "text": "x", "base64": "eA==" });
    assert!(err(&bridge, "s3_put_object", both).await.message.contains("exactly one of"));
    let error = err(&bridge, "s3_get_object", get("none")).await;
    assert!(error.code == "NoSuchKey" && error.hint.unwrap().contains("\"none\""));
}

#[tokio::test]
async fn an_object_is_copied_with_what_it_has_or_with_other_metadata() {
    let bridge = Here::new().await.bridge();
    ok(&bridge, "s3_create_bucket", json!({ "bucket": "bucket" })).await;
    let put = json!({ "bucket": "bucket", "key": "a b/ü+?.md", "text": "x", "metadata": { "colour": "blue" } });
    let put = ok(&bridge, "s3_put_object", put).await;
    let copy = json!({ "from": "s3://bucket/a b/ü+?.md", "to": "s3://bucket/copy" });
    let copied = ok(&bridge, "s3_copy_object", copy).await;
    assert_eq!((&copied["to"], &copied["etag"]), (&json!("s3://bucket/copy"), &put["etag"]));
    let head = |key: &str| json!({ "bucket": "bucket", "key": key, "as": "head" });
    let same = ok(&bridge, "s3_get_object", head("copy")).await;
    assert_eq!((&same["metadata"], &same["content_type"]), (&json!({ "colour": "blue" }), &put["content_type"]));
    let other = json!({ "from": "s3://bucket/copy", "to": "s3://bucket/other", "metadata": { "size": "big" } });
    ok(&bridge, "s3_copy_object", other).await;
    let other = ok(&bridge, "s3_get_object", head("other")).await;
    assert_eq!((&other["metadata"], &other["content_type"]), (&json!({ "size": "big" }), &put["content_type"]));
    let missing = json!({ "from": "s3://bucket/none", "to": "s3://bucket/copy" });
    assert_eq!(err(&bridge, "s3_copy_object", missing).await.code, "NoSuchKey");
    for wrong in ["s3://bucket", "s3://bucket/", "s3:///k"] {
        let error = err(&bridge, "s3_copy_object", json!({ "from": wrong, "to": "s3://bucket/copy" })).await;
        assert_eq!(error.code, "invalid_arguments", "{wrong}");
    }
}

#[tokio::test]
async fn without_an_endpoint_a_presigned_url_is_refused_with_the_way_to_one() {
    let bridge = Here::new().await.bridge();
    let error = err(&bridge, "s3_presign_url", json!({ "bucket": "bucket", "key": "k" })).await;
    assert!(error.code == "no_endpoint" && error.hint.unwrap().contains("footbridge serve"));
    let long = json!({ "bucket": "bucket", "key": "k", "expires_in": 604_801 });
    assert_eq!(err(&bridge, "s3_presign_url", long).await.code, "invalid_arguments");
}

#[tokio::test]
async fn awss_own_spelling_is_understood() {
    let here = Here::new().await;
    let bridge = Bridge::new(Options { endpoint: Arc::new(|| Some("http://127.0.0.1:1".into())), ..here.options() });
    let made = json!({ "table": "things", "keys": { "pk": "S", "sk": "s" }, "billing": "PAY_PER_REQUEST" });
    assert_eq!(ok(&bridge, "dynamodb_create_table", made).await["billing"], "on_demand");
    let update = |give: &str| json!({ "table": "things", "key": { "pk": "a", "sk": "b" }, "update": "SET n = :n", "values": { ":n": 1 }, "return": give });
    let answer = ok(&bridge, "dynamodb_update_item", update("UPDATED_NEW")).await;
    assert_eq!(answer["attributes"], json!({ "n": 1 }));
    assert!(ok(&bridge, "dynamodb_update_item", update("None")).await.get("attributes").is_none());
    let error = err(&bridge, "dynamodb_update_item", update("NEW")).await;
    assert!(error.message.contains("expected one of `none`, `all_new`"), "{error}");
    ok(&bridge, "s3_create_bucket", json!({ "bucket": "bucket" })).await;
    ok(&bridge, "s3_put_object", json!({ "bucket": "bucket", "key": "k", "text": "x" })).await;
    assert_eq!(ok(&bridge, "s3_get_object", json!({ "bucket": "bucket", "key": "k", "as": "HEAD" })).await["size"], 1);
    let put = json!({ "bucket": "bucket", "key": "k", "method": "PUT" });
    assert_eq!(ok(&bridge, "s3_presign_url", put).await["method"], "PUT");
}

#[tokio::test]
async fn a_transaction_is_done_whole_or_tells_which_operations_are_at_fault() {
    let bridge = Here::new().await.bridge();
    table(&bridge).await;
    let key = |sk: &str| json!({ "pk": "a", "sk": sk });
    ok(&bridge, "dynamodb_put_items", json!({ "table": "things", "items": [{ "pk": "a", "sk": "1", "status": 7 }] }))
        .await;
    let good = json!({ "token": "once", "operations": [
        { "table": "things", "put": { "pk": "a", "sk": "2", "size": 1 }, "condition": "attribute_not_exists(size)" },
        { "table": "things", "key": key("1"), "update": "ADD status :n", "values": { "n": 1 } },
        { "table": "things", "check": key("3"), "condition": "attribute_not_exists(pk)" },
        { "table": "things", "delete": key("4") },
    ] });
    assert_eq!(ok(&bridge, "dynamodb_transact_write", good.clone()).await, json!({ "done": 4 }));
    assert_eq!(ok(&bridge, "dynamodb_transact_write", good).await, json!({ "done": 4 }));
    let get = json!({ "table": "things", "keys": [key("1")] });
    assert_eq!(ok(&bridge, "dynamodb_get_items", get.clone()).await["items"][0]["status"], 8);

    let bad = json!({ "operations": [
        { "table": "things", "put": { "pk": "a", "sk": "5" } },
        { "table": "things", "key": key("1"), "update": "SET status = size + :n, a = :n", "values": { "n": 1 } },
        { "table": "things", "delete": key("2"), "condition": "size > :n", "values": { "n": 5 } },
    ] });
    let error = err(&bridge, "dynamodb_transact_write", bad).await;
    assert_eq!((error.code.as_str(), error.retryable), ("TransactionCanceledException", false));
    let lines: Vec<_> = error.message.lines().collect();
    assert!(lines[0].ends_with("[None, ValidationError, ConditionalCheckFailed]"), "{error}");
    assert!(lines[1].starts_with("operations[1], update in things: ValidationError: The provided"), "{error}");
    assert!(lines[2].starts_with("operations[2], delete from things: ConditionalCheckFailed: "), "{error}");
    assert!(lines[2].contains(r#"the item is {"pk":"a","size":1,"sk":"2"}"#), "{error}");

    let overlap = json!({ "operations": [
        { "table": "things", "put": { "pk": "a", "sk": "5" }, "condition": "attribute_not_exists(sk)" },
        { "table": "things", "key": key("1"), "update": "SET x.y = :n, x = :n", "values": { "n": 1 } },
    ] });
    let error = err(&bridge, "dynamodb_transact_write", overlap).await;
    assert!(error.message.contains("[x, y]") && !error.message.contains("#n"), "{error}");
    assert_eq!(ok(&bridge, "dynamodb_get_items", get).await["items"][0]["status"], 8);
}

#[tokio::test]
async fn a_transaction_that_deletes_more_than_one_item_wants_confirm() {
    let bridge = Here::new().await.bridge();
    table(&bridge).await;
    let delete = |sk: &str| json!({ "table": "things", "delete": { "pk": "a", "sk": sk } });
    let mut two = json!({ "operations": [delete("1"), delete("2")] });
    let error = err(&bridge, "dynamodb_transact_write", two.clone()).await;
    assert_eq!(error.code, "confirm_required");
    assert!(error.message.contains("2 items"), "{error}");
    two["confirm"] = json!(true);
    assert_eq!(ok(&bridge, "dynamodb_transact_write", two).await["done"], 2);
    for operations in [
        json!([]),
        json!([{ "table": "things" }]),
        json!([{ "table": "things", "put": {}, "delete": {} }]),
        json!([{ "table": "things", "update": "SET a = b" }]),
        json!([{ "table": "things", "check": { "pk": "a", "sk": "1" } }]),
    ] {
        let error = err(&bridge, "dynamodb_transact_write", json!({ "operations": operations })).await;
        assert_eq!(error.code, "invalid_arguments", "{error}");
    }
}
