//! `FOOTBRIDGE_PARITY=aws cargo test --test contract aws -- --ignored --nocapture`: the contracts on the user's own AWS
//! account, behind the same guard as the histories of `tests/parity/aws`.

use std::panic::{AssertUnwindSafe, resume_unwind};
use std::time::Duration;

use futures::FutureExt;

use crate::account::ledger::Ledger;
use crate::account::{Account, Reached};
use crate::place::hold;
use crate::table::ALL;
use crate::world::World;

/// How long an index that is made later is waited for.
const PATIENCE: Duration = Duration::from_mins(20);
/// What the largest contract needs, with taking away what it made.
const CALLS: u64 = 60;

#[tokio::test(flavor = "multi_thread")]
#[ignore = "uses an AWS account: FOOTBRIDGE_PARITY=aws, docs/parity-aws.md"]
async fn aws_keeps_every_contract() {
    assert_eq!(std::env::var("FOOTBRIDGE_PARITY").as_deref(), Ok("aws"), "FOOTBRIDGE_PARITY=aws says that you want it");
    let reached = Reached::by_environment().await.unwrap_or_else(|why| panic!("{why}"));
    let account = reached.begin(&Ledger::directory()).unwrap_or_else(|why| panic!("{why}"));
    println!("{}", account.banner);
    println!("names begin with {}, at most {} calls", account.prefix(), account.guard.budget_left());
    let outcome = AssertUnwindSafe(Box::pin(all(&account))).catch_unwind().await;
    let left = account.close().await;
    println!("{} calls were sent, clean-up included; {} things are left", account.guard.sent(), left.len());
    let broken = outcome.unwrap_or_else(|panic| resume_unwind(panic));
    assert!(left.is_empty(), "{}", left.join("\n"));
    assert!(broken.is_empty(), "not kept:\n{}", broken.join("\n"));
}

/// Holds the account to each contract that the budget is enough for; those that it does not keep.
async fn all(account: &Account) -> Vec<String> {
    let (mut kept, mut broken) = (0, Vec::new());
    for (at, contract) in ALL.iter().enumerate() {
        if account.guard.budget_left() < CALLS {
            println!("the budget ends before {}", contract.name);
            break;
        }
        let clients = account.clients();
        let streams = aws_sdk_dynamodbstreams::Client::new(account.config());
        let world = World::new(clients.s3, clients.dynamodb, streams, &format!("{}{at}-", account.prefix()));
        match AssertUnwindSafe(hold(contract, world.patient(PATIENCE))).catch_unwind().await {
            Ok(()) => kept += 1,
            // The panic has told where already.
            Err(_) => broken.push(contract.name.to_owned()),
        }
        account.settle().await.unwrap_or_else(|why| panic!("{why}"));
    }
    println!("AWS keeps {kept} contracts, and not {}", broken.len());
    broken
}
