//! DescribeEndpoints: where to call. An SDK that discovers endpoints goes there, so it is where this request came to.

use serde_json::json;

use super::{Context, Outcome};
use crate::emulator::dynamodb::answer::Answer;
use crate::emulator::dynamodb::request::Request;

pub async fn run(context: &Context, _: Request) -> Outcome {
    let aws = || format!("dynamodb.{}.amazonaws.com", context.region);
    let address = context.host.clone().unwrap_or_else(aws);
    let mut answer = Answer::new();
    answer.json("Endpoints", &json!([{"Address": address, "CachePeriodInMinutes": 1440}]));
    Ok(answer)
}
