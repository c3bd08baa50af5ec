//! Which tools a client is told of, and what comes of calling another.

use std::collections::BTreeSet;
use std::sync::Arc;

use footbridge::config::{Mode, Offered};
use footbridge::mcp::{About, Bridge, Caller, Options, Policy, all_tools};
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
    // These say what they would do, give a link for reading, or write on another target.
    let besides = ["copy_from_target", "s3_delete_objects", "s3_presign_url", "snapshot", "restore"];
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

/// What Codex takes of an answer before it cuts the middle out, in tokens. It counts four bytes for one.
const CODEX_TOKENS: usize = 10_000;

/// Every tool that reads or works on much, over more than an answer can hold.
#[tokio::test(flavor = "multi_thread")]
async fn no_answer_is_so_long_that_codex_cuts_it() {
    let place = tempfile::tempdir().unwrap();
    let here = Here::new().await;
    let bridge = Bridge::new(Options {
        files: vec![place.path().to_owned()],
        endpoint: Arc::new(|| Some("http://127.0.0.1:4566".to_owned())),
        gateway: Some(here.gateway()),
        ..here.options()
    });
    let long = "0f9c1b2e".repeat(110);
    for bucket in std::iter::once("media".to_owned()).chain((0..250).map(|i| format!("bucket-{i}-{}", &long[..40]))) {
        here.s3().create_bucket().bucket(bucket).send().await.unwrap();
    }
    let key = |i: usize| format!("docs/{i:03}/{long}");
    let puts = (0..60).map(|i| {
        let put = here.s3().put_object().bucket("media").key(key(i)).content_type("application/json");
        put.metadata("long", &long).body(json!({ "n": vec![i; 20_000] }).to_string().into_bytes().into()).send()
    });
    assert!(futures::future::join_all(puts).await.iter().all(Result::is_ok));
    here.s3().put_object().bucket("media").key("a.txt").body(vec![b'7'; 100_000].into()).send().await.unwrap();
    for i in 0..120 {
        let table = if i == 0 { "orders".to_owned() } else { format!("table-{i}-{}", &long[..200]) };
        ok(&bridge, "dynamodb_create_table", json!({ "table": table, "keys": { "pk": "S" } })).await;
    }
    let item = |i: usize| json!({ "pk": if i == 0 { "a".to_owned() } else { format!("{i:04}{long}") }, "total": i + 11, &long[..200 + i]: i, "v": long });
    let items: Vec<_> = (0..300).map(item).collect();
    ok(&bridge, "dynamodb_put_items", json!({ "table": "orders", "items": items })).await;
    let rows: String = (0..1000).map(|i| format!("{{\"{long}{i}\": 1}}\n")).collect();
    std::fs::write(place.path().join("orders.json"), format!("{rows}{{\"pk\": \"z\"}}\n")).unwrap();
    std::fs::create_dir(place.path().join("site")).unwrap();
    for i in 0..40 {
        std::fs::write(place.path().join(format!("site/.{i}{}", &long[..200])), "x").unwrap();
    }
    let whole = json!({ "bucket": "media", "key": "a.txt" }).as_object().cloned().unwrap();
    let usual = bridge.call(&Caller::client("claude-code", "1"), "s3_get_object", whole).await.unwrap().text.len();
    assert!((18_000..=24 * 1024).contains(&usual), "{usual} bytes");
    let keys: Vec<_> = (0..60).map(key).collect();
    let more = [
        ("s3_list_objects", json!({ "bucket": "media", "limit": 1000 })),
        ("s3_get_object", json!({ "bucket": "media", "key": key(1) })),
        ("s3_get_object", json!({ "bucket": "media", "key": "a.txt", "as": "base64" })),
        ("s3_delete_objects", json!({ "bucket": "media", "prefix": "", "dry_run": true })),
        ("s3_delete_objects", json!({ "bucket": "media", "keys": keys, "dry_run": true })),
        ("s3_usage", json!({ "bucket": "media" })),
        ("dynamodb_scan", json!({ "table": "orders", "limit": 1000 })),
        ("dynamodb_count", json!({ "table": "orders", "by": "pk" })),
        ("dynamodb_describe_table", json!({ "table": "orders", "sample": 100 })),
        (
            "dynamodb_get_items",
            json!({ "table": "orders", "keys": (1..100).map(|i| json!({ "pk": item(i)["pk"] })).collect::<Vec<_>>() }),
        ),
        (
            "dynamodb_get_items",
            json!({ "table": "orders", "keys": (1..100).map(|i| json!({ "pk": format!("none{i}{long}") })).collect::<Vec<_>>() }),
        ),
        (
            "dynamodb_update_item",
            json!({ "table": "orders", "key": { "pk": "a" }, "update": "SET w = :w", "values": { ":w": vec![long.clone(); 100] }, "return": "all_new" }),
        ),
    ];
    let example = |tool: About| (tool.name(), serde_json::from_str(tool.example()).unwrap());
    let destroys = |name: &str| name.contains("delete_bucket") || name.contains("delete_table");
    let examples = all_tools().map(example).filter(|(name, _)| !destroys(name));
    let codex = Caller::client("codex-mcp-client", "1");
    let mut largest = 0;
    for (tool, call) in more.into_iter().chain(examples) {
        let call: Value = call;
        let answer = bridge.call(&codex, tool, call.as_object().cloned().unwrap()).await;
        let text = answer.map_or_else(|error| error.to_string(), |answer| answer.text);
        // Three bytes a token: what it counts, and more.
        assert!(text.len() / 3 < CODEX_TOKENS && text.len() <= 16 * 1024, "{tool} {call}: {} bytes", text.len());
        largest = largest.max(text.len());
    }
    assert!(largest > 12_000, "the longest answer has {largest} bytes");
}
