//! Random histories of calls give what a plain model gives: puts, copies, deletes, versioning switches, multipart uploads and
//! listings, with conditions, version ids of every kind and a clock that goes backwards.
//!
//! `FOOTBRIDGE_HISTORY_STEPS` sets how many calls, `FOOTBRIDGE_HISTORY_SEED` (a number) where the randomness begins.

mod call;
mod model;
mod run;
mod step;

use std::cell::Cell;

use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

use crate::harness::World;

fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}

#[test]
#[allow(clippy::disallowed_macros, reason = "the seed is for who reads the test's output")]
fn a_history_of_calls_gives_what_a_plain_model_gives() {
    let wanted = number("FOOTBRIDGE_HISTORY_STEPS").unwrap_or(1_500);
    let seed = number("FOOTBRIDGE_HISTORY_SEED").unwrap_or_else(|| uuid::Uuid::new_v4().as_u64_pair().0);
    println!("FOOTBRIDGE_HISTORY_SEED={seed}");
    let config = Config { cases: 1, failure_persistence: None, max_shrink_iters: 2_000, ..Config::default() };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let steps = Cell::new(0);
    let mut histories = 0_u64;
    while steps.get() < wanted {
        let mut bytes = [0; 32];
        bytes[..8].copy_from_slice(&seed.to_le_bytes());
        bytes[8..16].copy_from_slice(&histories.to_le_bytes());
        histories += 1;
        let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &bytes);
        let outcome = TestRunner::new_with_rng(config.clone(), rng).run(&step::history(), |history| {
            steps.set(steps.get() + history.len() as u64);
            runtime.block_on(async {
                let world = World::memory();
                let outcome = run::history(&world, &history).await;
                world.close().await;
                outcome
            })
        });
        if let Err(failure) = outcome {
            panic!("FOOTBRIDGE_HISTORY_SEED={seed}: {failure}");
        }
    }
    println!("{} steps in {} histories", steps.get(), histories);
}
