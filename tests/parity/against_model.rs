//! The emulator in this process against the model: always on.

use aws_sdk_s3::config::retry::RetryConfig;
use footbridge::backend::Clients;
use footbridge::testing::Footbridge;
use proptest::strategy::{Strategy, ValueTree};

use crate::call::{Call, Service};
use crate::dynamodb::{self, stored::Stored};
use crate::endpoint::Endpoint;
use crate::judge::{self, Difference};
use crate::play::{Histories, number, play, smallest};
use crate::reference::Reference;
use crate::regressions;
use crate::s3;
use crate::script::script;

/// The calls to make where nothing else is said; one of S3 takes twice as long.
const fn steps(service: Service) -> usize {
    match service {
        Service::DynamoDb => 2_000,
        Service::S3 => 1_000,
    }
}
/// How many smaller histories are tried where nothing else is said.
const TRIES: usize = 400;

async fn differences(history: &[Call], pair: &mut [Box<dyn Reference>]) -> Vec<Difference> {
    let answers = play(history, pair).await;
    judge::against(history, &answers[0], &answers[1])
}

/// The emulator in this process.
async fn ours(service: Service) -> (Footbridge, Box<dyn Reference>) {
    let started = footbridge::testing::start().await.unwrap();
    // Some answers are AWS's own 500s, which the clients would wait for and try again.
    let once = started.config().to_builder().retry_config(RetryConfig::disabled()).build();
    let endpoint = Endpoint::new("footbridge", Clients::of(&once), "");
    let ours: Box<dyn Reference> = match service {
        Service::DynamoDb => Box::new(Stored { endpoint, emulator: started.emulator().unwrap() }),
        Service::S3 => Box::new(endpoint),
    };
    (started, ours)
}

async fn holds(service: Service, model: Box<dyn Reference>, strategy: impl Strategy<Value = Vec<Call>>) {
    let (_started, ours) = ours(service).await;
    let mut pair = [ours, model];
    for regression in regressions::all(service) {
        let found = differences(&regression.history, &mut pair).await;
        assert!(found.is_empty(), "{}: {}", regression.was, found[0]);
    }
    let wanted = number("FOOTBRIDGE_PARITY_STEPS").map_or(steps(service), |steps| usize::try_from(steps).unwrap());
    let tries = number("FOOTBRIDGE_PARITY_TRIES").map_or(TRIES, |tries| usize::try_from(tries).unwrap());
    let (mut histories, mut made) = (Histories::new(), 0);
    while made < wanted {
        let mut tree = histories.next(&strategy);
        let history = tree.current();
        made += history.len();
        if differences(&history, &mut pair).await.is_empty() {
            continue;
        }
        let history =
            smallest(&mut tree, tries, async |smaller| !differences(smaller, &mut pair).await.is_empty()).await;
        let found: String = differences(&history, &mut pair).await.iter().map(ToString::to_string).collect();
        panic!("FOOTBRIDGE_PARITY_SEED={}\n{found}\n{}", histories.seed, script(&history));
    }
    println!("{made} steps, FOOTBRIDGE_PARITY_SEED={}", histories.seed);
}

#[tokio::test]
async fn dynamodb_does_what_the_model_does() {
    holds(Service::DynamoDb, Box::new(dynamodb::model::Model::default()), dynamodb::generate::history()).await;
}

#[tokio::test]
async fn s3_does_what_the_model_does() {
    holds(Service::S3, Box::new(s3::model::Model::default()), s3::generate::history(25)).await;
}
