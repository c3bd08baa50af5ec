//! Right calls, distorted in each way that can be made by rule: they must come to the same.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use crate::list::listed;
use crate::mistakes::{Call, World, Worlds, plain};

/// Calls that are right, in the world of the fixture.
fn valid() -> Vec<(&'static str, Value)> {
    let key = || json!({ "pk": "user#1", "sk": "order#1" });
    vec![
        ("bridge_status", json!({})),
        ("s3_list_buckets", json!({ "prefix": "me", "limit": 2 })),
        ("s3_create_bucket", json!({ "bucket": "new-bucket" })),
        ("s3_delete_bucket", json!({ "bucket": "media", "force": true, "confirm": true })),
        ("s3_list_objects", json!({ "bucket": "media", "prefix": "photos/", "delimiter": "/", "limit": 3 })),
        ("s3_get_object", json!({ "bucket": "media", "key": "hello.txt", "range": "bytes=0-3", "max_bytes": 3 })),
        ("s3_put_object", json!({ "bucket": "media", "key": "a.txt", "text": "x", "metadata": { "a": "1" } })),
        ("s3_put_object", json!({ "bucket": "media", "key": "a.json", "json": { "a": [1, "2"] } })),
        (
            "s3_copy_object",
            json!({ "from": "s3://media/hello.txt", "to": "s3://archive/h.txt", "metadata": { "a": "b" } }),
        ),
        ("s3_delete_objects", json!({ "bucket": "media", "keys": ["hello.txt"] })),
        ("s3_delete_objects", json!({ "bucket": "media", "prefix": "photos/", "confirm": true })),
        ("s3_presign_url", json!({ "bucket": "media", "key": "hello.txt", "method": "get", "expires_in": 60 })),
        ("dynamodb_list_tables", json!({ "prefix": "o", "limit": 5 })),
        ("dynamodb_describe_table", json!({ "table": "orders", "sample": 4 })),
        (
            "dynamodb_create_table",
            json!({ "table": "events", "keys": { "id": "S", "at": "N" }, "billing": "provisioned", "read": 2, "write": 3,
                    "indexes": { "by_kind": { "keys": { "kind": "S" }, "project": ["all"] } }, "stream": "new_image" }),
        ),
        (
            "dynamodb_update_table",
            json!({ "table": "users", "add_index": { "name": "by_name", "keys": { "name": "S" } } }),
        ),
        ("dynamodb_delete_table", json!({ "table": "users", "confirm": true })),
        ("dynamodb_get_items", json!({ "table": "orders", "keys": [key()], "fields": ["total"], "consistent": true })),
        ("dynamodb_put_items", json!({ "table": "users", "items": [{ "id": 3, "tags": [1, "2", true] }] })),
        (
            "dynamodb_update_item",
            json!({ "table": "orders", "key": key(), "update": "SET #s = :s", "condition": "total > :t", "names": { "#s": "status" },
                    "values": { ":s": "shut", ":t": 1 }, "return": "updated_new" }),
        ),
        (
            "dynamodb_delete_items",
            json!({ "table": "users", "keys": [{ "id": 1 }], "condition": "age > :a", "values": { ":a": 4 } }),
        ),
        (
            "dynamodb_query",
            json!({ "table": "orders", "index": "by_status", "key_condition": "#s = :s", "filter": "total > :t", "names": { "#s": "status" },
                    "values": { ":s": "open", ":t": 20 }, "fields": ["pk"], "limit": 5, "descending": true }),
        ),
        ("dynamodb_scan", json!({ "table": "orders", "filter": "paid = :p", "values": { ":p": true }, "count": true })),
        ("dynamodb_count", json!({ "table": "orders", "by": "status", "filter": "total > :t", "values": { ":t": 1 } })),
        ("s3_usage", json!({ "bucket": "media", "prefix": "photos/" })),
        ("s3_copy_prefix", json!({ "from": "s3://media/photos/", "to": "s3://archive/p/" })),
        (
            "dynamodb_delete_by_query",
            json!({ "table": "orders", "key_condition": "pk = :p", "values": { ":p": "user#1" }, "confirm": true }),
        ),
        (
            "dynamodb_update_by_query",
            json!({ "table": "orders", "filter": "total > :t", "update": "SET seen = :t", "values": { ":t": 20 }, "confirm": true }),
        ),
        (
            "dynamodb_transact_write",
            json!({ "operations": [{ "table": "users", "key": { "id": 1 }, "update": "SET age = :a", "values": { ":a": 5 } }], "token": "t" }),
        ),
    ]
}

