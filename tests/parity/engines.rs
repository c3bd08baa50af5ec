//! The emulator against independent engines, which `tests/scripts/references` starts.
//!
//! `FOOTBRIDGE_PARITY_ENGINES` says which there are; `FOOTBRIDGE_PARITY_STEPS` how many calls to make of each service;
//! `FOOTBRIDGE_PARITY_REPORT` a file for all that was found, also where footbridge does not stand alone.

use std::collections::{BTreeMap, BTreeSet};

use footbridge::backend::Clients;
use proptest::strategy::{Strategy, ValueTree};

use crate::accepted::{self, Accepted};
use crate::call::{Call, Service};
use crate::dynamodb;
use crate::endpoint::Endpoint;
use crate::judge::{self, Answers, Difference};
use crate::play::{Histories, number, play, smallest};
use crate::reference::{Opinion, Reference};
use crate::regressions;
use crate::report::Report;
use crate::s3;
use crate::script::script;
use crate::support::{self, Engine};

/// The calls to make where nothing else is said.
const STEPS: usize = 5_000;
/// How many smaller histories are tried for each difference.
const TRIES: usize = 150;
/// How many differences are made small; the rest is only counted.
const SHRUNK: usize = 12;

/// The emulator in this process, and after it the engines that have the service.
async fn references(service: Service) -> (footbridge::testing::Footbridge, Vec<Box<dyn Reference>>) {
    let emulator = footbridge::testing::start().await.unwrap();
    let run = format!("parity-{:08x}-", uuid::Uuid::new_v4().as_fields().0);
    let ours = Endpoint::new("footbridge", Clients::of(emulator.config()), &run);
    let mut references: Vec<Box<dyn Reference>> = vec![Box::new(ours)];
    let has = |engine: &Engine| match service {
        Service::DynamoDb => engine.dynamodb,
        Service::S3 => engine.s3,
    };
    for engine in support::engines().into_iter().filter(has) {
        references.push(Box::new(Endpoint::new(&engine.name, engine.clients(), &run)));
    }
    (emulator, references)
}

async fn judged(history: &[Call], references: &mut [Box<dyn Reference>]) -> (Vec<Answers>, Vec<Difference>) {
    let answers = play(history, references).await;
    let alone = judge::alone(history, &answers[0], &answers[1..]);
    (answers, alone)
}

/// What went wrong, for whoever mends it.
struct Found {
    difference: Difference,
    times: usize,
    script: String,
    /// The calls that show it.
    history: Vec<Call>,
}

async fn compare(service: Service, strategy: impl Strategy<Value = Vec<Call>>) {
    let (_emulator, mut references) = references(service).await;
    let engines: BTreeSet<String> = references[1..].iter().map(|engine| engine.name().to_owned()).collect();
    assert!(engines.len() > 1, "one engine alone shows nothing: {engines:?}");
    let accepted = accepted::all(service, &engines);
    let wanted = number("FOOTBRIDGE_PARITY_STEPS").map_or(STEPS, |steps| usize::try_from(steps).unwrap());
    let tries = number("FOOTBRIDGE_PARITY_TRIES").map_or(TRIES, |tries| usize::try_from(tries).unwrap());
    let mut report = Report::new(&engines);
    let mut found: BTreeMap<String, Found> = BTreeMap::new();

    for regression in regressions::all(service) {
        let (_, alone) = judged(&regression.history, &mut references).await;
        for difference in alone.into_iter().filter(|difference| !Accepted::any(&accepted, difference)) {
            let (history, script) = (regression.history.clone(), script(&regression.history));
            found.entry(difference.signature()).or_insert(Found { difference, times: 1, script, history });
        }
    }
    let gone = gone(&accepted, &mut references).await;

    let (mut histories, mut steps) = (Histories::new(), 0);
    while steps < wanted {
        let (mut tree, mut whole) = (histories.next(&strategy), true);
        let history = tree.current();
        steps += history.len();
        let (answers, alone) = judged(&history, &mut references).await;
        report.add(&history, &answers);
        for difference in alone {
            if Accepted::any(&accepted, &difference) {
                continue;
            }
            let signature = difference.signature();
            if let Some(known) = found.get_mut(&signature) {
                known.times += 1;
                continue;
            }
            // A tree can be made smaller once.
            let small = found.len() < SHRUNK && tries > 0 && std::mem::take(&mut whole);
            let history = if small {
                smallest(&mut tree, tries, async |smaller| {
                    let (_, alone) = judged(smaller, &mut references).await;
                    alone.iter().any(|difference| difference.signature() == signature)
                })
                .await
            } else {
                history[..=difference.at].to_vec()
            };
            let script = if small {
                script(&history)
            } else {
                format!("the call, of a history that was not made smaller:\n{}", script(&history[difference.at..]))
            };
            found.insert(signature, Found { difference, times: 1, script, history });
        }
    }
    report.write(service, found.values().map(|found| (&found.difference, found.history.as_slice())));
    println!("{report}");
    println!("{steps} steps, FOOTBRIDGE_PARITY_SEED={}, {} accepted differences", histories.seed, accepted.len());
    let told =
        found.values().map(|Found { difference, times, script, .. }| format!("{times} times: {difference}{script}\n"));
    let told: String = told.chain(gone).collect();
    assert!(told.is_empty(), "footbridge stands alone:\n\n{told}");
}

/// The accepted differences that do not occur any more.
async fn gone(accepted: &[Accepted], references: &mut [Box<dyn Reference>]) -> Vec<String> {
    let mut gone = Vec::new();
    for entry in accepted {
        let mut answers = Vec::new();
        let mut occurs = false;
        // An engine that ends has lost its tables.
        for _ in 0..3 {
            answers = play(&entry.history, references).await;
            answers.retain(|of| of.reference == "footbridge" || entry.needs.contains(&of.reference));
            let alone = judge::alone(&entry.history, &answers[0], &answers[1..]);
            occurs = alone.iter().any(|difference| entry.is(difference));
            if occurs {
                break;
            }
        }
        if !occurs {
            let last = answers.iter().map(|of| match of.opinions.last() {
                Some(Opinion::Answer(answer)) => {
                    format!("  {}: {}\n", of.reference, judge::shortened(&serde_json::json!(answer).to_string()))
                }
                other => format!("  {}: {other:?}\n", of.reference),
            });
            gone.push(format!("accepted, and gone: {}\n{}", entry.reason, last.collect::<String>()));
        }
    }
    gone
}

#[tokio::test]
#[ignore = "needs engines: tests/scripts/references"]
async fn dynamodb_does_not_stand_alone() {
    compare(Service::DynamoDb, dynamodb::generate::history()).await;
}

#[tokio::test]
#[ignore = "needs engines: tests/scripts/references"]
async fn s3_does_not_stand_alone() {
    compare(Service::S3, s3::generate::history(25)).await;
}
