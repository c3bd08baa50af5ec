//! Allow-lists of a target: they hold for every tool, and for all that a tool touches.

use serde_json::{Value, json};

use crate::machine::Machine;
use crate::program::Server;

const LIMITED: &str = "[target.limited]\nstore = \"shared\"\nbuckets = [\"dev-*\"]\nprefixes = [\"s3://media/public/\"]\n\
                       tables = [\"orders\", \"shop-*\"]\n[target.whole]\nstore = \"shared\"\n";

/// A store with a bit of everything, and a target that may touch a part of it.
async fn world() -> (Machine, Server) {
    let mut machine = Machine::new(LIMITED);
    let mut server = machine.server(&[]).await;
    for bucket in ["dev-a", "media", "prod"] {
        machine.ok(&mut server, "s3_create_bucket", json!({ "bucket": bucket, "target": "whole" })).await;
        for key in ["public/a.txt", "secret.txt"] {
            let object = json!({ "bucket": bucket, "key": key, "text": "x", "target": "whole" });
            machine.ok(&mut server, "s3_put_object", object).await;
        }
    }
    for table in ["orders", "shop-1", "users"] {
        let made = json!({ "table": table, "keys": { "pk": "S" }, "target": "whole" });
        machine.ok(&mut server, "dynamodb_create_table", made).await;
        let items = json!({ "table": table, "items": [{ "pk": "a" }], "target": "whole" });
        machine.ok(&mut server, "dynamodb_put_items", items).await;
    }
    (machine, server)
}

fn limited(arguments: &Value) -> Value {
    let mut arguments = arguments.clone();
    arguments["target"] = json!("limited");
    arguments
}

#[tokio::test]
async fn what_is_not_on_a_list_is_touched_by_no_tool() {
    let (mut machine, mut server) = world().await;
    let calls = [
        ("s3_get_object", json!({ "bucket": "prod", "key": "public/a.txt" })),
        ("s3_get_object", json!({ "bucket": "media", "key": "secret.txt" })),
        ("s3_put_object", json!({ "bucket": "media", "key": "publicly.txt", "text": "x" })),
        ("s3_list_objects", json!({ "bucket": "media" })),
        ("s3_list_objects", json!({ "bucket": "media", "prefix": "pub" })),
        ("s3_list_objects", json!({ "bucket": "prod" })),
        ("s3_usage", json!({ "bucket": "media" })),
        ("s3_delete_objects", json!({ "bucket": "media", "keys": ["public/a.txt", "secret.txt"], "confirm": true })),
        ("s3_delete_objects", json!({ "bucket": "media", "prefix": "p", "confirm": true })),
        ("s3_delete_bucket", json!({ "bucket": "media", "confirm": true })),
        ("s3_create_bucket", json!({ "bucket": "other" })),
        ("s3_copy_object", json!({ "from": "s3://media/secret.txt", "to": "s3://media/public/b" })),
        ("s3_copy_object", json!({ "from": "s3://prod/secret.txt", "to": "s3://dev-a/b" })),
        ("s3_copy_object", json!({ "from": "s3://dev-a/secret.txt", "to": "s3://prod/b" })),
        ("s3_copy_prefix", json!({ "from": "s3://prod/public/", "to": "s3://dev-a/x/" })),
        ("s3_copy_prefix", json!({ "from": "s3://media/public/", "to": "s3://media/x/" })),
        ("s3_presign_url", json!({ "bucket": "media", "key": "secret.txt" })),
        ("s3_download_object", json!({ "bucket": "prod", "key": "secret.txt", "save_to": "x" })),
        ("s3_download_prefix", json!({ "bucket": "media", "prefix": "", "save_to": "x" })),
        ("dynamodb_describe_table", json!({ "table": "users" })),
        ("dynamodb_scan", json!({ "table": "users" })),
        ("dynamodb_get_items", json!({ "table": "users", "keys": [{ "pk": "a" }] })),
        ("dynamodb_put_items", json!({ "table": "users", "items": [{ "pk": "b" }] })),
        ("dynamodb_delete_table", json!({ "table": "users", "confirm": true })),
        ("dynamodb_create_table", json!({ "table": "others", "keys": { "pk": "S" } })),
        ("dynamodb_count", json!({ "table": "users" })),
        ("dynamodb_export_items", json!({ "table": "users", "save_to": "x.json" })),
        (
            "dynamodb_transact_write",
            json!({ "operations": [
                { "put": { "pk": "z" }, "table": "orders" }, { "put": { "pk": "z" }, "table": "users" },
            ] }),
        ),
        ("snapshot", json!({})),
        ("snapshot", json!({ "only": ["dynamodb://users"] })),
        ("restore", json!({ "name": "x", "confirm": true })),
    ];
    for (tool, arguments) in calls {
        let refused = machine.err(&mut server, tool, limited(&arguments)).await;
        assert!(refused.starts_with("not_allowed"), "{tool} {arguments}: {refused}");
        assert!(refused.contains("allow-list"), "{tool} {arguments}: {refused}");
    }
    // Nothing of it happened.
    let there = json!({ "bucket": "media", "target": "whole" });
    let objects = machine.ok(&mut server, "s3_list_objects", there).await;
    assert_eq!(objects["objects"].as_array().unwrap().len(), 2);
    let users = machine.ok(&mut server, "dynamodb_scan", json!({ "table": "users", "target": "whole" })).await;
    assert_eq!(users["items"], json!([{ "pk": "a" }]));
}

#[tokio::test]
async fn what_is_on_a_list_works_and_lists_show_it_alone() {
    let (mut machine, mut server) = world().await;
    for (tool, arguments) in [
        ("s3_get_object", json!({ "bucket": "media", "key": "public/a.txt" })),
        ("s3_list_objects", json!({ "bucket": "media", "prefix": "public/" })),
        ("s3_copy_prefix", json!({ "from": "s3://media/public/", "to": "s3://dev-a/x/" })),
        ("dynamodb_put_items", json!({ "table": "shop-1", "items": [{ "pk": "b" }] })),
        ("dynamodb_create_table", json!({ "table": "shop-2", "keys": { "pk": "S" } })),
        ("snapshot", json!({ "only": ["dynamodb://orders", "s3://media/public/"] })),
    ] {
        machine.ok(&mut server, tool, limited(&arguments)).await;
    }
    let tables = machine.ok(&mut server, "dynamodb_list_tables", limited(&json!({}))).await;
    assert_eq!(tables["tables"], json!(["orders", "shop-1", "shop-2"]));
    let buckets = machine.ok(&mut server, "s3_list_buckets", limited(&json!({}))).await;
    let names: Vec<_> = buckets["buckets"].as_array().unwrap().iter().map(|bucket| bucket["name"].clone()).collect();
    assert_eq!(names, [json!("dev-a"), json!("media")]);
    // Nor does a hint name what is not allowed.
    let hint = machine.err(&mut server, "dynamodb_scan", limited(&json!({ "table": "shop-user" }))).await;
    assert!(!hint.contains("users"), "{hint}");
    let status = machine.ok(&mut server, "bridge_status", limited(&json!({}))).await;
    assert_eq!(status["allowed"], "buckets dev-*; prefixes s3://media/public/; tables orders, shop-*", "{status}");
}
