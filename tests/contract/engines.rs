//! Contracts on other engines, and which of them those are known not to keep.
//!
//! `tests/scripts/references ENGINE… -- cargo test --test contract engines -- --ignored --nocapture` runs them.

use std::collections::BTreeMap;
use std::panic::AssertUnwindSafe;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use futures::FutureExt;

use crate::place::{hold, world};
use crate::support::{Engine, engines};
use crate::table::{ALL, Contract};

/// By engine and contract: why it is not kept.
type Known = BTreeMap<String, BTreeMap<String, String>>;

/// How long what an engine does in the background is waited for.
const PATIENCE: Duration = Duration::from_secs(3);
/// The longest that a contract takes with an engine that answers.
const LIMIT: Duration = Duration::from_secs(30);

/// What was wrong, where the engine does not keep the contract.
async fn keeps(engine: &Engine, contract: &Contract) -> Result<(), String> {
    let held = AssertUnwindSafe(hold(contract, world(&engine.config()).patient(PATIENCE))).catch_unwind();
    match tokio::time::timeout(LIMIT, held).await {
        Ok(outcome) => outcome.map_err(|panic| {
            let text = panic.downcast_ref::<String>().cloned();
            text.or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned())).unwrap_or_default()
        }),
        Err(_) => Err(format!("not within {LIMIT:?}")),
    }
}

fn known() -> Known {
    toml::from_str(include_str!("known.toml")).expect("known.toml")
}

#[test]
fn what_is_known_is_of_contracts_that_there_are() {
    for (engine, contracts) in known() {
        for (contract, reason) in contracts {
            assert!(ALL.iter().any(|one| one.name == contract), "{engine}: {contract}");
            assert!(!reason.is_empty(), "{engine}: {contract} has no reason");
        }
    }
}

/// Prints each engine's count, and fails on what is not known: a contract that is not kept, or one that is kept again.
#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs engines, which tests/scripts/references starts"]
async fn engines_keep_what_they_are_known_to_keep() {
    // What a contract says where it fails is told in one line below.
    let place = Arc::new(Mutex::new(String::new()));
    let seen = Arc::clone(&place);
    std::panic::set_hook(Box::new(move |panic| {
        let at = panic.location().map(ToString::to_string).unwrap_or_default();
        *seen.lock().unwrap_or_else(PoisonError::into_inner) = at;
    }));
    let (known, mut surprises) = (known(), Vec::new());
    for engine in &engines() {
        let known = known.get(&engine.name);
        let (mut kept, mut held) = (0, 0);
        for contract in ALL.iter().filter(|one| if one.service == "s3" { engine.s3 } else { engine.dynamodb }) {
            held += 1;
            let known = known.and_then(|known| known.get(contract.name));
            match (Box::pin(keeps(engine, contract)).await, known) {
                (Ok(()), None) => kept += 1,
                (Ok(()), Some(_)) => {
                    surprises.push(format!("{} keeps {} again: take it out of known.toml", engine.name, contract.name));
                }
                (Err(_), Some(_)) => {}
                (Err(why), None) => {
                    let at = place.lock().unwrap_or_else(PoisonError::into_inner).clone();
                    let why: String = why.replace('\n', " ").chars().take(600).collect();
                    surprises.push(format!("{} does not keep {} ({at}): {why}", engine.name, contract.name));
                }
            }
        }
        println!("{}: keeps {kept} of {held} contracts", engine.name);
    }
    drop(std::panic::take_hook());
    assert!(surprises.is_empty(), "{}", surprises.join("\n"));
}
