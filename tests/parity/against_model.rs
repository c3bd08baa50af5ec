//! The emulator in this process against the model: always on.

use footbridge::backend::Clients;
use proptest::strategy::{Strategy, ValueTree};

use crate::call::{Call, Service};
use crate::dynamodb;
use crate::endpoint::Endpoint;
use crate::judge::{self, Difference};
use crate::play::{Histories, number, play, smallest};
use crate::reference::Reference;
use crate::regressions;
use crate::s3;
use crate::script::script;

/// The calls to make where nothing else is said.
const STEPS: usize = 2_000;
/// How many smaller histories are tried.
const TRIES: usize = 400;

async fn differences(history: &[Call], pair: &mut [Box<dyn Reference>]) -> Vec<Difference> {
    let answers = play(history, pair).await;
    judge::against(history, &answers[0], &answers[1])
}

async fn holds(service: Service, model: Box<dyn Reference>, strategy: impl Strategy<Value = Vec<Call>>) {
    let emulator = footbridge::testing::start().await.unwrap();
    let ours = Endpoint::new("footbridge", Clients::of(emulator.config()), "");
    let mut pair: Vec<Box<dyn Reference>> = vec![Box::new(ours), model];
    for regression in regressions::all(service) {
        let found = differences(&regression.history, &mut pair).await;
        assert!(found.is_empty(), "{}: {}", regression.was, found[0]);
    }
    let wanted = number("FOOTBRIDGE_PARITY_STEPS").map_or(STEPS, |steps| usize::try_from(steps).unwrap());
    let (mut histories, mut steps) = (Histories::new(), 0);
    while steps < wanted {
        let mut tree = histories.next(&strategy);
        let history = tree.current();
        steps += history.len();
        if differences(&history, &mut pair).await.is_empty() {
            continue;
        }
        let history =
            smallest(&mut tree, TRIES, async |smaller| !differences(smaller, &mut pair).await.is_empty()).await;
        let found: String = differences(&history, &mut pair).await.iter().map(ToString::to_string).collect();
        panic!("FOOTBRIDGE_PARITY_SEED={}\n{found}\n{}", histories.seed, script(&history));
    }
    println!("{steps} steps, FOOTBRIDGE_PARITY_SEED={}", histories.seed);
}

#[tokio::test]
async fn dynamodb_does_what_the_model_does() {
    holds(Service::DynamoDb, Box::new(dynamodb::model::Model::default()), dynamodb::generate::history()).await;
}

#[tokio::test]
async fn s3_does_what_the_model_does() {
    holds(Service::S3, Box::new(s3::model::Model::default()), s3::generate::history(25)).await;
}
