//! What histories leave behind: as many bodies as the model has, whatever the clock says.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_sdk_s3::config::retry::RetryConfig;
use aws_sdk_s3::config::{BehaviorVersion, Region};
use aws_smithy_async::time::TimeSource;
use aws_types::SdkConfig;
use footbridge::backend::Clients;
use footbridge::clock::{Clock, ManualClock};
use proptest::strategy::ValueTree;

use super::generate;
use super::harness::{Connector, World};
use super::model::Model;
use crate::call::Call;
use crate::endpoint::Endpoint;
use crate::judge::{self, Answers};
use crate::play::{Histories, number, smallest};
use crate::reference::Reference;
use crate::script::script;

/// The calls to make where nothing else is said.
const STEPS: u64 = 400;
/// The most calls of one history.
const MOST: usize = 120;
/// How many smaller histories are tried.
const TRIES: usize = 200;

/// The service's clock, for who signs: a signature that is a quarter of an hour off is refused.
#[derive(Debug)]
struct Signing(ManualClock);

impl TimeSource for Signing {
    fn now(&self) -> SystemTime {
        UNIX_EPOCH + Duration::from_millis(self.0.millis())
    }
}

fn clients(world: &World) -> Clients {
    let credentials = Credentials::new("test", "test", None, None, "parity");
    let config = SdkConfig::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new("us-east-1"))
        .endpoint_url("http://localhost:4566")
        .credentials_provider(SharedCredentialsProvider::new(credentials))
        .http_client(Connector(world.clone()))
        .retry_config(RetryConfig::disabled())
        .time_source(Signing(world.clock.clone()))
        .build();
    Clients::of(&config)
}

/// Plays a history on a service of its own, whose clock jumps back and forth: what is wrong, if anything is.
async fn wrong(history: &[Call]) -> Option<String> {
    let world = World::memory();
    let mut ours = Endpoint::new("footbridge", clients(&world), "");
    let mut model = Model::default();
    ours.begin().await;
    model.begin().await;
    let (mut answers, mut expected) = (Vec::new(), Vec::new());
    let start = world.now();
    for (at, call) in (0_i64..).zip(history) {
        // Up to 5,000 seconds before the start, and as many after.
        world.clock.set_millis(start.saturating_add_signed((at * 7919 % 10_001 - 5_000) * 1_000));
        answers.push(ours.answer(call).await);
        expected.push(model.answer(call).await);
    }
    let of = |opinions| Answers { reference: "model".to_owned(), opinions, left: Vec::new() };
    let differences = judge::against(history, &of(answers), &of(expected));
    world.service.settle().await;
    let bodies = world.service.blobs().list().await.unwrap().len();
    world.close().await;
    match differences.first() {
        Some(difference) => Some(difference.to_string()),
        None => (bodies != model.bodies()).then(|| format!("{bodies} bodies are left, and not {}", model.bodies())),
    }
}

#[tokio::test]
async fn a_history_leaves_no_body_too_many_whatever_the_clock_says() {
    let wanted = number("FOOTBRIDGE_PARITY_STEPS").map_or(STEPS, |steps| steps / 4);
    let (mut histories, strategy, mut steps) = (Histories::new(), generate::history(MOST), 0);
    while steps < wanted {
        let mut tree = histories.next(&strategy);
        let history = tree.current();
        steps += history.len() as u64;
        if wrong(&history).await.is_some() {
            let history = smallest(&mut tree, TRIES, async |smaller| wrong(smaller).await.is_some()).await;
            let found = wrong(&history).await.unwrap_or_default();
            panic!("FOOTBRIDGE_PARITY_SEED={}\n{found}\n{}", histories.seed, script(&history));
        }
    }
    println!("{steps} steps, FOOTBRIDGE_PARITY_SEED={}", histories.seed);
}
