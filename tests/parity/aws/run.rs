//! Playing histories on footbridge and on an account until the budget is spent.

use std::time::Duration;

use footbridge::backend::Clients;
use proptest::strategy::ValueTree;
use serde_json::{Value as Json, json};
use tokio::time::{Instant, sleep};

use crate::account::Account;
use crate::account::clean::TAG;
use crate::call::{Call, Manner, Service};
use crate::dynamodb;
use crate::endpoint::Endpoint;
use crate::judge::{self, Answers, Difference};
use crate::play::{Histories, number, play};
use crate::reference::{Opinion, Reference};
use crate::s3;
use crate::script::script;

/// The most calls of one history of S3.
const STEPS: usize = 25;
/// How long an eventually consistent read may show what was before.
const STALE: Duration = Duration::from_secs(20);
const PAUSE: Duration = Duration::from_millis(500);

/// What came of a run.
#[derive(Debug, Default)]
pub struct Outcome {
    pub histories: usize,
    pub compared: usize,
    /// Each difference, with the script that shows it.
    pub found: Vec<String>,
    /// Reads that were stale at first.
    pub asked_again: usize,
    /// Calls that were not sent: the guard refuses them, or what followed such a call.
    pub passed_over: usize,
}

/// Plays histories of both services in turn.
pub async fn run(account: &Account, mut histories: Histories) -> Outcome {
    let emulator = footbridge::testing::start().await.unwrap();
    let mut ours: Vec<Box<dyn Reference>> =
        vec![Box::new(Endpoint::new("footbridge", Clients::of(emulator.config()), account.prefix()))];
    let mut theirs = Theirs { endpoint: Endpoint::new("AWS", account.clients(), account.prefix()), account };
    let wanted = number("FOOTBRIDGE_PARITY_STEPS").unwrap_or(u64::MAX);
    let mut outcome = Outcome::default();
    while u64::try_from(outcome.compared).unwrap() < wanted {
        let history = history(&mut histories, outcome.histories);
        // Making, waiting and taking away cost calls too, and each page is one.
        if account.guard.budget_left() < 4 * u64::try_from(history.len()).unwrap() + 20 {
            break;
        }
        let expected = play(&history, &mut ours).await.remove(0);
        theirs.play(&history, &expected, &mut outcome).await;
        outcome.histories += 1;
    }
    outcome
}

fn history(histories: &mut Histories, at: usize) -> Vec<Call> {
    match at % 2 {
        0 => histories.next(&dynamodb::generate::history()).current(),
        _ => histories.next(&s3::generate::history(STEPS)).current(),
    }
}

struct Theirs<'a> {
    endpoint: Endpoint,
    account: &'a Account,
}

impl Theirs<'_> {
    /// Plays a history, and notes where its answers are not what was expected.
    async fn play(&mut self, history: &[Call], expected: &Answers, outcome: &mut Outcome) {
        self.endpoint.begin().await;
        for (at, call) in history.iter().enumerate() {
            let ours = &expected.opinions[at];
            let sent = self.account.guard.not_sent().len();
            let mut opinion = self.answer(call).await;
            let end = Instant::now() + STALE;
            while may_be_stale(call) && differs(call, ours, &opinion) && Instant::now() < end {
                sleep(PAUSE).await;
                opinion = self.answer(call).await;
                outcome.asked_again += 1;
            }
            if self.account.guard.not_sent().len() > sent {
                // From here on both sides hold other data.
                outcome.passed_over += history.len() - at;
                break;
            }
            outcome.compared += 1;
            let differences = compared(call, ours, &opinion);
            let differs = !differences.is_empty();
            for difference in differences {
                let difference = Difference { at, ..difference };
                outcome.found.push(format!("{difference}{}", script(&history[..=at])));
            }
            if differs {
                break;
            }
        }
        self.endpoint.end().await;
        self.account.settle().await.unwrap_or_else(|why| panic!("{why}"));
    }

    async fn answer(&mut self, call: &Call) -> Opinion {
        let opinion = self.endpoint.answer(&marked(call, self.account.id())).await;
        self.account.settle().await.unwrap_or_else(|why| panic!("{why}"));
        unmarked(call, opinion)
    }
}

/// The call with the run's tag on what it makes.
fn marked(call: &Call, run: &str) -> Call {
    let mut call = call.clone();
    if call.operation == "CreateTable"
        && let Some(input) = call.input.as_object_mut()
    {
        let tags = input.entry("Tags").or_insert_with(|| json!([]));
        if let Some(tags) = tags.as_array_mut() {
            tags.push(json!({"Key": TAG, "Value": run}));
        }
    }
    call
}

/// The answer without the run's tag.
fn unmarked(call: &Call, opinion: Opinion) -> Opinion {
    match opinion {
        Opinion::Answer(mut answer) if call.operation == "ListTagsOfResource" => {
            if let Some(tags) = answer.output.get_mut("Tags").and_then(Json::as_array_mut) {
                tags.retain(|tag| tag["Key"] != TAG);
            }
            Opinion::Answer(answer)
        }
        other => other,
    }
}

/// Whether AWS may answer with what was a moment before.
fn may_be_stale(call: &Call) -> bool {
    let reads = ["GetItem", "Query", "Scan", "BatchGetItem", "ListTables", "ListTagsOfResource", "DescribeTimeToLive"];
    call.service == Service::DynamoDb
        && reads.contains(&call.operation.as_str())
        && !matches!(call.manner, Manner::Race(_))
        && call.input["ConsistentRead"] != true
}

fn differs(call: &Call, ours: &Opinion, theirs: &Opinion) -> bool {
    !compared(call, ours, theirs).is_empty()
}

fn compared(call: &Call, ours: &Opinion, theirs: &Opinion) -> Vec<Difference> {
    let answers = |reference: &str, opinion: &Opinion| Answers {
        reference: reference.to_owned(),
        opinions: vec![opinion.clone()],
        left: Vec::new(),
    };
    if let Opinion::Broken(why) = theirs {
        // No answer at all is a fault of the way, and told as a difference of outcome.
        let outcome = Opinion::Part(crate::call::Answer::error(0, "no answer", why));
        return judge::against(std::slice::from_ref(call), &answers("footbridge", ours), &answers("AWS", &outcome));
    }
    judge::against(std::slice::from_ref(call), &answers("footbridge", ours), &answers("AWS", theirs))
}
