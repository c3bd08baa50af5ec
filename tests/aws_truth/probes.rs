//! Probes: one request, one answer.

use serde::Deserialize;
use serde_json::Value as Json;

use crate::matching::{same_message, sorted};
use crate::support::{Answer, Dynamo};
use crate::waits;

#[derive(Deserialize)]
struct Truth {
    #[serde(default)]
    table: Vec<Table>,
    probe: Vec<Probe>,
}

#[derive(Deserialize)]
struct Table {
    name: String,
    key: Vec<String>,
}

#[derive(Deserialize)]
pub struct Probe {
    pub id: String,
    note: String,
    waits_for: Option<String>,
    #[serde(default)]
    before: Vec<Call>,
    #[serde(flatten)]
    call: Call,
    then: Option<Call>,
    pub exception: Option<String>,
    pub message: Option<String>,
    #[serde(default)]
    contains: Vec<String>,
    cancellation_reasons: Option<String>,
    response: Option<String>,
}

#[derive(Deserialize)]
struct Call {
    operation: String,
    request: String,
}

fn september() -> Truth {
    toml::from_str(include_str!("../../fixtures/aws-truth/2026-09-20.toml")).expect("2026-09-20.toml")
}

fn october() -> Truth {
    toml::from_str(include_str!("../../fixtures/aws-truth/2026-10.toml")).expect("2026-10.toml")
}

/// Every probe.
pub fn all() -> Vec<Probe> {
    september().probe.into_iter().chain(october().probe).collect()
}

/// How many of September's probes and of October's wait for nothing.
pub fn exercised() -> (usize, usize) {
    let counted = |truth: Truth| truth.probe.iter().filter(|probe| probe.waits_for.is_none()).count();
    (counted(september()), counted(october()))
}

async fn call(dynamo: &Dynamo, call: &Call) -> Answer {
    let request = serde_json::from_str(&filled(&call.request)).expect("a probe's request is JSON");
    dynamo.call(&call.operation, request).await
}

/// The request with its long texts: `{{N}}` stands for N letters.
fn filled(request: &str) -> String {
    let mut parts = request.split("{{");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |out, part| match part.split_once("}}") {
        Some((count, rest)) if count.parse::<usize>().is_ok() => {
            out + &"x".repeat(count.parse().expect("a number")) + rest
        }
        _ => out + "{{" + part,
    })
}

#[tokio::test]
async fn every_recorded_answer_is_given() {
    let tables = september().table;
    let mut failures = Vec::new();
    let probes = all();
    for probe in &probes {
        let dynamo = Dynamo::open();
        for table in &tables {
            dynamo.table(&table.name, &table.key.iter().map(String::as_str).collect::<Vec<_>>()).await;
        }
        if let Err(why) = run(&dynamo, probe).await {
            failures.push(format!("{} ({}): {why}", probe.id, probe.note));
        }
    }
    let (failed, all) = (failures.len(), probes.len());
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
        (Some(exception), message, None) if message.is_some() || !probe.contains.is_empty() => {
            refused(probe, exception, &answer)
        }
        (None, None, Some(response)) => accepted(dynamo, probe, response, answer).await,
        _ => Err("it must have either an exception and a message or a response".to_owned()),
    }
}

fn refused(probe: &Probe, exception: &str, answer: &Answer) -> Result<(), String> {
    let told = answer.message();
    let message = probe.message.as_deref().is_none_or(|message| same_message(message, told))
        && probe.contains.iter().all(|part| told.contains(part));
    if (answer.status, answer.exception()) != (400, exception) || !message {
        let want = probe.message.as_ref().or(probe.contains.first());
        return Err(format!("\n  want {exception}: {want:?}\n  got  {}: {told}", answer.exception()));
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

#[test]
fn the_fixtures_are_whole() {
    let counted = |truth: Truth| {
        let refused = truth.probe.iter().filter(|probe| probe.exception.is_some()).count();
        (truth.probe.len(), refused)
    };
    // 145 probes and the one that the same run recorded beside them.
    assert_eq!(counted(september()), (146, 111));
    // 27 of 28 subjects of the sweep, and what a transaction stored the day after.
    assert_eq!(counted(october()), (28, 27));
}
