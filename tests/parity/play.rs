//! Playing histories: each reference plays the same calls by itself, and what they say is judged after.

use futures::future::join_all;
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

use crate::call::Call;
use crate::judge::Answers;
use crate::reference::Reference;

/// The answers of each of the references to a history.
pub async fn play(history: &[Call], references: &mut [Box<dyn Reference>]) -> Vec<Answers> {
    join_all(references.iter_mut().map(|reference| one(history, reference.as_mut()))).await
}

async fn one(history: &[Call], reference: &mut dyn Reference) -> Answers {
    reference.begin().await;
    let mut opinions = Vec::with_capacity(history.len());
    for call in history {
        opinions.push(reference.answer(call).await);
    }
    let mut left = reference.end().await;
    for difference in &mut left {
        difference.at = history.len();
    }
    Answers { reference: reference.name().to_owned(), opinions, left }
}

/// Where the histories come from: the same seed gives the same ones.
pub struct Histories {
    runner: TestRunner,
    pub seed: u64,
}

impl Histories {
    /// Begins at `FOOTBRIDGE_PARITY_SEED`, or anywhere.
    pub fn new() -> Self {
        let seed = number("FOOTBRIDGE_PARITY_SEED").unwrap_or_else(|| uuid::Uuid::new_v4().as_u64_pair().0);
        let mut bytes = [0; 32];
        bytes[..8].copy_from_slice(&seed.to_le_bytes());
        let config = Config { failure_persistence: None, ..Config::default() };
        Self { runner: TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &bytes)), seed }
    }

    pub fn next<S: Strategy>(&mut self, strategy: &S) -> S::Tree {
        strategy.new_tree(&mut self.runner).expect("a strategy that gives values")
    }
}

/// The shortest history of a tree that still shows what was found, in at most `tries` tries.
pub async fn smallest<T, F>(tree: &mut T, tries: usize, mut shows: F) -> Vec<Call>
where
    T: ValueTree<Value = Vec<Call>>,
    F: AsyncFnMut(&[Call]) -> bool,
{
    let mut found = tree.current();
    let mut left = tries;
    let mut more = tree.simplify();
    while more && left > 0 {
        left -= 1;
        let smaller = tree.current();
        more = if shows(&smaller).await {
            found = smaller;
            tree.simplify()
        } else {
            tree.complicate()
        };
    }
    found
}

/// A number of the environment.
pub fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}
