//! `replay` and `diff`: a session recorded by the program, made again by it.

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::{Value, json};

/// Answers that no two runs share stand beside those that they do: times, ids, an error, a presigned URL.
const SESSION: [(&str, &str); 10] = [
    ("bridge_status", "{}"),
    ("dynamodb_create_table", r#"{"table": "things", "keys": {"pk": "S"}}"#),
    (
        "dynamodb_put_items",
        r#"{"table": "things", "items": [{"pk": "a"}, {"pk": "b"}, {"pk": "c", "s": {"$ss": ["x", "y"]}}]}"#,
    ),
    ("dynamodb_describe_table", r#"{"table": "things"}"#),
    ("s3_create_bucket", r#"{"bucket": "photos"}"#),
    ("s3_put_object", r#"{"bucket": "photos", "key": "a.txt", "text": "hello"}"#),
    ("s3_get_object", r#"{"bucket": "photos", "key": "a.txt"}"#),
    ("s3_get_object", r#"{"bucket": "photos", "key": "none"}"#),
    ("s3_list_buckets", "{}"),
    ("s3_presign_url", r#"{"bucket": "photos", "key": "a.txt"}"#),
];

/// The program in `directory`, with nothing of the person's environment.
pub fn program(directory: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_footbridge"));
    command.args(arguments).current_dir(directory).env_clear().env("HOME", directory).stdin(Stdio::null());
    command
}

/// Records a session of an MCP client, with a scan of two pages at its end, and gives where its journal is.
fn record(directory: &Path) -> PathBuf {
    let mut command = program(directory, &["mcp", "--data-dir", "recorded", "--listen", "0"]);
    let mut server = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let mut answers = BufReader::new(server.stdout.take().unwrap()).lines();
    let mut ask = |method: &str, params: Value| -> Value {
        let request = json!({ "jsonrpc": "2.0", "id": 1, "method": method, "params": params });
        writeln!(server.stdin.as_mut().unwrap(), "{request}").unwrap();
        serde_json::from_str(&answers.next().unwrap().unwrap()).unwrap()
    };
    let client = json!({ "name": "raw", "version": "0" });
    ask("initialize", json!({ "protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": client }));
    for (tool, arguments) in SESSION {
        let arguments: Value = serde_json::from_str(arguments).unwrap();
        ask("tools/call", json!({ "name": tool, "arguments": arguments }));
    }
    let mut arguments = json!({ "table": "things", "limit": 2 });
    let page = ask("tools/call", json!({ "name": "dynamodb_scan", "arguments": arguments }));
    let page: Value = serde_json::from_str(page["result"]["content"][0]["text"].as_str().unwrap()).unwrap();
    arguments["cursor"] = page["cursor"].clone();
    ask("tools/call", json!({ "name": "dynamodb_scan", "arguments": arguments }));
    drop(server.stdin.take());
    assert!(server.wait().unwrap().success());
    directory.join("recorded/journal")
}

fn call(directory: &Path, data: &str, tool: &str, arguments: &str) -> Output {
    program(directory, &["call", tool, arguments, "--data-dir", data]).output().unwrap()
}

/// Runs a command with `--json`: its exit code, its steps, its summary, and what it said beside.
pub fn compared(directory: &Path, arguments: &[&str]) -> (Option<i32>, Vec<Value>, Value, String) {
    let output = program(directory, &[arguments, &["--json"]].concat()).output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let mut lines: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let summary = lines.pop().unwrap_or_default();
    (output.status.code(), lines, summary, said)
}

pub fn verdicts<'a>(steps: &'a [Value], verdict: &str) -> Vec<&'a Value> {
    steps.iter().filter(|step| step["verdict"] == verdict).collect()
}

#[test]
fn a_recorded_session_gives_the_same_answers_on_an_empty_store() {
    let directory = tempfile::tempdir().unwrap();
    let here = directory.path();
    let journal = record(here);
    let (code, steps, summary, said) = compared(here, &["replay", journal.to_str().unwrap()]);
    let skipped = verdicts(&steps, "not_replayed");
    assert_eq!(summary["summary"]["same"], 11, "{steps:#?}{said}");
    assert_eq!((code, skipped.len(), &skipped[0]["name"]), (Some(0), 1, &json!("bridge_status")));
    // A journal that is not named is the one of the directory, whose data stays as it is.
    let (code, steps, ..) = compared(here, &["replay", "--data-dir", "recorded", "--quiet"]);
    assert_eq!((code, steps), (Some(0), Vec::new()));
}

#[test]
fn a_difference_is_shown_call_by_call_and_told_by_the_exit_code() {
    let directory = tempfile::tempdir().unwrap();
    let here = directory.path();
    let journal = record(here);
    call(here, "other", "s3_create_bucket", r#"{"bucket": "photos"}"#);
    call(here, "other", "s3_put_object", r#"{"bucket": "photos", "key": "none", "text": "there after all"}"#);
    let arguments = ["replay", journal.to_str().unwrap(), "--data-dir", "other"];
    let (code, steps, summary, said) = compared(here, &arguments);
    let differing = verdicts(&steps, "differs");
    let names: Vec<_> = differing.iter().map(|step| step["name"].as_str().unwrap()).collect();
    assert_eq!((code, names.as_slice()), (Some(1), &["s3_get_object"][..]), "{steps:#?}{said}");
    assert_eq!(differing[0]["differences"][0]["path"], "outcome");
    assert_eq!(differing[0]["differences"][0]["right"], "ok");
    assert_eq!(summary["summary"]["differ"], 1);
    // The same for people.
    let output = program(here, &[&arguments[..], &["--service", "s3"]].concat()).output().unwrap();
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(text.contains("~ GetObject photos/none") && text.contains("NoSuchKey"), "{text}");
    assert!(text.contains("1 differ") && !text.contains("dynamodb"), "{text}");
}

#[test]
fn a_dry_run_says_what_would_be_called_and_calls_nothing() {
    let directory = tempfile::tempdir().unwrap();
    let here = directory.path();
    let journal = record(here);
    let (code, mut steps, last, _) =
        compared(here, &["replay", journal.to_str().unwrap(), "--data-dir", "fresh", "--dry-run"]);
    steps.push(last);
    let effects: Vec<_> = steps[..4].iter().map(|step| step["effect"].as_str()).collect();
    assert_eq!((code, steps.len()), (Some(0), 12));
    assert_eq!(effects, [None, Some("write"), Some("write"), Some("read")]);
    let buckets = String::from_utf8(call(here, "fresh", "s3_list_buckets", "{}").stdout).unwrap();
    assert_eq!(buckets.trim(), r#"{"buckets":[]}"#);
}

#[test]
fn two_journals_of_one_session_are_compared_without_a_call() {
    let directory = tempfile::tempdir().unwrap();
    let here = directory.path();
    let journal = record(here);
    let journal = journal.to_str().unwrap();
    program(here, &["replay", journal, "--record", "again"]).output().unwrap();
    let (code, steps, summary, said) = compared(here, &["diff", journal, "again"]);
    assert_eq!((code, &summary["summary"]["same"]), (Some(0), &json!(11)), "{steps:#?}{said}");
    call(here, "recorded", "s3_put_object", r#"{"bucket": "photos", "key": "b.txt", "text": "more"}"#);
    let (code, steps, ..) = compared(here, &["diff", journal, "again"]);
    assert_eq!((code, verdicts(&steps, "left_only").len()), (Some(1), 1), "{steps:#?}");
    let (code, .., said) = compared(here, &["diff", journal, "nowhere"]);
    assert!(code == Some(2) && said.contains("there is no journal nowhere"), "{said}");
}

#[test]
fn nothing_reaches_another_endpoint_before_somebody_allowed_the_writes() {
    let directory = tempfile::tempdir().unwrap();
    let here = directory.path();
    let journal = record(here);
    // Takes connections, and answers none.
    let endpoint = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    endpoint.set_nonblocking(true).unwrap();
    let url = format!("http://{}", endpoint.local_addr().unwrap());
    let arguments = ["replay", journal.to_str().unwrap(), "--backend", "aws", "--endpoint-url", &url];
    let mut command = program(here, &[&arguments[..], &["--region", "us-east-1"]].concat());
    command.envs([("AWS_ACCESS_KEY_ID", "test"), ("AWS_SECRET_ACCESS_KEY", "test")]);
    let output = command.output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(3), "{said}");
    assert!(said.contains(&format!("This makes 4 writes on CUSTOM {url}")), "{said}");
    assert!(said.contains("--mode read-write"), "{said}");
    let reached = endpoint.accept().map(|(_, from)| from);
    assert_eq!(reached.unwrap_err().kind(), std::io::ErrorKind::WouldBlock);
}
