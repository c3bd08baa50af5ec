//! `FOOTBRIDGE_PARITY=aws cargo test --test parity aws -- --ignored --nocapture`: histories on footbridge and on AWS.
//!
//! `FOOTBRIDGE_PARITY_CALLS` is the budget of calls. `FOOTBRIDGE_PARITY=aws-clean` takes away what a run left that was
//! killed. docs/parity-aws.md says what is needed and what it costs.

use std::panic::{AssertUnwindSafe, resume_unwind};

use futures::FutureExt;

use super::run::{Outcome, run};
use super::touch::touch;
use crate::account::ledger::Ledger;
use crate::account::{Account, Reached};
use crate::play::Histories;

/// AWS's prices in us-east-1 in dollars: a thousand S3 writes and listings, a million DynamoDB write units. Everything
/// else of a run is cheaper.
const PRICES: (f64, f64) = (0.005, 0.625);

#[tokio::test(flavor = "multi_thread")]
#[ignore = "uses an AWS account: FOOTBRIDGE_PARITY=aws, docs/parity-aws.md"]
async fn aws_answers_as_footbridge_does() {
    let reached = Reached::by_environment().await.unwrap_or_else(|why| panic!("{why}"));
    match std::env::var("FOOTBRIDGE_PARITY").as_deref() {
        Ok("aws") => compare(reached.begin(&Ledger::directory()).unwrap_or_else(|why| panic!("{why}"))).await,
        Ok("aws-clean") => {
            let (ledgers, left) = reached.clean_left(&Ledger::directory()).await.unwrap_or_else(|why| panic!("{why}"));
            println!("{ledgers} ledgers of runs that did not end; {} things are left", left.len());
            assert!(left.is_empty(), "{}", left.join("\n"));
        }
        _ => panic!(
            "FOOTBRIDGE_PARITY=aws runs histories on your account, FOOTBRIDGE_PARITY=aws-clean cleans up after one"
        ),
    }
}

async fn compare(account: Account) {
    let budget = account.guard.budget_left();
    #[allow(clippy::cast_precision_loss, reason = "a budget is a small number")]
    let calls = budget as f64;
    println!("{}", account.banner);
    println!("names begin with {}, the ledger is {}", account.prefix(), account.guard.ledger.path().display());
    println!(
        "at most {budget} calls, and clean-up: about ${:.2} if all are writes of S3, ${:.4} if all are small writes of DynamoDB",
        calls / 1e3 * PRICES.0,
        calls / 1e6 * PRICES.1,
    );
    let histories = Histories::new();
    println!("FOOTBRIDGE_PARITY_SEED={}", histories.seed);
    let outcome = AssertUnwindSafe(run(&account, histories)).catch_unwind().await;
    if let Ok(name) = std::env::var("FOOTBRIDGE_PARITY_TOUCH") {
        touch(&account, &name).await;
    }
    let left = account.close().await;
    println!("{} calls were sent, clean-up included; {} things are left", account.guard.sent(), left.len());
    for thing in &left {
        println!("  {thing}");
    }
    let outcome = outcome.unwrap_or_else(|panic| resume_unwind(panic));
    tell(&account, &outcome);
    assert!(left.is_empty(), "left behind, see above; FOOTBRIDGE_PARITY=aws-clean tries again");
    assert!(outcome.found.is_empty(), "AWS answers otherwise:\n\n{}", outcome.found.join("\n"));
    assert!(outcome.compared > 0, "nothing was compared: is the budget too small?");
}

/// Says what to write where docs/parity.md tells of the last run.
fn tell(account: &Account, outcome: &Outcome) {
    let Outcome { histories, compared, found, asked_again, passed_over } = outcome;
    println!("{histories} histories, {compared} answers compared, {} differ", found.len());
    println!("{asked_again} reads were asked again before they agreed, {passed_over} calls were not sent");
    let line = format!(
        "**Last run: {}, us-east-1, version {}: {compared} answers compared, {} differ.**",
        chrono::Utc::now().format("%Y-%m-%d"),
        env!("CARGO_PKG_VERSION"),
        found.len(),
    );
    if account.guard.ledger.run.custom.is_some() {
        println!("this was not AWS: docs/parity.md stays as it is");
        return;
    }
    let path = Ledger::directory().join("last-run.md");
    std::fs::write(&path, format!("{line}\n")).expect("the last run can be written down");
    println!("for docs/parity.md (also in {}):\n{line}", path.display());
}
