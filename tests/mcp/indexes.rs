//! Indexes with the tools: made, read, changed.

use serde_json::{Value, json};

use crate::support::{Here, err, ok};

fn found(answer: &Value) -> Vec<&str> {
    answer["items"].as_array().unwrap().iter().map(|item| item["id"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn a_table_is_made_with_indexes_and_read_by_them() {
    let bridge = Here::new().await.bridge();
    let create = json!({
        "table": "orders", "keys": { "pk": "S", "id": "S" }, "stream": "new_image",
        "indexes": {
            "by_state": { "keys": { "state": "S", "at": "N" }, "project": ["total"] },
            "by_at": { "keys": { "pk": "S", "at": "N" }, "local": true, "project": ["keys_only"] },
            "by_place": { "keys": { "country": "S", "town": "S", "at": "N" }, "hash": 2, "project": "all" },
        },
    });
    let told = ok(&bridge, "dynamodb_create_table", create).await;
    assert_eq!(
        told["indexes"],
        json!([
            { "index": "by_place", "keys": { "country": "S", "town": "S", "at": "N" }, "hash": 2, "project": "all" },
            { "index": "by_state", "keys": { "state": "S", "at": "N" }, "project": ["total"] },
            { "index": "by_at", "local": true, "keys": { "pk": "S", "at": "N" }, "project": "keys_only" },
        ])
    );
    assert!(told["stream_arn"].is_string());
    let order = |id: &str, at: u64, state: &str| json!({ "pk": "a", "id": id, "at": at, "state": state, "total": at * 2, "country": "SE", "town": "Lund" });
    let items =
        json!([order("1", 30, "open"), order("2", 10, "open"), order("3", 20, "shipped"), { "pk": "a", "id": "4" }]);
    ok(&bridge, "dynamodb_put_items", json!({ "table": "orders", "items": items })).await;

    let open =
        json!({ "table": "orders", "index": "by_state", "key_condition": "state = :s", "values": { ":s": "open" } });
    let answer = ok(&bridge, "dynamodb_query", open.clone()).await;
    assert_eq!(answer["items"][0], json!({ "pk": "a", "id": "2", "at": 10, "state": "open", "total": 20 }));
    let mut one = open;
    one["limit"] = json!(1);
    one["fields"] = json!(["total"]);
    let page = ok(&bridge, "dynamodb_query", one.clone()).await;
    assert_eq!(page["items"], json!([{ "total": 20 }]));
    one["cursor"] = page["cursor"].clone();
    let page = ok(&bridge, "dynamodb_query", one.clone()).await;
    assert_eq!(page["items"], json!([{ "total": 60 }]));
    // As on AWS, a page as long as its limit may be followed by an empty one.
    one["cursor"] = page["cursor"].clone();
    let page = ok(&bridge, "dynamodb_query", one).await;
    assert_eq!((&page["items"], page.get("cursor")), (&json!([]), None));

    let place = json!({
        "table": "orders", "index": "by_place", "key_condition": "country = :c AND town = :t AND at > :a",
        "values": { ":c": "SE", ":t": "Lund", ":a": 15 }, "descending": true,
    });
    assert_eq!(found(&ok(&bridge, "dynamodb_query", place).await), ["1", "3"]);
    let scan = json!({ "table": "orders", "index": "by_at", "limit": 2 });
    let first = ok(&bridge, "dynamodb_scan", scan.clone()).await;
    let mut rest = scan;
    rest["cursor"] = first["cursor"].clone();
    assert_eq!([found(&first), found(&ok(&bridge, "dynamodb_scan", rest).await)].concat(), ["2", "3", "1"]);
    let none = json!({ "table": "orders", "index": "none" });
    assert_eq!(err(&bridge, "dynamodb_scan", none).await.code, "ValidationException");
}

#[tokio::test]
async fn a_table_is_changed() {
    let here = Here::new().await;
    let bridge = here.bridge();
    ok(&bridge, "dynamodb_create_table", json!({ "table": "users", "keys": { "id": "S" } })).await;
    let items: Vec<_> = (0..30).map(|n| json!({ "id": n.to_string(), "team": format!("t{}", n % 3) })).collect();
    ok(&bridge, "dynamodb_put_items", json!({ "table": "users", "items": items })).await;
    let update = |changes: Value| {
        let mut call = json!({ "table": "users" });
        call.as_object_mut().unwrap().extend(changes.as_object().unwrap().clone());
        call
    };
    let create = update(json!({ "add_index": { "name": "by_team", "keys": { "team": "S" } } }));
    let told = ok(&bridge, "dynamodb_update_table", create).await;
    assert_eq!((&told["status"], &told["indexes"][0]["index"]), (&json!("ACTIVE"), &json!("by_team")));
    let count = json!({ "table": "users", "index": "by_team", "key_condition": "team = :t", "values": { ":t": "t1" }, "count": true });
    assert_eq!(ok(&bridge, "dynamodb_query", count).await["count"], 10);

    let provision = update(json!({
        "read": 5, "write": 6, "deletion_protection": true, "stream": "keys_only",
    }));
    let told = ok(&bridge, "dynamodb_update_table", provision).await;
    assert_eq!(told["billing"], json!({ "read": 5, "write": 6 }));
    assert_eq!(told["deletion_protection"], true);
    assert!(told["stream_arn"].is_string());
    let delete = json!({ "table": "users", "confirm": true });
    assert_eq!(err(&bridge, "dynamodb_delete_table", delete.clone()).await.code, "ValidationException");

    let index_units = async || {
        let described = here.dynamodb().describe_table().table_name("users").send().await.unwrap();
        let units = described.table().unwrap().global_secondary_indexes()[0].provisioned_throughput().unwrap().clone();
        (units.read_capacity_units().unwrap(), units.write_capacity_units().unwrap())
    };
    assert_eq!(index_units().await, (5, 6));
    // Where an index is named, read and write are its own.
    let units = update(json!({ "update_index": "by_team", "read": 1, "write": 2 }));
    assert_eq!(ok(&bridge, "dynamodb_update_table", units).await["billing"], json!({ "read": 5, "write": 6 }));
    assert_eq!(index_units().await, (1, 2));

    let gone = update(json!({ "delete_index": "by_team", "deletion_protection": false, "billing": "on_demand" }));
    let told = ok(&bridge, "dynamodb_update_table", gone).await;
    assert_eq!((told.get("indexes"), &told["billing"]), (None, &json!("on_demand")));
    for (changes, message) in [
        (
            json!({ "add_index": { "name": "by_team", "keys": { "id": "S", "team": "S" }, "local": true } }),
            "add_index.local: local indexes are made with their table",
        ),
        (json!({ "indexes": { "by_team": "delete" } }), "indexes: dynamodb_update_table has it no longer; add_index"),
        (json!({ "add_index": { "keys": { "id": "S" } } }), "add_index: missing field `name`"),
        (json!({ "add_index": { "name": "x", "keys": {} } }), "add_index.keys: the hash key comes first"),
        (json!({ "add_index": { "name": "x", "keys": { "a": "T" } } }), "add_index.keys.a: \"T\" is none of"),
        (
            json!({ "add_index": { "name": "x", "keys": { "a": "S" }, "project": 1 } }),
            "add_index.project: want a list of",
        ),
        (json!({ "update_index": "by_team" }), "update_index wants read and write"),
        (json!({ "update_index": "by_team", "read": 1 }), "read and write go together"),
        (json!({ "stream": "everything" }), "stream: unknown variant `everything`, expected one of `keys_only`"),
        (json!({ "billing": "free" }), "billing: \"free\" is neither \"on_demand\" nor \"provisioned\""),
        (json!({ "billing": "provisioned" }), "billing: provisioned wants read and write"),
        (json!({ "billing": "on_demand", "read": 1, "write": 1 }), "read and write are units of billing: provisioned"),
        (json!({ "write": 1 }), "read and write go together"),
        (json!({ "billing": { "read": 1, "write": 1 }, "read": 1, "write": 1 }), "billing has units already"),
    ] {
        let refused = err(&bridge, "dynamodb_update_table", update(changes)).await;
        assert_eq!(refused.code, "invalid_arguments");
        assert!(refused.message.starts_with(message), "{refused}");
    }
    assert_eq!(err(&bridge, "dynamodb_update_table", update(json!({}))).await.code, "ValidationException");
    ok(&bridge, "dynamodb_delete_table", delete).await;
}
