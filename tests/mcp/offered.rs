//! Which tools a client is told of, and what comes of calling another.

use std::collections::BTreeSet;
use std::sync::Arc;

use footbridge::config::{Mode, Offered};
use footbridge::mcp::{Bridge, Caller, Options, Policy};
use serde_json::{Map, Value, json};

use crate::list::listed;
use crate::support::{Here, err, ok};

fn offering(here: &Here, tools: &str, mode: Mode) -> Bridge {
    let tools: Offered = tools.parse().unwrap();
    Bridge::new(Options { tools, mode, authorizer: Arc::new(Policy::new(mode)), ..here.options() })
}

fn names(tools: &[Value]) -> BTreeSet<&str> {
    tools.iter().map(|tool| tool["name"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn the_setting_chooses_and_a_mode_takes_out_what_can_never_run() {
    let here = Here::new().await;
    let everything = listed(offering(&here, "all", Mode::ReadWrite)).await;
    let usual = listed(offering(&here, "", Mode::ReadWrite)).await;
    assert!(names(&usual).is_subset(&names(&everything)) && usual.len() < everything.len());
    let reading: Vec<_> =
        everything.iter().filter(|tool| tool["annotations"]["readOnlyHint"] == true).cloned().collect();
    assert_eq!(names(&listed(offering(&here, "read,all", Mode::ReadWrite)).await), names(&reading));
    let read_only = listed(offering(&here, "all", Mode::ReadOnly)).await;
    // These say what they would do, or give a link for reading.
    let besides = ["s3_delete_objects", "s3_presign_url", "snapshot", "restore"];
    assert_eq!(names(&read_only), names(&reading).into_iter().chain(besides).collect());
    assert_eq!(listed(offering(&here, "all", Mode::Ask)).await.len(), everything.len(), "a person may allow them");
    let only = listed(offering(&here, "s3_get_object", Mode::ReadWrite)).await;
    assert_eq!(names(&only), ["bridge_status", "s3_get_object"].into());
}

#[tokio::test]
async fn what_is_not_offered_is_refused_to_clients_and_says_how_it_would_be() {
    let here = Here::new().await;
    let bridge = offering(&here, "read", Mode::ReadWrite);
    let create = json!({ "bucket": "media" });
    let error = err(&bridge, "s3_create_bucket", create.clone()).await;
    assert_eq!(error.code, "not_offered");
    assert!(error.to_string().contains("--tools"), "{error}");
    assert!(here.s3().head_bucket().bucket("media").send().await.is_err(), "nothing was done");
    let arguments: Map<String, Value> = create.as_object().cloned().unwrap();
    bridge.call(&Caller::Command("call"), "s3_create_bucket", arguments.clone()).await.expect("a person may");
    // A mode says first what it forbids.
    let error = err(&offering(&here, "", Mode::ReadOnly), "s3_create_bucket", create).await;
    assert_eq!(error.code, "not_allowed");
}

#[tokio::test]
async fn a_name_that_is_no_tools_is_said_by_bridge_status() {
    let here = Here::new().await;
    let status = ok(&offering(&here, "read,s3_fly", Mode::ReadWrite), "bridge_status", json!({})).await;
    assert!(status.to_string().contains("there is no tool s3_fly"), "{status}");
}

/// Codex cuts the middle out of what passes 10,000 tokens.
#[tokio::test]
async fn a_client_that_cuts_answers_gets_shorter_pages() {
    let here = Here::new().await;
    let bridge = here.bridge();
    ok(&bridge, "s3_create_bucket", json!({ "bucket": "media" })).await;
    ok(&bridge, "s3_put_object", json!({ "bucket": "media", "key": "long", "text": "x".repeat(100_000) })).await;
    let arguments = json!({ "bucket": "media", "key": "long" }).as_object().cloned().unwrap();
    let mut sizes = Vec::new();
    for name in ["claude-code", "codex-mcp-client"] {
        let caller = Caller::client(name, "1");
        sizes.push(bridge.call(&caller, "s3_get_object", arguments.clone()).await.unwrap().text.len());
    }
    assert!((18_000..=24 * 1024).contains(&sizes[0]) && sizes[1] <= 16 * 1024, "{sizes:?}");
}
