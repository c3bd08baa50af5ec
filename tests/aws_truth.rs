//! AWS's recorded answers, `fixtures/aws-truth.toml`, against the emulator at the wire.
#![allow(clippy::expect_used, reason = "a test fails by panicking")]

#[path = "support/dynamodb.rs"]
mod support;

use serde::Deserialize;
use serde_json::{Value as Json, json};
use support::{Answer, Dynamo};

#[derive(Deserialize)]
struct Truth {
    table: Vec<Table>,
    probe: Vec<Probe>,
}

#[derive(Deserialize)]
struct Table {
    name: String,
    key: Vec<String>,
}

#[derive(Deserialize)]
struct Probe {
    id: String,
    note: String,
    waits_for: Option<String>,
    #[serde(default)]
    before: Vec<Call>,
    #[serde(flatten)]
    call: Call,
    then: Option<Call>,
    exception: Option<String>,
    message: Option<String>,
    cancellation_reasons: Option<String>,
    response: Option<String>,
}

#[derive(Deserialize)]
struct Call {
    operation: String,
    request: String,
}

fn truth() -> Truth {
    toml::from_str(include_str!("../fixtures/aws-truth.toml")).expect("fixtures/aws-truth.toml")
}

async fn call(dynamo: &Dynamo, call: &Call) -> Answer {
    let request = serde_json::from_str(&call.request).expect("a probe's request is JSON");
    dynamo.call(&call.operation, request).await
}

#[tokio::test]
async fn every_recorded_answer_is_given() {
    let truth = truth();
    let mut failures = Vec::new();
    for probe in &truth.probe {
        let dynamo = Dynamo::open();
        for table in &truth.table {
            dynamo.table(&table.name, &table.key.iter().map(String::as_str).collect::<Vec<_>>()).await;
        }
        if let Err(why) = run(&dynamo, probe).await {
            failures.push(format!("{} ({}): {why}", probe.id, probe.note));
        }
    }
    let (failed, all) = (failures.len(), truth.probe.len());
    assert!(failures.is_empty(), "{failed} of {all} probes:\n{}", failures.join("\n"));
}

async fn run(dynamo: &Dynamo, probe: &Probe) -> Result<(), String> {
    for before in &probe.before {
        let answer = call(dynamo, before).await;
        if let Some(thing) = &probe.waits_for {
            return waits(thing, &answer);
        }
        if answer.status != 200 {
            return Err(format!("its stage: {}", answer.body));
        }
    }
    let answer = call(dynamo, &probe.call).await;
    if let Some(thing) = &probe.waits_for {
        return waits(thing, &answer);
    }
    match (&probe.exception, &probe.message, &probe.response) {
        (Some(exception), Some(message), None) => refused(probe, exception, message, &answer),
        (None, None, Some(response)) => accepted(dynamo, probe, response, answer).await,
        _ => Err("it must have either an exception and a message or a response".to_owned()),
    }
}

fn waits(thing: &str, answer: &Answer) -> Result<(), String> {
    if answer.status == 501 {
        return Ok(());
    }
    Err(format!("it waits for {thing}, which exists now: delete `waits_for`. Answer: {}", answer.body))
}

fn refused(probe: &Probe, exception: &str, message: &str, answer: &Answer) -> Result<(), String> {
    if (answer.status, answer.exception()) != (400, exception) || !same_message(message, answer.message()) {
        return Err(format!("\n  want {exception}: {message}\n  got  {}: {}", answer.exception(), answer.message()));
    }
    match &probe.cancellation_reasons {
        Some(reasons) if answer.body["CancellationReasons"] != serde_json::from_str::<Json>(reasons).expect("JSON") => {
            Err(format!("\n  want {reasons}\n  got  {}", answer.body["CancellationReasons"]))
        }
        _ => Ok(()),
    }
}

async fn accepted(dynamo: &Dynamo, probe: &Probe, response: &str, answer: Answer) -> Result<(), String> {
    let mut got = answer.body;
    if let Some(then) = &probe.then {
        let more = call(dynamo, then).await.body;
        got.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
    }
    let want: Json = serde_json::from_str(response).expect("a probe's response is JSON");
    if answer.status != 200 || sorted(want.clone()) != sorted(got.clone()) {
        return Err(format!("\n  want {want}\n  got  {got}"));
    }
    Ok(())
}

/// The two ends of a message that was cut, or the whole of it; without the hashes of Java objects.
fn same_message(want: &str, got: &str) -> bool {
    let (want, got) = (without_hashes(want), without_hashes(got));
    match want.split_once('…') {
        Some((begin, end)) => got.starts_with(begin) && got.ends_with(end) && got.len() >= begin.len() + end.len(),
        None => want == got,
    }
}

fn without_hashes(message: &str) -> String {
    let mut parts = message.split('@');
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |out, part| out + "@" + part.trim_start_matches(|letter: char| letter.is_ascii_hexdigit()))
}

/// The same JSON with its sets in one order: order means nothing in them.
fn sorted(json: Json) -> Json {
    match json {
        Json::Object(members) => members
            .into_iter()
            .map(|(name, mut value)| {
                if let ("SS" | "NS" | "BS", Some(set)) = (name.as_str(), value.as_array_mut()) {
                    set.sort_by_key(Json::to_string);
                }
                (name, sorted(value))
            })
            .collect(),
        Json::Array(elements) => elements.into_iter().map(sorted).collect(),
        other => other,
    }
}

#[test]
fn the_fixture_is_whole() {
    let truth = truth();
    // 145 probes and the one that the same run recorded beside them.
    assert_eq!(truth.probe.len(), 146);
    let refused = truth.probe.iter().filter(|probe| probe.exception.is_some()).count();
    assert_eq!((refused, truth.probe.len() - refused), (111, 35));
}

#[test]
fn no_operation_holds_a_recorded_message() {
    let directory = concat!(env!("CARGO_MANIFEST_DIR"), "/src/emulator/dynamodb/operation");
    let messages: Vec<_> = truth().probe.into_iter().filter_map(|probe| probe.message).collect();
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
    let answer = Dynamo::open().call("DescribeLimits", json!({})).await;
    assert_eq!((answer.status, answer.exception()), (501, "NotImplemented"));
    assert_eq!(answer.message(), "footbridge does not implement DescribeLimits");
}
