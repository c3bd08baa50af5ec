//! The commands that call tools (`call`, `demo` and `replay`), and `journal policy` for what they called.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking, in its helpers too")]

#[path = "mcp_commands/endpoint.rs"]
mod endpoint;
#[path = "mcp_commands/history.rs"]
mod history;
#[path = "mcp_commands/policy.rs"]
mod policy;
#[path = "mcp_commands/replay.rs"]
mod replay;

use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use serde_json::{Value, json};

/// Runs the program in a directory of its own, with nothing of the person's environment.
fn footbridge(directory: &Path, arguments: &[&str], input: &str) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_footbridge"))
        .args(arguments)
        .arg("--data-dir")
        .arg(directory.join("data"))
        .current_dir(directory)
        .env_clear()
        .env("HOME", directory)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    child.wait_with_output().unwrap()
}

fn json_of(output: &Output) -> Value {
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{text}{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_str(&text).unwrap()
}

#[test]
fn call_takes_its_arguments_from_the_command_line_or_standard_input() {
    let directory = tempfile::tempdir().unwrap();
    let here = directory.path();
    let made = footbridge(here, &["call", "dynamodb_create_table", r#"{"table": "things", "keys": {"pk": "S"}}"#], "");
    assert_eq!(json_of(&made)["status"], "ACTIVE");
    let item = r#"{"table": "things", "items": [{"pk": "a", "n": 1}]}"#;
    assert_eq!(json_of(&footbridge(here, &["call", "dynamodb_put_items", "-"], item))["written"], 1);
    let scan = footbridge(here, &["call", "dynamodb_scan", r#"{"table": "things"}"#], "");
    assert_eq!(json_of(&scan)["items"], json!([{ "n": 1, "pk": "a" }]));
    let listed = footbridge(here, &["call"], "");
    assert!(String::from_utf8_lossy(&listed.stdout).contains("dynamodb_update_item"));
}

#[test]
fn call_tells_by_its_exit_code_what_kind_of_failure_it_was() {
    let directory = tempfile::tempdir().unwrap();
    let cases: [(&[&str], i32, &str); 7] = [
        (&["call", "s3_list_objects", r#"{"bucket": "none-there"}"#], 1, "NoSuchBucket"),
        (&["call", "s3_list_objects", "bucket"], 2, "no JSON object"),
        (&["call", "s3_list_objects", r#"{"bukket": "b"}"#], 2, "unknown field `bukket`"),
        (&["call", "s3_fly"], 2, "there is no tool s3_fly"),
        (&["call", "s3_create_bucket", r#"{"bucket": "b-1"}"#, "--mode", "read-only"], 3, "not_allowed"),
        (&["call", "s3_create_bucket", r#"{"bucket": "b-1"}"#, "--mode", "ask"], 3, "--mode read-write"),
        (&["call", "s3_put_object", r#"{"bucket": "b", "key": "k", "file": "/"}"#], 3, "file_not_allowed"),
    ];
    for (arguments, code, said) in cases {
        let output = footbridge(directory.path(), arguments, "");
        let error = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(code), "{arguments:?}: {error}");
        assert!(error.contains(said) && output.stdout.is_empty(), "{arguments:?}: {error}");
    }
}

#[test]
fn a_file_in_place_of_the_data_directory_is_named() {
    let directory = tempfile::tempdir().unwrap();
    std::fs::write(directory.path().join("data"), "").unwrap();
    for arguments in [&["call", "s3_list_buckets"][..], &["serve"]] {
        let output = footbridge(directory.path(), arguments, "");
        let error = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {error}");
        assert!(error.contains("data is a file") && error.contains("--data-dir"), "{arguments:?}: {error}");
    }
}

#[test]
fn a_clients_mistake_is_answered_and_not_logged_as_ours() {
    let directory = tempfile::tempdir().unwrap();
    let begin = json!({ "jsonrpc": "2.0", "id": 1, "method": "initialize", "params": {
        "protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": { "name": "raw", "version": "0" },
    } });
    let wrong = json!({ "jsonrpc": "2.0", "id": 2, "method": "tools/call", "params": { "name": "s3_fly" } });
    let initialized = json!({ "jsonrpc": "2.0", "method": "notifications/initialized" });
    let output = footbridge(directory.path(), &["mcp", "--listen", "0"], &format!("{begin}\n{initialized}\n{wrong}\n"));
    let (said, logged) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(said.contains("there is no tool s3_fly"), "{said}{logged}");
    assert!(!logged.contains("WARN"), "{logged}");
}

#[test]
fn the_demo_finds_every_answer_as_expected_each_time_and_touches_no_other_store() {
    let directory = tempfile::tempdir().unwrap();
    let here = directory.path();
    footbridge(here, &["call", "s3_create_bucket", r#"{"bucket": "mine-alone"}"#], "");
    for _ in 0..2 {
        let output = footbridge(here, &["demo", "--json"], "");
        let lines = String::from_utf8_lossy(&output.stdout);
        let calls: Vec<Value> = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        let wrong: Vec<_> = calls.iter().filter(|call| call["as_expected"] != true).collect();
        assert!(output.status.success() && wrong.is_empty(), "{wrong:?}{}", String::from_utf8_lossy(&output.stderr));
        assert!(calls.iter().any(|call| call["call"] == "HTTP GET") && calls.len() > 30);
    }
    let tables = footbridge(here, &["call", "dynamodb_list_tables", "--store", "footbridge-demo"], "");
    assert_eq!(json_of(&tables)["tables"], json!(["Forum", "ProductCatalog", "Reply", "Shop", "Thread"]));
    let buckets = json_of(&footbridge(here, &["call", "s3_list_buckets"], ""));
    assert_eq!(buckets["buckets"].as_array().unwrap().len(), 1);
}
