//! PutItem: writes a whole item, in place of the one with its key.

use super::{Context, Outcome, single};
use crate::emulator::dynamodb::prepared::Asked;
use crate::emulator::dynamodb::request::Request;

pub async fn run(context: &Context, request: Request) -> Outcome {
    single::run(context, request, Asked::put).await
}
