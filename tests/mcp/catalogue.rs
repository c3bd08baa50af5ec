//! What clients are told before they call anything.

use footbridge::mcp::{Bridge, Options};
use serde_json::{Value, json};

use crate::list::listed;
use crate::support::{Here, Raw, meta};

#[tokio::test]
async fn parameters_appear_only_where_they_work() {
    let here = Here::new().await;
    let schema = |tools: &[Value], name: &str| {
        tools.iter().find(|tool| tool["name"] == name).map(|tool| tool["inputSchema"].clone()).unwrap()
    };
    let tools = listed(here.bridge()).await;
    assert!(schema(&tools, "s3_put_object")["properties"].get("file").is_none());
    assert!(tools.iter().all(|tool| tool["name"] != "s3_download_object"));
    assert_eq!(schema(&tools, "dynamodb_scan")["required"], json!(["table"]));

    let options = Options {
        files: vec![std::env::temp_dir()],
        default_table: Some("orders".into()),
        default_bucket: Some("media".into()),
        ..here.options()
    };
    let tools = listed(Bridge::new(options)).await;
    assert!(schema(&tools, "s3_put_object")["properties"].get("file").is_some());
    assert_eq!(schema(&tools, "s3_download_object")["required"], json!(["key", "save_to"]));
    assert_eq!(schema(&tools, "s3_put_object")["required"], json!(["key"]));
    assert_eq!(schema(&tools, "dynamodb_delete_table")["required"], json!(["table"]));
}

#[tokio::test]
async fn a_client_of_2025_11_25_is_told_the_target_and_the_mode_in_few_words() {
    let mut raw = Raw::new(Here::new().await.bridge());
    let result = raw.initialize().await["result"].clone();
    assert_eq!(result["protocolVersion"], "2025-11-25");
    assert_eq!(result["serverInfo"]["name"], "footbridge");
    assert_eq!(result["capabilities"], json!({ "completions": {}, "resources": {}, "tools": {} }));
    let instructions = result["instructions"].as_str().unwrap();
    assert!(instructions.contains("LOCAL us-east-1") && instructions.contains("read-write"), "{instructions}");
    assert!(instructions.len() < 800, "{} bytes", instructions.len());
}

#[tokio::test]
async fn a_client_of_2026_07_28_needs_no_handshake() {
    let mut raw = Raw::new(Here::new().await.bridge());
    let discovered = raw.ask("server/discover", json!({ "_meta": meta() })).await;
    assert!(discovered["result"]["supportedVersions"].as_array().unwrap().contains(&json!("2026-07-28")));
    let answer = raw.ask("tools/list", json!({ "_meta": meta() })).await;
    assert_eq!(answer["result"]["tools"].as_array().unwrap(), &listed(Here::new().await.bridge()).await);
    let call = json!({ "_meta": meta(), "name": "s3_list_buckets", "arguments": {} });
    let answer = raw.ask("tools/call", call).await;
    assert_eq!(answer["result"]["content"][0]["text"], r#"{"buckets":[]}"#);
    assert_eq!(answer["result"]["isError"], false);
}

#[tokio::test]
async fn an_answer_is_sent_once_and_an_error_is_text_alone() {
    let mut raw = Raw::new(Here::new().await.bridge());
    raw.initialize().await;
    let good = raw.ask("tools/call", json!({ "name": "dynamodb_list_tables", "arguments": {} })).await;
    assert_eq!(good["result"]["content"], json!([{ "type": "text", "text": r#"{"tables":[]}"# }]));
    assert!(good["result"].get("structuredContent").is_none());
    let bad = raw.ask("tools/call", json!({ "name": "dynamodb_scan", "arguments": { "table": "none" } })).await;
    assert_eq!(bad["result"]["isError"], true);
    assert!(bad["result"].get("structuredContent").is_none());
    let text = bad["result"]["content"][0]["text"].as_str().unwrap();
    assert!(text.starts_with("ResourceNotFoundException: "), "{text}");
    assert!(text.contains("Hint: there are no tables") && text.contains("not retryable, request id "), "{text}");
    let unknown = raw.ask("tools/call", json!({ "name": "s3_fly", "arguments": {} })).await;
    assert_eq!(unknown["error"]["code"], -32602);
}
