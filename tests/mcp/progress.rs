//! How far a long call is: told by every tool that may take minutes.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::{Arc, Mutex};

use serde_json::{Value, json};

use crate::bulk::{place, write};
use crate::support::{caller, ok, table};

/// Calls that take the longer the more there is, each with what it says at its end: how much, and of how much where that is
/// known.
fn calls() -> Vec<(&'static str, Value, u64, Option<u64>)> {
    let matching = |more: Value| {
        let mut call = json!({ "table": "things", "confirm": true, "snapshot": false });
        call.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        call
    };
    vec![
        ("dynamodb_load_items", json!({ "table": "things", "file": "in" }), 3500, Some(3500)),
        ("dynamodb_export_items", json!({ "table": "things", "save_to": "out.ndjson" }), 140, None),
        ("dynamodb_count", json!({ "table": "things" }), 140, None),
        (
            "dynamodb_update_by_query",
            matching(json!({ "key_condition": "pk = :p", "values": { ":p": "a", ":n": 1 }, "update": "SET n = :n" })),
            140,
            None,
        ),
        (
            "dynamodb_delete_by_query",
            matching(json!({ "key_condition": "pk = :p", "values": { ":p": "a" } })),
            140,
            None,
        ),
        ("s3_put_object", json!({ "bucket": "media", "key": "a/whole", "file": "in" }), 3500, Some(3500)),
        ("s3_download_object", json!({ "bucket": "media", "key": "a/whole", "save_to": "whole" }), 3500, Some(3500)),
        ("s3_upload_directory", json!({ "bucket": "media", "directory": "site", "prefix": "a/site/" }), 3, Some(3)),
        ("s3_usage", json!({ "bucket": "media" }), 4, None),
        ("s3_copy_prefix", json!({ "from": "s3://media/a/", "to": "s3://media/b/" }), 4, None),
        ("s3_download_prefix", json!({ "bucket": "media", "prefix": "a/", "save_to": "down" }), 4, None),
        (
            "s3_delete_objects",
            json!({ "bucket": "media", "prefix": "a/", "confirm": true, "snapshot": false }),
            4,
            None,
        ),
        ("s3_delete_bucket", json!({ "bucket": "media", "force": true, "confirm": true, "snapshot": false }), 4, None),
    ]
}

/// Those that are one request, of which nobody says how far it is.
const ONE_REQUEST: [&str; 3] = ["restore", "s3_copy_object", "snapshot"];
/// What needs a second target says how far it is as the others do; `tests/targets` has two.
const BETWEEN_TARGETS: [&str; 1] = ["copy_from_target"];

#[tokio::test]
async fn every_long_call_says_how_far_it_is() {
    let (_here, place, bridge) = place().await;
    table(&bridge).await;
    ok(&bridge, "s3_create_bucket", json!({ "bucket": "media" })).await;
    let lines: String = (0..140).map(|i| format!("{{\"pk\": \"a\", \"sk\": \"{i:03}\"}}\n")).collect();
    write(&place, "in", &lines);
    std::fs::create_dir(place.path().join("site")).unwrap();
    for name in ["a", "b", "c"] {
        write(&place, &format!("site/{name}"), name);
    }
    for (tool, arguments, done, of) in calls() {
        let told = Arc::new(Mutex::new(Vec::new()));
        let progress = Arc::clone(&told);
        let tell = Arc::new(move |done, total| progress.lock().unwrap().push((done, total)));
        let call = arguments.as_object().cloned().unwrap();
        let answer = bridge.call_and_watch(&caller(), tool, call, tell).await;
        answer.unwrap_or_else(|error| panic!("{tool}: {error}"));
        let told = told.lock().unwrap().clone();
        let (last, total) = *told.last().unwrap_or_else(|| panic!("{tool} told nothing"));
        assert_eq!(last, done, "{tool}: {told:?}");
        assert!(of.is_none() || total == of, "{tool}: {told:?}");
        assert!(told.is_sorted_by_key(|(done, _)| *done), "{tool}: {told:?}");
    }
}

#[test]
fn no_tool_that_may_take_minutes_is_left_out() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/mcp/tools");
    let files = ["", "s3", "dynamodb"].into_iter().flat_map(|folder| std::fs::read_dir(root.join(folder)).unwrap());
    let texts =
        files.map(|file| file.unwrap().path()).filter(|path| path.extension().is_some_and(|ending| ending == "rs"));
    let long: BTreeSet<String> = texts
        .map(|path| std::fs::read_to_string(path).unwrap())
        .filter(|text| text.contains("fn time_limit("))
        .map(|text| text.split_once("const NAME: &'static str = \"").unwrap().1.split_once('"').unwrap().0.to_owned())
        .collect();
    let tried = calls()
        .into_iter()
        .map(|(tool, ..)| tool)
        .chain(ONE_REQUEST)
        .chain(BETWEEN_TARGETS)
        .map(str::to_owned)
        .collect();
    assert_eq!(long, tried);
}
