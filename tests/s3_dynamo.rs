//! The nine everyday jobs, through the server's tools: upload, download, list, delete, presign; put, get, query, delete.
//!
//! On the local backend by default. `FOOTBRIDGE_TEST_AWS=1 cargo test --test s3_dynamo` does the same on AWS, with the
//! credentials and region of the environment, in a bucket and a table of its own that it deletes at the end.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking, in its helpers too")]

use std::time::{SystemTime, UNIX_EPOCH};

use http_body_util::{BodyExt, Empty};
use hyper_util::client::legacy::Client as Http;
use hyper_util::rt::TokioExecutor;
use rmcp::model::CallToolRequestParams;
use rmcp::service::RunningService;
use rmcp::transport::{ConfigureCommandExt, TokioChildProcess};
use rmcp::{RoleClient, ServiceExt};
use serde_json::{Value, json};

type Client = RunningService<RoleClient, ()>;

#[tokio::test]
async fn the_nine_everyday_jobs() {
    let aws = std::env::var_os("FOOTBRIDGE_TEST_AWS").is_some_and(|value| value == "1");
    let directory = tempfile::tempdir().unwrap();
    let command = tokio::process::Command::new(env!("CARGO_BIN_EXE_footbridge")).configure(|command| {
        command.args(["mcp", "--mode", "read-write", "--listen", "0", "--data-dir"]).arg(directory.path());
        command.args(["--backend", if aws { "aws" } else { "local" }]).current_dir(directory.path());
    });
    let client = ().serve(TokioChildProcess::new(command).unwrap()).await.unwrap();
    let unique = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_nanos();
    let (bucket, table) = (format!("footbridge-test-{unique}"), format!("footbridge-test-{unique}"));
    call(&client, "s3_create_bucket", json!({ "bucket": bucket })).await;
    call(&client, "dynamodb_create_table", json!({ "table": table, "keys": { "pk": "S", "sk": "N" } })).await;

    // 1 upload, 2 download
    let text = "Grüße aus dem Zug 🚆\n";
    let put = call(&client, "s3_put_object", json!({ "bucket": bucket, "key": "a/b c.txt", "text": text })).await;
    assert_eq!(put["size"], text.len());
    let got = call(&client, "s3_get_object", json!({ "bucket": bucket, "key": "a/b c.txt" })).await;
    assert_eq!((got["text"].as_str(), &got["etag"]), (Some(text), &put["etag"]));
    // 3 list
    let listed = call(&client, "s3_list_objects", json!({ "bucket": bucket, "prefix": "a/" })).await;
    assert_eq!(listed["objects"][0]["key"], "a/b c.txt");
    // 4 presign
    let signed = call(&client, "s3_presign_url", json!({ "bucket": bucket, "key": "a/b c.txt" })).await;
    if !aws {
        // The test's own HTTP client speaks no TLS.
        let http = Http::builder(TokioExecutor::new()).build_http::<Empty<bytes::Bytes>>();
        let answer = http.get(signed["url"].as_str().unwrap().parse().unwrap()).await.unwrap();
        assert_eq!((answer.status().as_u16(), answer.collect().await.unwrap().to_bytes()), (200, text.into()));
    }
    // 5 delete
    call(&client, "s3_delete_objects", json!({ "bucket": bucket, "keys": ["a/b c.txt"] })).await;
    let listed = call(&client, "s3_list_objects", json!({ "bucket": bucket })).await;
    assert_eq!(listed["objects"], json!([]));

    // 6 put
    let item = |sk: i64| json!({ "pk": "user#1", "sk": sk, "status": "open", "tags": { "$ss": ["a"] }, "note": null });
    let items: Vec<_> = (1..=30).map(item).collect();
    assert_eq!(call(&client, "dynamodb_put_items", json!({ "table": table, "items": items })).await["written"], 30);
    // 7 get
    let keys = json!([{ "pk": "user#1", "sk": 7 }, { "pk": "user#1", "sk": 99 }]);
    let got = call(&client, "dynamodb_get_items", json!({ "table": table, "keys": keys, "consistent": true })).await;
    assert_eq!((&got["items"], &got["missing"]), (&json!([item(7)]), &json!([{ "pk": "user#1", "sk": 99 }])));
    // 8 query
    let query = json!({
        "table": table, "key_condition": "pk = :p AND sk > :n", "filter": "status = :s",
        "values": { ":p": "user#1", ":n": 27, ":s": "open" }, "fields": ["sk"], "descending": true,
    });
    assert_eq!(
        call(&client, "dynamodb_query", query).await["items"],
        json!([{ "sk": 30 }, { "sk": 29 }, { "sk": 28 }])
    );
    // 9 delete
    let deleted = call(&client, "dynamodb_delete_items", json!({ "table": table, "keys": [keys[0]] })).await;
    assert_eq!(deleted["item"], item(7));

    call(&client, "s3_delete_bucket", json!({ "bucket": bucket, "confirm": true })).await;
    call(&client, "dynamodb_delete_table", json!({ "table": table, "confirm": true })).await;
    client.cancel().await.unwrap();
}

async fn call(client: &Client, tool: &'static str, arguments: Value) -> Value {
    let request = CallToolRequestParams::new(tool).with_arguments(arguments.as_object().cloned().unwrap());
    let result = client.call_tool(request).await.unwrap();
    let text = &result.content[0].as_text().unwrap().text;
    assert_ne!(result.is_error, Some(true), "{tool}: {text}");
    serde_json::from_str(text).unwrap()
}
