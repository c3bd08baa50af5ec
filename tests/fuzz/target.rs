//! Runs a target on as many inputs as are asked for, the same ones each time.

use std::cell::Cell;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use proptest::strategy::Strategy;
use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestError, TestRng, TestRunner};
use tokio::runtime::Runtime;

/// Where inputs begin if nothing else is said: a test tells of the code, not of the day.
const SEED: u64 = 20_261_129;

/// The longest that one input may take.
const DEADLINE: Duration = Duration::from_secs(30);

/// Whether what an input led to is as it must be, or what is wrong.
pub type Verdict = Result<(), String>;

/// A target: what is set up once, on a thread of its own.
pub struct Target {
    name: &'static str,
    cases: u32,
    seed: u64,
    runtime: Runtime,
    accepted: Cell<u32>,
}

impl Target {
    /// A target of so many inputs, where `FOOTBRIDGE_FUZZ_CASES` says nothing else.
    pub fn new(name: &'static str, cases: u32) -> Self {
        let variable = |name: &str| std::env::var(name).ok();
        let cases = variable("FOOTBRIDGE_FUZZ_CASES").map_or(cases, |cases| cases.parse().expect("a number of cases"));
        let seed = match variable("FOOTBRIDGE_FUZZ_SEED").as_deref() {
            Some("random") => uuid::Uuid::new_v4().as_u64_pair().0,
            Some(seed) => seed.parse().expect("a seed"),
            None => SEED,
        };
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        Self { name, cases, seed, runtime, accepted: Cell::new(0) }
    }

    /// The same number of inputs, so many in each case.
    pub fn in_batches_of(mut self, inputs: u32) -> Self {
        self.cases = self.cases.div_ceil(inputs);
        self
    }

    /// What the inputs meet.
    pub fn set_up<T>(&self, future: impl Future<Output = T>) -> T {
        self.runtime.block_on(future)
    }

    /// Says that an input was taken and not refused.
    pub fn accepted(&self) {
        self.accepted.set(self.accepted.get() + 1);
    }

    /// That one case in so many was taken, so that more is tried than refusals.
    pub fn accepts_one_in(&self, inputs: u32) {
        let accepted = self.accepted.get();
        assert!(accepted * inputs >= self.cases, "{}: {accepted} of {} inputs were taken", self.name, self.cases);
    }

    /// Tries the inputs. The first that does not hold is made as small as it can be, and shown.
    pub fn holds<S: Strategy>(&self, inputs: &S, test: impl AsyncFn(S::Value) -> Verdict) {
        let mut seed = [0; 32];
        seed[..8].copy_from_slice(&self.seed.to_le_bytes());
        let config = Config {
            cases: self.cases,
            failure_persistence: None,
            max_shrink_iters: 4000,
            max_shrink_time: 60_000,
            ..Config::default()
        };
        let mut runner = TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &seed));
        let watched = Watch::over(format!("{}, FOOTBRIDGE_FUZZ_SEED={}", self.name, self.seed));
        let outcome = runner.run(inputs, |input| {
            watched.next();
            let verdict = self.runtime.block_on(async { tokio::time::timeout(DEADLINE, test(input)).await });
            verdict.unwrap_or_else(|_| Err(format!("no end within {DEADLINE:?}"))).map_err(TestCaseError::fail)
        });
        match outcome {
            Ok(()) => {}
            Err(TestError::Fail(why, input)) => {
                panic!("{}, FOOTBRIDGE_FUZZ_SEED={}: {why}\n{input:?}", self.name, self.seed)
            }
            Err(TestError::Abort(why)) => panic!("{}: {why}", self.name),
        }
    }
}

/// Ends the program where an input keeps its thread busy for good: nothing else could.
struct Watch(Arc<AtomicU64>);

impl Watch {
    fn over(name: String) -> Self {
        let inputs = Arc::new(AtomicU64::new(0));
        let watched = Arc::downgrade(&inputs);
        std::thread::spawn(move || {
            let (mut last, mut since) = (0, Instant::now());
            while let Some(inputs) = watched.upgrade() {
                let now = inputs.load(Ordering::Relaxed);
                drop(inputs);
                if now != last {
                    (last, since) = (now, Instant::now());
                } else if since.elapsed() > 2 * DEADLINE {
                    eprintln!("{name}: input {now} has no end");
                    std::process::abort();
                }
                std::thread::park_timeout(Duration::from_millis(100));
            }
        });
        Self(inputs)
    }

    fn next(&self) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }
}

/// A verdict from a condition.
pub fn ensure(holds: bool, why: impl FnOnce() -> String) -> Verdict {
    if holds { Ok(()) } else { Err(why()) }
}
