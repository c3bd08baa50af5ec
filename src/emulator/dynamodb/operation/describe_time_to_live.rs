//! DescribeTimeToLive.

use serde_json::json;

use super::{Context, Outcome};
use crate::emulator::dynamodb::answer::Answer;
use crate::emulator::dynamodb::error;
use crate::emulator::dynamodb::request::Request;

pub async fn run(context: &Context, request: Request) -> Outcome {
    let name = context.table_name(&request)?;
    let table = context.service.catalogue.load(&context.service.store.read()?, &name)?;
    let table = table.ok_or_else(|| error::no_such_table(&name.name))?;
    let description = match table.row.ttl.as_ref().and_then(|ttl| ttl.enabled()) {
        Some((attribute, _)) => json!({"TimeToLiveStatus": "ENABLED", "AttributeName": attribute}),
        None => json!({"TimeToLiveStatus": "DISABLED"}),
    };
    let mut answer = Answer::new();
    answer.json("TimeToLiveDescription", &description);
    Ok(answer)
}
