//! DeleteItem: deletes the item with a key, if there is one.

use super::{Context, Outcome, single};
use crate::emulator::dynamodb::prepared::Asked;
use crate::emulator::dynamodb::request::Request;

pub async fn run(context: &Context, request: Request) -> Outcome {
    single::run(context, request, Asked::delete).await
}