/// AWS's names of our parameters, where they are the same thing.
const AWS: [(&str, &str); 26] = [
    ("table", "TableName"),
    ("bucket", "Bucket"),
    ("prefix", "Prefix"),
    ("delimiter", "Delimiter"),
    ("range", "Range"),
    ("text", "Body"),
    ("metadata", "Metadata"),
    ("content_type", "ContentType"),
    ("from", "CopySource"),
    ("expires_in", "ExpiresIn"),
    ("index", "IndexName"),
    ("key_condition", "KeyConditionExpression"),
    ("filter", "FilterExpression"),
    ("condition", "ConditionExpression"),
    ("update", "UpdateExpression"),
    ("names", "ExpressionAttributeNames"),
    ("values", "ExpressionAttributeValues"),
    ("fields", "ProjectionExpression"),
    ("limit", "Limit"),
    ("consistent", "ConsistentRead"),
    ("return", "ReturnValues"),
    ("items", "Item"),
    ("keys", "Key"),
    ("key", "Key"),
    ("billing", "BillingMode"),
    ("operations", "TransactItems"),
];

/// What holds a call back that changes something: empty it is refused.
const BOUNDS: [&str; 9] =
    ["key_condition", "filter", "only", "condition", "index", "cursor", "if_match", "if_none_match", "if_exists"];

