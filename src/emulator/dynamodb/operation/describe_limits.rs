//! DescribeLimits: the quotas of a new account in us-east-1 (quotas page).

use super::{Context, Outcome};
use crate::emulator::dynamodb::answer::Answer;
use crate::emulator::dynamodb::request::Request;

const ACCOUNT: u64 = 80_000;
const TABLE: u64 = 40_000;

pub async fn run(_: &Context, _: Request) -> Outcome {
    let mut answer = Answer::new();
    answer.json("AccountMaxReadCapacityUnits", &ACCOUNT);
    answer.json("AccountMaxWriteCapacityUnits", &ACCOUNT);
    answer.json("TableMaxReadCapacityUnits", &TABLE);
    answer.json("TableMaxWriteCapacityUnits", &TABLE);
    Ok(answer)
}
