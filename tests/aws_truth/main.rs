//! AWS's recorded answers, `fixtures/aws-truth/`, against the emulator at the wire.
#![allow(clippy::expect_used, reason = "a test fails by panicking")]
#![allow(clippy::disallowed_macros, reason = "what was compared is for who reads the test's output")]

mod counted;
mod matching;
mod older;
mod probes;
mod scenes;
#[path = "../support/dynamodb.rs"]
mod support;

use serde_json::json;
use support::{Answer, Dynamo};

/// Whether what does not exist yet was refused with 501, as what waits for it must be.
fn waits(thing: &str, answer: &Answer) -> Result<(), String> {
    if answer.status == 501 {
        return Ok(());
    }
    Err(format!("it waits for {thing}, which exists now: delete `waits_for`. Answer: {}", answer.body))
}

#[test]
fn no_operation_holds_a_recorded_message() {
    let directory = concat!(env!("CARGO_MANIFEST_DIR"), "/src/emulator/dynamodb/operation");
    let messages: Vec<_> = probes::all().into_iter().filter_map(|probe| probe.message).collect();
    for file in std::fs::read_dir(directory).expect("the operations") {
        let path = file.expect("a file").path();
        // A literal may be broken over lines.
        let source = std::fs::read_to_string(&path).expect("source");
        let source = source.split('\\').map(str::trim_start).collect::<String>();
        for message in &messages {
            let sentence = message.strip_prefix("1 validation error detected: ").unwrap_or(message).trim();
            assert!(!source.contains(sentence), "{} holds {sentence:?}", path.display());
        }
    }
}

#[tokio::test]
async fn an_operation_that_is_missing_says_so() {
    let answer = Dynamo::open().call("DescribeGlobalTable", json!({"GlobalTableName": "tab"})).await;
    assert_eq!((answer.status, answer.exception()), (501, "NotImplemented"));
    assert_eq!(answer.message(), "footbridge does not implement DescribeGlobalTable");
}