/// Each distortion of one call, with a name.
fn distortions(args: &Map<String, Value>, schema: &Value, reads: bool) -> Vec<(String, Map<String, Value>)> {
    let mut all = Vec::new();
    let properties = schema["properties"].as_object().unwrap();
    let set = |name: &str, value: Value| {
        let mut args = args.clone();
        args.insert(name.to_owned(), value);
        args
    };
    for (name, value) in args {
        let text = value.to_string();
        if value.is_array() || value.is_object() {
            all.push((format!("{name} as text"), set(name, json!(text))));
            all.push((format!("{name} as text twice"), set(name, json!(json!(text).to_string()))));
        }
        if let Some([only]) = value.as_array().map(Vec::as_slice) {
            all.push((format!("{name} without its list"), set(name, only.clone())));
            all.push((format!("{name} in a list of its own"), set(name, json!([value]))));
            if only.is_object() {
                all.push((format!("{name}[0] as text"), set(name, json!([only.to_string()]))));
            }
        }
        if value.is_number() || value.is_boolean() {
            all.push((format!("{name} as text"), set(name, json!(text))));
        }
        if value.is_i64() {
            all.push((format!("{name} as a fraction"), set(name, json!(text.parse::<f64>().unwrap()))));
        }
        let renamed = |other: &str| {
            let rename = |(known, value): (&String, &Value)| {
                (if known == name { other.to_owned() } else { known.clone() }, value.clone())
            };
            args.iter().map(rename).collect::<Map<_, _>>()
        };
        let aws = AWS.iter().filter(|(ours, _)| ours == name).map(|(_, theirs)| *theirs);
        // Of a table that is made, `keys` is a schema.
        for theirs in aws.filter(|theirs| *theirs != "Key" || value.is_array() || value.is_string() || name == "key") {
            all.push((format!("{name} as {theirs}"), renamed(theirs)));
        }
        let pascal: String = name.split('_').map(|word| word[..1].to_uppercase() + &word[1..]).collect();
        let camel = pascal[..1].to_lowercase() + &pascal[1..];
        all.push((format!("{name} as {pascal}"), renamed(&pascal)));
        all.push((format!("{name} as {camel}"), renamed(&camel)));
        all.push((format!("{name} as {}", name.replace('_', "-")), renamed(&name.replace('_', "-"))));
    }
    for (name, property) in properties.iter().filter(|(name, _)| !args.contains_key(*name)) {
        all.push((format!("{name} null"), set(name, Value::Null)));
        // Content, what is deleted, and what says of itself that it may be empty, mean something where they are.
        let means = ["text", "prefix", "delimiter", "json", "keys"].contains(&name.as_str())
            || !reads && BOUNDS.contains(&name.as_str())
            || property["description"].as_str().is_some_and(|text| text.contains("\"\""));
        if !means {
            all.push((format!("{name} empty"), set(name, json!(""))));
            let of_kind = match property["type"].as_str() {
                Some("array") => json!([]),
                Some("object") => json!({}),
                _ => continue,
            };
            all.push((format!("{name} {of_kind}"), set(name, of_kind)));
        }
    }
    let wrapped = |name: &str, value: Value| Map::from_iter([(name.to_owned(), value)]);
    if !args.is_empty() {
        all.push(("wrapped".to_owned(), wrapped("arguments", json!(args))));
        all.push(("wrapped as text".to_owned(), wrapped("input", json!(json!(args).to_string()))));
    }
    all
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_distorted_by_rule_comes_to_the_same() {
    let mut worlds = Worlds::default();
    let reading = World::new().await;
    let tools: BTreeMap<String, Value> = listed(reading.bridge().clone())
        .await
        .into_iter()
        .map(|tool| (tool["name"].as_str().unwrap().to_owned(), tool))
        .collect();
    let (mut faults, mut tried, mut covered) = (Vec::new(), 0, BTreeSet::new());
    for (name, args) in valid() {
        let tool = &tools[name];
        covered.insert(name);
        let reads = tool["annotations"]["readOnlyHint"] == true;
        let mut made = async |args: Map<String, Value>| {
            let call = Call { tool: name.to_owned(), args };
            if reads {
                return call.make(reading.bridge()).await.map(|answer| (answer, Value::Null));
            }
            let world = worlds.get().await;
            let answer = call.make(world.bridge()).await?;
            let contents = world.contents().await;
            worlds.take_back(world, &contents);
            Ok((answer, contents))
        };
        let args = args.as_object().unwrap().clone();
        let (answer, contents) = made(args.clone()).await.unwrap_or_else(|error| panic!("{name} {args:?}: {error}"));
        let note = answer["note"].as_str().unwrap_or_default();
        if note.contains("read ") || note.contains("left out") {
            faults.push(format!("{name} {}: a right call is repaired: {note}", json!(args)));
        }
        let expected = (plain(answer), contents);
        for (how, args) in distortions(&args, &tool["inputSchema"], reads) {
            tried += 1;
            match made(args.clone()).await {
                Ok((answer, contents)) if (plain(answer.clone()), contents.clone()) == expected => {}
                Ok((answer, _)) => faults.push(format!("{name}, {how}: {} answered {answer}", json!(args))),
                Err(error) => faults.push(format!("{name}, {how}: {}: {error}", json!(args))),
            }
        }
    }
    assert!(faults.is_empty(), "{} of {tried}:\n{}", faults.len(), faults.join("\n"));
    let stored = |name: &&String| name.starts_with("s3_") || name.starts_with("dynamodb_");
    let left: Vec<_> = tools.keys().filter(stored).filter(|name| !covered.contains(name.as_str())).collect();
    assert!(left.is_empty(), "no right call is written down for {left:?}");
    assert!(tried > 400, "{tried} distortions");
}
